import { Button, type InputRef } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../data/useAction.ts';
import { useFormats } from '../format/useFormats.ts';
import { useNow } from '../format/useNow.ts';
import { longestReason } from '../review/decisions.ts';
import { useReview } from '../review/ReviewContext.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import { Input } from '../shell/Input.ts';
import { fieldTime, maySnooze, snoozeEnd, snoozeOffers, timeOfField } from './snoozeTimes.ts';
import { snooze } from './teamActions.ts';
import './team.css';

interface SnoozeDialogProps {
  readonly caseId: string;
  readonly dueAt: string;
  readonly close: () => void;
  readonly done: () => void;
}

/** Hides a case from the queue until a time before it is due. */
export function SnoozeDialog({ caseId, dueAt, close, done }: SnoozeDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  const { team } = useReview();
  const due = Date.parse(dueAt);
  const offers = snoozeOffers.filter((offer) => maySnooze(snoozeEnd(offer, now), now, due));
  const [until, setUntil] = useState(() => fieldTime(offers.includes('hour') ? snoozeEnd('hour', now) : now + (due - now) / 2));
  const [reason, setReason] = useState('');
  const { busy, error, run } = useAction();
  const field = useRef<InputRef>(null);
  const untilField = useId();
  const reasonField = useId();
  const time = timeOfField(until);
  const right = maySnooze(time, now, due);
  const dueText = formats.dateTime(dueAt);

  async function submit(): Promise<void> {
    if (!right) return;
    await run(async () => {
      await team(snooze(caseId, new Date(time).toISOString(), reason.trim()));
      close();
      done();
    });
  }

  return (
    <Dialog
      open
      title={t('team.snoozeTitle')}
      close={close}
      opened={() => field.current?.focus()}
      footer={
        <>
          <Button onClick={close}>{t('team.cancel')}</Button>
          <Button type="primary" loading={busy} disabled={!right} onClick={() => void submit()}>
            {t('team.snooze')}
          </Button>
        </>
      }
    >
      <p>{t('team.snoozeText')}</p>
      {error !== undefined && <FailureNotice error={error} retry={() => void submit()} />}
      <div className="snooze-offers">
        {offers.map((offer) => (
          <Button key={offer} size="small" onClick={() => setUntil(fieldTime(snoozeEnd(offer, Date.now())))}>
            {t(`team.snoozeIn.${offer}`)}
          </Button>
        ))}
      </div>
      <div className="team-field">
        <label htmlFor={untilField}>{t('team.snoozeUntil', { due: dueText })}</label>
        <Input
          id={untilField}
          type="datetime-local"
          ref={field}
          value={until}
          min={fieldTime(now)}
          max={fieldTime(due)}
          status={right ? '' : 'error'}
          aria-invalid={!right}
          aria-describedby={`${untilField}-note`}
          onChange={(event) => setUntil(event.target.value)}
          onPressEnter={() => void submit()}
        />
        <p id={`${untilField}-note`} className={right ? 'hint' : 'field-error'}>
          {right ? formats.zonedTime(new Date(time).toISOString()) : t('team.snoozeWrong', { due: dueText })}
        </p>
      </div>
      <div className="team-field">
        <label htmlFor={reasonField}>{t('team.snoozeReason')}</label>
        <Input id={reasonField} value={reason} maxLength={longestReason} onChange={(event) => setReason(event.target.value)} onPressEnter={() => void submit()} />
      </div>
    </Dialog>
  );
}
