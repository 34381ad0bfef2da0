import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../data/useScenarioNames.ts';
import { FilterField } from './FilterField.tsx';

interface ScenarioFilterProps {
  readonly scenario: string | undefined;
  readonly change: (scenario: string | undefined) => void;
}

/** One of the catalogue's scenarios to filter by, or all. */
export function ScenarioFilter({ scenario, change }: ScenarioFilterProps) {
  const { t } = useTranslation();
  const { scenarios, loading } = useScenarioNames();
  return (
    <FilterField label={t('queue.column.scenario')}>
      {(label) => (
        <Select
          aria-label={label}
          showSearch={{ optionFilterProp: 'label' }}
          allowClear
          loading={loading}
          placeholder={t('queue.filter.any')}
          value={scenario ?? null}
          options={scenarios.map(({ code, name }) => ({ value: code, label: name }))}
          popupMatchSelectWidth={false}
          onChange={(value) => change(value ?? undefined)}
        />
      )}
    </FilterField>
  );
}
