import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ChartFigure } from '../../charts/ChartFigure.tsx';
import { casePath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { ChangedCasesFragment, SimulationFieldsFragment } from '../../gql/graphql.ts';
import { SimulationTable } from './SimulationTable.tsx';

/** What a proposed policy would have changed. */
export function SimulationResult({ result }: { readonly result: SimulationFieldsFragment }) {
  const { t } = useTranslation();
  const { number, dateTime } = useFormats();
  const rows = result.scenarios.filter(({ gained, lost }) => gained + lost > 0).map(({ scenario, gained, lost }) => ({ label: scenario.name, values: { gained, lost } }));
  return (
    <div className="policy-result" aria-live="polite">
      <p>
        {t('policy.replayed', { tags: number(result.tags), cases: number(result.cases) })} {result.handledPerDay !== null && t('policy.atRate', { rate: number(result.handledPerDay) })}{' '}
        <span className="hint">{t('policy.simulatedBy', { by: result.by, at: dateTime(result.at) })}</span>
      </p>
      <SimulationTable result={result} />
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
      {cases.nodes.length < cases.totalCount && <p className="hint">{t('list.firstOf', { count: cases.nodes.length })}</p>}
    </details>
  );
}
