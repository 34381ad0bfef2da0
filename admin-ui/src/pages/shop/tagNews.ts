import type { ShopTagFragment, TagStatus } from '../../gql/graphql.ts';

/** How many tags came to each status. */
export type StatusCounts = Readonly<Partial<Record<TagStatus, number>>>;

/** In the order in which news are shown: the best first. */
export const newsStatuses = ['SUCCEEDED', 'OVERTURNED', 'REJECTED', 'VOIDED', 'EXPIRED'] as const satisfies readonly TagStatus[];
export type NewsStatus = (typeof newsStatuses)[number];

export interface TagChange {
  readonly previousStatus: TagStatus | null;
  readonly tag: ShopTagFragment;
}

/** The orders whose tags came to each status. A submission, which has no status before, is no news to who submitted. */
export function newsOf(changes: readonly TagChange[]): ReadonlyMap<NewsStatus, readonly string[]> {
  const news = new Map<NewsStatus, string[]>();
  for (const { previousStatus, tag } of changes) {
    const status = newsStatuses.find((known) => known === tag.status);
    if (previousStatus === null || status === undefined) continue;
    news.set(status, [...(news.get(status) ?? []), tag.orderNo]);
  }
  return news;
}

/** Counts the tags that came to a status other than accumulating after a time. */
export function changedSince(tags: readonly ShopTagFragment[], since: string): StatusCounts {
  const counts: Partial<Record<TagStatus, number>> = {};
  for (const { status, statusChangedAt } of tags) {
    if (status !== 'ACCUMULATING' && Date.parse(statusChangedAt) > Date.parse(since)) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** The latest change among some tags; undefined for none. */
export function latestChange(tags: readonly ShopTagFragment[]): string | undefined {
  return tags.map(({ statusChangedAt }) => statusChangedAt).reduce<string | undefined>((latest, at) => (latest === undefined || Date.parse(at) > Date.parse(latest) ? at : latest), undefined);
}
