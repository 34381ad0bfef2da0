import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { LiftRestrictionDocument, type ShopRestrictionFragment } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { restrictionTones } from '../restrictions/useRestrictions.ts';

interface RestrictionCardProps {
  readonly restriction: ShopRestrictionFragment;
  readonly changed: () => void;
}

/** One restriction of the shop: what it asked for, what the platform decided, and its end. */
export function RestrictionCard({ restriction, changed }: RestrictionCardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [asking, setAsking] = useState(false);
  const { state } = restriction;
  const ends = state === 'PENDING_REVIEW' || state === 'ACTIVE';
  return (
    <li className="desk-entry">
      <div className="head-facts">
        <strong>{t('shop.tags.one', { orderNo: restriction.orderNo })}</strong>
        <Mark tone={restrictionTones[state]}>{t(`restrictions.state.${state}`)}</Mark>
        <span>{formats.list(restriction.modes.map((mode) => t(`restrictions.mode.${mode}`)))}</span>
      </div>
      <p>{t(`desk.restrict.means.${state}`, { at: formats.dateTime(restriction.decideBy) })}</p>
      <dl className="facts">
        <dt>{t('restrictions.column.requested')}</dt>
        <dd>{formats.dateTime(restriction.requestedAt)}</dd>
        <dt>{t('desk.restrict.description')}</dt>
        <dd data-verbatim>{restriction.description}</dd>
        {restriction.decidedAt !== null && (
          <>
            <dt>{t('desk.restrict.decision')}</dt>
            <dd>{t('desk.restrict.decided', { at: formats.dateTime(restriction.decidedAt), reason: restriction.reason ?? '–' })}</dd>
          </>
        )}
        {restriction.liftedAt !== null && (
          <>
            <dt>{t('restrictions.state.LIFTED')}</dt>
            <dd>{formats.dateTime(restriction.liftedAt)}</dd>
          </>
        )}
        <dt>{t('restrictions.notice')}</dt>
        <dd>{restriction.buyerNotice}</dd>
      </dl>
      {ends && (
        <Button onClick={() => setAsking(true)}>{t(state === 'ACTIVE' ? 'desk.restrict.lift' : 'desk.restrict.takeBack')}</Button>
      )}
      {asking && <LiftDialog restriction={restriction} changed={changed} close={() => setAsking(false)} />}
    </li>
  );
}

function LiftDialog({ restriction, changed, close }: RestrictionCardProps & { readonly close: () => void }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const action = useAction();
  const title = t(restriction.state === 'ACTIVE' ? 'desk.restrict.lift' : 'desk.restrict.takeBack');

  async function lift(): Promise<void> {
    await action.run(async () => {
      try {
        const { liftRestriction } = await ask(LiftRestrictionDocument, { input: { id: restriction.id } });
        settled(liftRestriction);
        close();
      } finally {
        changed();
      }
    });
  }

  return (
    <Dialog
      open
      title={title}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t('desk.cancel')}</Button>
          <Button type="primary" loading={action.busy} onClick={() => void lift()}>
            {title}
          </Button>
        </>
      }
    >
      <p>{t('desk.restrict.liftText', { orderNo: restriction.orderNo })}</p>
      {action.error !== undefined && <FailureNotice error={action.error} />}
    </Dialog>
  );
}
