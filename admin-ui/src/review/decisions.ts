import type { Decision, DecideCaseInput, QueueRowFragment } from '../gql/graphql.ts';
import { claimToken } from './claimTokens.ts';

/** The decisions in the order of their keys, 1 to 3. */
export const decisions: readonly Decision[] = ['CONFIRM', 'REJECT', 'KEEP_ACCUMULATING'];

/** The most cases of one bulk decision. */
export const mostCases = 200;

/** The longest reason the page lets a reviewer write. */
export const longestReason = 500;

/** The input that decides a case at the version that was shown, so that a stale decision is refused. */
export function decisionInput(row: QueueRowFragment, decision: Decision, reason: string): DecideCaseInput {
  const token = claimToken(row.id);
  return { caseId: row.id, decision, reason, expectedVersion: row.version, ...(token === undefined ? {} : { token }) };
}

/** The outcome of a bulk decision for one case. */
export interface RowOutcome {
  readonly id: string;
  readonly decided: boolean;
  /** Why it was not decided, in the reviewer's language. */
  readonly message: string | undefined;
  /** Another person changed the case first: the row shows the new state and can be decided again. */
  readonly stale: boolean;
}
