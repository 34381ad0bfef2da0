import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { casePath } from '../../console/recordPaths.ts';
import { addressOf, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { MerchantTagFragment, TagOrder, TagStatus } from '../../gql/graphql.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { tagOrders } from '../../list/tagOrder.ts';
import { Mark, statusTones } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { useMerchantTags } from './useMerchants.ts';

const statuses = ['ACCUMULATING', 'SUCCEEDED', 'EXPIRED', 'REJECTED', 'OVERTURNED', 'VOIDED'] as const satisfies readonly TagStatus[];

interface TagsSearch {
  readonly status: TagStatus | undefined;
  readonly sort: TagOrder;
}

const tagsAddress: AddressForm<TagsSearch> = {
  read: (params) => ({ status: oneOf(statuses, params.get('status')), sort: oneOf(tagOrders, params.get('sort')) ?? tagOrders[0] }),
  write: ({ status, sort }) => addressOf({ status, sort: sort === tagOrders[0] ? undefined : sort }),
};

/** A shop's tags; a row leads to its case. */
export function MerchantTags({ merchantId }: { readonly merchantId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, change, clear } = useAddress(tagsAddress);
  const { status, sort } = search;
  const { list, view, all } = useMerchantTags(merchantId, status, sort);
  const columns = useTagColumns();
  return (
    <Card title={t('merchants.tags')}>
      <ListSection
        grid="merchantTags"
        label={t('merchants.tags')}
        file={`${t('merchants.tagsFile')}-${merchantId}`}
        columns={columns}
        view={view}
        idOf={({ orderNo }) => orderNo}
        open={(tag) => tag.case !== null && void navigate(casePath(tag.case.id))}
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        sortBy={sort}
        sort={(value) => change({ sort: oneOf(tagOrders, value) ?? tagOrders[0] })}
        empty={t(status === undefined ? 'merchants.noTags' : 'tags.noMatch')}
      >
        <ChoiceFilter label={t('tags.status')} value={status} options={statuses.map((value) => ({ value, label: t(`tagStatus.${value}`) }))} change={(value) => change({ status: value })} />
        <ClearFilters disabled={status === undefined} clear={clear} />
      </ListSection>
    </Card>
  );
}

function useTagColumns(): readonly GridColumn<MerchantTagFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<MerchantTagFragment>[]>(
    () => [
      {
        id: 'orderNo',
        title: t('tags.orderNo'),
        width: 'minmax(110px, 1fr)',
        essential: true,
        cell: (tag) =>
          tag.case === null ? (
            tag.orderNo
          ) : (
            <a href={casePath(tag.case.id)} tabIndex={-1}>
              {tag.orderNo}
            </a>
          ),
        text: (tag) => tag.orderNo,
      },
      { id: 'scenario', title: t('queue.column.scenario'), width: 'minmax(110px, 1.4fr)', cell: (tag) => <span title={tag.scenario.name}>{tag.scenario.name}</span>, text: (tag) => tag.scenario.name },
      { id: 'status', title: t('tags.status'), width: '132px', essential: true, cell: ({ status }) => <Mark tone={statusTones[status]}>{t(`tagStatus.${status}`)}</Mark>, text: ({ status }) => t(`tagStatus.${status}`) },
      { id: 'buyer', title: t('queue.column.buyer'), width: 'minmax(100px, 1fr)', cell: (tag) => tag.case?.buyer.id ?? '', text: (tag) => tag.case?.buyer.id ?? '' },
      {
        id: 'submitted',
        title: t('tags.submitted'),
        width: dateTimeWidth,
        sort: { value: 'SUBMITTED_AT_DESC', direction: 'descending' },
        reverse: { value: 'SUBMITTED_AT_ASC', direction: 'ascending' },
        cell: (tag) => formats.dateTime(tag.submittedAt),
        text: (tag) => tag.submittedAt,
        isTime: true,
      },
      {
        id: 'changed',
        title: t('tags.changed'),
        width: dateTimeWidth,
        optional: true,
        sort: { value: 'STATUS_CHANGED_AT_DESC', direction: 'descending' },
        cell: (tag) => formats.dateTime(tag.statusChangedAt),
        text: (tag) => tag.statusChangedAt,
        isTime: true,
      },
      { id: 'note', title: t('tags.note'), width: 'minmax(120px, 1fr)', optional: true, cell: (tag) => tag.note ?? '', text: (tag) => tag.note ?? '' },
    ],
    [t, formats],
  );
}
