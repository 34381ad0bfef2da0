import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { useRead } from '../../data/useRead.ts';
import type { LogAction } from '../../entry/actions.ts';
import { RestrictionDetailDocument, RestrictionsPageDocument, type RestrictionRowFragment, type RestrictionState } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useReloadAfter } from '../../list/useReload.ts';

const restrictionActions = ['restriction.requested', 'restriction.decided', 'restriction.lifted'] as const satisfies readonly LogAction[];

export const restrictionTones: Record<RestrictionState, 'info' | 'good' | 'plain'> = { PENDING_REVIEW: 'info', ACTIVE: 'good', DECLINED: 'plain', LIFTED: 'plain' };

export interface RestrictionSelection {
  readonly state: RestrictionState | undefined;
  readonly buyer: string | undefined;
  readonly merchant: string | undefined;
}

/** Restrictions: those to review, the earliest due first, then the others, the latest first. */
export function useRestrictionList({ state, buyer, merchant }: RestrictionSelection): PagedListState<RestrictionRowFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const restrictions = usePagedList<RestrictionRowFragment>(`restrictions?${JSON.stringify([state, buyer, merchant])}#${i18n.language}`, {
    id: ({ id }) => id,
    version: () => 1,
    matches: () => true,
    compare: () => 0,
    async page(after, signal) {
      const filter = { state: state ?? null, buyerId: buyer ?? null, merchantId: merchant ?? null };
      const { restrictionConnection } = await ask(RestrictionsPageDocument, { filter, first: pageSize, after: after ?? null }, signal);
      const { endCursor, hasNextPage } = restrictionConnection.pageInfo;
      return { rows: restrictionConnection.nodes, endCursor, hasNextPage, totalCount: restrictionConnection.totalCount };
    },
  });
  useReloadAfter(restrictions, restrictionActions);
  return restrictions;
}

/** One restriction, wherever in the list it is. */
export function useRestriction(id: string) {
  const client = useQueryClient();
  const read = useRead(RestrictionDetailDocument, { id }, { key: ['restriction', id] });
  useLogChanges(restrictionActions, () => client.invalidateQueries({ queryKey: ['restriction', id] }));
  return read;
}
