import { readItem, writeItem } from '../storage/browserStorage.ts';
import type { GridColumn } from './gridColumn.ts';

const storage = () => window.localStorage;

/** The columns a person chose for a grid, by id; those shown at first when they never chose. At least one is shown. */
export function chosenColumns<Row>(grid: string, columns: readonly GridColumn<Row>[]): ReadonlySet<string> {
  const stored = readItem(storage, storageKey(grid));
  const usual = new Set(columns.filter(({ optional }) => optional !== true).map(({ id }) => id));
  if (stored === undefined) return usual;
  const known = new Set(columns.map(({ id }) => id));
  const chosen = new Set(stored.split(',').filter((id) => known.has(id)));
  return chosen.size === 0 ? usual : chosen;
}

export function rememberColumns(grid: string, chosen: ReadonlySet<string>): void {
  writeItem(storage, storageKey(grid), [...chosen].join(','));
}

function storageKey(grid: string): string {
  return `cloudtag.columns.${grid}`;
}
