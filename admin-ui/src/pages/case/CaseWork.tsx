import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAction } from '../../data/useAction.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { Mark } from '../../review/marks.tsx';
import { useReview } from '../../review/ReviewContext.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ReasonDialog } from '../../team/ReasonDialog.tsx';
import { handBack, wake } from '../../team/teamActions.ts';
import type { CaseDetail } from './useCase.ts';

interface CaseWorkProps {
  readonly shown: CaseDetail;
}

/** Who is to decide the case, until when it rests, and whether a lead has to: nothing where nobody said so. */
export function CaseWork({ shown }: CaseWorkProps) {
  const now = useNow();
  const snoozed = shown.snooze !== null && Date.parse(shown.snooze.until) > now;
  return (
    <div className="case-work" aria-live="polite">
      {shown.escalation !== null && <EscalationLine shown={shown} escalation={shown.escalation} />}
      {shown.assignment !== null && <AssignmentLine assignment={shown.assignment} />}
      {snoozed && <SnoozeLine shown={shown} snooze={shown.snooze} />}
    </div>
  );
}

function EscalationLine({ shown, escalation }: CaseWorkProps & { readonly escalation: NonNullable<CaseDetail['escalation']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { can } = useConsoleViewer();
  const { team } = useReview();
  const [open, setOpen] = useState(false);
  return (
    <p>
      <Mark tone="warn">{t('team.escalated')}</Mark> {t('team.escalatedBy', { by: escalation.by, at: formats.dateTime(escalation.at) })}
      <span className="case-work-reason" data-verbatim>{escalation.reason}</span>
      {can.lead && (
        <Button size="small" onClick={() => setOpen(true)}>
          {t('team.handBack')}
        </Button>
      )}
      {open && (
        <ReasonDialog
          title={t('team.handBackTitle')}
          text={t('team.handBackText')}
          submitName={t('team.handBack')}
          submit={async (reason) => team(handBack(shown.id, reason))}
          close={() => setOpen(false)}
        />
      )}
    </p>
  );
}

function AssignmentLine({ assignment }: { readonly assignment: NonNullable<CaseDetail['assignment']> }) {
  const { t } = useTranslation();
  const { id } = useConsoleViewer();
  return (
    <p>
      <Mark tone={assignment.to === id ? 'info' : 'plain'}>{t('team.arrow', { to: assignment.to })}</Mark> {t('team.assignedTo', { to: assignment.to, by: assignment.by })}
    </p>
  );
}

function SnoozeLine({ shown, snooze }: CaseWorkProps & { readonly snooze: NonNullable<CaseDetail['snooze']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { can } = useConsoleViewer();
  const { team } = useReview();
  const { busy, error, run } = useAction();
  return (
    <p>
      <Mark tone="plain">{t('views.snoozed')}</Mark> {t('team.snoozedUntil', { until: formats.dateTime(snooze.until), by: snooze.by })}
      {snooze.reason !== null && <span className="case-work-reason" data-verbatim>{snooze.reason}</span>}
      {can.decide && (
        <Button size="small" loading={busy} onClick={() => void run(async () => team(wake(shown.id)))}>
          {t('team.wake')}
        </Button>
      )}
      {error !== undefined && <FailureNotice error={error} />}
    </p>
  );
}
