import { Button, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { ShopScenariosDocument, type ScenarioCategory } from '../../gql/graphql.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { AllScenarios, ScenarioHelp, type Scenario } from './ScenarioHelp.tsx';

const categories: readonly ScenarioCategory[] = ['ORDER', 'RETURN', 'CLAIM', 'REVIEW'];

interface ScenarioFieldProps {
  readonly value: string | undefined;
  readonly change: (code: string) => void;
  readonly missing: boolean;
}

/** The one scenario of a submission, with what exactly it means: a deliberately wrong one costs the shop its permission. */
export function ScenarioField({ value, change, missing }: ScenarioFieldProps) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useRead(ShopScenariosDocument, {}, { key: ['scenarios'], keepLast: true });
  const [all, setAll] = useState(false);
  const id = useId();
  const scenarios = data?.scenarios ?? [];
  const chosen = scenarios.find(({ code }) => code === value);
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  return (
    <div className="field">
      <label htmlFor={id}>{t('shop.submit.scenario')}</label>
      <Select
        id={id}
        aria-describedby={`${id}-note`}
        aria-invalid={missing}
        status={missing ? 'error' : ''}
        loading={isPending}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('shop.submit.scenarioChoose')}
        value={value ?? null}
        options={optionsOf(scenarios, (category) => t(`category.${category}`))}
        onChange={(code) => {
          if (code !== null) change(code);
        }}
      />
      <div id={`${id}-note`} className="scenario-note" aria-live="polite">
        {chosen === undefined ? <p className={missing ? 'field-error' : 'hint'}>{t(missing ? 'shop.submit.scenarioMissing' : 'shop.submit.scenarioHint')}</p> : <ScenarioHelp scenario={chosen} />}
      </div>
      <Button type="link" size="small" onClick={() => setAll(true)}>
        {t('shop.help.all')}
      </Button>
      {all && <AllScenarios scenarios={scenarios} close={() => setAll(false)} />}
    </div>
  );
}

function optionsOf(scenarios: readonly Scenario[], categoryName: (category: ScenarioCategory) => string) {
  return categories
    .map((category) => ({
      label: categoryName(category),
      options: scenarios
        .filter((scenario) => scenario.category === category)
        .map(({ code, name, enabled }) => ({ value: code, label: name, disabled: !enabled })),
    }))
    .filter(({ options }) => options.length > 0);
}
