import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { merchantPath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PermissionMark, StatusMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import type { CaseDetail, CaseTag } from './useCase.ts';

/** What the merchants say: their tags, with the order behind each and the shop's own record. */
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
        <strong className="tag-amount">{formats.money(order.amountCents, order.currency)}</strong>
      </div>
      {tag.note !== null && <p className="tag-note" data-verbatim>{tag.note}</p>}
      <p className="hint">
        {t('case.ordered', { at: formats.dateTime(order.placedAt) })} · {t('case.tagged', { at: formats.dateTime(tag.submittedAt) })} ·{' '}
        {t(`reportOutcome.${order.reportOutcome}`)}
        {order.freightInsured && ` · ${t('case.freightInsured')}`}
      </p>
      <p className="hint">
        {t('case.order', { orderNo: tag.orderNo })} ·{' '}
        {t('case.merchantRecord', { tagged: merchant.record?.taggedOrders ?? 0, orders: merchant.record?.orders ?? 0, days: merchant.record?.orderDays ?? 0, tags: merchant.tagCount, succeeded: merchant.succeededCount, overturned: merchant.overturnedCount ?? 0 })}
      </p>
    </li>
  );
}
