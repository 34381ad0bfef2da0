import { useTranslation } from 'react-i18next';
import type { Decision, EvidenceFragment, QueueRowFragment } from '../gql/graphql.ts';
import { readyReasons, type ReasonFacts } from './readyReasons.ts';

export interface OfferedReason {
  readonly text: string;
  readonly certain: boolean;
}

/** Ready-made reasons for a decision about cases, in the person's language. */
export function useReadyReasons(decision: Decision, cases: readonly ReasonFacts[]): readonly OfferedReason[] {
  const { t } = useTranslation();
  return readyReasons(decision, cases).map(({ key, certain }) => ({ text: t(`reason.${key}`), certain }));
}

/** The facts of a case that its row in a list has. */
export function factsOfRow(row: QueueRowFragment & { readonly evidence?: EvidenceFragment | undefined }): ReasonFacts {
  const { count, threshold, riskLevel, holds } = row.explanation;
  return { count, threshold, riskLevel, linked: holds.includes('LINKED_PAIR'), taggedOrders: row.evidence?.orders, share: undefined };
}
