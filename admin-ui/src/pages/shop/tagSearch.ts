import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';
import { dayText, zoneMidnight } from '../../format/zoneDay.ts';
import type { ShopTagFragment, TagFilter, TagOrder, TagStatus } from '../../gql/graphql.ts';
import { tagOrders } from '../../list/tagOrder.ts';
import { numbersOf, readOrderNumbers } from './orderNumbers.ts';

export const tagStatuses = ['ACCUMULATING', 'SUCCEEDED', 'EXPIRED', 'REJECTED', 'OVERTURNED', 'VOIDED'] as const satisfies readonly TagStatus[];

/** Which of its tags a shop looks at, as the address says it. */
export interface TagSearch {
  /** Order numbers, in whatever text they were pasted. */
  readonly orders: string | undefined;
  readonly status: TagStatus | undefined;
  readonly scenario: string | undefined;
  /** Days of submission as YYYY-MM-DD in the platform's time zone, both included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly sort: TagOrder;
}

export const tagAddress: AddressForm<TagSearch> = {
  read: (params) => ({
    orders: filled(params.get('orders')),
    status: oneOf(tagStatuses, params.get('status')),
    scenario: filled(params.get('scenario')),
    from: dayText(params.get('from')),
    to: dayText(params.get('to')),
    sort: oneOf(tagOrders, params.get('sort')) ?? 'SUBMITTED_AT_DESC',
  }),
  write: ({ orders, status, scenario, from, to, sort }) =>
    addressOf({ orders, status, scenario, from, to, sort: sort === 'SUBMITTED_AT_DESC' ? undefined : sort }),
};

/** How many filters are set. */
export function filtersIn({ orders, status, scenario, from, to }: TagSearch): number {
  return [orders, status, scenario, from, to].filter((value) => value !== undefined).length;
}

// The most orders that one look asks for.
const mostSought = 100;

/** The search as the API takes it. What is no order number in the text is looked for as it is, and so finds nothing. */
export function filterOf(search: TagSearch, zone: string | undefined): TagFilter {
  const sought = soughtIn(search);
  return {
    ...(sought === undefined ? {} : { orderNos: [...sought] }),
    ...(search.status === undefined ? {} : { status: [search.status] }),
    ...(search.scenario === undefined ? {} : { scenario: search.scenario }),
    // The API leaves out the very moments that it is given.
    ...(search.from === undefined ? {} : { submittedAfter: new Date(zoneMidnight(search.from, zone) - 1).toISOString() }),
    ...(search.to === undefined ? {} : { submittedBefore: new Date(zoneMidnight(search.to, zone, 1)).toISOString() }),
  };
}

function soughtIn({ orders }: TagSearch): readonly string[] | undefined {
  if (orders === undefined) return undefined;
  const numbers = numbersOf(readOrderNumbers(orders)).slice(0, mostSought);
  return numbers.length > 0 ? numbers : [orders.slice(0, 64)];
}

/** Whether a tag belongs into the list as it is now. */
export function matchesTag(tag: ShopTagFragment, search: TagSearch, zone: string | undefined): boolean {
  const sought = soughtIn(search);
  const at = Date.parse(tag.submittedAt);
  return (
    (sought === undefined || sought.includes(tag.orderNo)) &&
    (search.status === undefined || tag.status === search.status) &&
    (search.scenario === undefined || tag.scenario.code === search.scenario) &&
    (search.from === undefined || at >= zoneMidnight(search.from, zone)) &&
    (search.to === undefined || at < zoneMidnight(search.to, zone, 1))
  );
}
