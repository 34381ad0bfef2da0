import type { QueueRowFragment, WebhookRowFragment } from '../gql/graphql.ts';

/** A case of the queue that waits, with what a test cares about changed. */
export function queueRow(changes: Partial<QueueRowFragment> = {}): QueueRowFragment {
  return {
    id: 'RETURN_SWAPPED:b1',
    version: 1,
    state: 'ACCUMULATING',
    handling: 'PENDING',
    openedAt: '2026-05-01T00:00:00.000Z',
    dueAt: '2026-05-03T00:00:00.000Z',
    priority: 60,
    canDecide: true,
    canUndo: false,
    undoUntil: null,
    buyer: { id: 'b1' },
    scenario: { code: 'RETURN_SWAPPED', name: '退货调包' },
    explanation: { count: 2, threshold: 3, riskLevel: 'HIGH', holds: [], onHold: [] },
    claim: null,
    assignment: null,
    snooze: null,
    escalation: null,
    noteCount: 0,
    decision: null,
    ...changes,
  };
}

/** An endpoint that the caller may do everything with, with what a test cares about changed. */
export function webhookRow(changes: Partial<WebhookRowFragment> = {}): WebhookRowFragment {
  return {
    id: 'w1',
    merchantId: null,
    url: 'https://example.com/hooks',
    description: null,
    types: [],
    state: 'ACTIVE',
    disabledReason: null,
    createdBy: 'ann',
    createdAt: '2026-05-01T00:00:00.000Z',
    overlapUntil: null,
    canManage: true,
    canOperate: true,
    standing: { waiting: 0, nextAttemptAt: null, failingSince: null },
    ...changes,
  };
}
