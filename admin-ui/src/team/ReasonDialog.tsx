import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../data/useAction.ts';
import { ReasonField } from '../review/ReasonField.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { FailureNotice } from '../shell/FailureNotice.tsx';

interface ReasonDialogProps {
  readonly title: string;
  /** The effect of the action. */
  readonly text: string;
  readonly submitName: string;
  readonly submit: (reason: string) => Promise<void>;
  readonly close: () => void;
}

/** Asks for a reason, then runs the action. */
export function ReasonDialog({ title, text, submitName, submit, close }: ReasonDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();

  async function send(): Promise<void> {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    await run(async () => {
      await submit(reason.trim());
      close();
    });
  }

  return (
    <Dialog
      open
      title={title}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('team.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => void send()}>
            {submitName}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {error !== undefined && <FailureNotice error={error} retry={() => void send()} />}
      <ReasonField offered={[]} reason={reason} change={setReason} submit={() => void send()} missing={missing} />
    </Dialog>
  );
}
