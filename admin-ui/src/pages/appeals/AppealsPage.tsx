import { useQueryClient } from '@tanstack/react-query';
import { Checkbox } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { appealPath } from '../../console/pages.ts';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useLogChanges } from '../../data/live/useLogChanges.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { AppealsDocument, type AppealRowFragment, type AppealState } from '../../gql/graphql.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { arrayView } from '../../list/arrayView.ts';
import { Mark, stateTones } from '../../review/marks.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { appealActions, appealTones, selectAppeals, type AppealOrder } from './appealSelection.ts';

const states = ['OPEN', 'ACCEPTED', 'DECLINED'] as const satisfies readonly AppealState[];
const orders = ['latest', 'oldest'] as const satisfies readonly AppealOrder[];
const idOf = ({ id }: AppealRowFragment) => id;

interface AppealSearch {
  readonly state: AppealState | undefined;
  readonly buyer: string | undefined;
  /** Only those that the caller may decide now. */
  readonly mine: boolean;
  readonly order: AppealOrder;
}

const appealsAddress: AddressForm<AppealSearch> = {
  read: (params) => ({
    state: oneOf(states, params.get('state')),
    buyer: filled(params.get('buyer')),
    mine: params.get('mine') === '1',
    order: oneOf(orders, params.get('sort')) ?? 'latest',
  }),
  write: ({ state, buyer, mine, order }) => addressOf({ state, buyer, mine: mine ? '1' : undefined, sort: order === 'latest' ? undefined : order }),
};

/** Buyers' appeals. */
export function AppealsPage() {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const navigate = useNavigate();
  const { search, text, change, clear } = useAddress(appealsAddress);
  const { state, buyer, mine, order } = search;
  const client = useQueryClient();
  const { data, error, isFetching, refetch } = useRead(AppealsDocument, { state: state ?? null }, { key: ['appeals', state ?? ''] });
  useLogChanges(appealActions, () => client.invalidateQueries({ queryKey: ['appeals'] }));
  const rows = useMemo(() => data && selectAppeals(data.appeals, { buyer, mine, order }), [data, buyer, mine, order]);
  const view = useMemo(() => arrayView({ rows, error, refreshing: isFetching }, idOf), [rows, error, isFetching]);
  const columns = useAppealColumns(order);
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.appeals')} />
      <ListSection
        grid="appeals"
        label={t('nav.appeals')}
        file={t('appeals.file')}
        columns={columns}
        view={view}
        idOf={idOf}
        open={({ id }) => void navigate(appealPath(id))}
        retry={() => void refetch()}
        rows={async () => rows ?? []}
        sortBy={order}
        sort={() => change({ order: order === 'latest' ? 'oldest' : 'latest' })}
        empty={t(text === '' ? 'appeals.empty' : 'appeals.noMatch')}
      >
        <TextFilter label={t('appeals.column.buyer')} value={buyer} change={(value) => change({ buyer: value })} />
        <ChoiceFilter label={t('appeals.column.state')} value={state} options={states.map((value) => ({ value, label: t(`appeals.state.${value}`) }))} change={(value) => change({ state: value })} />
        {can.decide && (
          <Checkbox checked={mine} onChange={(event) => change({ mine: event.target.checked })}>
            {t('appeals.mine')}
          </Checkbox>
        )}
        <ClearFilters disabled={text === ''} clear={clear} />
      </ListSection>
    </div>
  );
}

function useAppealColumns(order: AppealOrder): readonly GridColumn<AppealRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<AppealRowFragment>[]>(
    () => [
      {
        id: 'filed',
        title: t('appeals.column.filed'),
        width: dateTimeWidth,
        sort: { value: order, direction: order === 'latest' ? 'descending' : 'ascending' },
        cell: ({ filedAt }) => formats.dateTime(filedAt),
        text: ({ filedAt }) => filedAt,
      },
      {
        id: 'scenario',
        title: t('appeals.column.scenario'),
        width: 'minmax(120px, 1.6fr)',
        essential: true,
        cell: (row) => (
          <a href={appealPath(row.id)} tabIndex={-1}>
            {row.case?.scenario.name ?? row.id}
          </a>
        ),
        text: (row) => row.case?.scenario.name ?? '',
      },
      { id: 'buyer', title: t('appeals.column.buyer'), width: 'minmax(100px, 1.2fr)', cell: (row) => row.case?.buyer.id ?? '', text: (row) => row.case?.buyer.id ?? '' },
      { id: 'state', title: t('appeals.column.state'), width: '140px', essential: true, cell: ({ state }) => <Mark tone={appealTones[state]}>{t(`appeals.state.${state}`)}</Mark>, text: ({ state }) => t(`appeals.state.${state}`) },
      {
        id: 'caseState',
        title: t('appeals.column.caseState'),
        width: '130px',
        cell: (row) => row.case !== null && <Mark tone={stateTones[row.case.state]}>{t(`caseState.${row.case.state}`)}</Mark>,
        text: (row) => (row.case === null ? '' : t(`caseState.${row.case.state}`)),
      },
      { id: 'decidedBy', title: t('appeals.column.decidedBy'), width: 'minmax(90px, 1fr)', cell: ({ decidedBy }) => decidedBy ?? '–', text: ({ decidedBy }) => decidedBy ?? '' },
      { id: 'decide', title: t('appeals.column.decide'), width: '124px', cell: ({ canDecide }) => t(canDecide ? 'appeals.yes' : 'appeals.no'), text: ({ canDecide }) => t(canDecide ? 'appeals.yes' : 'appeals.no') },
    ],
    [t, formats, order],
  );
}
