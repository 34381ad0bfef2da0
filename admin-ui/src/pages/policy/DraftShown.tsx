import { useTranslation } from 'react-i18next';
import type { DraftFieldsFragment, PolicyFieldsFragment, SimulationFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { DraftHistory } from './DraftHistory.tsx';
import { PolicyChanges } from './PolicyChanges.tsx';
import { SimulationResult } from './SimulationResult.tsx';

export type KeptDraft = DraftFieldsFragment & { readonly simulation: SimulationFieldsFragment | null };

/** A draft to be read: what it changes, what was simulated, and who worked on it. */
export function DraftShown({ draft, base }: { readonly draft: KeptDraft; readonly base: PolicyFieldsFragment }) {
  const { t } = useTranslation();
  return (
    <>
      <Card title={t('policy.changesOf', { version: base.version })}>
        <PolicyChanges before={base} after={draft.numbers} />
      </Card>
      {draft.simulation !== null && (
        <Card title={t('policy.simulation')}>
          <SimulationResult result={draft.simulation} />
        </Card>
      )}
      <DraftHistory id={draft.id} base={base} />
    </>
  );
}
