import { useQueryClient } from '@tanstack/react-query';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { useRead } from '../../data/useRead.ts';
import type { LogAction } from '../../entry/actions.ts';
import { VettingsDocument } from '../../gql/graphql.ts';

const vettingActions = ['vetting.proposed', 'vetting.decided'] as const satisfies readonly LogAction[];

/** Proposals about vouching for a shop, or those of all shops that wait for a second person; live. */
export function useVettings(merchantId: string | undefined) {
  const client = useQueryClient();
  const key = ['vettings', merchantId ?? 'open'];
  useLogChanges(vettingActions, () => client.invalidateQueries({ queryKey: ['vettings'] }));
  const { data, error, refetch } = useRead(VettingsDocument, { merchantId: merchantId ?? null, state: merchantId === undefined ? 'PROPOSED' : null }, { key });
  return { vettings: data?.vettings, error, refetch };
}
