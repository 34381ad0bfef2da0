import { App } from 'antd';
import type { TFunction } from 'i18next';
import { createElement, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { claimToken } from '../../review/claimTokens.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { FailureSentence } from '../../shell/FailureNotice.tsx';
import { takeOver } from '../../team/teamActions.ts';
import type { CaseDetail } from './useCase.ts';

// A claim lasts five minutes without a sign of life.
const heartbeatEvery = 60_000;

export interface ClaimState {
  /** This tab has the claim; the same person's other tabs do not. */
  readonly mine: boolean;
  readonly busy: boolean;
  readonly claim: () => void;
  readonly release: () => void;
  /** For leads: takes the claim, whoever holds it. */
  readonly takeOver: () => void;
  /** Who ended the claim that this tab had, in words; undefined while nobody did. */
  readonly lost: string | undefined;
}

/** The claim on a case: kept alive while the page is open, given back when it is left. */
export function useClaim(shown: CaseDetail): ClaimState {
  const viewer = useConsoleViewer();
  const { claim, release, team } = useReview();
  const { t } = useTranslation();
  const { message } = App.useApp();
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
  return {
    mine,
    busy,
    claim: () => void run(claim),
    release: () => void run(release),
    takeOver: () => void run(async (caseId) => team(takeOver(caseId))),
    lost: lostTo(shown, viewer.id, t),
  };
}

// A claim that a lead took over, or ended by assigning the case, is said to who had it; one that was left to end is not.
function lostTo({ id, claim, assignment }: CaseDetail, me: string, t: TFunction): string | undefined {
  if (claim !== null) return claim.takenFrom === me && claim.by !== me ? t('team.takenFromMe', { by: claim.by }) : undefined;
  const ended = claimToken(id) !== undefined && assignment !== null && assignment.to !== me && assignment.by !== me;
  return ended ? t('team.takenByAssignment', { by: assignment.by, to: assignment.to }) : undefined;
}
