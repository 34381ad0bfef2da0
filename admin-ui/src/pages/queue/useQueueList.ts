import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { QueueChangesDocument, QueuePageDocument, type QueueRowFragment } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useReviewChanges } from '../../review/ReviewContext.ts';
import { compareBy, filterOf, liveFilterOf, matchesSearch, type QueueSearch } from './queueSearch.ts';

/** The cases of a search, live. */
export function useQueueList(search: QueueSearch, searchText: string): PagedListState<QueueRowFragment> {
  const ask = useAsk();
  const viewer = useConsoleViewer();
  const { i18n } = useTranslation();
  const queue = usePagedList<QueueRowFragment>(`queue?${searchText}#${i18n.language}`, {
    id: ({ id }) => id,
    version: ({ version }) => version,
    matches: (row) => matchesSearch(row, search, Date.now(), viewer.id),
    compare: (a, b) => compareBy(search.order, a, b),
    async page(after, signal) {
      const variables = { filter: filterOf(search), orderBy: search.order, first: pageSize, after: after ?? null };
      const { cases } = await ask(QueuePageDocument, variables, signal);
      const { endCursor, hasNextPage } = cases.pageInfo;
      return { rows: cases.nodes, endCursor, hasNextPage, totalCount: cases.totalCount };
    },
  });
  useFollow({
    document: QueueChangesDocument,
    // The order is no part of the filter, but another order is another list, to be read and followed from its own place.
    variables: { filter: liveFilterOf(search) },
    restartKey: `${searchText}#${i18n.language}`,
    cursorOf: ({ caseChanged }) => caseChanged.cursor,
    events: (batch) => queue.list.upsert(batch.map(({ caseChanged }) => caseChanged.case)),
    read: (signal) => queue.list.reload(signal),
  });
  useReviewChanges((rows) => queue.list.upsert(rows));
  return queue;
}
