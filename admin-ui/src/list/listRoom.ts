/** How many rows are read at once, which is the most that the API gives. */
export const pageSize = 100;

/** The count of a page that was asked to count its list. */
export function countOf({ totalCount }: { readonly totalCount?: number }): { readonly totalCount?: number } {
  return totalCount === undefined ? {} : { totalCount };
}

/** Up to here the API counts exactly; a total above stands for more. */
export const countedUpTo = 10_000;

/**
 * How many rows to make room for in a list of which `known` rows are known and more follow. Where the end is not known,
 * room is made in large steps: each step makes the scroll bar jump, and costs time.
 */
export function roomFor(known: number, total: number): number {
  if (total <= countedUpTo) return Math.max(total, known + 1);
  return Math.max(total, Math.ceil((known + pageSize) / countedUpTo) * countedUpTo);
}
