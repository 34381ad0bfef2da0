import { Button } from 'antd';
import { useId, useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { buyerPath } from '../../console/recordPaths.ts';
import { oneOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { ListSection } from '../../grid/ListSection.tsx';
import { Mark, riskTones, stateTones } from '../../review/marks.tsx';
import { ClearFilters } from '../../shell/FilterBar.tsx';
import { Input } from '../../shell/Input.ts';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { CaseStatesFilter, RiskLevelsFilter } from '../queue/QueueFilters.tsx';
import { caseOrders, queueAddress, type QueueSearch } from '../queue/queueSearch.ts';
import { useQueueList, type QueueListRow } from '../queue/useQueueList.ts';

/** The queue's search over all cases, whoever handled them. */
const buyersAddress: AddressForm<QueueSearch> = {
  read: (params) => ({ ...queueAddress.read(params), handling: 'ALL' }),
  write: (search) => queueAddress.write({ ...search, handling: 'PENDING' }),
};

/** Finds an account, and lists the accounts that have cases, one row per case. */
export function BuyersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, text, change, clear } = useAddress(buyersAddress);
  const { list, view, all } = useQueueList(search, queueAddress.write(search).toString());
  const columns = useBuyerColumns();
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.buyers')} />
      <FindBuyer />
      <ListSection
        grid="buyers"
        label={t('nav.buyers')}
        file={t('buyers.file')}
        columns={columns}
        view={view}
        idOf={({ id }) => id}
        open={({ buyer }) => void navigate(buyerPath(buyer.id))}
        retry={() => list.retry()}
        rows={all}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        sortBy={search.order}
        sort={(value) => change({ order: oneOf(caseOrders, value) ?? 'PRIORITY_DESC' })}
        empty={t(text === '' ? 'buyers.empty' : 'buyers.noMatch')}
      >
        <RiskLevelsFilter levels={search.risks} change={(risks) => change({ risks })} />
        <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
        <CaseStatesFilter states={search.states} change={(states) => change({ states })} />
        <ClearFilters disabled={text === ''} clear={clear} />
      </ListSection>
    </div>
  );
}

function FindBuyer() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const field = useId();
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (id.trim() !== '') void navigate(buyerPath(id.trim()));
  }
  return (
    <form className="list-filters" role="search" onSubmit={submit}>
      <div className="filter-field">
        <label htmlFor={field}>{t('buyers.find')}</label>
        <Input id={field} value={id} aria-describedby={`${field}-hint`} onChange={(event) => setId(event.target.value)} />
      </div>
      <Button htmlType="submit" type="primary" disabled={id.trim() === ''}>
        {t('buyers.open')}
      </Button>
      <span id={`${field}-hint`} className="hint">
        {t('buyers.findHint')}
      </span>
    </form>
  );
}

function useBuyerColumns(): readonly GridColumn<QueueListRow>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return useMemo<readonly GridColumn<QueueListRow>[]>(
    () => [
      {
        id: 'buyer',
        title: t('queue.column.buyer'),
        width: 'minmax(110px, 1.4fr)',
        essential: true,
        cell: ({ buyer }) => (
          <a href={buyerPath(buyer.id)} tabIndex={-1} title={buyer.id}>
            {buyer.id}
          </a>
        ),
        text: ({ buyer }) => buyer.id,
      },
      {
        id: 'risk',
        title: t('queue.column.risk'),
        width: '120px',
        essential: true,
        cell: ({ explanation }) => <Mark tone={riskTones[explanation.riskLevel]}>{t(`riskLevel.${explanation.riskLevel}`)}</Mark>,
        text: ({ explanation }) => t(`riskLevel.${explanation.riskLevel}`),
      },
      { id: 'score', title: t('queue.column.score'), width: '84px', align: 'end', cell: ({ buyer }) => buyer.risk?.score ?? '–', text: ({ buyer }) => String(buyer.risk?.score ?? '') },
      { id: 'scenario', title: t('queue.column.scenario'), width: 'minmax(120px, 2fr)', cell: ({ scenario }) => <span title={scenario.name}>{scenario.name}</span>, text: ({ scenario }) => scenario.name },
      { id: 'state', title: t('queue.column.state'), width: '132px', cell: ({ state }) => <Mark tone={stateTones[state]}>{t(`caseState.${state}`)}</Mark>, text: ({ state }) => t(`caseState.${state}`) },
      { id: 'votes', title: t('queue.column.votes'), width: '76px', align: 'end', cell: ({ explanation }) => `${explanation.count}/${explanation.threshold}`, text: ({ explanation }) => `${explanation.count}/${explanation.threshold}` },
      {
        id: 'opened',
        title: t('queue.column.opened'),
        width: dateTimeWidth,
        sort: { value: 'OPENED_AT_DESC', direction: 'descending' },
        cell: ({ openedAt }) => formats.dateTime(openedAt),
        text: ({ openedAt }) => openedAt,
        isTime: true,
      },
      {
        id: 'priority',
        title: t('queue.column.priority'),
        width: '100px',
        align: 'end',
        sort: { value: 'PRIORITY_DESC', direction: 'descending' },
        cell: ({ priority }) => formats.number(Math.round(priority)),
        text: ({ priority }) => String(priority),
      },
    ],
    [t, formats],
  );
}
