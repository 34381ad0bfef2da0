import type { GridStart } from '../../grid/DataGrid.tsx';
import { readItem, workPrefix, writeItem } from '../../storage/browserStorage.ts';

const storageKey = `${workPrefix}queue.place`;
const storage = () => window.sessionStorage;

/** Where somebody left the queue. */
export interface QueuePlace {
  readonly grid: GridStart;
  readonly selected: readonly string[];
}

/** Remembers, for this tab, where a search was left. */
export function keepPlace(search: string, place: QueuePlace): void {
  writeItem(storage, storageKey, JSON.stringify({ search, ...place }));
}

/** Where a search was left; undefined when another one was, or what is stored makes no sense. */
export function keptPlace(search: string): QueuePlace | undefined {
  try {
    const stored: unknown = JSON.parse(readItem(storage, storageKey) ?? 'null');
    if (!isKept(stored) || stored.search !== search) return undefined;
    const { index, id, top } = stored.grid;
    return { grid: { index, id, top }, selected: stored.selected };
  } catch {
    return undefined;
  }
}

function isKept(stored: unknown): stored is QueuePlace & { readonly search: string } {
  if (typeof stored !== 'object' || stored === null || !('search' in stored) || !('grid' in stored) || !('selected' in stored)) return false;
  const { grid, selected } = stored;
  if (typeof grid !== 'object' || grid === null || !('index' in grid) || !('top' in grid)) return false;
  return typeof grid.index === 'number' && typeof grid.top === 'number' && Array.isArray(selected) && selected.every((id) => typeof id === 'string');
}
