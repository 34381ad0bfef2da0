import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { addressOf, filled, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { LinkedPairsDocument } from '../../gql/graphql.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { ClusterView } from './ClusterView.tsx';
import { clustersOf, type Cluster } from './clusters.ts';
import '../../grid/list.css';
import './collusion.css';

interface CollusionSearch {
  /** The cluster that is open, by any of its shops; undefined for the first. */
  readonly shop: string | undefined;
}

const address: AddressForm<CollusionSearch> = {
  read: (params) => ({ shop: filled(params.get('shop')) }),
  write: ({ shop }) => addressOf({ shop }),
};

/** Shops that repeatedly tag the same accounts together: what they share is a fact to look at, never a verdict. */
export function CollusionPage() {
  const { t } = useTranslation();
  const { search, change } = useAddress(address);
  const { data, error, refetch } = useRead(LinkedPairsDocument, {}, { key: ['linkedPairs'] });
  const clusters = clustersOf(data?.linkedPairs ?? []);
  const open = clusters.find(({ shops }) => shops.some(({ id }) => id === search.shop)) ?? clusters[0];
  return (
    <div className="page">
      <PageHeading title={t('nav.collusion')} />
      <p className="hint">{t('collusion.what')}</p>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className="skeleton is-card" />}
      {data !== undefined && open === undefined && <p>{t('collusion.none')}</p>}
      {open !== undefined && (
        <div className="collusion-columns">
          <ClusterTable clusters={clusters} open={open} show={(shop) => change({ shop })} />
          <SectionBoundary key={open.id}>
            <ClusterView cluster={open} />
          </SectionBoundary>
        </div>
      )}
    </div>
  );
}

interface ClusterTableProps {
  readonly clusters: readonly Cluster[];
  readonly open: Cluster;
  readonly show: (shop: string) => void;
}

function ClusterTable({ clusters, open, show }: ClusterTableProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <ScrollRegion className="card cluster-table compare" label={t('collusion.clusters')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('collusion.cluster')}</th>
            <th scope="col" className="is-number">
              {t('collusion.shops')}
            </th>
            <th scope="col" className="is-number">
              {t('collusion.common')}
            </th>
            <th scope="col" className="is-number">
              {t('collusion.lift')}
            </th>
          </tr>
        </thead>
        <tbody>
          {clusters.map((cluster) => (
            <tr key={cluster.id} className={cluster === open ? 'is-open' : undefined}>
              <th scope="row">
                <button type="button" aria-pressed={cluster === open} onClick={() => show(cluster.id)}>
                  {cluster.shops[0]?.name}
                </button>
              </th>
              <td className="is-number">{formats.number(cluster.shops.length)}</td>
              <td className="is-number">{formats.number(cluster.common)}</td>
              <td className="is-number">{t('collusion.times', { lift: formats.number(Math.round(cluster.lift)) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
