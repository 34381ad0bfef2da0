import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import { logActions } from '../../entry/actions.ts';
import { useActionName } from '../../format/useActionName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { DayField, ZoneNote } from '../../shell/DayField.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { FilterField, TextFilter } from '../../shell/FilterField.tsx';
import { FilterTag } from '../../shell/FilterTag.tsx';
import { listPart, logAddress, logRanges, type LogSearch } from './logSearch.ts';

interface LogFiltersProps {
  readonly search: LogSearch;
  readonly change: (changes: Partial<LogSearch>) => void;
  readonly clear: () => void;
}

export function LogFilters({ search, change, clear }: LogFiltersProps) {
  const { t } = useTranslation();
  const chosen = [...logAddress.write({ ...listPart(search), from: undefined, to: undefined }).keys()].length;
  return (
    <FilterBar chosen={chosen} clear={clear}>
      <TextFilter id="log-subject" label={t('log.column.subjects')} placeholder={t('log.filter.subject')} value={search.subject} change={(subject) => change({ subject })} />
      <ActionFilter action={search.action} change={(action) => change({ action })} />
      <TextFilter label={t('log.column.actor')} placeholder={t('log.filter.actor')} value={search.actor} change={(actor) => change({ actor })} />
      <FilterField label={t('log.column.at')}>
        {(label) => (
          <Select
            aria-label={label}
            value={search.range}
            options={logRanges.map((value) => ({ value, label: t(`log.range.${value}`) }))}
            onChange={(range) => change({ range, from: undefined, to: undefined, ...noFigure })}
          />
        )}
      </FilterField>
      {search.range === 'custom' && (
        <>
          <DayField label={t('log.filter.from')} value={search.from} change={(from) => change({ from })} />
          <DayField label={t('log.filter.to')} value={search.to} change={(to) => change({ to })} />
          <ZoneNote />
        </>
      )}
      {search.figure !== undefined && <FigureFilter search={search} change={change} />}
    </FilterBar>
  );
}

const noFigure = { figure: undefined, scenario: undefined, reviewer: undefined, took: undefined } as const;

/** The number whose rows are shown, which can be taken away. */
function FigureFilter({ search, change }: Pick<LogFiltersProps, 'search' | 'change'>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { nameOf } = useScenarioNames();
  const { figure, scenario, reviewer, took } = search;
  if (figure === undefined) return null;
  const [from, to] = (took?.split('-') ?? []).map((seconds) => (seconds === '' ? undefined : formats.duration(Number(seconds) * 1000)));
  const parts = [
    t(`figure.${figure}`),
    scenario === undefined ? undefined : nameOf(scenario),
    reviewer,
    took === undefined ? undefined : to === undefined ? t('dashboard.from', { span: from }) : t('dashboard.between', { from, to }),
  ].filter((part) => part !== undefined);
  return (
    <div className="figure-filter">
      <span className="hint">{t('log.figure')}</span>
      <FilterTag without={t('log.noFigure')} remove={() => change(noFigure)}>
        {parts.join(' · ')}
      </FilterTag>
    </div>
  );
}

/** One of the actions that the log records, or all. */
export function ActionFilter({ action, change }: { readonly action: string | undefined; readonly change: (action: string | undefined) => void }) {
  const { t } = useTranslation();
  const actionName = useActionName();
  return (
    <ChoiceFilter
      label={t('log.column.action')}
      value={action}
      options={logActions.map((value) => ({ value, label: actionName(value) }))}
      change={change}
      searchable
    />
  );
}
