import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import { Card } from '../../shell/Card.tsx';
import { numberFields, switchFields, type Numbers } from './policyDraft.ts';

export function PolicyView({ policy }: { readonly policy: Numbers }) {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  return (
    <div className="policy-columns">
      <Card title={t('policy.numbers')}>
        <dl className="facts">
          {numberFields.map((field) => (
            <div key={field} className="policy-fact">
              <dt>{t(`policy.field.${field}`)}</dt>
              <dd>{policy[field]}</dd>
            </div>
          ))}
          <dt>{t('policy.field.maxOrderAgeDays')}</dt>
          <dd>{policy.maxOrderAgeDays ?? t('policy.none')}</dd>
          {switchFields.map((field) => (
            <div key={field} className="policy-fact">
              <dt>{t(`policy.field.${field}`)}</dt>
              <dd>{t(policy[field] ? 'policy.on' : 'policy.off')}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title={t('policy.rules')}>
        <div className="policy-rules">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('queue.column.scenario')}</th>
                <th scope="col">{t('policy.field.threshold')}</th>
                <th scope="col">{t('policy.field.enabled')}</th>
              </tr>
            </thead>
            <tbody>
              {policy.rules.map(({ scenario, threshold, enabled }) => (
                <tr key={scenario}>
                  <th scope="row">{nameOf(scenario)}</th>
                  <td>{threshold}</td>
                  <td>{t(enabled ? 'policy.on' : 'policy.off')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}
