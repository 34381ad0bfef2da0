import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buyerPath, merchantPath } from '../../console/recordPaths.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ShopStandingDocument } from '../../gql/graphql.ts';
import { PermissionMark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { PairItem } from '../case/CollusionSection.tsx';
import { ProposeDialog } from '../merchants/ProposeDialog.tsx';
import { ShopSignalList } from '../merchants/ShopSignalList.tsx';
import { ClusterPicture } from './ClusterPicture.tsx';
import { sharedAccounts, type Cluster, type Shop } from './clusters.ts';
import { TagTimeline } from './TagTimeline.tsx';
import { useTagsOf } from './useTagsOf.ts';

// More shops than this are neither drawn nor asked for one by one.
const mostShops = 24;
const mostAccounts = 50;

/** One cluster: its shops as a picture and in words, the accounts they share, when they tagged, and what can be done. */
export function ClusterView({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTranslation();
  const shown = cluster.shops.slice(0, mostShops);
  const [chosen, setChosen] = useState(shown[0]?.id ?? '');
  const { tags } = useTagsOf(shown);
  const shop = shown.find(({ id }) => id === chosen) ?? shown[0];
  const accounts = sharedAccounts(tags);
  if (shop === undefined) return null;
  return (
    <div className="cluster">
      <Card title={t('collusion.picture', { count: cluster.shops.length })} extra={shown.length < cluster.shops.length && <span className="hint">{t('list.firstOf', { count: mostShops })}</span>}>
        <ScrollRegion className="cluster-scroll" label={t('collusion.choose')}>
          <ClusterPicture shops={shown} pairs={cluster.pairs} chosen={shop.id} choose={setChosen} />
        </ScrollRegion>
        <ShopFacts shop={shop} cluster={cluster} accounts={accounts.filter(({ shops }) => shops.includes(shop.id)).length} />
      </Card>
      <Card title={t('collusion.timeline')}>
        <TagTimeline shops={shown} tags={tags} />
      </Card>
      <AccountTable accounts={accounts} names={new Map(shown.map(({ id, name }) => [id, name]))} />
    </div>
  );
}

interface ShopFactsProps {
  readonly shop: Shop;
  readonly cluster: Cluster;
  readonly accounts: number;
}

/** The chosen shop in words, with its pairs, and the proposal to revoke it with these as evidence. */
function ShopFacts({ shop, cluster, accounts }: ShopFactsProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { can } = useConsoleViewer();
  const [proposing, setProposing] = useState(false);
  const pairs = cluster.pairs.filter(({ a, b }) => a.id === shop.id || b.id === shop.id);
  const evidence = pairs.map(({ a, b, commonBuyers, buyersOfA, buyersOfB, lift }) => {
    const [other, own, others] = a.id === shop.id ? [b, buyersOfA, buyersOfB] : [a, buyersOfB, buyersOfA];
    return t('collusion.evidence', { other: `${other.name} ${other.id}`, common: commonBuyers, own, others, lift: formats.number(Math.round(lift)) });
  });
  return (
    <section className="cluster-shop" aria-live="polite">
      <h3>
        <Link to={merchantPath(shop.id)}>{shop.name}</Link> <PermissionMark permission={shop.permission} />{' '}
        <span className="hint">{t('collusion.shopFacts', { id: shop.id, entity: shop.entityId ?? shop.id, count: accounts })}</span>
      </h3>
      <ShopStanding id={shop.id} />
      {can.decide && shop.permission !== 'REVOKED' && (
        <Button danger onClick={() => setProposing(true)}>
          {t('revocation.propose')}
        </Button>
      )}
      <ul>
        {pairs.map((pair) => (
          <PairItem key={`${pair.a.id} ${pair.b.id}`} pair={pair} />
        ))}
      </ul>
      {proposing && (
        <ProposeDialog
          merchantId={shop.id}
          initial={{ reason: t('collusion.reason', { count: cluster.shops.length }), evidence: evidence.slice(0, 20).join('\n') }}
          proposed={() => undefined}
          close={() => setProposing(false)}
        />
      )}
    </section>
  );
}

/** How many of its orders the shop tags, and what stands out about it. */
function ShopStanding({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useRead(ShopStandingDocument, { id }, { key: ['shopStanding', id] });
  const record = data?.merchant?.record;
  if (record === undefined || record === null) return null;
  return (
    <>
      <p>{t('merchants.shareTitle', { days: record.orderDays, orders: formats.number(record.orders), tagged: formats.number(record.taggedOrders) })}</p>
      <ShopSignalList signals={record.signals} />
    </>
  );
}

interface AccountTableProps {
  readonly accounts: ReturnType<typeof sharedAccounts>;
  readonly names: ReadonlyMap<string, string>;
}

function AccountTable({ accounts, names }: AccountTableProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('collusion.accounts')} extra={<span className="hint">{t('case.tagCount', { count: Math.min(mostAccounts, accounts.length), total: accounts.length })}</span>}>
      <ScrollRegion className="compare cluster-accounts" label={t('collusion.accounts')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('queue.column.buyer')}</th>
              <th scope="col">{t('collusion.shops')}</th>
              <th scope="col">{t('collusion.first')}</th>
              <th scope="col">{t('collusion.last')}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.slice(0, mostAccounts).map(({ buyerId, shops, from, to }) => (
              <tr key={buyerId}>
                <th scope="row">
                  <Link to={buyerPath(buyerId)}>{buyerId}</Link>
                </th>
                <td>
                  {formats.number(shops.length)} <span className="hint">{formats.list(shops.map((id) => names.get(id) ?? id))}</span>
                </td>
                <td>{formats.dateTime(from)}</td>
                <td>{formats.dateTime(to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}
