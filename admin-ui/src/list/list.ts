export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** Exact to 10,000; 10,001 means more. Required of a list's first page only, since counting is slow. */
  readonly totalCount?: number;
}

export interface ListSource<Row> {
  id(row: Row): string;
  /** Counts the row's changes: of two states of a row the one with the higher number is newer. */
  version(row: Row): number;
  /** At most `pageSize` rows behind `after`. */
  page(after: string | undefined, signal: AbortSignal): Promise<Page<Row>>;
  /** Whether the row belongs into the list as it is now. */
  matches(row: Row): boolean;
  /** Negative when `a` comes before `b`. */
  compare(a: Row, b: Row): number;
}

export type ListPhase = 'loading' | 'ready' | 'failed';

/** What a view of the list needs to know. A new object after each change. */
export interface ListView<Row> {
  readonly phase: ListPhase;
  /** Why the last read failed; undefined when it did not. */
  readonly error: unknown;
  readonly refreshing: boolean;
  /** Rows to make room for: those known, and those known to follow. */
  readonly count: number;
  /** Whether `count` is all there is; otherwise there are more. */
  readonly exact: boolean;
  /** New rows that wait to be shown. */
  readonly arrivals: number;
  at(index: number): Row | undefined;
  get(id: string): Row | undefined;
  indexOf(id: string): number;
  /** Whether the row no longer belongs into the list. It stays in its place, marked, while it is in sight. */
  isGone(id: string): boolean;
}
