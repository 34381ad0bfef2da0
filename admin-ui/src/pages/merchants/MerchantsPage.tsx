import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { merchantPath } from '../../console/recordPaths.ts';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { MerchantRowFragment, Permission } from '../../gql/graphql.ts';
import type { GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { Mark, permissionTones } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { StandingShops } from './StandingShops.tsx';
import { useMerchantList, useOpenRevocations } from './useMerchants.ts';
import { useVettings } from './useVettings.ts';

const permissions = ['ACTIVE', 'SUSPENDED', 'REVOKED'] as const satisfies readonly Permission[];

interface MerchantSearch {
  readonly search: string | undefined;
  readonly permission: Permission | undefined;
}

const merchantsAddress: AddressForm<MerchantSearch> = {
  read: (params) => ({ search: filled(params.get('search')), permission: oneOf(permissions, params.get('permission')) }),
  write: ({ search, permission }) => addressOf({ search, permission }),
};

/** All shops with their records; on top what waits for a second person. */
export function MerchantsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, text, change, clear } = useAddress(merchantsAddress);
  const { list, view, all } = useMerchantList(search.search, search.permission);
  const columns = useMerchantColumns();
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.merchants')} />
      <SectionBoundary>
        <OpenRevocations />
      </SectionBoundary>
      <SectionBoundary>
        <OpenVettings />
      </SectionBoundary>
      <SectionBoundary>
        <StandingShops />
      </SectionBoundary>
      <ListSection
        grid="merchants"
        label={t('nav.merchants')}
        file={t('merchants.file')}
        columns={columns}
        view={view}
        idOf={({ id }) => id}
        open={({ id }) => void navigate(merchantPath(id))}
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        empty={t(text === '' ? 'merchants.empty' : 'merchants.noMatch')}
      >
        <TextFilter label={t('merchants.search')} value={search.search} change={(value) => change({ search: value })} />
        <ChoiceFilter label={t('merchants.column.permission')} value={search.permission} options={permissions.map((value) => ({ value, label: t(`permission.${value}`) }))} change={(permission) => change({ permission })} />
        <ClearFilters disabled={text === ''} clear={clear} />
      </ListSection>
    </div>
  );
}

function OpenRevocations() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { rows, error, retry, more, reading } = useOpenRevocations();
  if (error !== null) return <FailureNotice error={error} retry={retry} />;
  if (rows === undefined || rows.length === 0) return null;
  return (
    <Card title={t('merchants.open')}>
      <ul className="record-list">
        {rows.map((revocation) => (
          <li key={revocation.id} className="record-line">
            <Link to={merchantPath(revocation.merchant.id)}>{revocation.merchant.name}</Link>
            <Mark tone="warn">{t(`revocation.kind.${revocation.kind}`)}</Mark>
            <span className="hint">{t('revocation.by', { by: revocation.proposedBy })}</span>
            <time dateTime={revocation.proposedAt}>{formats.dateTime(revocation.proposedAt)}</time>
          </li>
        ))}
      </ul>
      <MoreButton more={more} reading={reading} />
    </Card>
  );
}

function OpenVettings() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { vettings, error, refetch } = useVettings(undefined);
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (vettings === undefined || vettings.length === 0) return null;
  return (
    <Card title={t('merchants.openVettings')}>
      <ul className="record-list">
        {vettings.map((vetting) => (
          <li key={vetting.id} className="record-line">
            <Link to={merchantPath(vetting.merchant.id)}>{vetting.merchant.name}</Link>
            <Mark tone="warn">{t(`vetting.proposed.${vetting.vetted}`)}</Mark>
            <span className="hint">{t('revocation.by', { by: vetting.proposedBy })}</span>
            <time dateTime={vetting.proposedAt}>{formats.dateTime(vetting.proposedAt)}</time>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function useMerchantColumns(): readonly GridColumn<MerchantRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<MerchantRowFragment>[]>(
    () => [
      { id: 'id', title: t('merchants.column.id'), width: 'minmax(110px, 1fr)', cell: ({ id }) => id, text: ({ id }) => id },
      {
        id: 'name',
        title: t('merchants.column.name'),
        width: 'minmax(130px, 2fr)',
        essential: true,
        cell: ({ id, name }) => (
          <a href={merchantPath(id)} tabIndex={-1} title={name}>
            {name}
          </a>
        ),
        text: ({ name }) => name,
      },
      {
        id: 'permission',
        title: t('merchants.column.permission'),
        width: '116px',
        essential: true,
        cell: ({ permission }) => <Mark tone={permissionTones[permission]}>{t(`permission.${permission}`)}</Mark>,
        text: ({ permission }) => t(`permission.${permission}`),
      },
      { id: 'entity', title: t('merchants.column.entity'), width: 'minmax(110px, 1fr)', cell: ({ entityId }) => entityId ?? '', text: ({ entityId }) => entityId ?? '' },
      // Not sortable: the share is of a window that moves with the clock, so no index can hold its order, and sorting would read every
      // shop. Shops whose share is unusual are listed above (StandingShops).
      {
        id: 'share',
        title: t('merchants.share'),
        width: '120px',
        align: 'end',
        cell: ({ record }) =>
          record === null || record.orders === 0 ? '–' : (
            <span title={t('merchants.shareTitle', { days: record.orderDays, orders: formats.number(record.orders), tagged: formats.number(record.taggedOrders) })}>
              {formats.number(record.taggedOrders)} / {formats.number(record.orders)}
            </span>
          ),
        text: ({ record }) => (record === null ? '' : `${record.taggedOrders}/${record.orders}`),
      },
      {
        id: 'standing',
        title: t('merchants.standing'),
        width: '140px',
        cell: ({ record }) => (
          <>
            {record?.vetted === true && <Mark tone="good">{t('merchants.vetted')}</Mark>}{' '}
            {record?.signals.map(({ kind, text: evidence }) => (
              <Mark key={kind} tone="warn" title={evidence}>
                {t(`merchants.signal.${kind}`)}
              </Mark>
            ))}
          </>
        ),
        text: ({ record }) => [...(record?.vetted === true ? [t('merchants.vetted')] : []), ...(record?.signals ?? []).map(({ kind }) => t(`merchants.signal.${kind}`))].join(' '),
      },
      { id: 'tags', title: t('merchants.column.tags'), width: '72px', align: 'end', cell: ({ tagCount }) => formats.number(tagCount), text: ({ tagCount }) => String(tagCount) },
      { id: 'succeeded', title: t('merchants.column.succeeded'), width: '104px', align: 'end', cell: ({ succeededCount }) => formats.number(succeededCount), text: ({ succeededCount }) => String(succeededCount) },
      { id: 'overturned', title: t('merchants.column.overturned'), width: '112px', align: 'end', cell: ({ overturnedCount }) => formats.number(overturnedCount ?? 0), text: ({ overturnedCount }) => String(overturnedCount ?? 0) },
    ],
    [t, formats],
  );
}
