import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import type { MerchantDetailFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { ShopSignalList } from './ShopSignalList.tsx';

/** What is known about a shop's reports: its numbers, what stands out, and the record in words. */
export function ShopRecordCard({ merchant }: { readonly merchant: MerchantDetailFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const overturned = merchant.overturnedCount ?? 0;
  // What was overturned no longer counts as succeeded.
  const ever = merchant.succeededCount + overturned;
  return (
    <Card title={t('merchants.record')}>
      {merchant.record !== null && <ShopSignalList signals={merchant.record.signals} />}
      <dl className="facts">
        <dt>{t('merchants.column.entity')}</dt>
        <dd>{merchant.entityId ?? '–'}</dd>
        <dt>{t('merchants.column.tags')}</dt>
        <dd>{formats.number(merchant.tagCount)}</dd>
        <dt>{t('merchants.column.succeeded')}</dt>
        <dd>{formats.number(merchant.succeededCount)}</dd>
        <dt>{t('merchants.column.overturned')}</dt>
        <dd>{formats.number(overturned)}</dd>
        <dt>{t('merchants.overturnRate')}</dt>
        <dd>{ever === 0 ? '–' : formats.percent(overturned / ever)}</dd>
      </dl>
      {merchant.record !== null && <RecordInWords record={merchant.record} />}
    </Card>
  );
}

function RecordInWords({ record }: { readonly record: NonNullable<MerchantDetailFragment['record']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { orders, taggedOrders, orderDays, accounts, overturnedAccounts, rejectedAccounts, credit, trust, weight, vetted } = record;
  const hundredths = (value: number) => formats.number(Math.round(value * 100) / 100);
  return (
    <ul className="record-words">
      <li>
        {orders === 0
          ? t('merchants.says.noOrders', { days: orderDays })
          : t('merchants.says.share', { tagged: formats.number(taggedOrders), orders: formats.number(orders), days: orderDays, percent: formats.percent(taggedOrders / orders) })}
      </li>
      <li>
        {accounts === 0
          ? t('merchants.says.noAccounts')
          : t('merchants.says.accounts', { accounts: formats.number(accounts), overturned: formats.number(overturnedAccounts), rejected: formats.number(rejectedAccounts) })}
      </li>
      {accounts > 0 && <li>{credit === 0 ? t('merchants.says.noCredit') : t('merchants.says.credit', { credit: hundredths(credit) })}</li>}
      <li>{t('merchants.says.trust', { trust: hundredths(trust) })}</li>
      <li>{t('merchants.says.weight', { weight: hundredths(weight) })}</li>
      <li>{t(vetted ? 'merchants.says.vetted' : 'merchants.says.unvetted')}</li>
    </ul>
  );
}
