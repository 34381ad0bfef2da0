import { Select } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormats } from '../../format/useFormats.ts';
import type { ShopTagFragment, TagStatus } from '../../gql/graphql.ts';
import { ColumnChooser } from '../../grid/ColumnChooser.tsx';
import { DataGrid, type GridHandle } from '../../grid/DataGrid.tsx';
import { ExportButton } from '../../grid/ExportButton.tsx';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListCount } from '../../grid/ListCount.tsx';
import { useColumns } from '../../grid/useColumns.ts';
import type { PagedListState } from '../../list/usePagedList.ts';
import { Mark, statusTones } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { MarkLabel } from './MarkLabel.tsx';

const statuses = ['ACCUMULATING', 'SUCCEEDED', 'EXPIRED', 'REJECTED', 'OVERTURNED', 'VOIDED'] as const satisfies readonly TagStatus[];

/** The status in the address. */
export function useStatusFilter(): readonly [TagStatus | undefined, (status: TagStatus | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const status = statuses.find((known) => known === params.get('status'));
  return [status, (next) => setParams(next === undefined ? {} : { status: next })];
}

interface MyTagsProps {
  readonly tags: PagedListState<ShopTagFragment>;
}

/** The shop's tags, with labels that change while one looks. */
export function MyTags({ tags: { list, view, all } }: MyTagsProps) {
  const { t } = useTranslation();
  const columns = useTagColumns();
  const columnsState = useColumns('shop', columns);
  const [status, setStatus] = useStatusFilter();
  const [shown, setShown] = useState<ShopTagFragment | undefined>(undefined);
  const grid = useRef<GridHandle>(null);

  return (
    <Card title={t('shop.tags.title')}>
      <div className="toolbar">
        <Select
          aria-label={t('shop.tags.status')}
          allowClear
          className="status-filter"
          placeholder={t('shop.tags.anyStatus')}
          value={status ?? null}
          options={statuses.map((value) => ({ value, label: t(`tagStatus.${value}`) }))}
          onChange={(value) => setStatus(value ?? undefined)}
        />
        <ListCount view={view} showArrivals={() => void list.reload().then(() => grid.current?.toTop(), () => undefined)} />
        <span className="toolbar-space" />
        <ColumnChooser columns={columns} state={columnsState} />
        <ExportButton name={t('shop.tags.file')} columns={columnsState.shown} rows={all} />
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
          empty={t(status === undefined ? 'shop.tags.empty' : 'shop.tags.noMatch')}
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
      { id: 'orderNo', title: t('shop.tags.orderNo'), width: 'minmax(96px, 1fr)', essential: true, cell: (tag) => tag.orderNo, text: (tag) => tag.orderNo },
      {
        id: 'mark',
        title: t('shop.tags.mark'),
        width: '150px',
        essential: true,
        cell: ({ markResult }) => <Mark tone={markResult === 'MARK_SUCCEEDED' ? 'good' : 'plain'}>{t(`markResult.${markResult}`)}</Mark>,
        text: (tag) => t(`markResult.${tag.markResult}`),
      },
      {
        id: 'reason',
        title: t('shop.tags.reason'),
        width: 'minmax(180px, 3fr)',
        cell: (tag) => <span title={tag.reason}>{tag.reason}</span>,
        text: (tag) => tag.reason,
      },
      { id: 'scenario', title: t('shop.submit.scenario'), width: 'minmax(110px, 1.2fr)', cell: (tag) => tag.scenario.name, text: (tag) => tag.scenario.name },
      {
        id: 'submitted',
        title: t('shop.tags.submitted'),
        width: dateTimeWidth,
        cell: (tag) => formats.dateTime(tag.submittedAt),
        text: (tag) => tag.submittedAt,
      },
      { id: 'status', title: t('shop.tags.status'), width: '110px', optional: true, cell: ({ status }) => <Mark tone={statusTones[status]}>{t(`tagStatus.${status}`)}</Mark>, text: (tag) => t(`tagStatus.${tag.status}`) },
      { id: 'note', title: t('shop.submit.note'), width: 'minmax(120px, 1fr)', optional: true, cell: (tag) => tag.note ?? '', text: (tag) => tag.note ?? '' },
    ],
    [t, formats],
  );
}

function TagDialog({ tag, close }: { readonly tag: ShopTagFragment; readonly close: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Dialog open title={t('shop.tags.one', { orderNo: tag.orderNo })} close={close}>
      <p aria-live="polite">
        <MarkLabel result={tag.markResult} /> {tag.reason}
      </p>
      {tag.markResult === 'MARK_FAILED' && tag.status === 'ACCUMULATING' && <p>{t('shop.markFailedMeaning')}</p>}
      <dl className="facts">
        <dt>{t('shop.submit.scenario')}</dt>
        <dd>{tag.scenario.name}</dd>
        <dt>{t('shop.tags.submitted')}</dt>
        <dd>{formats.dateTime(tag.submittedAt)}</dd>
        <dt>{t('shop.tags.handleBy')}</dt>
        <dd>{tag.handledAt === null ? formats.dateTime(tag.handleBy) : t('shop.tags.handled', { at: formats.dateTime(tag.handledAt) })}</dd>
        <dt>{t('shop.submit.note')}</dt>
        <dd>{tag.note ?? '–'}</dd>
      </dl>
    </Dialog>
  );
}
