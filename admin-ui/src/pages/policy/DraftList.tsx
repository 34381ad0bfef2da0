import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyDraftsDocument } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterField } from '../../shell/FilterField.tsx';
import type { PolicySearch } from './policySearch.ts';

/** The drafts that are worked on, and a choice of two to be compared. */
export function DraftList({ go }: { readonly go: (next: Partial<PolicySearch>) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data, error, refetch } = useRead(PolicyDraftsDocument, {}, { key: ['policyDrafts'], keepLast: true });
  const drafts = data?.policyDrafts ?? [];
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (drafts.length === 0) return null;
  return (
    <Card title={t('policy.drafts')}>
      <ul className="policy-drafts">
        {drafts.map(({ id, name, state, changedBy, changedAt, basedOnVersion }) => (
          <li key={id}>
            <Button type="link" onClick={() => go({ draft: id })}>
              {name}
            </Button>
            {state === 'PROPOSED' && <Mark tone="warn">{t('policy.proposed')}</Mark>}
            <span className="hint">{t('policy.draftBy', { by: changedBy, at: formats.dateTime(changedAt), version: basedOnVersion })}</span>
          </li>
        ))}
      </ul>
      {drafts.length > 1 && <CompareChoice options={drafts.map(({ id, name }) => ({ value: id, label: name }))} go={go} />}
    </Card>
  );
}

interface CompareChoiceProps {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly go: (next: Partial<PolicySearch>) => void;
}

function CompareChoice({ options, go }: CompareChoiceProps) {
  const { t } = useTranslation();
  const [firstChosen, setFirst] = useState<string | undefined>(undefined);
  const [secondChosen, setSecond] = useState<string | undefined>(undefined);
  const first = firstChosen ?? options[0]?.value;
  const second = secondChosen ?? options[1]?.value;
  return (
    <div className="policy-versions">
      <FilterField label={t('policy.firstDraft')}>{(label) => <Select aria-label={label} value={first ?? null} options={[...options]} onChange={(next) => setFirst(next ?? undefined)} />}</FilterField>
      <FilterField label={t('policy.secondDraft')}>{(label) => <Select aria-label={label} value={second ?? null} options={[...options]} onChange={(next) => setSecond(next ?? undefined)} />}</FilterField>
      <Button disabled={first === undefined || second === undefined || first === second} onClick={() => go({ draft: first, against: second })}>
        {t('policy.compareDrafts')}
      </Button>
    </div>
  );
}
