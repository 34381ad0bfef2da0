import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import type { PolicyFieldsFragment } from '../../gql/graphql.ts';
import { policyChanges, type PolicyChange } from './policyDraft.ts';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

/** What differs between two policies. */
export function PolicyChanges({ before, after }: { readonly before: PolicyFieldsFragment; readonly after: PolicyFieldsFragment }) {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  const changes = policyChanges(before, after);
  const valueText = (value: PolicyChange['before']) => (value === null ? t('policy.none') : typeof value === 'boolean' ? t(value ? 'policy.on' : 'policy.off') : String(value));
  if (changes.length === 0) return <p className="hint">{t('policy.same')}</p>;
  return (
    <ScrollRegion className="decide-rows" label={t('log.changes')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('log.field')}</th>
            <th scope="col">{t('log.column.before')}</th>
            <th scope="col">{t('log.column.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, scenario, before: old, after: now }) => (
            <tr key={`${field}:${scenario ?? ''}`}>
              <th scope="row">
                {scenario === undefined ? '' : `${nameOf(scenario)} · `}
                {t(`policy.field.${field}`)}
              </th>
              <td>
                <del>{valueText(old)}</del>
              </td>
              <td>
                <ins>{valueText(now)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
