import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../data/useAction.ts';
import { ReasonField } from '../../review/ReasonField.tsx';
import { useReview } from '../../review/ReviewContext.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import type { CaseDetail } from './useCase.ts';

/** For a case that waits for nobody: whoever sees something puts it into the queue, and says why. */
export function QueueForm({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const { queue } = useReview();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();

  async function submit(): Promise<void> {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    await run(async () => queue(shown, reason.trim()));
  }

  if (!open) return <Button onClick={() => setOpen(true)}>{t('case.queue')}</Button>;
  return (
    <div className="decision-form">
      <p>
        <strong>{t('case.queue')}</strong> · {t('case.queueText')}
      </p>
      {error !== undefined && <FailureNotice error={error} />}
      <ReasonField offered={[]} reason={reason} change={setReason} submit={() => void submit()} cancel={() => setOpen(false)} missing={missing} rows={2} />
      <div className="decision-submit">
        <Button onClick={() => setOpen(false)}>{t('decide.cancel')}</Button>
        <Button type="primary" loading={busy} onClick={() => void submit()}>
          {t('case.queue')}
        </Button>
      </div>
    </div>
  );
}
