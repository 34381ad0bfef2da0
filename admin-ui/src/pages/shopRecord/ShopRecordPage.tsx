import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { usePolling } from '../../data/usePolling.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopRecordDocument, type ShopRecordQuery, type TagStatus, type ViolationKind } from '../../gql/graphql.ts';
import { countedUpTo } from '../../list/listRoom.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { DeskTexts } from '../shop/DeskTexts.tsx';
import '../shop/desk.css';

const violations = ['FALSE_REPORT', 'WRONG_SCENARIO', 'LEAKED_TO_BUYER', 'THREATENED_BUYER'] as const satisfies readonly ViolationKind[];
const readEvery = 15_000;

/** What a shop's tags came to, what it may still tag, and what false tags lead to. */
export function ShopRecordPage() {
  return (
    <DeskTexts>
      <ShopRecord />
    </DeskTexts>
  );
}

function ShopRecord() {
  const { t } = useTranslation();
  const { merchant } = useConsoleViewer();
  const id = merchant?.id ?? '';
  const { data, error, refetch } = useRead(ShopRecordDocument, { id }, { key: ['shopRecord', id], keepLast: true });
  usePolling(() => void refetch(), readEvery);
  return (
    <div className="page">
      <PageHeading title={t('nav.shopRecord')} />
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data !== undefined && data.merchant !== null && (
        <>
          <Record record={data} shop={data.merchant} />
          <Quota shop={data.merchant} />
        </>
      )}
      <Card title={t('desk.record.rules')}>
        <p>{t('desk.record.rulesText')}</p>
        <dl className="facts">
          {violations.map((kind) => (
            <Violation key={kind} kind={kind} />
          ))}
        </dl>
        <h3>{t('desk.record.consequences')}</h3>
        <p>{t('desk.record.consequencesText')}</p>
      </Card>
    </div>
  );
}

type Shop = NonNullable<ShopRecordQuery['merchant']>;

function Record({ record, shop }: { readonly record: ShopRecordQuery; readonly shop: Shop }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const counts: readonly (readonly [TagStatus, number])[] = [
    ['SUCCEEDED', shop.succeededCount],
    ['EXPIRED', record.expired.totalCount],
    ['REJECTED', record.rejected.totalCount],
    ['OVERTURNED', record.overturned.totalCount],
    ['VOIDED', record.voided.totalCount],
  ];
  return (
    <Card title={t('desk.record.title')} extra={<PermissionMark permission={shop.permission} />}>
      {shop.permission !== 'ACTIVE' && <p role="alert">{t(`shop.notAllowed.${shop.permission}`)}</p>}
      {shop.revokedFor !== null && <p>{t('desk.record.revokedFor', { kind: t(`revocation.kind.${shop.revokedFor}`) })}</p>}
      <dl className="facts">
        <dt>{t('desk.record.all')}</dt>
        <dd>{formats.number(shop.tagCount)}</dd>
        {counts.map(([status, count]) => (
          <Count key={status} status={status} count={count} />
        ))}
      </dl>
    </Card>
  );
}

function Count({ status, count }: { readonly status: TagStatus; readonly count: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const number = count > countedUpTo ? t('desk.record.more', { number: formats.number(countedUpTo) }) : formats.number(count);
  return (
    <>
      <dt>{t(`tagStatus.${status}`)}</dt>
      <dd>{count === 0 ? number : <Link to={`/shop?status=${status}`}>{number}</Link>}</dd>
    </>
  );
}

function Quota({ shop: { tagQuota: quota } }: { readonly shop: Shop }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('desk.quota.title')}>
      {quota === null ? (
        <p>{t('desk.quota.none')}</p>
      ) : (
        <>
          <p>{t('desk.quota.left', { remaining: formats.number(quota.remaining), limit: formats.number(quota.limit) })}</p>
          <progress className="quota" aria-label={t('desk.quota.title')} max={quota.limit} value={quota.remaining} />
          {quota.remaining < quota.limit && <p className="hint">{t('desk.quota.full', { at: formats.clock(quota.resetAt) })}</p>}
        </>
      )}
      <p className="hint">{t('desk.quota.rules')}</p>
    </Card>
  );
}

function Violation({ kind }: { readonly kind: ViolationKind }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t(`revocation.kind.${kind}`)}</dt>
      <dd>{t(`desk.record.violation.${kind}`)}</dd>
    </>
  );
}
