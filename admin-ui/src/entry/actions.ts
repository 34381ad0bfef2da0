/** What entries of the log record. The server may know more; those go by their own names. */
export const logActions = [
  'tag.submitted', 'tag.succeeded', 'tag.expired', 'tag.voided', 'tag.reassigned', 'tag.discounted', 'tag.rejected', 'tag.overturned', 'tag.restored',
  'case.opened', 'case.confirmed', 'case.lapsed', 'case.expired', 'case.reopened', 'case.queued', 'case.handled', 'case.missed', 'case.adjusted',
  'case.claimed', 'case.released', 'case.decided', 'case.undone', 'case.warned', 'case.overturned', 'case.disputed',
  'case.taken_over', 'case.assigned', 'case.unassigned', 'case.snoozed', 'case.woken', 'case.escalated', 'case.handed_back', 'case.noted', 'case.note_withdrawn',
  'merchant.imported', 'merchant.permission_changed', 'orders.imported', 'order.changed', 'risk.imported', 'policy.created', 'policy.rolled_out',
  'policy.draft_saved', 'policy.draft_discarded', 'policy.simulated', 'policy.proposed', 'policy.decided', 'policy.withdrawn',
  'freight_insurance.answered', 'complaint.opened', 'complaint.decided', 'restriction.requested', 'restriction.decided', 'restriction.lifted',
  'revocation.proposed', 'revocation.decided', 'revocation.completed', 'vetting.proposed', 'vetting.decided', 'appeal.filed', 'appeal.decided', 'second_review.drawn', 'second_review.decided', 'second_review.dropped', 'view.saved', 'view.deleted',
  'tokens.revoked', 'log.trimmed',
  'webhook.created', 'webhook.updated', 'webhook.paused', 'webhook.resumed', 'webhook.rotated', 'webhook.replayed', 'webhook.disabled', 'webhook.deleted',
] as const;

export type LogAction = (typeof logActions)[number];

export function isLogAction(text: string): text is LogAction {
  return logActions.some((action) => action === text);
}
