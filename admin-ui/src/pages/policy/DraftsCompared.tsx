import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyDraftDocument, type DraftFieldsFragment, type SimulationFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { ScrollRegion } from '../../shell/ScrollRegion.tsx';
import { useFieldName, useValueText } from './PolicyChanges.tsx';
import { policyChanges } from './policyDraft.ts';
import { useSimulationRows } from './SimulationTable.tsx';

type Compared = DraftFieldsFragment & { readonly simulation: SimulationFieldsFragment | null };

interface DraftsComparedProps {
  readonly first: string;
  readonly second: string;
  readonly back: () => void;
}

/** Two drafts side by side: what they say differently, and what came of simulating each. */
export function DraftsCompared({ first, second, back }: DraftsComparedProps) {
  const { t } = useTranslation();
  const left = useRead(PolicyDraftDocument, { id: first }, { key: ['policyDraft', first] });
  const right = useRead(PolicyDraftDocument, { id: second }, { key: ['policyDraft', second] });
  const failure = left.error ?? right.error;
  if (failure !== null) return <FailureNotice error={failure} retry={() => void Promise.all([left.refetch(), right.refetch()])} />;
  if (left.data === undefined || right.data === undefined) return <div className="skeleton is-card" />;
  if (left.data.policyDraft === null || right.data.policyDraft === null) return <p>{t('policy.noDraft')}</p>;
  return (
    <>
      <Button onClick={back}>{t('policy.back')}</Button>
      <SideBySide left={left.data.policyDraft} right={right.data.policyDraft} />
    </>
  );
}

function SideBySide({ left, right }: { readonly left: Compared; readonly right: Compared }) {
  const { t } = useTranslation();
  const nameOf = useFieldName();
  const textOf = useValueText();
  const changes = policyChanges(left.numbers, right.numbers);
  return (
    <>
      <Card title={t('policy.differ')}>
        {changes.length === 0 ? (
          <p className="hint">{t('policy.same')}</p>
        ) : (
          <Table left={left.name} right={right.name} rows={changes.map((change) => ({ name: nameOf(change), left: textOf(change.before), right: textOf(change.after) }))} />
        )}
      </Card>
      <Card title={t('policy.simulations')}>
        <Simulations left={left} right={right} />
      </Card>
    </>
  );
}

function Simulations({ left, right }: { readonly left: Compared; readonly right: Compared }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rowsOf = useSimulationRows();
  const missing = [left, right].filter(({ simulation }) => simulation === null);
  if (left.simulation === null || right.simulation === null) {
    return missing.map(({ id, name }) => (
      <p key={id} className="hint">
        {t('policy.notSimulated', { name })}
      </p>
    ));
  }
  const others = rowsOf(right.simulation);
  return (
    <>
      <Table left={left.name} right={right.name} rows={rowsOf(left.simulation).map(({ name, after }, index) => ({ name, left: after, right: others[index]?.after ?? '' }))} />
      <p className="hint">{t('policy.simulatedAt', { first: formats.dateTime(left.simulation.at), second: formats.dateTime(right.simulation.at) })}</p>
    </>
  );
}

interface TableProps {
  readonly left: string;
  readonly right: string;
  readonly rows: readonly { readonly name: string; readonly left: string; readonly right: string }[];
}

function Table({ left, right, rows }: TableProps) {
  const { t } = useTranslation();
  return (
    <ScrollRegion className="decide-rows" label={t('policy.differ')}>
      <table className="policy-figures">
        <thead>
          <tr>
            <th scope="col">{t('log.field')}</th>
            <th scope="col">{left}</th>
            <th scope="col">{right}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{row.left}</td>
              <td>{row.right}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
