import { Button } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../data/useAction.ts';
import { fieldProblems } from '../../data/userErrors.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { draftFields, type EndpointDraft } from './endpointDraft.ts';
import { EndpointFields } from './EndpointFields.tsx';

interface EndpointDialogProps {
  readonly title: string;
  readonly action: string;
  /** What the fields show first. */
  readonly start: EndpointDraft;
  /** Whether there is anything to submit. */
  readonly worthwhile: (draft: EndpointDraft) => boolean;
  /** Submits it. Refusals are shown at the fields they concern. */
  readonly submit: (draft: EndpointDraft) => Promise<void>;
  readonly close: () => void;
}

/** A person says what an endpoint is to be. */
export function EndpointDialog({ title, action, start, worthwhile, submit, close }: EndpointDialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(start);
  const { busy, error, run } = useAction();
  const form = useId();
  const { at, rest } = fieldProblems(error, draftFields);

  function send(event: FormEvent): void {
    event.preventDefault();
    if (worthwhile(draft)) void run(() => submit(draft));
  }

  return (
    <Dialog
      open
      title={title}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('webhooks.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={form} loading={busy} disabled={!worthwhile(draft)}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={send}>
        <EndpointFields draft={draft} change={(changes) => setDraft({ ...draft, ...changes })} problems={at} />
      </form>
      {rest !== undefined && <FailureNotice error={rest} />}
    </Dialog>
  );
}
