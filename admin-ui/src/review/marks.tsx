import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../format/formats.ts';
import { useFormats } from '../format/useFormats.ts';
import { useNow } from '../format/useNow.ts';
import type { CaseState, Permission, QueueRowFragment, RiskLevel, TagStatus } from '../gql/graphql.ts';
import { dueTone } from './due.ts';

// Never by colour alone: each tone has a symbol, too.
const dueSigns = { calm: '', soon: '◔ ', urgent: '▲ ', overdue: '‼ ' } as const;

/** How long a case can still wait, or by how much it is over. */
export function DueTime({ dueAt }: { readonly dueAt: string | null }) {
  const { t } = useTranslation();
  return <DueText dueAt={dueAt} now={useNow()} formats={useFormats()} t={t} />;
}

interface DueTextProps {
  readonly dueAt: string | null;
  readonly now: number;
  readonly formats: Formats;
  readonly t: TFunction;
}

/** The same for the cells of a grid, where hooks in each of hundreds of cells would make scrolling slow. */
export function DueText({ dueAt, now, formats, t }: DueTextProps) {
  if (dueAt === null) return <span className="muted">{t('due.none')}</span>;
  const tone = dueTone(dueAt, now);
  const span = formats.duration(Date.parse(dueAt) - now);
  return (
    <time dateTime={dueAt} title={formats.dateTime(dueAt)} className={`due is-${tone}`}>
      <span aria-hidden="true">{dueSigns[tone]}</span>
      {tone === 'overdue' ? t('due.over', { span }) : t('due.left', { span })}
    </time>
  );
}

interface WorkTextProps extends Omit<DueTextProps, 'dueAt'> {
  readonly row: QueueRowFragment;
}

/** Who a waiting case waits for, and until when it rests, where somebody said so; for the cells of a grid. */
export function WorkText({ row, now, formats, t }: WorkTextProps) {
  if (row.escalation !== null) return <span className="due is-soon" title={row.escalation.reason}>{t('team.escalatedShort')}</span>;
  if (row.snooze !== null && Date.parse(row.snooze.until) > now) {
    const until = formats.dateTime(row.snooze.until);
    return <span title={t('team.snoozedUntil', { until, by: row.snooze.by })}>{t('team.snoozedShort', { until: until.slice(5) })}</span>;
  }
  if (row.claim !== null) return <span title={row.claim.by}>{row.claim.by}</span>;
  return row.assignment === null ? null : <span title={t('team.assignedTo', row.assignment)}>{t('team.arrow', { to: row.assignment.to })}</span>;
}

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'info';

interface MarkProps {
  readonly tone: Tone;
  readonly children: string;
  readonly title?: string;
}

/** A word with a ground that says what kind of word it is. */
export function Mark({ tone, children, title }: MarkProps) {
  return (
    <span className={`mark is-${tone}`} title={title}>
      {children}
    </span>
  );
}

export const stateTones: Record<CaseState, Tone> = {
  ACCUMULATING: 'info',
  CONFIRMED: 'good',
  REJECTED: 'plain',
  LAPSED: 'warn',
  EXPIRED: 'plain',
  OVERTURNED: 'bad',
};

export function StateMark({ state }: { readonly state: CaseState }) {
  const { t } = useTranslation();
  return <Mark tone={stateTones[state]}>{t(`caseState.${state}`)}</Mark>;
}

export const riskTones: Record<RiskLevel, Tone> = { UNKNOWN: 'plain', LOW: 'good', MEDIUM: 'warn', HIGH: 'bad' };

export function RiskMark({ level }: { readonly level: RiskLevel }) {
  const { t } = useTranslation();
  return <Mark tone={riskTones[level]}>{t(`riskLevel.${level}`)}</Mark>;
}

export const statusTones: Record<TagStatus, Tone> = {
  ACCUMULATING: 'info',
  SUCCEEDED: 'good',
  EXPIRED: 'plain',
  REJECTED: 'warn',
  OVERTURNED: 'bad',
  VOIDED: 'plain',
};

export function StatusMark({ status }: { readonly status: TagStatus }) {
  const { t } = useTranslation();
  return <Mark tone={statusTones[status]}>{t(`tagStatus.${status}`)}</Mark>;
}

export const permissionTones: Record<Permission, Tone> = { ACTIVE: 'good', SUSPENDED: 'warn', REVOKED: 'bad' };

export function PermissionMark({ permission }: { readonly permission: Permission }) {
  const { t } = useTranslation();
  return <Mark tone={permissionTones[permission]}>{t(`permission.${permission}`)}</Mark>;
}
