import type { RestrictionRowFragment, RestrictionState } from '../../gql/graphql.ts';

export type RestrictionOrder = 'due' | 'requested';

export const restrictionTones: Record<RestrictionState, 'info' | 'good' | 'plain'> = { PENDING_REVIEW: 'info', ACTIVE: 'good', DECLINED: 'plain', LIFTED: 'plain' };

/** By due time those that wait come first, the most urgent on top; the others follow, latest request first. */
export function sortRestrictions(rows: readonly RestrictionRowFragment[], order: RestrictionOrder): readonly RestrictionRowFragment[] {
  return rows.toSorted((a, b) => {
    if (order === 'due') {
      const waits = (row: RestrictionRowFragment) => row.state === 'PENDING_REVIEW';
      if (waits(a) !== waits(b)) return waits(a) ? -1 : 1;
      if (waits(a)) return Date.parse(a.decideBy) - Date.parse(b.decideBy);
    }
    return Date.parse(b.requestedAt) - Date.parse(a.requestedAt);
  });
}
