import { expect, it } from 'vitest';
import type { RestrictionRowFragment, RestrictionState } from '../../gql/graphql.ts';
import { sortRestrictions, type RestrictionOrder } from './restrictionOrder.ts';

function restriction(id: string, state: RestrictionState, requestedAt: string, decideBy: string): RestrictionRowFragment {
  return {
    id, state, requestedAt, decideBy, buyerId: 'b', orderNo: '1', modes: ['NO_ORDERING'], description: null, decidedAt: null, decidedBy: null,
    reason: null, liftedAt: null, buyerNotice: '', canDecide: false, merchant: { id: 'm', name: 'M' },
  };
}

const rows = [
  restriction('lifted', 'LIFTED', '2026-05-09T00:00:00.000Z', '2026-05-10T00:00:00.000Z'),
  restriction('later', 'PENDING_REVIEW', '2026-05-05T00:00:00.000Z', '2026-05-06T00:00:00.000Z'),
  restriction('active', 'ACTIVE', '2026-05-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z'),
  restriction('urgent', 'PENDING_REVIEW', '2026-05-04T00:00:00.000Z', '2026-05-05T00:00:00.000Z'),
];

it.each<[RestrictionOrder, readonly string[]]>([
  ['due', ['urgent', 'later', 'lifted', 'active']],
  ['requested', ['lifted', 'later', 'urgent', 'active']],
])('by %s', (order, ids) => {
  expect(sortRestrictions(rows, order).map(({ id }) => id)).toEqual(ids);
});
