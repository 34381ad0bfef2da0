import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { addressOf, useAddress, type AddressForm } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyVersionDocument, type PolicyFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterField } from '../../shell/FilterField.tsx';
import { PolicyChanges } from './PolicyChanges.tsx';
import { PolicyEditor } from './PolicyEditor.tsx';
import { PolicyView } from './PolicyView.tsx';
import { Rollout } from './Rollout.tsx';
import './policy.css';

interface PolicySearch {
  readonly version: number | undefined;
  readonly compare: number | undefined;
}

const policyAddress: AddressForm<PolicySearch> = {
  read: (params) => ({ version: versionIn(params.get('version')), compare: versionIn(params.get('compare')) }),
  write: ({ version, compare }) => addressOf({ version: version?.toString(), compare: compare?.toString() }),
};

function versionIn(text: string | null): number | undefined {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : undefined;
}

/** The policy in force, its earlier versions, what differs between them, and a new version. */
export function PolicyPage() {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const { search, change } = useAddress(policyAddress);
  const [editing, setEditing] = useState(false);
  const current = useRead(PolicyVersionDocument, { version: null }, { key: ['policy', 'current'], keepLast: true });
  const policy = current.data?.policy;
  return (
    <div className="page">
      <PageHeading title={t('nav.policy')}>
        {policy !== undefined && can.administrate && !editing && (
          <Button type="primary" onClick={() => setEditing(true)}>
            {t('policy.edit')}
          </Button>
        )}
      </PageHeading>
      {current.error !== null && <FailureNotice error={current.error} retry={() => void current.refetch()} />}
      {policy === undefined && current.error === null && <div className="skeleton is-card" />}
      {policy !== undefined && editing && (
        <SectionBoundary>
          <PolicyEditor
            key={policy.version}
            base={policy}
            close={() => setEditing(false)}
            published={() => {
              setEditing(false);
              change({ version: undefined, compare: undefined });
            }}
          />
        </SectionBoundary>
      )}
      {policy !== undefined && !editing && <Versions newest={policy} search={search} change={change} />}
    </div>
  );
}

interface VersionsProps {
  readonly newest: PolicyFieldsFragment;
  readonly search: PolicySearch;
  readonly change: (changes: Partial<PolicySearch>) => void;
}

function Versions({ newest, search, change }: VersionsProps) {
  const { t } = useTranslation();
  const version = search.version ?? newest.version;
  const compare = search.compare ?? (version > 1 ? version - 1 : undefined);
  const { data, error, refetch } = useRead(PolicyVersionDocument, { version }, { key: ['policy', version], keepLast: true });
  const options = Array.from({ length: newest.version }, (_, index) => ({
    value: newest.version - index,
    label: index === 0 ? t('policy.versionInForce', { version: newest.version }) : t('policy.version', { version: newest.version - index }),
  }));
  return (
    <>
      <div className="policy-versions">
        <FilterField label={t('policy.shown')}>
          {(label) => <Select aria-label={label} value={version} options={options} onChange={(next) => change({ version: next === newest.version ? undefined : next, compare: undefined })} />}
        </FilterField>
        <FilterField label={t('policy.compare')}>
          {(label) => <Select aria-label={label} value={compare ?? null} disabled={compare === undefined} options={options.filter(({ value }) => value !== version)} onChange={(next) => change({ compare: next ?? undefined })} />}
        </FilterField>
      </div>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className="skeleton is-card" />}
      {data !== undefined && (
        <>
          <Origin policy={data.policy} inForce={data.policy.version === newest.version} />
          {compare !== undefined && <Difference from={compare} to={data.policy} />}
          <PolicyView policy={data.policy} />
        </>
      )}
    </>
  );
}

function Origin({ policy, inForce }: { readonly policy: PolicyFieldsFragment; readonly inForce: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t(inForce ? 'policy.versionInForce' : 'policy.version', { version: policy.version })}>
      <p>{t('policy.by', { by: policy.createdBy, at: formats.dateTime(policy.createdAt) })}</p>
      <p className="lines">{policy.reason}</p>
      {policy.version > 1 && <Rollout version={policy.version} />}
    </Card>
  );
}

function Difference({ from, to }: { readonly from: number; readonly to: PolicyFieldsFragment }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead(PolicyVersionDocument, { version: from }, { key: ['policy', from] });
  return (
    <Card title={t('policy.differences', { from, to: to.version })}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className="skeleton is-card" />}
      {data !== undefined && <PolicyChanges before={data.policy} after={to} />}
    </Card>
  );
}
