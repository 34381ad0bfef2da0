import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DecideVettingDocument, type MerchantDetailFragment, type VettingRowFragment, type VettingState } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { VerdictForm } from '../../review/VerdictForm.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ProposeVettingDialog } from './ProposeVettingDialog.tsx';
import { useVettings } from './useVettings.ts';

interface VettingCardProps {
  readonly merchant: MerchantDetailFragment;
  readonly changed: () => void;
}

/** Whether the platform vouches for the shop: who proposed it, who decided it, and for another person the decision. */
export function VettingCard({ merchant, changed }: VettingCardProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const [proposing, setProposing] = useState(false);
  const { vettings, error, refetch } = useVettings(merchant.id);
  // What was approved last holds; the record, a view of the log, follows some seconds later.
  const vetted = vettings?.find(({ state }) => state === 'APPROVED')?.vetted ?? false;
  const open = vettings?.some(({ state }) => state === 'PROPOSED') === true;
  const mayPropose = can.decide && vettings !== undefined && !open && (vetted || merchant.permission !== 'REVOKED');
  function reload(): void {
    void refetch();
    changed();
  }
  return (
    <Card title={t('vetting.title')} extra={mayPropose && <Button onClick={() => setProposing(true)}>{t(`vetting.propose.${!vetted}`)}</Button>}>
      <p>
        {vetted && <Mark tone="good">{t('merchants.vetted')}</Mark>} <span className="hint">{t('vetting.what')}</span>
      </p>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {vettings?.length === 0 && <p className="hint">{t('vetting.none')}</p>}
      <ul className="record-list">
        {vettings?.map((vetting) => (
          <VettingItem key={vetting.id} vetting={vetting} changed={reload} />
        ))}
      </ul>
      {proposing && <ProposeVettingDialog merchantId={merchant.id} vetted={!vetted} proposed={reload} close={() => setProposing(false)} />}
    </Card>
  );
}

const stateTones: Record<VettingState, 'warn' | 'good' | 'plain'> = { PROPOSED: 'warn', APPROVED: 'good', DECLINED: 'plain' };

interface VettingItemProps {
  readonly vetting: VettingRowFragment;
  readonly changed: () => void;
}

export function VettingItem({ vetting, changed }: VettingItemProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const ask = useAsk();
  const { id } = useConsoleViewer();

  async function decide(approve: boolean, reason: string): Promise<void> {
    try {
      const { decideVetting } = await ask(DecideVettingDocument, { input: { id: vetting.id, approve, reason } });
      settled(decideVetting);
    } finally {
      // Refused or not: how it stands by now.
      changed();
    }
  }

  return (
    <li>
      <div className="record-line">
        <Mark tone={stateTones[vetting.state]}>{t(`vetting.state.${vetting.state}`)}</Mark>
        <strong>{t(`vetting.proposed.${vetting.vetted}`)}</strong>
        <span className="hint">{t('revocation.by', { by: vetting.proposedBy })}</span>
        <time dateTime={vetting.proposedAt}>{formats.dateTime(vetting.proposedAt)}</time>
      </div>
      <p className="lines" data-verbatim>{vetting.reason}</p>
      {vetting.decidedBy !== null && <p>{t('revocation.decided', { by: vetting.decidedBy, reason: vetting.decisionReason ?? '' })}</p>}
      {vetting.state === 'PROPOSED' && !vetting.canDecide && <Alert type="info" showIcon title={t(vetting.proposedBy === id ? 'vetting.own' : 'vetting.notYours')} />}
      {vetting.canDecide && <VerdictForm label={t('vetting.decide')} hint={t('vetting.decideHint')} accept={t('vetting.approve')} decline={t('vetting.decline')} decide={decide} />}
    </li>
  );
}
