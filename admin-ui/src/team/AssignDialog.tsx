import { Alert, Button, Select, type GetRef } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../console/ViewerContext.ts';
import { useAction } from '../data/useAction.ts';
import { useReview } from '../review/ReviewContext.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { FailureNotice } from '../shell/FailureNotice.tsx';
import { useMessages } from '../shell/useMessages.ts';
import { assign, type NotAssigned } from './teamActions.ts';
import { useReviewers } from './useReviewers.ts';
import './team.css';

interface AssignDialogProps {
  readonly caseIds: readonly string[];
  readonly close: () => void;
}

// No name of a person is empty.
const nobody = '';

/** Lets a lead assign cases to a reviewer. */
export function AssignDialog({ caseIds, close }: AssignDialogProps) {
  const { t } = useTranslation();
  const { id: me } = useConsoleViewer();
  const { team } = useReview();
  const message = useMessages();
  const reviewers = useReviewers();
  const [to, setTo] = useState<string | null>(null);
  const [refused, setRefused] = useState<readonly NotAssigned[]>([]);
  const { busy, error, run } = useAction();
  const field = useId();
  const select = useRef<GetRef<typeof Select>>(null);
  const people = [...reviewers.filter((name) => name !== me), me];

  async function submit(): Promise<void> {
    if (to === null) return;
    await run(async () => {
      const notAssigned = await team(assign(caseIds, to === nobody ? null : to));
      setRefused(notAssigned);
      if (notAssigned.length < caseIds.length) message.success(t('team.assigned', { count: caseIds.length - notAssigned.length }));
      if (notAssigned.length === 0) close();
    });
  }

  return (
    <Dialog
      open
      title={t('team.assignTitle', { count: caseIds.length })}
      close={close}
      opened={() => select.current?.focus()}
      footer={
        <>
          <Button onClick={close}>{t('team.cancel')}</Button>
          <Button type="primary" loading={busy} disabled={to === null} onClick={() => void submit()}>
            {t('team.assignSubmit', { count: caseIds.length })}
          </Button>
        </>
      }
    >
      <p>{t('team.assignText')}</p>
      {error !== undefined && <FailureNotice error={error} retry={() => void submit()} />}
      {refused.length > 0 && (
        <Alert
          role="status"
          type="warning"
          showIcon
          title={t('team.notAssigned')}
          description={refused.map(({ id, message: why }) => (
            <p key={id}>
              {id} {why}
            </p>
          ))}
        />
      )}
      <div className="team-field">
        <label htmlFor={field}>{t('team.assignTo')}</label>
        <Select
          id={field}
          ref={select}
          showSearch={{ optionFilterProp: 'label' }}
          value={to}
          options={[
            ...people.map((name) => ({ value: name, label: name === me ? t('team.assignToMe', { id: me }) : name })),
            { value: nobody, label: t('team.assignNobody') },
          ]}
          onChange={(name: string) => setTo(name)}
        />
      </div>
    </Dialog>
  );
}
