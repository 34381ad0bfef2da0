/** Where a page of a list begins, and which rows it has. */
export interface Segment {
  readonly after: string | undefined;
  ids: readonly string[];
}

/** A page to read: of rows that were dropped, or, without a segment, the next one at the end. */
export interface ReadTask {
  readonly after: string | undefined;
  readonly segment: Segment | undefined;
}
