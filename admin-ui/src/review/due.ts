/** The urgency of a due time: the tone changes after 36 and 44 of the 48 hours, and at the end. */
export type DueTone = 'calm' | 'soon' | 'urgent' | 'overdue';

const hour = 3_600_000;
const soonWithin = 12 * hour;
const urgentWithin = 4 * hour;

export function dueTone(dueAt: string, now: number): DueTone {
  const left = Date.parse(dueAt) - now;
  if (left <= 0) return 'overdue';
  if (left <= urgentWithin) return 'urgent';
  return left <= soonWithin ? 'soon' : 'calm';
}
