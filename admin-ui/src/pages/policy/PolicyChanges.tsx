import { useTranslation } from 'react-i18next';
import { useScenarioNames } from '../../data/useScenarioNames.ts';
import { policyChanges, type Numbers, type PolicyChange } from './policyDraft.ts';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';

/** What differs between two policies. */
export function PolicyChanges({ before, after }: { readonly before: Numbers; readonly after: Numbers }) {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  const textOf = useValueText();
  const changes = policyChanges(before, after);
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
          {changes.map((change) => (
            <tr key={`${change.field}:${change.scenario ?? ''}`}>
              <th scope="row">{nameOf(change)}</th>
              <td>
                <del>{textOf(change.before)}</del>
              </td>
              <td>
                <ins>{textOf(change.after)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Names what changes, with its scenario where it is about one. */
export function useFieldName(): (change: Pick<PolicyChange, 'field' | 'scenario'>) => string {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  return ({ field, scenario }) => `${scenario === undefined ? '' : `${nameOf(scenario)} · `}${t(`policy.field.${field}`)}`;
}

export function useValueText(): (value: PolicyChange['before']) => string {
  const { t } = useTranslation();
  return (value) => (value === null ? t('policy.none') : typeof value === 'boolean' ? t(value ? 'policy.on' : 'policy.off') : String(value));
}
