import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ChartFigure } from '../../charts/ChartFigure.tsx';
import { casePath } from '../../console/pages.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { ChangedCasesFragment, SimulatePolicyQuery } from '../../gql/graphql.ts';

/** What a proposed policy would have changed. */
export function SimulationResult({ result }: { readonly result: SimulatePolicyQuery['simulatePolicy'] }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const rows = result.scenarios.filter(({ gained, lost }) => gained + lost > 0).map(({ scenario, gained, lost }) => ({ label: scenario.name, values: { gained, lost } }));
  return (
    <div className="policy-result" aria-live="polite">
      <p>{t('policy.replayed', { tags: number(result.tags), cases: number(result.cases) })}</p>
      <dl className="facts">
        <dt>{t('policy.confirmedCases')}</dt>
        <dd>
          {number(result.confirmedBefore)} → <strong>{number(result.confirmedAfter)}</strong>
        </dd>
        <dt>{t('policy.succeededTags')}</dt>
        <dd>
          {number(result.succeededBefore)} → <strong>{number(result.succeededAfter)}</strong>
        </dd>
      </dl>
      <ChartFigure
        title={t('policy.changesByScenario')}
        rowTitle={t('queue.column.scenario')}
        series={[
          { id: 'gained', name: t('policy.gained'), color: 'blue' },
          { id: 'lost', name: t('policy.lost'), color: 'orange' },
        ]}
        rows={rows}
      />
      <CaseList title={t('policy.gained')} cases={result.gained} />
      <CaseList title={t('policy.lost')} cases={result.lost} />
    </div>
  );
}

function CaseList({ title, cases }: { readonly title: string; readonly cases: ChangedCasesFragment }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (cases.totalCount === 0) return null;
  return (
    <details>
      <summary>
        {title}: {number(cases.totalCount)}
      </summary>
      <ul className="plain-list">
        {cases.nodes.map(({ id, scenario, buyer }) => (
          <li key={id}>
            <Link to={casePath(id)} target="_self">
              {t('entryPart.case', { scenario: scenario.name, buyer: buyer.id })}
            </Link>
          </li>
        ))}
      </ul>
      {cases.nodes.length < cases.totalCount && <p className="hint">{t('policy.firstOf', { count: cases.nodes.length })}</p>}
    </details>
  );
}
