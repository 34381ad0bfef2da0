import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DecideRevocationDocument, type RevocationRowFragment, type RevocationState } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { VerdictForm } from '../../review/VerdictForm.tsx';

const stateTones: Record<RevocationState, 'warn' | 'bad' | 'plain'> = { PROPOSED: 'warn', APPROVED: 'bad', DECLINED: 'plain' };

interface RevocationItemProps {
  readonly revocation: RevocationRowFragment;
  readonly changed: () => void;
}

/** A proposal with its evidence, who decided it and how far the recount is; for another person, the decision. */
export function RevocationItem({ revocation, changed }: RevocationItemProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const ask = useAsk();

  async function decide(approve: boolean, reason: string): Promise<void> {
    try {
      const { decideRevocation } = await ask(DecideRevocationDocument, { input: { id: revocation.id, approve, reason } });
      settled(decideRevocation);
    } finally {
      // Refused or not: how it stands by now.
      changed();
    }
  }

  return (
    <li>
      <div className="record-line">
        <Mark tone={stateTones[revocation.state]}>{t(`revocation.state.${revocation.state}`)}</Mark>
        <strong>{t(`revocation.kind.${revocation.kind}`)}</strong>
        <span className="hint">{t('revocation.by', { by: revocation.proposedBy })}</span>
        {revocation.suspended && revocation.state === 'PROPOSED' && <Mark tone="warn">{t('revocation.suspended')}</Mark>}
        <time dateTime={revocation.proposedAt}>{formats.dateTime(revocation.proposedAt)}</time>
      </div>
      <p className="lines" data-verbatim>
        {revocation.reason}
      </p>
      <p className="hint">{t('revocation.field.evidence')}</p>
      <ul>
        {[...new Set(revocation.evidence)].map((piece) => (
          <li key={piece} data-verbatim>
            {piece}
          </li>
        ))}
      </ul>
      {revocation.decidedBy !== null && <p>{t('revocation.decided', { by: revocation.decidedBy, reason: revocation.decisionReason ?? '' })}</p>}
      {revocation.state === 'APPROVED' && <Recount revocation={revocation} />}
      {revocation.state === 'PROPOSED' && !revocation.canDecide && <WaitsForAnother revocation={revocation} />}
      {revocation.canDecide && (
        <VerdictForm label={t('revocation.decide')} hint={t('revocation.decideHint')} accept={t('revocation.approve')} decline={t('revocation.decline')} danger decide={decide} />
      )}
    </li>
  );
}

function WaitsForAnother({ revocation }: { readonly revocation: RevocationRowFragment }) {
  const { t } = useTranslation();
  const { id } = useConsoleViewer();
  return <Alert type="info" showIcon title={t(revocation.proposedBy === id ? 'revocation.own' : 'revocation.notYours')} />;
}

function Recount({ revocation }: { readonly revocation: RevocationRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { casesRecounted, casesToRecount, completedAt } = revocation;
  const total = formats.number(casesToRecount);
  const text =
    completedAt === null
      ? t('revocation.progress', { done: formats.number(casesRecounted), total })
      : t('revocation.complete', { total, at: formats.dateTime(completedAt) });
  return (
    <div className="recount" aria-live="polite">
      <p>{text}</p>
      {completedAt === null && <progress aria-label={text} value={casesRecounted} max={Math.max(1, casesToRecount)} />}
    </div>
  );
}
