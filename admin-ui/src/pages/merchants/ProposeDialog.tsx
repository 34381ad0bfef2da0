import { Button, Checkbox, Select } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import { ProposeRevocationDocument, type ViolationKind } from '../../gql/graphql.ts';
import { longestReason } from '../../review/decisions.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { TextArea } from '../../shell/Input.ts';
import { evidenceIn, isFitEvidence } from './evidence.ts';

const kinds = ['FALSE_REPORT', 'WRONG_SCENARIO', 'LEAKED_TO_BUYER', 'THREATENED_BUYER'] as const satisfies readonly ViolationKind[];

interface ProposeDialogProps {
  readonly merchantId: string;
  /** What is filled in already. */
  readonly initial?: { readonly reason: string; readonly evidence: string };
  readonly proposed: () => void;
  readonly close: () => void;
}

/** The first of the two people that a revocation takes: what the shop did, why, and what proves it. */
export function ProposeDialog({ merchantId, initial, proposed, close }: ProposeDialogProps) {
  const { t } = useTranslation();
  const ask = useAsk();
  const [kind, setKind] = useState<ViolationKind>('FALSE_REPORT');
  const [reason, setReason] = useState(initial?.reason ?? '');
  const [evidence, setEvidence] = useState(initial?.evidence ?? '');
  const [suspend, setSuspend] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const pieces = evidenceIn(evidence);
  const noReason = tried && reason.trim() === '';
  const noEvidence = tried && !isFitEvidence(pieces);

  async function submit(): Promise<void> {
    setTried(true);
    if (reason.trim() === '' || !isFitEvidence(pieces)) return;
    await run(async () => {
      const { proposeRevocation } = await ask(ProposeRevocationDocument, { input: { merchantId, kind, reason: reason.trim(), evidence: [...pieces], suspend } });
      settled(proposeRevocation);
      proposed();
      close();
    });
  }

  return (
    <Dialog
      open
      title={t('revocation.propose')}
      close={close}
      width={600}
      footer={
        <>
          <Button onClick={close}>{t('revocation.cancel')}</Button>
          <Button type="primary" danger loading={busy} onClick={() => void submit()}>
            {t('revocation.submit')}
          </Button>
        </>
      }
    >
      <p>{t('revocation.proposeText')}</p>
      <div className="form-field">
        <span className="label" aria-hidden="true">
          {t('revocation.field.kind')}
        </span>
        <Select aria-label={t('revocation.field.kind')} value={kind} options={kinds.map((value) => ({ value, label: t(`revocation.kind.${value}`) }))} onChange={setKind} />
      </div>
      <TextField label={t('revocation.field.reason')} value={reason} change={setReason} problem={noReason ? t('reason.missing') : undefined} />
      <TextField
        label={t('revocation.field.evidence')}
        value={evidence}
        change={setEvidence}
        problem={noEvidence ? t('revocation.evidenceMissing') : undefined}
        hint={
          <>
            {t('revocation.field.evidenceHint')} {t('revocation.evidenceCount', { count: pieces.length })}
          </>
        }
      />
      <p>
        <Checkbox checked={suspend} onChange={(event) => setSuspend(event.target.checked)}>
          {t('revocation.field.suspend')}
        </Checkbox>
      </p>
      {error !== undefined && <FailureNotice error={error} />}
    </Dialog>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly problem: string | undefined;
  readonly hint?: ReactNode;
}

function TextField({ label, value, change, problem, hint }: TextFieldProps) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <TextArea
        id={id}
        rows={3}
        {...(hint === undefined ? { maxLength: longestReason } : {})}
        value={value}
        status={problem === undefined ? '' : 'error'}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => change(event.target.value)}
      />
      <p id={`${id}-note`} className={problem === undefined ? 'hint' : 'field-error'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
