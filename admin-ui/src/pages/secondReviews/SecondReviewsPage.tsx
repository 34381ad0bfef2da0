import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { secondReviewPath } from '../../console/recordPaths.ts';
import { useAddress } from '../../console/useAddress.ts';
import { useActorName } from '../../entry/useActorName.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { SecondReviewRowFragment } from '../../gql/graphql.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { Mark, stateTones } from '../../review/marks.tsx';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { secondReviewAddress, secondReviewStates, secondReviewTones, useSecondReviewList } from './useSecondReviews.ts';

const idOf = ({ id }: SecondReviewRowFragment) => id;

/** Confirmations that were drawn for another reviewer's look, those that wait first. */
export function SecondReviewsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, text, change, clear } = useAddress(secondReviewAddress);
  const { list, view, all } = useSecondReviewList(search);
  const columns = useSecondReviewColumns();
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.secondReviews')} />
      <p className="hint">{t('secondReviews.hint')}</p>
      <ListSection
        grid="secondReviews"
        label={t('nav.secondReviews')}
        file={t('secondReviews.file')}
        columns={columns}
        view={view}
        idOf={idOf}
        open={({ id }) => void navigate(secondReviewPath(id))}
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        empty={t(text === '' ? 'secondReviews.empty' : 'secondReviews.noMatch')}
      >
        <ChoiceFilter
          label={t('secondReviews.column.state')}
          value={search.state}
          options={secondReviewStates.map((value) => ({ value, label: t(`secondReviews.state.${value}`) }))}
          change={(state) => change({ state })}
        />
        <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
        <TextFilter label={t('secondReviews.column.first')} value={search.firstBy} change={(firstBy) => change({ firstBy })} />
        <ClearFilters disabled={text === ''} clear={clear} />
      </ListSection>
    </div>
  );
}

function useSecondReviewColumns(): readonly GridColumn<SecondReviewRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const actorName = useActorName();
  return useMemo<readonly GridColumn<SecondReviewRowFragment>[]>(() => {
    const first = (row: SecondReviewRowFragment) => (row.first === null ? t('secondReviews.blind') : actorName(row.first.by));
    return [
      { id: 'confirmed', title: t('secondReviews.column.confirmed'), width: dateTimeWidth, cell: ({ confirmedAt }) => formats.dateTime(confirmedAt), text: ({ confirmedAt }) => confirmedAt, isTime: true },
      {
        id: 'scenario',
        title: t('queue.column.scenario'),
        width: 'minmax(130px, 1.8fr)',
        essential: true,
        cell: (row) => (
          <a href={secondReviewPath(row.id)} tabIndex={-1}>
            {row.case.scenario.name}
          </a>
        ),
        text: (row) => row.case.scenario.name,
      },
      { id: 'buyer', title: t('queue.column.buyer'), width: 'minmax(90px, 1fr)', cell: (row) => row.case.buyer.id, text: (row) => row.case.buyer.id },
      {
        id: 'state',
        title: t('secondReviews.column.state'),
        width: '124px',
        essential: true,
        cell: ({ state }) => <Mark tone={secondReviewTones[state]}>{t(`secondReviews.state.${state}`)}</Mark>,
        text: ({ state }) => t(`secondReviews.state.${state}`),
      },
      { id: 'first', title: t('secondReviews.column.first'), width: 'minmax(124px, 1fr)', cell: (row) => (row.first === null ? <span className="muted">{first(row)}</span> : first(row)), text: first },
      { id: 'second', title: t('secondReviews.column.second'), width: 'minmax(116px, 1fr)', cell: ({ decidedBy }) => decidedBy ?? '–', text: ({ decidedBy }) => decidedBy ?? '' },
      { id: 'decided', title: t('secondReviews.column.decided'), width: dateTimeWidth, cell: ({ decidedAt }) => (decidedAt === null ? '–' : formats.dateTime(decidedAt)), text: ({ decidedAt }) => decidedAt ?? '', isTime: true },
      {
        id: 'caseState',
        title: t('appeals.column.caseState'),
        width: '150px',
        optional: true,
        cell: (row) => <Mark tone={stateTones[row.case.state]}>{t(`caseState.${row.case.state}`)}</Mark>,
        text: (row) => t(`caseState.${row.case.state}`),
      },
      { id: 'decide', title: t('appeals.column.decide'), width: '104px', cell: ({ canDecide }) => t(canDecide ? 'appeals.yes' : 'appeals.no'), text: ({ canDecide }) => t(canDecide ? 'appeals.yes' : 'appeals.no') },
    ];
  }, [t, formats, actorName]);
}
