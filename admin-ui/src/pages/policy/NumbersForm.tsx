import { Checkbox, InputNumber } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import { Card } from '../../shell/Card.tsx';
import { numberFields, switchFields, type Numbers, type Problems } from './policyDraft.ts';

interface NumbersFormProps {
  readonly numbers: Numbers;
  readonly edit: (changes: Partial<Numbers>) => void;
  readonly problems: Problems;
}

/** The numbers and switches of a draft. What may be entered is for the server to say, beside the field. */
export function NumbersForm({ numbers, edit, problems }: NumbersFormProps) {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  const rule = (scenario: string, changes: Partial<Numbers['rules'][number]>) => edit({ rules: numbers.rules.map((each) => (each.scenario === scenario ? { ...each, ...changes } : each)) });
  return (
    <div className="policy-columns">
      <Card title={t('policy.numbers')}>
        {numberFields.map((field) => (
          <Field key={field} name={field} label={t(`policy.field.${field}`)} problem={problems[field]}>
            {(control) => <InputNumber {...control} {...anyInteger} value={numbers[field]} onChange={(value) => value !== null && edit({ [field]: value })} />}
          </Field>
        ))}
        <Field name="maxOrderAgeDays" label={t('policy.field.maxOrderAgeDays')} problem={problems['maxOrderAgeDays']}>
          {(control) => <InputNumber {...control} {...anyInteger} placeholder={t('policy.none')} value={numbers.maxOrderAgeDays} onChange={(value) => edit({ maxOrderAgeDays: value })} />}
        </Field>
        {switchFields.map((field) => (
          <div key={field} className="policy-field">
            <Checkbox checked={numbers[field]} onChange={(event) => edit({ [field]: event.target.checked })}>
              {t(`policy.field.${field}`)}
            </Checkbox>
          </div>
        ))}
      </Card>
      <Card title={t('policy.rules')}>
        {numbers.rules.map(({ scenario, threshold, enabled }) => (
          <Field key={scenario} name={scenario} label={nameOf(scenario)} problem={problems[scenario]}>
            {(control) => (
              <span className="policy-rule">
                <InputNumber {...control} {...anyInteger} value={threshold} onChange={(value) => value !== null && rule(scenario, { threshold: value })} />
                <Checkbox aria-label={`${nameOf(scenario)} · ${t('policy.field.enabled')}`} checked={enabled} onChange={(event) => rule(scenario, { enabled: event.target.checked })}>
                  {t('policy.field.enabled')}
                </Checkbox>
              </span>
            )}
          </Field>
        ))}
      </Card>
    </div>
  );
}

// What the API's numbers can hold: anything else would be refused before the server could say what is wrong with it.
const anyInteger = { precision: 0, min: -1_000_000, max: 1_000_000 } as const;

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly problem: string | undefined;
  readonly children: (control: { readonly id: string; readonly status: 'error' | ''; readonly 'aria-invalid': boolean; readonly 'aria-describedby'?: string }) => ReactNode;
}

/** A control with its label, and beside it what the server says of it. */
export function Field({ name, label, problem, children }: FieldProps) {
  const id = `policy-${name}`;
  const wrong = problem !== undefined;
  return (
    <div className="policy-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, status: wrong ? 'error' : '', 'aria-invalid': wrong, ...(wrong && { 'aria-describedby': `${id}-problem` }) })}
      {wrong && (
        <p id={`${id}-problem`} role="alert" className="field-error lines">
          {problem}
        </p>
      )}
    </div>
  );
}
