import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { appealPath } from '../../console/recordPaths.ts';
import { addressOf, filled, oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { AppealRowFragment, AppealState } from '../../gql/graphql.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { Mark, stateTones } from '../../review/marks.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { appealTones, useAppealList } from './useAppeals.ts';

const states = ['OPEN', 'ACCEPTED', 'DECLINED'] as const satisfies readonly AppealState[];
const idOf = ({ id }: AppealRowFragment) => id;

interface AppealSearch {
  readonly state: AppealState | undefined;
  readonly buyer: string | undefined;
}

const appealsAddress: AddressForm<AppealSearch> = {
  read: (params) => ({ state: oneOf(states, params.get('state')), buyer: filled(params.get('buyer')) }),
  write: ({ state, buyer }) => addressOf({ state, buyer }),
};

/** Buyers' appeals, those that wait for a decision first. */
export function AppealsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, text, change, clear } = useAddress(appealsAddress);
  const { state, buyer } = search;
  const { list, view, all } = useAppealList(state, buyer);
  const columns = useAppealColumns();
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
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        empty={t(text === '' ? 'appeals.empty' : 'appeals.noMatch')}
      >
        <TextFilter label={t('appeals.column.buyer')} value={buyer} change={(value) => change({ buyer: value })} />
        <ChoiceFilter label={t('appeals.column.state')} value={state} options={states.map((value) => ({ value, label: t(`appeals.state.${value}`) }))} change={(value) => change({ state: value })} />
        <ClearFilters disabled={text === ''} clear={clear} />
      </ListSection>
    </div>
  );
}

function useAppealColumns(): readonly GridColumn<AppealRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<AppealRowFragment>[]>(
    () => [
      {
        id: 'filed',
        title: t('appeals.column.filed'),
        width: dateTimeWidth,
        cell: ({ filedAt }) => formats.dateTime(filedAt),
        text: ({ filedAt }) => filedAt,
        isTime: true,
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
    [t, formats],
  );
}
