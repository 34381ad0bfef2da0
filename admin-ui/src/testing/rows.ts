import type { QueueRowFragment } from '../gql/graphql.ts';

/** A case of the queue that waits, with what a test cares about changed. */
export function queueRow(changes: Partial<QueueRowFragment> = {}): QueueRowFragment {
  return {
    id: 'RETURN_SWAPPED:b1',
    version: 1,
    state: 'ACCUMULATING',
    handling: 'PENDING',
    openedAt: '2026-05-01T00:00:00.000Z',
    dueAt: '2026-05-03T00:00:00.000Z',
    overdue: false,
    priority: 60,
    canDecide: true,
    canUndo: false,
    undoUntil: null,
    buyer: { id: 'b1', risk: { score: 80 } },
    scenario: { code: 'RETURN_SWAPPED', name: '退货调包' },
    explanation: { count: 2, threshold: 3, riskLevel: 'HIGH', nextExpiryAt: null, holds: [] },
    claim: null,
    decision: null,
    ...changes,
  };
}
