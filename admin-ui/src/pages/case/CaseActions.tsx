import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { AssignDialog } from '../../team/AssignDialog.tsx';
import { ReasonDialog } from '../../team/ReasonDialog.tsx';
import { SnoozeDialog } from '../../team/SnoozeDialog.tsx';
import { escalate } from '../../team/teamActions.ts';
import type { CaseDetail } from './useCase.ts';
import { useNextCase } from './useNextCase.ts';

type Asked = 'assign' | 'snooze' | 'escalate';

interface CaseActionsProps {
  readonly shown: CaseDetail;
  /** Leads to the field for a note. */
  readonly note: () => void;
}

/** What can be done with a case beside deciding it: note, assign, snooze, escalate. */
export function CaseActions({ shown, note }: CaseActionsProps) {
  const { t } = useTranslation();
  const { can, id: me } = useConsoleViewer();
  const { team } = useReview();
  const next = useNextCase(shown.id);
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const waits = shown.handling === 'PENDING' && shown.dueAt !== null;
  const free = waits && shown.escalation === null && (shown.claim === null || shown.claim.by === me);
  const actions = [
    { name: 'writeNote' as const, key: 'm', label: shown.noteCount > 0 ? t('notes.titleCount', { count: shown.noteCount }) : t('notes.write'), may: true, run: note },
    { name: 'assign' as const, key: 'a', label: t('team.assign'), may: can.lead && waits, run: () => setAsked('assign') },
    { name: 'snooze' as const, key: 's', label: t('team.snooze'), may: free, run: () => setAsked('snooze') },
    { name: 'escalate' as const, key: 'e', label: t('team.escalate'), may: free, run: () => setAsked('escalate') },
  ].filter(({ may }) => may);
  useKeys(actions.map(({ name, key, run }) => ({ keys: key, label: t(`keys.${name}`), group: 'review' as const, run })));
  const close = () => setAsked(undefined);
  // What went out of sight is done with, as after a decision.
  const goOn = () => void next().catch(() => undefined);

  return (
    <div role="group" aria-label={t('team.actions')} className="case-actions">
      {actions.map(({ name, key, label, run }) => (
        <Button key={name} size="small" onClick={run}>
          {label} <kbd className="wide-only">{key}</kbd>
        </Button>
      ))}
      {asked === 'assign' && <AssignDialog caseIds={[shown.id]} close={close} />}
      {asked === 'snooze' && shown.dueAt !== null && <SnoozeDialog caseId={shown.id} dueAt={shown.dueAt} close={close} done={goOn} />}
      {asked === 'escalate' && (
        <ReasonDialog
          title={t('team.escalateTitle')}
          text={t('team.escalateText')}
          submitName={t('team.escalate')}
          submit={async (reason) => team(escalate(shown.id, reason))}
          close={close}
        />
      )}
    </div>
  );
}
