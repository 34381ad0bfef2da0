import { useTranslation } from 'react-i18next';
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
        <dt>{t('shop.tags.submitted')}</dt>
        <dd>{formats.dateTime(tag.submittedAt)}</dd>
        <dt>{t('shop.tags.changed')}</dt>
        <dd>{formats.dateTime(tag.statusChangedAt)}</dd>
        <dt>{t('shop.tags.handleBy')}</dt>
        <dd>{tag.handledAt === null ? formats.dateTime(tag.handleBy) : t('shop.tags.handled', { at: formats.dateTime(tag.handledAt) })}</dd>
        <dt>{t('shop.submit.note')}</dt>
        <dd>{tag.note ?? '–'}</dd>
      </dl>
    </Dialog>
  );
}
