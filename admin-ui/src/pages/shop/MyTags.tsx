import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { oneOf, type AddressState } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { ShopTagFragment } from '../../gql/graphql.ts';
import { ColumnChooser } from '../../grid/ColumnChooser.tsx';
import { DataGrid, type GridHandle } from '../../grid/DataGrid.tsx';
import { ExportButton } from '../../grid/ExportButton.tsx';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListCount } from '../../grid/ListCount.tsx';
import { useColumns } from '../../grid/useColumns.ts';
import type { PagedListState } from '../../list/usePagedList.ts';
import { Card } from '../../shell/Card.tsx';
import { TagDialog } from './TagDialog.tsx';
import { TagFilters } from './TagFilters.tsx';
import { tagMark, tagWords } from './TagMark.tsx';
import { tagOrders } from '../../list/tagOrder.ts';
import { filtersIn, type TagSearch } from './tagSearch.ts';

interface MyTagsProps {
  readonly address: AddressState<TagSearch>;
  readonly tags: PagedListState<ShopTagFragment>;
}

/** The shop's tags, with labels that change while one looks. */
export function MyTags({ address: { search, change, clear }, tags: { list, view, all } }: MyTagsProps) {
  const { t } = useTranslation();
  const columns = useTagColumns();
  const columnsState = useColumns('shop', columns);
  const [shown, setShown] = useState<ShopTagFragment | undefined>(undefined);
  const grid = useRef<GridHandle>(null);

  return (
    <Card title={t('shop.tags.title')}>
      <TagFilters search={search} change={change} clear={clear} />
      <div className="toolbar">
        <ListCount view={view} showArrivals={() => void list.reload().then(() => grid.current?.toTop(), () => undefined)} />
        <span className="toolbar-space" />
        <ColumnChooser columns={columns} state={columnsState} />
        <ExportButton name={t('shop.tags.file')} columns={columnsState.shown} rows={all} onNarrow />
      </div>
      <div className="shop-grid">
        <DataGrid
          ref={grid}
          label={t('shop.tags.title')}
          columns={columnsState.shown}
          view={view}
          idOf={(tag) => tag.orderNo}
          nameOf={(tag) => tag.orderNo}
          open={(tag) => setShown(tag)}
          inSight={(first, last) => list.inSight(first, last)}
          dropGone={(first, last) => list.dropGone(first, last)}
          retry={() => list.retry()}
          sortBy={search.sort}
          sort={(value) => change({ sort: oneOf(tagOrders, value) ?? search.sort })}
          empty={t(filtersIn(search) === 0 ? 'shop.tags.empty' : 'tags.noMatch')}
        />
      </div>
      {shown !== undefined && <TagDialog tag={view.get(shown.orderNo) ?? shown} close={() => setShown(undefined)} />}
    </Card>
  );
}

function useTagColumns(): readonly GridColumn<ShopTagFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<ShopTagFragment>[]>(
    () => [
      { id: 'orderNo', title: t('tags.orderNo'), width: 'minmax(96px, 1fr)', essential: true, cell: (tag) => tag.orderNo, text: (tag) => tag.orderNo },
      { id: 'mark', title: t('shop.tags.mark'), width: 'minmax(160px, 1fr)', essential: true, cell: (tag) => tagMark(tag, t), text: (tag) => tagWords(tag, t) },
      {
        id: 'next',
        title: t('shop.tags.next'),
        width: 'minmax(180px, 3fr)',
        cell: ({ status }) => <span title={t(`shop.next.${status}`)}>{t(`shop.next.${status}`)}</span>,
        text: ({ status }) => t(`shop.next.${status}`),
      },
      { id: 'scenario', title: t('shop.submit.scenario'), width: 'minmax(110px, 1.2fr)', cell: (tag) => tag.scenario.name, text: (tag) => tag.scenario.name },
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
        title: t('shop.tags.changed'),
        width: dateTimeWidth,
        optional: true,
        sort: { value: 'STATUS_CHANGED_AT_DESC', direction: 'descending' },
        cell: (tag) => formats.dateTime(tag.statusChangedAt),
        text: (tag) => tag.statusChangedAt,
        isTime: true,
      },
      {
        id: 'reason',
        title: t('shop.tags.reason'),
        width: 'minmax(180px, 3fr)',
        optional: true,
        cell: (tag) => <span title={tag.reason}>{tag.reason}</span>,
        text: (tag) => tag.reason,
      },
      { id: 'note', title: t('tags.note'), width: 'minmax(120px, 1fr)', optional: true, cell: (tag) => tag.note ?? '', text: (tag) => tag.note ?? '' },
    ],
    [t, formats],
  );
}
