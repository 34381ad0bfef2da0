import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { ShopTagChangesDocument, ShopTagsDocument, type ShopTagFragment, type TagStatus } from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';

/** The shop's own tags, latest first, live. `status` undefined for all. */
export function useShopTags(status: TagStatus | undefined): PagedListState<ShopTagFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const key = `${status ?? ''}#${i18n.language}`;
  const tags = usePagedList<ShopTagFragment>(`tags?${key}`, {
    id: ({ orderNo }) => orderNo,
    version: ({ version }) => version,
    matches: (tag) => status === undefined || tag.status === status,
    compare: compareBySubmission,
    async page(after, signal) {
      const filter = status === undefined ? {} : { status: [status] };
      const { tags: page } = await ask(ShopTagsDocument, { filter, orderBy: 'SUBMITTED_AT_DESC', first: pageSize, after: after ?? null, count: after === undefined }, signal);
      return { rows: page.nodes, endCursor: page.pageInfo.endCursor, hasNextPage: page.pageInfo.hasNextPage, ...countOf(page) };
    },
  });
  useFollow({
    document: ShopTagChangesDocument,
    // Not by status: a tag that leaves the list has to be heard of.
    variables: { filter: {} },
    restartKey: key,
    cursorOf: ({ tagStatusChanged }) => tagStatusChanged.cursor,
    events: (batch) => tags.list.upsert(batch.map(({ tagStatusChanged }) => tagStatusChanged.tag)),
    read: (signal) => tags.list.reload(signal),
  });
  return tags;
}

function compareBySubmission(a: ShopTagFragment, b: ShopTagFragment): number {
  if (a.submittedAt !== b.submittedAt) return a.submittedAt > b.submittedAt ? -1 : 1;
  return a.orderNo > b.orderNo ? -1 : 1;
}
