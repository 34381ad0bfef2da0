import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { QueueChangesDocument, QueuePageDocument, type ListEvidenceFragment, type QueueRowFragment } from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useReviewChanges } from '../../review/ReviewContext.ts';
import { compareBy, filterOf, liveFilterOf, matchesSearch, type QueueSearch } from './queueSearch.ts';

/** A case of a list, with what it rests on where that was asked for. */
export type QueueListRow = QueueRowFragment &
  Partial<Omit<ListEvidenceFragment, 'buyer'>> & { readonly buyer: Partial<ListEvidenceFragment['buyer']> };

/** The cases of a search, live. */
export function useQueueList(search: QueueSearch, searchText: string): PagedListState<QueueListRow> {
  const ask = useAsk();
  const viewer = useConsoleViewer();
  const { i18n } = useTranslation();
  const key = `${searchText}#${i18n.language}`;
  const queue = usePagedList<QueueListRow>(`queue?${key}`, {
    id: ({ id }) => id,
    version: ({ version }) => version,
    matches: (row) => matchesSearch(row, search, Date.now(), viewer.id),
    compare: (a, b) => compareBy(search.order, a, b),
    async page(after, signal) {
      const variables = { filter: filterOf(search), orderBy: search.order, first: pageSize, after: after ?? null, evidence: true, count: after === undefined };
      const { cases } = await ask(QueuePageDocument, variables, signal);
      const { endCursor, hasNextPage } = cases.pageInfo;
      return { rows: cases.nodes, endCursor, hasNextPage, ...countOf(cases) };
    },
  });
  useFollow({
    document: QueueChangesDocument,
    // The order is no part of the filter, but another order is another list, to be read and followed from its own place.
    variables: { filter: liveFilterOf(search) },
    restartKey: key,
    cursorOf: ({ caseChanged }) => caseChanged.cursor,
    events: (batch) => queue.list.upsert(batch.map(({ caseChanged }) => caseChanged.case)),
    read: (signal) => queue.list.reload(signal),
  });
  // What a change of one's own answers does not say what the case rests on; that stays what it was.
  useReviewChanges((rows) =>
    queue.list.upsert(
      rows.map((row) => {
        const before = queue.list.view().get(row.id);
        return { ...before, ...row, buyer: before?.buyer ?? row.buyer };
      }),
    ),
  );
  return queue;
}
