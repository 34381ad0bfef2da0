import type { Ask } from '../data/ask.ts';
import { settled } from '../data/userErrors.ts';
import {
  ClaimCaseDocument,
  DecideCasesDocument,
  QueueCaseDocument,
  ReleaseCaseDocument,
  UndoDecisionDocument,
  type Decision,
  type QueueRowFragment,
  type RefusalFragment,
} from '../gql/graphql.ts';
import { claimToken, keepClaimToken } from './claimTokens.ts';
import { decisionInput, type RowOutcome } from './decisions.ts';

export type Changed = (rows: readonly QueueRowFragment[]) => void;

export interface CaseResult {
  readonly case: QueueRowFragment | null;
  readonly userErrors: readonly RefusalFragment[];
}

/** Claims a case, or renews the claim this tab has. */
export async function claimCase(ask: Ask, caseId: string, changed: Changed): Promise<void> {
  const token = claimToken(caseId);
  const { claimCase: payload } = await ask(ClaimCaseDocument, { input: { caseId, token: token ?? null } });
  reportStates(changed, [payload]);
  settled(payload);
  if (payload.token !== null) keepClaimToken(caseId, payload.token);
}

export async function releaseCase(ask: Ask, caseId: string, changed: Changed): Promise<void> {
  const token = claimToken(caseId);
  if (token === undefined) return;
  keepClaimToken(caseId, undefined);
  const { releaseCase: payload } = await ask(ReleaseCaseDocument, { input: { caseId, token } });
  reportStates(changed, [payload]);
  settled(payload);
}

/** Puts a case into the queue, at the version that was shown. */
export async function queueCase(ask: Ask, { id, version }: QueueRowFragment, reason: string, changed: Changed): Promise<void> {
  const { queueCase: payload } = await ask(QueueCaseDocument, { input: { caseId: id, expectedVersion: version, reason } });
  reportStates(changed, [payload]);
  settled(payload);
}

// Cases of one request; larger batches would delay the first sign of progress.
const batchSize = 50;

/** Decides each case. When a request fails, its cases have that outcome; those of earlier requests are decided. */
export async function decideCases(
  ask: Ask,
  rows: readonly QueueRowFragment[],
  decision: Decision,
  reason: string,
  changed: Changed,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    try {
      // One request after the other, so that an outage stops the rest.
      // oxlint-disable-next-line no-await-in-loop
      outcomes.push(...(await decideBatch(ask, rows.slice(start, start + batchSize), decision, reason, changed)));
    } catch (error) {
      if (start === 0) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return [...outcomes, ...rows.slice(start).map(({ id }) => ({ id, decided: false, message, stale: false }))];
    }
  }
  return outcomes;
}

async function decideBatch(
  ask: Ask,
  rows: readonly QueueRowFragment[],
  decision: Decision,
  reason: string,
  changed: Changed,
): Promise<readonly RowOutcome[]> {
  const items = rows.map((row) => decisionInput(row, decision, reason));
  const { decideCases: payload } = await ask(DecideCasesDocument, { input: { items } });
  reportStates(changed, payload.results);
  return rows.map((row, index) => {
    const outcome = outcomeOf(row.id, payload.results[index]);
    if (outcome.decided) keepClaimToken(row.id, undefined);
    return outcome;
  });
}

/** Undoes a decision about several cases, one request each. */
export async function undoDecisions(ask: Ask, caseIds: readonly string[], changed: Changed): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const caseId of caseIds) {
    // eslint-disable-next-line no-await-in-loop
    const { undoDecision: payload } = await ask(UndoDecisionDocument, { input: { caseId } });
    reportStates(changed, [payload]);
    outcomes.push(outcomeOf(caseId, payload));
  }
  return outcomes;
}

function outcomeOf(id: string, result: CaseResult | undefined): RowOutcome {
  const refusal = result?.userErrors[0];
  return {
    id,
    decided: result !== undefined && refusal === undefined,
    message: refusal?.message,
    stale: refusal?.code === 'CONFLICT',
  };
}

/** Reports the new states that an answer contains. */
export function reportStates(changed: Changed, results: readonly CaseResult[]): void {
  const rows = results.flatMap((result) => (result.case === null ? [] : [result.case]));
  if (rows.length > 0) changed(rows);
}
