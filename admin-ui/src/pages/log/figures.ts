import type { FigureName } from '../../gql/graphql.ts';

/** Every number that has rows in the log. */
export const figureNames = [
  'TAGS', 'SUCCEEDED', 'QUEUED', 'DECISIONS', 'HANDLED', 'CONFIRMED', 'REJECTED', 'KEPT', 'BY_VOTES', 'BY_RULE', 'SETTLED', 'MISSED', 'IN_TIME', 'LATE', 'CONSENSUS',
  'APPEALS_ACCEPTED', 'APPEALS_DECLINED', 'SECOND_REVIEWS', 'AGREED', 'DISAGREED', 'SECOND_REVIEWS_OF_REVIEWERS', 'DISAGREED_WITH_REVIEWERS', 'SECOND_REVIEWS_OF_RULES',
  'DISAGREED_WITH_RULES',
] as const satisfies readonly FigureName[];

interface Rows {
  readonly figure: FigureName;
  /** Days as YYYY-MM-DD of the platform, both included. */
  readonly from: string;
  readonly to: string;
  readonly scenario?: string | undefined;
  readonly reviewer?: string | undefined;
  /** Seconds, from inclusive, to exclusive; null: no end. */
  readonly took?: readonly [number, number | null];
}

/** Where the rows are that a number counts: as many as it says. */
export function figurePath({ figure, from, to, scenario, reviewer, took }: Rows): string {
  const params = new URLSearchParams({ range: 'custom', from, to, figure });
  if (scenario !== undefined) params.set('scenario', scenario);
  if (reviewer !== undefined) params.set('reviewer', reviewer);
  if (took !== undefined) params.set('took', `${took[0]}-${took[1] ?? ''}`);
  return `/log?${params.toString()}`;
}
