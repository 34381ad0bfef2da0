import type { Decision, DecideCaseInput, QueueRowFragment } from '../gql/graphql.ts';
import { claimToken } from './claimTokens.ts';

/** The decisions in the order of their keys, 1 to 3. */
export const decisions: readonly Decision[] = ['CONFIRM', 'REJECT', 'KEEP_ACCUMULATING'];

/** The most cases of one bulk decision: more than anybody can look over before deciding. */
export const mostCases = 200;

/** The longest reason the page lets a reviewer write. */
export const longestReason = 500;

/** The input that decides a case as it was seen: its version goes along, so that a stale decision is refused. */
export function decisionInput(row: QueueRowFragment, decision: Decision, reason: string): DecideCaseInput {
  const token = claimToken(row.id);
  return { caseId: row.id, decision, reason, expectedVersion: row.version, ...(token === undefined ? {} : { token }) };
}

/** What became of one case of a bulk decision. */
export interface RowOutcome {
  readonly id: string;
  readonly decided: boolean;
  /** Why it was not decided, in the reviewer's language. */
  readonly message: string | undefined;
  /** Somebody was faster: the row shows the new state now, and can be decided on that. */
  readonly stale: boolean;
}
