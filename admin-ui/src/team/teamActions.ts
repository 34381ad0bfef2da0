import type { Ask } from '../data/ask.ts';
import { settled } from '../data/userErrors.ts';
import {
  AddCaseNoteDocument,
  AssignCasesDocument,
  EscalateCaseDocument,
  HandBackCaseDocument,
  SnoozeCaseDocument,
  TakeOverCaseDocument,
  WakeCaseDocument,
  WithdrawCaseNoteDocument,
} from '../gql/graphql.ts';
import { keepClaimToken } from '../review/claimTokens.ts';
import { reportStates, type CaseResult, type Changed } from '../review/reviewActions.ts';

/** The longest note; the server's rule decides in any case. */
export const longestNote = 1000;

/** The most cases that are assigned at once. */
export const mostAssigned = 100;

/** A change of how reviewers share the work on cases: requests it, and reports the cases' new states. */
export type TeamAction<Result = void> = (ask: Ask, changed: Changed) => Promise<Result>;

function applied(changed: Changed, payload: CaseResult): void {
  reportStates(changed, [payload]);
  settled(payload);
}

export function addNote(caseId: string, text: string): TeamAction {
  return async (ask, changed) => applied(changed, (await ask(AddCaseNoteDocument, { input: { caseId, text } })).addCaseNote);
}

export function withdrawNote(caseId: string, noteId: string): TeamAction {
  return async (ask, changed) => applied(changed, (await ask(WithdrawCaseNoteDocument, { input: { caseId, noteId } })).withdrawCaseNote);
}

/** Takes the claim on a case, whoever holds it. */
export function takeOver(caseId: string): TeamAction {
  return async (ask, changed) => {
    const { takeOverCase: payload } = await ask(TakeOverCaseDocument, { input: { caseId } });
    // Stored before the page is notified, so that it treats the claim as this tab's.
    if (payload.token !== null) keepClaimToken(caseId, payload.token);
    applied(changed, payload);
  };
}

/** Hides the case from the queue until a time; ends this tab's claim on it. */
export function snooze(caseId: string, until: string, reason: string): TeamAction {
  return async (ask, changed) => {
    const { snoozeCase: payload } = await ask(SnoozeCaseDocument, { input: { caseId, until, reason } });
    applied(changed, payload);
    keepClaimToken(caseId, undefined);
  };
}

export function wake(caseId: string): TeamAction {
  return async (ask, changed) => applied(changed, (await ask(WakeCaseDocument, { input: { caseId } })).wakeCase);
}

/** Hands the case to a lead; ends this tab's claim on it. */
export function escalate(caseId: string, reason: string): TeamAction {
  return async (ask, changed) => {
    const { escalateCase: payload } = await ask(EscalateCaseDocument, { input: { caseId, reason } });
    applied(changed, payload);
    keepClaimToken(caseId, undefined);
  };
}

export function handBack(caseId: string, reason: string): TeamAction {
  return async (ask, changed) => applied(changed, (await ask(HandBackCaseDocument, { input: { caseId, reason } })).handBackCase);
}

/** Why a case was not assigned. */
export interface NotAssigned {
  readonly id: string;
  readonly message: string;
}

/** Assigns cases to a person, or to nobody for null. Returns those that could not be assigned. */
export function assign(caseIds: readonly string[], to: string | null): TeamAction<readonly NotAssigned[]> {
  return async (ask, changed) => {
    const { assignCases } = await ask(AssignCasesDocument, { input: { caseIds: [...caseIds], to } });
    reportStates(changed, assignCases.results);
    return assignCases.results.flatMap(({ userErrors: [refusal] }, index) =>
      refusal === undefined ? [] : [{ id: caseIds[index] ?? '', message: refusal.message }],
    );
  };
}
