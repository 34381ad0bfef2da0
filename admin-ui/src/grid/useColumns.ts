import { useMemo, useState } from 'react';
import { chosenColumns, rememberColumns } from './columnChoice.ts';
import type { GridColumn } from './gridColumn.ts';
import { useMedia } from './useMedia.ts';

const narrow = '(max-width: 700px)';

export interface ColumnsState<Row> {
  /** The columns to show now: the chosen ones, on narrow screens the essential ones. */
  readonly shown: readonly GridColumn<Row>[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

/** Which columns of a grid are shown: the person's choice, remembered in this browser. */
export function useColumns<Row>(grid: string, columns: readonly GridColumn<Row>[]): ColumnsState<Row> {
  const [chosen, setChosen] = useState(() => chosenColumns(grid, columns));
  const isNarrow = useMedia(narrow);
  const shown = useMemo(
    () => columns.filter(({ id, essential }) => (isNarrow ? essential === true : chosen.has(id))),
    [columns, chosen, isNarrow],
  );
  function choose(next: ReadonlySet<string>): void {
    if (next.size === 0) return;
    rememberColumns(grid, next);
    setChosen(next);
  }
  return { shown, chosen, choose };
}
