import type { TagOrder } from '../gql/graphql.ts';

export const tagOrders = ['SUBMITTED_AT_DESC', 'SUBMITTED_AT_ASC', 'STATUS_CHANGED_AT_DESC'] as const satisfies readonly TagOrder[];

interface OrderedTag {
  readonly orderNo: string;
  readonly submittedAt: string;
  readonly statusChangedAt: string;
}

/** Negative when `a` comes before `b`; equal ones follow each other by order number, in the same direction. */
export function compareTags(a: OrderedTag, b: OrderedTag, sort: TagOrder): number {
  const key = (tag: OrderedTag) => (sort === 'STATUS_CHANGED_AT_DESC' ? tag.statusChangedAt : tag.submittedAt);
  const direction = sort === 'SUBMITTED_AT_ASC' ? 1 : -1;
  // Not as texts: fractions of a second are left out where they are none.
  const apart = Date.parse(key(a)) - Date.parse(key(b));
  if (apart !== 0) return apart * direction;
  return (a.orderNo > b.orderNo ? 1 : -1) * direction;
}
