import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { Decision } from '../../gql/graphql.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { decisions } from '../../review/decisions.ts';
import type { ReasonFacts } from '../../review/readyReasons.ts';
import { ReasonField } from '../../review/ReasonField.tsx';
import { useReview } from '../../review/ReviewContext.ts';
import { useReadyReasons } from '../../review/useReadyReasons.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import type { CaseDetail } from './useCase.ts';
import { QueueForm } from './QueueForm.tsx';
import { useNextCase } from './useNextCase.ts';

/** The reviewer's decision, or the one there is, always in view. After a decision comes the next case. */
export function DecisionDock({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const [decision, setDecision] = useState<Decision | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const { passOver } = useReview();
  const next = useNextCase(shown.id);

  function goOn(): void {
    next().catch((failure: unknown) => setError(failure));
  }

  function cancel(): void {
    setDecision(undefined);
    setError(undefined);
  }

  function skip(): void {
    passOver(shown.id);
    goOn();
  }

  useKeys([
    ...(shown.canDecide
      ? decisions.map((choice, index) => ({
          keys: String(index + 1),
          label: t(`decision.name.${choice}`),
          group: 'review' as const,
          run: () => setDecision(choice),
        }))
      : []),
    { keys: 'n', label: t('keys.nextCase'), group: 'review', run: skip },
  ]);

  return (
    <div className="decision-dock">
      {error !== undefined && <DecisionError error={error} />}
      {shown.decision !== null && <LatestDecision shown={shown} />}
      {/* Keeps what was typed when another reviewer decides first. */}
      {decision !== undefined && <DecisionForm key={decision} shown={shown} decision={decision} cancel={cancel} failed={setError} done={goOn} />}
      <div className="decision-line">
        {shown.canDecide && (
          <div role="group" aria-label={t('queue.actions')} className="decision-buttons">
            {decisions.map((choice, index) => (
              <Button key={choice} type={choice === decision ? 'primary' : 'default'} danger={choice === 'REJECT'} aria-pressed={choice === decision} onClick={() => setDecision(choice)}>
                {t(`decision.name.${choice}`)} <kbd>{index + 1}</kbd>
              </Button>
            ))}
          </div>
        )}
        {shown.handling === 'HANDLED' && shown.evidence.orders > 0 && decision === undefined && <QueueForm key={shown.version} shown={shown} />}
        <Button className="decision-next" onClick={skip}>
          {t('case.next')} <kbd>n</kbd>
        </Button>
      </div>
    </div>
  );
}

interface DecisionFormProps {
  readonly shown: CaseDetail;
  readonly decision: Decision;
  readonly cancel: () => void;
  /** Takes why it was not decided, and undefined when it is tried again. */
  readonly failed: (error: unknown) => void;
  readonly done: () => void;
}

function DecisionForm({ shown, decision, cancel, failed, done }: DecisionFormProps) {
  const { t } = useTranslation();
  const { decide } = useReview();
  const offered = useReadyReasons(decision, [factsOf(shown)]);
  const [reason, setReason] = useState(() => offered.find(({ certain }) => certain)?.text ?? '');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);

  async function submit(): Promise<void> {
    setMissing(reason.trim() === '');
    if (reason.trim() === '' || busy || !shown.canDecide) return;
    setBusy(true);
    failed(undefined);
    try {
      const [outcome] = await decide([shown], decision, reason.trim());
      if (outcome?.decided === true) done();
      else failed(new Error(outcome?.message));
    } catch (failure) {
      failed(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="decision-form">
      <p>
        {shown.canDecide ? (
          <>
            <strong>{t(`decision.name.${decision}`)}</strong> · {t(`decision.effect.${decision}`)} {t(`decision.preview.${decision}`, { count: shown.explanation.count })}
          </>
        ) : (
          <strong className="field-error">{t('case.kept')}</strong>
        )}
      </p>
      <ReasonField offered={offered} reason={reason} change={setReason} submit={() => void submit()} cancel={cancel} missing={missing} rows={2} />
      <div className="decision-submit">
        <Button onClick={cancel}>{t('decide.cancel')}</Button>
        <Button type="primary" danger={decision === 'REJECT'} loading={busy} disabled={!shown.canDecide} onClick={() => void submit()}>
          {t('case.submitNext')}
        </Button>
      </div>
    </div>
  );
}

function factsOf({ explanation, signals, evidence, buyer }: CaseDetail): ReasonFacts {
  const { orders, taggedOrders } = buyer.exposure;
  return {
    count: explanation.count,
    threshold: explanation.threshold,
    riskLevel: explanation.riskLevel,
    linked: signals.linkedPairs.length > 0,
    taggedOrders: evidence.orders,
    share: taggedOrders === null ? undefined : { tagged: taggedOrders, orders },
  };
}

// What the server said about this one case is a sentence for the reviewer; the page has read the new state by itself.
function DecisionError({ error }: { readonly error: unknown }) {
  if (error instanceof Error && error.constructor === Error) {
    return (
      <p role="alert" className="field-error">
        {error.message}
      </p>
    );
  }
  return <FailureNotice error={error} />;
}

function LatestDecision({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { decision } = shown;
  if (decision === null) return null;
  return (
    <p className="latest-decision" aria-live="polite">
      <strong>{t(`decision.done.${decision.decision}`)}</strong> · {decision.automatic ? t('case.automatic') : decision.by} ·{' '}
      {formats.dateTime(decision.at)} · {t('explain.policyVersion', { version: decision.policyVersion })}
      {decision.reasonText !== '' && (
        <span className="hint" data-verbatim>
          {' '}
          · {decision.reasonText}
        </span>
      )}
    </p>
  );
}
