import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buyerPath, merchantPath } from '../../console/recordPaths.ts';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DecideRestrictionDocument, type RestrictionRowFragment } from '../../gql/graphql.ts';
import { DueTime, Mark } from '../../review/marks.tsx';
import { VerdictForm } from '../../review/VerdictForm.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { restrictionTones, useRestriction } from './useRestrictions.ts';

interface RestrictionDialogProps {
  readonly id: string;
  readonly close: () => void;
}

/** One restriction: what the shop says, what the buyer sees, and the platform's review. */
export function RestrictionDialog({ id, close }: RestrictionDialogProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRestriction(id);
  const restriction = data?.restriction ?? undefined;
  return (
    <Dialog open title={restriction === undefined ? t('nav.restrictions') : t('restrictions.one', { id: restriction.buyerId })} close={close} width={640}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data?.restriction === null && <p>{t('restrictions.gone')}</p>}
      {restriction !== undefined && <RestrictionBody restriction={restriction} changed={() => void refetch()} />}
    </Dialog>
  );
}

function RestrictionBody({ restriction, changed }: { readonly restriction: RestrictionRowFragment; readonly changed: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const ask = useAsk();

  async function decide(approve: boolean, reason: string): Promise<void> {
    try {
      const { decideRestriction } = await ask(DecideRestrictionDocument, { input: { id: restriction.id, approve, reason } });
      settled(decideRestriction);
    } finally {
      changed();
    }
  }

  return (
    <>
      <p className="head-facts" aria-live="polite">
        <Mark tone={restrictionTones[restriction.state]}>{t(`restrictions.state.${restriction.state}`)}</Mark>
        {restriction.state === 'PENDING_REVIEW' && <DueTime dueAt={restriction.decideBy} />}
      </p>
      <dl className="facts">
        <dt>{t('restrictions.column.merchant')}</dt>
        <dd>
          <Link to={merchantPath(restriction.merchant.id)}>{restriction.merchant.name}</Link>
        </dd>
        <dt>{t('restrictions.column.buyer')}</dt>
        <dd>
          <Link to={buyerPath(restriction.buyerId)}>{restriction.buyerId}</Link>
        </dd>
        <dt>{t('restrictions.column.order')}</dt>
        <dd>{restriction.orderNo}</dd>
        <dt>{t('restrictions.column.modes')}</dt>
        <dd>{formats.list(restriction.modes.map((mode) => t(`restrictions.mode.${mode}`)))}</dd>
        <dt>{t('restrictions.column.requested')}</dt>
        <dd>{formats.dateTime(restriction.requestedAt)}</dd>
      </dl>
      {restriction.description !== null && (
        <>
          <strong>{t('restrictions.description')}</strong>
          <p className="quote" data-verbatim>{restriction.description}</p>
          <p className="hint">{t('restrictions.descriptionHint')}</p>
        </>
      )}
      <strong>{t('restrictions.notice')}</strong>
      <p className="quote">{restriction.buyerNotice}</p>
      {restriction.decidedAt !== null && (
        <p>
          {t('restrictions.reviewed', { by: restriction.decidedBy ?? '–', at: formats.dateTime(restriction.decidedAt) })}
          {restriction.reason !== null && ` · ${restriction.reason}`}
        </p>
      )}
      {restriction.liftedAt !== null && <p>{t('restrictions.lifted', { at: formats.dateTime(restriction.liftedAt) })}</p>}
      {restriction.canDecide && (
        <VerdictForm label={t('restrictions.reason')} hint={t('restrictions.reasonHint')} accept={t('restrictions.approve')} decline={t('restrictions.decline')} decide={decide} />
      )}
    </>
  );
}
