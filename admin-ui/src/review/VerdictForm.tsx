import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import { TextArea } from '../shell/Input.ts';
import { longestReason } from './decisions.ts';

interface VerdictFormProps {
  /** What the text is for. */
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly decline: string;
  /** Whether accepting is irreversible. */
  readonly danger?: boolean;
  /** Submits the verdict; what it throws is shown. */
  readonly decide: (accept: boolean, text: string) => Promise<void>;
}

/** Yes or no with a reason, as revocations, appeals and restrictions are decided. */
export function VerdictForm({ label, hint, accept, decline, danger = false, decide }: VerdictFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState<boolean | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const id = useId();

  async function submit(verdict: boolean): Promise<void> {
    setMissing(text.trim() === '');
    if (text.trim() === '' || busy !== undefined) return;
    setBusy(verdict);
    setError(undefined);
    try {
      await decide(verdict, text.trim());
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <div className="verdict">
      <label htmlFor={id}>{label}</label>
      <TextArea
        id={id}
        rows={3}
        maxLength={longestReason}
        value={text}
        status={missing ? 'error' : ''}
        aria-invalid={missing}
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          setText(event.target.value);
          setMissing(false);
        }}
      />
      <p id={`${id}-note`} className={missing ? 'field-error' : 'hint'}>
        {missing ? t('reason.missing') : hint}
      </p>
      {error !== undefined && <FailureNotice error={error} />}
      <div className="verdict-buttons">
        <Button type="primary" danger={danger} loading={busy === true} disabled={busy === false} onClick={() => void submit(true)}>
          {accept}
        </Button>
        <Button loading={busy === false} disabled={busy === true} onClick={() => void submit(false)}>
          {decline}
        </Button>
      </div>
    </div>
  );
}
