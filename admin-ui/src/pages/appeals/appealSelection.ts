import type { LogAction } from '../../entry/actions.ts';
import type { AppealRowFragment, AppealState } from '../../gql/graphql.ts';

export type AppealOrder = 'latest' | 'oldest';

/** What of the log changes appeals. */
export const appealActions = ['appeal.filed', 'appeal.decided'] as const satisfies readonly LogAction[];

export const appealTones: Record<AppealState, 'info' | 'bad' | 'plain'> = { OPEN: 'info', ACCEPTED: 'bad', DECLINED: 'plain' };

interface AppealSelection {
  readonly buyer: string | undefined;
  /** Only those that the caller may decide now. */
  readonly mine: boolean;
  readonly order: AppealOrder;
}

/** The appeals of a selection; the API has them latest first. */
export function selectAppeals(rows: readonly AppealRowFragment[], { buyer, mine, order }: AppealSelection): readonly AppealRowFragment[] {
  const selected = rows.filter((row) => (buyer === undefined || row.case?.buyer.id === buyer) && (!mine || row.canDecide));
  return order === 'latest' ? selected : selected.toReversed();
}
