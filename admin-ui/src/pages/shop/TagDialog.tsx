import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { ShopTagFragment } from '../../gql/graphql.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { TagMark } from './TagMark.tsx';

interface TagDialogProps {
  readonly tag: ShopTagFragment;
  readonly close: () => void;
}

/** One tag: what its label means, and what happens next. */
export function TagDialog({ tag, close }: TagDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { can } = useConsoleViewer();
  return (
    <Dialog open title={t('shop.tags.one', { orderNo: tag.orderNo })} close={close}>
      <p aria-live="polite">
        <TagMark tag={tag} /> {tag.reason}
      </p>
      <dl className="facts">
        <dt>{t('shop.tags.next')}</dt>
        <dd>{t(`shop.next.${tag.status}`)}</dd>
        <dt>{t('shop.submit.scenario')}</dt>
        <dd>{tag.scenario.name}</dd>
        <dt>{t('tags.submitted')}</dt>
        <dd>{formats.dateTime(tag.submittedAt)}</dd>
        <dt>{t('shop.tags.changed')}</dt>
        <dd>{formats.dateTime(tag.statusChangedAt)}</dd>
        <dt>{t('shop.tags.handleBy')}</dt>
        <dd>{tag.handledAt === null ? formats.dateTime(tag.handleBy) : t('shop.tags.handled', { at: formats.dateTime(tag.handledAt) })}</dd>
        <dt>{t('tags.note')}</dt>
        <dd data-verbatim>{tag.note ?? '–'}</dd>
      </dl>
      {can.restrictBuyers && <Link to={`/shop/restrictions?order=${encodeURIComponent(tag.orderNo)}`}>{t('shop.tags.restrict')}</Link>}
    </Dialog>
  );
}
