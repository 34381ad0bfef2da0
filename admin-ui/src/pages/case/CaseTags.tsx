import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/pages.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PermissionMark, StatusMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import type { CaseDetail, CaseTag } from './useCase.ts';

/** What the merchants say: their tags, with the order behind each. */
export function CaseTags({ shown }: { readonly shown: CaseDetail }) {
  const { t } = useTranslation();
  const { nodes, totalCount } = shown.tags;
  return (
    <Card title={t('case.tags')} extra={<span className="hint">{t('case.tagCount', { count: nodes.length, total: totalCount })}</span>}>
      <ul className="tag-list">
        {nodes.map((tag) => (
          <TagItem key={tag.orderNo} tag={tag} />
        ))}
      </ul>
    </Card>
  );
}

function TagItem({ tag }: { readonly tag: CaseTag }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { merchant, order } = tag;
  return (
    <li>
      <div className="tag-line">
        <Link to={merchantPath(merchant.id)}>{merchant.name}</Link>
        <StatusMark status={tag.status} />
        {merchant.permission !== 'ACTIVE' && <PermissionMark permission={merchant.permission} />}
        <time dateTime={tag.submittedAt}>{formats.dateTime(tag.submittedAt)}</time>
      </div>
      {tag.note !== null && <p className="tag-note">{tag.note}</p>}
      <p className="hint">
        {t('case.order', { orderNo: tag.orderNo })} · {formats.money(order.amountCents, order.currency)} · {formats.date(order.placedAt)} ·{' '}
        {t(`reportOutcome.${order.reportOutcome}`)}
        {order.freightInsured && ` · ${t('case.freightInsured')}`}
        {' · '}
        {t('case.merchantRecord', { tags: merchant.tagCount, overturned: merchant.overturnedCount ?? 0 })}
      </p>
    </li>
  );
}
