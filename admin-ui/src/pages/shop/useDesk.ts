import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { useZone } from '../../format/ZoneContext.ts';
import { useRead } from '../../data/useRead.ts';
import { ShopOverviewDocument, ShopTagChangesDocument, ShopTagsDocument, type ShopOverviewQuery, type ShopTagFragment } from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { changedSince, latestChange, type StatusCounts, type TagChange } from './tagNews.ts';
import { compareTags } from '../../list/tagOrder.ts';
import { filterOf, matchesTag, type TagSearch } from './tagSearch.ts';
import { useTagBook, type TagBook } from './useTagBook.ts';
import { visitOf } from './visit.ts';

export interface Digest {
  readonly since: string;
  readonly counts: StatusCounts;
  readonly putAway: () => void;
}

/** What a shop's page shows of its tags: heading, digest, results and list are parts of this one state. */
export interface Desk {
  readonly tags: PagedListState<ShopTagFragment>;
  readonly book: TagBook;
  readonly shop: NonNullable<ShopOverviewQuery['merchant']> | undefined;
  /** Undefined at the first visit, and when nothing happened. */
  readonly digest: Digest | undefined;
  /** Takes in tags of a submission of one's own. */
  readonly accepted: (tags: readonly ShopTagFragment[]) => void;
  /** Reads tags of orders that the page shows and does not know. */
  readonly look: (orderNos: readonly string[]) => Promise<void>;
}

/** As many changes as the digest counts. */
export const mostNews = 100;

/** Follows a shop's tags. `changed` is called with each change after the page shows it. */
export function useDesk(merchantId: string, search: TagSearch, changed: (changes: readonly TagChange[]) => void): Desk {
  const ask = useAsk();
  const client = useQueryClient();
  const { i18n } = useTranslation();
  const { language } = i18n;
  const zone = useZone();
  const [book, learn] = useTagBook();
  const [visit] = useState(() => visitOf(merchantId));
  const [since, setSince] = useState(() => visit.since());
  const overview = useRead(ShopOverviewDocument, { id: merchantId, news: mostNews }, { key: ['shop', merchantId], keepLast: true });
  const latest = overview.data?.tags.nodes ?? none;
  useEffect(() => {
    const at = latestChange(latest);
    if (at !== undefined) visit.saw(at);
  }, [visit, latest]);

  const key = JSON.stringify([search, language]);
  const tags = usePagedList<ShopTagFragment>(`tags?${key}`, {
    id: ({ orderNo }) => orderNo,
    version: ({ version }) => version,
    matches: (tag) => matchesTag(tag, search, zone),
    compare: (a, b) => compareTags(a, b, search.sort),
    async page(after, signal) {
      const variables = { filter: filterOf(search, zone), orderBy: search.sort, first: pageSize, after: after ?? null, count: after === undefined };
      const { tags: page } = await ask(ShopTagsDocument, variables, signal);
      return { rows: page.nodes, endCursor: page.pageInfo.endCursor, hasNextPage: page.pageInfo.hasNextPage, ...countOf(page) };
    },
  });

  const refreshOverview = async () => {
    // Orders to pick from are those without a tag.
    void client.invalidateQueries({ queryKey: untaggedOrders });
    await client.invalidateQueries({ queryKey: ['shop', merchantId] });
  };
  // One batch of changes after the other, each with the figures of the heading first: they never say less than the list.
  const applied = useRef(Promise.resolve());
  async function apply(before: Promise<void>, changes: readonly TagChange[]): Promise<void> {
    await before;
    await refreshOverview();
    const rows = changes.map(({ tag }) => tag);
    tags.list.upsert(rows);
    learn(rows, true);
    changed(changes);
  }

  useFollow({
    document: ShopTagChangesDocument,
    // Not by the search: a tag that leaves the list, or that the results show, has to be heard of.
    variables: { filter: {} },
    restartKey: key,
    cursorOf: ({ tagStatusChanged }) => tagStatusChanged.cursor,
    events: (batch) => {
      applied.current = apply(applied.current, batch.map(({ tagStatusChanged }) => tagStatusChanged));
    },
    read: async (signal) => {
      await Promise.all([tags.list.reload(signal), refreshOverview()]);
    },
  });

  return {
    tags,
    book,
    shop: overview.data?.merchant ?? undefined,
    digest: digestOf(latest, since, () => {
      visit.caughtUp();
      setSince(visit.since());
    }),
    accepted(rows) {
      learn(rows);
      void tags.list.reload().catch(() => undefined);
      void refreshOverview();
    },
    async look(orderNos) {
      for (let start = 0; start < orderNos.length; start += pageSize) {
        const filter = { orderNos: orderNos.slice(start, start + pageSize) };
        // A page at a time; what a person waits for is the first.
        // oxlint-disable-next-line no-await-in-loop
        const { tags: page } = await ask(ShopTagsDocument, { filter, orderBy: 'SUBMITTED_AT_DESC', first: pageSize, after: null });
        learn(page.nodes);
      }
    },
  };
}

/** Names reads of the shop's untagged orders. */
export const untaggedOrders = ['untagged'] as const;

const none: readonly ShopTagFragment[] = [];

function digestOf(latest: readonly ShopTagFragment[], since: string | undefined, putAway: () => void): Digest | undefined {
  if (since === undefined) return undefined;
  const counts = changedSince(latest, since);
  return Object.keys(counts).length === 0 ? undefined : { since, counts, putAway };
}
