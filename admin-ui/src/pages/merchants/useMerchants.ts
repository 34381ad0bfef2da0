import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { usePolling } from '../../data/usePolling.ts';
import { usePages, type Pages } from '../../data/usePages.ts';
import { useRead } from '../../data/useRead.ts';
import type { LogAction } from '../../entry/actions.ts';
import {
  MerchantRecordDocument,
  MerchantsPageDocument,
  MerchantTagsDocument,
  RevocationsPageDocument,
  type MerchantRowFragment,
  type MerchantTagFragment,
  type Permission,
  type RevocationFilter,
  type RevocationRowFragment,
  type TagOrder,
  type TagStatus,
} from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { compareTags } from '../../list/tagOrder.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useReload } from '../../list/useReload.ts';

/** The shops that match, by identifier. */
export function useMerchantList(search: string | undefined, permission: Permission | undefined): PagedListState<MerchantRowFragment> {
  const ask = useAsk();
  const state = usePagedList<MerchantRowFragment>(`merchants?${permission ?? ''}&${search ?? ''}`, {
    id: ({ id }) => id,
    version: () => 1,
    matches: () => true,
    compare: (a, b) => (a.id < b.id ? -1 : 1),
    async page(after, signal) {
      const filter = { search: search ?? null, permission: permission ?? null };
      const { merchants } = await ask(MerchantsPageDocument, { filter, first: pageSize, after: after ?? null, count: after === undefined }, signal);
      const { endCursor, hasNextPage } = merchants.pageInfo;
      return { rows: merchants.nodes, endCursor, hasNextPage, ...countOf(merchants) };
    },
  });
  useReload(state);
  return state;
}

/** One shop's tags, latest first. */
export function useMerchantTags(merchantId: string, status: TagStatus | undefined, sort: TagOrder): PagedListState<MerchantTagFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const state = usePagedList<MerchantTagFragment>(`merchantTags?${merchantId}&${status ?? ''}&${sort}#${i18n.language}`, {
    id: ({ orderNo }) => orderNo,
    version: ({ version }) => version,
    matches: () => true,
    compare: (a, b) => compareTags(a, b, sort),
    async page(after, signal) {
      const filter = { merchantId, status: status === undefined ? null : [status] };
      const { tags } = await ask(MerchantTagsDocument, { filter, orderBy: sort, first: pageSize, after: after ?? null, count: after === undefined }, signal);
      const { endCursor, hasNextPage } = tags.pageInfo;
      return { rows: tags.nodes, endCursor, hasNextPage, ...countOf(tags) };
    },
  });
  useReload(state);
  return state;
}

const recountingEvery = 2_000;
const revocationActions = ['revocation.proposed', 'revocation.decided', 'revocation.completed', 'merchant.permission_changed'] as const satisfies readonly LogAction[];

/** A shop and its revocations, read again often while cases are being recounted. */
export function useMerchant(id: string) {
  const client = useQueryClient();
  const record = useRead(MerchantRecordDocument, { id }, { key: ['merchant', id] });
  const revocations = useRevocations(['merchant', id], { merchantId: id });
  const recounting = revocations.rows?.some(isRecounting) === true;
  const readAgain = () => client.invalidateQueries({ queryKey: ['merchant', id] });
  useLogChanges(revocationActions, readAgain);
  usePolling(() => void readAgain(), recounting ? recountingEvery : undefined);
  return { record, revocations };
}

/** Revocations of all shops that wait for a second person, the longest waiting first. */
export function useOpenRevocations(): Pages<RevocationRowFragment> {
  const client = useQueryClient();
  useLogChanges(revocationActions, () => client.invalidateQueries({ queryKey: ['revocations'] }));
  return useRevocations(['revocations'], { state: 'PROPOSED' });
}

const revocationsAtOnce = 20;

function useRevocations(key: readonly string[], filter: RevocationFilter): Pages<RevocationRowFragment> {
  const ask = useAsk();
  return usePages(key, async (after, signal) => (await ask(RevocationsPageDocument, { filter, first: revocationsAtOnce, after }, signal)).revocationConnection);
}

export function isRecounting({ state, completedAt }: RevocationRowFragment): boolean {
  return state === 'APPROVED' && completedAt === null;
}
