import { Alert, Button } from 'antd';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { figuresOf, outcomesOf, type OrderOutcome, type RunFigures, type SubmissionRun } from './submissionRun.ts';
import { TagMark } from './TagMark.tsx';
import type { TagBook } from './useTagBook.ts';
import type { SubmissionState } from './useSubmissionRun.ts';

interface RunReportProps {
  readonly submission: SubmissionState;
  readonly run: SubmissionRun;
  readonly book: TagBook;
  /** Reads tags that are not in the book. */
  readonly look: (orderNos: readonly string[]) => Promise<void>;
  /** Puts refused orders back into the form. */
  readonly putBack: (orderNos: readonly string[]) => void;
  /** Stops a run, and puts what was not sent back into the form. */
  readonly giveUp: () => void;
}

/** How far a submission is, and what became of each order: the labels are those of the list, and change with it. */
export function RunReport({ submission, run, book, look, putBack, giveUp }: RunReportProps) {
  const { t } = useTranslation();
  const figures = figuresOf(run);
  const done = figures.batchesLeft === 0;
  useMissingTags(run, book, look);
  return (
    <section className="run-report" aria-label={t('shop.result.title')}>
      {!done && <RunProgress submission={submission} run={run} figures={figures} giveUp={giveUp} />}
      {submission.error !== undefined && <FailureNotice error={submission.error} />}
      {figures.sent > 0 && (
        <>
          {done && (
            <Alert
              role="status"
              type={figures.refused.length === 0 ? 'success' : 'warning'}
              showIcon
              title={t('shop.result.summary', { accepted: figures.accepted, refused: figures.refused.length })}
              description={figures.accepted > 0 ? t('shop.markFailedMeaning') : undefined}
            />
          )}
          <Refused refused={figures.refused} />
          <Accepted run={run} book={book} />
        </>
      )}
      {done && (
        <div className="run-actions">
          {figures.refused.length > 0 && (
            <Button onClick={() => putBack(figures.refused.map(({ orderNo }) => orderNo))}>{t('shop.result.putBack', { count: figures.refused.length })}</Button>
          )}
          <Button onClick={submission.putAway}>{t('shop.result.putAway')}</Button>
        </div>
      )}
    </section>
  );
}

/** After a reload the outcomes are there, and the tags are not. */
function useMissingTags(run: SubmissionRun, book: TagBook, look: RunReportProps['look']): void {
  const missing = outcomesOf(run)
    .filter(({ accepted, orderNo }) => accepted && !book.has(orderNo))
    .map(({ orderNo }) => orderNo);
  const lookFor = useEffectEvent(() => void look(missing).catch(() => undefined));
  const any = missing.length > 0;
  useEffect(() => {
    if (any) lookFor();
  }, [any]);
}

interface RunProgressProps {
  readonly submission: SubmissionState;
  readonly run: SubmissionRun;
  readonly figures: RunFigures;
  readonly giveUp: () => void;
}

function RunProgress({ submission, run, figures, giveUp }: RunProgressProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const part = { sent: formats.number(figures.sent), orders: formats.number(figures.orders) };
  return (
    <div className="run-progress">
      <p aria-live="polite">
        {submission.busy
          ? t('shop.run.sending', { ...part, batch: run.batches.length - figures.batchesLeft + 1, batches: run.batches.length })
          : t('shop.run.paused', { ...part, batches: figures.batchesLeft })}
        {submission.waiting && ` ${t('shop.run.waiting')}`}
      </p>
      <progress aria-label={t('shop.run.progress')} max={figures.orders} value={figures.sent} />
      {!submission.busy && (
        <div className="run-actions">
          <Button type="primary" onClick={() => void submission.goOn()}>
            {t('shop.run.goOn')}
          </Button>
          <Button onClick={giveUp}>{t('shop.run.giveUp')}</Button>
        </div>
      )}
    </div>
  );
}

/** What was not accepted, by the reason. */
function Refused({ refused }: { readonly refused: readonly OrderOutcome[] }) {
  const { t } = useTranslation();
  if (refused.length === 0) return null;
  const reasons = [...new Set(refused.map(({ message }) => message ?? ''))];
  return (
    <div className="run-refused">
      {reasons.map((message) => ({ message, orders: refused.filter((outcome) => (outcome.message ?? '') === message) })).map(({ message, orders }) => (
        <section key={message} aria-label={message}>
          <strong>
            <span aria-hidden="true">✗ </span>
            {t('shop.result.refused', { count: orders.length, message })}
          </strong>
          <p>{orders.map(({ orderNo }) => orderNo).join('  ')}</p>
        </section>
      ))}
    </div>
  );
}

function Accepted({ run, book }: { readonly run: SubmissionRun; readonly book: TagBook }) {
  const { t } = useTranslation();
  const accepted = outcomesOf(run).filter((outcome) => outcome.accepted);
  if (accepted.length === 0) return null;
  return (
    <ol className="run-accepted" aria-label={t('shop.result.accepted')}>
      {accepted.map(({ orderNo }) => {
        const tag = book.get(orderNo);
        return (
          <li key={orderNo}>
            <span>{orderNo}</span> {tag !== undefined && <TagMark tag={tag} />}
          </li>
        );
      })}
    </ol>
  );
}
