import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { QueueChangesDocument, QueuePageDocument, type QueuePageQuery } from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useReviewChanges } from '../../review/ReviewContext.ts';
import { compareBy, filterOf, liveFilterOf, matchesSearch, type QueueSearch } from './queueSearch.ts';

/** A case of a list, with the account's score where it was asked for. */
export type QueueListRow = QueuePageQuery['cases']['nodes'][number];

/** The cases of a search, live; `score`: with the scores of their accounts. */
export function useQueueList(search: QueueSearch, searchText: string, score: boolean): PagedListState<QueueListRow> {
  const ask = useAsk();
  const viewer = useConsoleViewer();
  const { i18n } = useTranslation();
  const key = `${searchText}#${i18n.language}${score ? '#score' : ''}`;
  const queue = usePagedList<QueueListRow>(`queue?${key}`, {
    id: ({ id }) => id,
    version: ({ version }) => version,
    matches: (row) => matchesSearch(row, search, Date.now(), viewer.id),
    compare: (a, b) => compareBy(search.order, a, b),
    async page(after, signal) {
      const variables = { filter: filterOf(search), orderBy: search.order, first: pageSize, after: after ?? null, score, count: after === undefined };
      const { cases } = await ask(QueuePageDocument, variables, signal);
      const { endCursor, hasNextPage } = cases.pageInfo;
      return { rows: cases.nodes, endCursor, hasNextPage, ...countOf(cases) };
    },
  });
  useFollow({
    document: QueueChangesDocument,
    // The order is no part of the filter, but another order is another list, to be read and followed from its own place.
    variables: { filter: liveFilterOf(search), score },
    restartKey: key,
    cursorOf: ({ caseChanged }) => caseChanged.cursor,
    events: (batch) => queue.list.upsert(batch.map(({ caseChanged }) => caseChanged.case)),
    read: (signal) => queue.list.reload(signal),
  });
  // What a change of one's own answers has no score; it stays what it was.
  useReviewChanges((rows) => queue.list.upsert(rows.map((row) => ({ ...row, buyer: queue.list.view().get(row.id)?.buyer ?? row.buyer }))));
  return queue;
}
