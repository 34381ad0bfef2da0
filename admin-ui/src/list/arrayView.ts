import type { ListView } from './list.ts';

/** The state of a read of a whole list. */
export interface WholeRead<Row> {
  readonly rows: readonly Row[] | undefined;
  /** Null or undefined when it has not failed. */
  readonly error: unknown;
  readonly refreshing: boolean;
}

/** A list that is read at once, as a view for the grid. */
export function arrayView<Row>({ rows, error, refreshing }: WholeRead<Row>, idOf: (row: Row) => string): ListView<Row> {
  const known = rows ?? [];
  const places = new Map(known.map((row, index) => [idOf(row), index]));
  const failure = error ?? undefined;
  return {
    phase: rows !== undefined ? 'ready' : failure === undefined ? 'loading' : 'failed',
    error: failure,
    refreshing,
    count: known.length,
    exact: true,
    arrivals: 0,
    at: (index) => known[index],
    get: (id) => known[places.get(id) ?? -1],
    indexOf: (id) => places.get(id) ?? -1,
    isGone: () => false,
  };
}
