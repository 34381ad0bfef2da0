import { createElement, useEffect, useEffectEvent, useState } from 'react';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { claimToken } from '../../review/claimTokens.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { FailureSentence } from '../../shell/FailureNotice.tsx';
import { useMessages } from '../../shell/useMessages.ts';
import type { CaseDetail } from './useCase.ts';

// A claim lasts five minutes without a sign of life.
const heartbeatEvery = 60_000;

export interface ClaimState {
  /** This tab has the claim; the same person's other tabs do not. */
  readonly mine: boolean;
  readonly busy: boolean;
  readonly claim: () => void;
  readonly release: () => void;
}

/** The claim on a case: kept alive while the page is open, given back when it is left. */
export function useClaim(shown: CaseDetail): ClaimState {
  const viewer = useConsoleViewer();
  const { claim, release } = useReview();
  const message = useMessages();
  const [busy, setBusy] = useState(false);
  const { id } = shown;
  const mine = shown.claim !== null && shown.claim.by === viewer.id && claimToken(id) !== undefined;

  const say = useEffectEvent((error: unknown) => void message.error(createElement(FailureSentence, { error })));

  useEffect(() => {
    if (!mine) return undefined;
    const beat = () => {
      if (document.visibilityState === 'visible') claim(id).catch((error: unknown) => say(error));
    };
    const timer = setInterval(beat, heartbeatEvery);
    return () => clearInterval(timer);
  }, [mine, id, claim]);

  // Given back when the page is left; a reload keeps it, since the tab still has its token.
  useEffect(() => () => void release(id).catch(() => undefined), [id, release]);

  async function run(action: (caseId: string) => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await action(id);
    } catch (error) {
      message.error(createElement(FailureSentence, { error }));
    } finally {
      setBusy(false);
    }
  }
  return { mine, busy, claim: () => void run(claim), release: () => void run(release) };
}
