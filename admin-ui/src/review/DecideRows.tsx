import { useTranslation } from 'react-i18next';
import type { Decision, QueueRowFragment } from '../gql/graphql.ts';
import type { RowOutcome } from './decisions.ts';
import { RiskMark } from './marks.tsx';
import { ScrollRegion } from '../shell/ScrollRegion.tsx';

interface DecideRowsProps {
  readonly rows: readonly QueueRowFragment[];
  readonly current: (id: string) => QueueRowFragment | undefined;
  readonly decision: Decision;
  readonly outcomes: ReadonlyMap<string, RowOutcome>;
}

/** The cases of a decision: before, what will happen to each; after, what did. */
export function DecideRows({ rows, current, decision, outcomes }: DecideRowsProps) {
  const { t } = useTranslation();
  return (
    <ScrollRegion className="decide-rows" label={t('decide.cases')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('decide.case')}</th>
            <th scope="col">{t('queue.column.votes')}</th>
            <th scope="col">{t('queue.column.risk')}</th>
            <th scope="col">{t('decide.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const now = current(row.id) ?? row;
            return (
              <tr key={row.id}>
                <th scope="row">
                  {now.scenario.name} <span className="hint">{now.buyer.id}</span>
                </th>
                <td>
                  {now.explanation.count}/{now.explanation.threshold}
                </td>
                <td>
                  <RiskMark level={now.explanation.riskLevel} />
                </td>
                <td>
                  <Outcome row={now} decision={decision} outcome={outcomes.get(row.id)} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

interface OutcomeProps {
  readonly row: QueueRowFragment;
  readonly decision: Decision;
  readonly outcome: RowOutcome | undefined;
}

function Outcome({ row, decision, outcome }: OutcomeProps) {
  const { t } = useTranslation();
  if (outcome?.decided === true) return <span className="outcome is-good">✓ {t(`decision.done.${decision}`)}</span>;
  if (outcome !== undefined) {
    return (
      <span className="outcome is-bad">
        ✗ {outcome.message} {outcome.stale && t('decide.stale')}
      </span>
    );
  }
  if (!row.canDecide) return <span className="outcome is-bad">{row.claim === null ? t('decide.notWaiting') : t('decide.claimedBy', { by: row.claim.by })}</span>;
  return <span>{t(`decision.preview.${decision}`, { count: row.explanation.count })}</span>;
}
