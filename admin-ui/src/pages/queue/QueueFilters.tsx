import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { ChoicesFilter } from '../../shell/ChoiceFilter.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { FilterField, TextFilter } from '../../shell/FilterField.tsx';
import { FilterTag } from '../../shell/FilterTag.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { caseStates, handlings, riskLevels, writeSearch, type QueueSearch } from './queueSearch.ts';

interface QueueFiltersProps {
  readonly search: QueueSearch;
  readonly change: (changes: Partial<QueueSearch>) => void;
  readonly clear: () => void;
}

/** What the queue shows. */
export function QueueFilters({ search, change, clear }: QueueFiltersProps) {
  const { t } = useTranslation();
  // Views and figures lead to these: they need no room of their own.
  const moreChosen = [search.overdue, search.mine, search.assigned, search.claimed, search.dueFrom !== undefined || search.dueTo !== undefined].filter(Boolean).length;
  const chosen = [...new URLSearchParams(writeSearch({ ...search, order: 'PRIORITY_DESC' })).keys()].length;
  const more = (
    <>
      <Checkbox checked={search.overdue} onChange={(event) => change({ overdue: event.target.checked })}>
        {t('queue.filter.overdue')}
      </Checkbox>
      <Checkbox checked={search.mine} onChange={(event) => change({ mine: event.target.checked })}>
        {t('queue.filter.mine')}
      </Checkbox>
      <Checkbox checked={search.assigned} onChange={(event) => change({ assigned: event.target.checked })}>
        {t('queue.filter.assigned')}
      </Checkbox>
      <Checkbox checked={search.claimed} onChange={(event) => change({ claimed: event.target.checked })}>
        {t('queue.figure.claimed')}
      </Checkbox>
      <DueFilter search={search} change={change} />
    </>
  );
  return (
    <FilterBar chosen={chosen} clear={clear} more={{ chosen: moreChosen, filters: more }}>
      <TextFilter id="queue-buyer" label={t('queue.column.buyer')} placeholder={t('queue.filter.buyer')} value={search.buyer} change={(buyer) => change({ buyer })} />
      <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
      <FilterField label={t('queue.filter.handling')}>
        {(label) => (
          <Select
            aria-label={label}
            value={search.handling}
            options={handlings.map((value) => ({ value, label: t(`handling.${value}`) }))}
            onChange={(handling) => change({ handling })}
          />
        )}
      </FilterField>
      <CaseStatesFilter states={search.states} change={(states) => change({ states })} />
      <RiskLevelsFilter levels={search.risks} change={(risks) => change({ risks })} />
    </FilterBar>
  );
}

/** Between which moments cases are due, which figures lead to; it can be taken away. */
function DueFilter({ search: { dueFrom, dueTo }, change }: Pick<QueueFiltersProps, 'search' | 'change'>) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (dueFrom === undefined && dueTo === undefined) return null;
  const side = (time: string | undefined) => (time === undefined ? '…' : formats.dateTime(time));
  return (
    <FilterTag without={t('queue.filter.anyDue')} remove={() => change({ dueFrom: undefined, dueTo: undefined })}>
      {t('queue.filter.due', { from: side(dueFrom), to: side(dueTo) })}
    </FilterTag>
  );
}

interface CaseStatesFilterProps {
  readonly states: QueueSearch['states'];
  readonly change: (states: QueueSearch['states']) => void;
}

export function CaseStatesFilter({ states, change }: CaseStatesFilterProps) {
  const { t } = useTranslation();
  return <ChoicesFilter label={t('queue.column.state')} values={states} options={caseStates.map((value) => ({ value, label: t(`caseState.${value}`) }))} change={change} />;
}

interface RiskLevelsFilterProps {
  readonly levels: QueueSearch['risks'];
  readonly change: (levels: QueueSearch['risks']) => void;
}

export function RiskLevelsFilter({ levels, change }: RiskLevelsFilterProps) {
  const { t } = useTranslation();
  return <ChoicesFilter label={t('queue.column.risk')} values={levels} options={riskLevels.map((value) => ({ value, label: t(`riskLevel.${value}`) }))} change={change} />;
}
