import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import type { LogAction } from '../../entry/actions.ts';
import { AppealsPageDocument, type AppealRowFragment, type AppealState } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useReloadAfter } from '../../list/useReload.ts';

/** What of the log changes appeals. */
export const appealActions = ['appeal.filed', 'appeal.decided'] as const satisfies readonly LogAction[];

export const appealTones: Record<AppealState, 'info' | 'bad' | 'plain'> = { OPEN: 'info', ACCEPTED: 'bad', DECLINED: 'plain' };

/** Appeals: those that are open, the longest waiting first, then the others, the latest first. */
export function useAppealList(state: AppealState | undefined, buyerId: string | undefined): PagedListState<AppealRowFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const appeals = usePagedList<AppealRowFragment>(`appeals?${state ?? ''}&${buyerId ?? ''}#${i18n.language}`, {
    id: ({ id }) => id,
    version: () => 1,
    matches: () => true,
    compare: () => 0,
    async page(after, signal) {
      const filter = { state: state ?? null, buyerId: buyerId ?? null };
      const { appealConnection } = await ask(AppealsPageDocument, { filter, first: pageSize, after: after ?? null }, signal);
      const { endCursor, hasNextPage } = appealConnection.pageInfo;
      return { rows: appealConnection.nodes, endCursor, hasNextPage, totalCount: appealConnection.totalCount };
    },
  });
  useReloadAfter(appeals, appealActions);
  return appeals;
}
