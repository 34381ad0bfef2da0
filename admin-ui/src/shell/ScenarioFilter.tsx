import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../data/useScenarioNames.ts';
import { ChoiceFilter } from './ChoiceFilter.tsx';

interface ScenarioFilterProps {
  readonly scenario: string | undefined;
  readonly change: (scenario: string | undefined) => void;
}

/** One of the catalogue's scenarios to filter by, or all. */
export function ScenarioFilter({ scenario, change }: ScenarioFilterProps) {
  const { t } = useTranslation();
  const { scenarios, loading } = useScenarioNames();
  return (
    <ChoiceFilter
      label={t('queue.column.scenario')}
      value={scenario}
      options={scenarios.map(({ code, name }) => ({ value: code, label: name }))}
      change={change}
      searchable
      loading={loading}
    />
  );
}
