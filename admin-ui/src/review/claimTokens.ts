import { readItem, workPrefix, writeItem } from '../storage/browserStorage.ts';

const prefix = `${workPrefix}claim.`;
const storage = () => window.sessionStorage;

/** The token of this tab's claim on a case. It survives a reload; another tab can't decide with it. */
export function claimToken(caseId: string): string | undefined {
  return readItem(storage, prefix + caseId);
}

export function keepClaimToken(caseId: string, token: string | undefined): void {
  writeItem(storage, prefix + caseId, token);
}
