import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useAddress } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyStandingDocument, PolicyVersionDocument, type PolicyFieldsFragment, type PolicyStandingQuery } from '../../gql/graphql.ts';
import { addTexts } from '../../i18n/lateTexts.ts';
import { policyTexts } from '../../i18n/policyTexts.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterField } from '../../shell/FilterField.tsx';
import { DraftList } from './DraftList.tsx';
import { DraftPage } from './DraftPage.tsx';
import { DraftsCompared } from './DraftsCompared.tsx';
import { PolicyChanges } from './PolicyChanges.tsx';
import { noSearch, policyAddress, type PolicySearch } from './policySearch.ts';
import { PolicyView } from './PolicyView.tsx';
import { Rollout } from './Rollout.tsx';
import { Scheduled } from './Scheduled.tsx';
import './policy.css';

/** The policy in force and its other versions; drafts of the next, tried on history, compared and published. */
export function PolicyPage() {
  const { t, i18n } = useTranslation();
  // Before the first text is asked for, so not in an effect.
  useState(() => addTexts(i18n, policyTexts));
  const { can } = useConsoleViewer();
  const { search, change } = useAddress(policyAddress);
  const standing = useRead(PolicyStandingDocument, {}, { key: ['policy', 'standing'], keepLast: true });
  const timeline = standing.data?.policyTimeline;
  const go = (next: Partial<PolicySearch>) => change({ ...noSearch, ...next });
  return (
    <div className="page">
      <PageHeading title={t('nav.policy')}>
        {timeline !== undefined && can.administrate && search.draft === undefined && (
          <Button type="primary" onClick={() => go({ draft: 'new' })}>
            {t('policy.edit')}
          </Button>
        )}
      </PageHeading>
      {standing.error !== null && <FailureNotice error={standing.error} retry={() => void standing.refetch()} />}
      {timeline === undefined && standing.error === null && <div className="skeleton is-card" />}
      {timeline !== undefined && (
        <SectionBoundary>
          <Shown timeline={timeline} search={search} change={change} go={go} />
        </SectionBoundary>
      )}
    </div>
  );
}

interface ShownProps {
  readonly timeline: PolicyStandingQuery['policyTimeline'];
  readonly search: PolicySearch;
  readonly change: (changes: Partial<PolicySearch>) => void;
  readonly go: (next: Partial<PolicySearch>) => void;
}

function Shown({ timeline, search, change, go }: ShownProps) {
  const { can } = useConsoleViewer();
  const { against } = search;
  // Who may not keep a draft begins none.
  const draft = search.draft === 'new' && !can.administrate ? undefined : search.draft;
  if (draft !== undefined && against !== undefined) return <DraftsCompared first={draft} second={against} back={() => go({})} />;
  if (draft !== undefined) return <DraftPage key={draft} id={draft} from={search.from} timeline={timeline} go={go} />;
  return (
    <>
      {timeline.scheduled !== null && <Scheduled policy={timeline.scheduled} />}
      <DraftList go={go} />
      <Versions timeline={timeline} search={search} change={change} go={go} />
    </>
  );
}

function Versions({ timeline: { inForce, scheduled, latest }, search, change, go }: ShownProps) {
  const { t } = useTranslation();
  const version = search.version ?? inForce.version;
  const compare = search.compare ?? (version > 1 ? version - 1 : undefined);
  const { data, error, refetch } = useRead(PolicyVersionDocument, { version }, { key: ['policy', version], keepLast: true });
  const nameOf = (each: number) => t(each === inForce.version ? 'policy.versionInForce' : each === scheduled?.version ? 'policy.versionScheduled' : 'policy.version', { version: each });
  const options = Array.from({ length: latest.version }, (_, index) => ({ value: latest.version - index, label: nameOf(latest.version - index) }));
  return (
    <>
      <div className="policy-versions">
        <FilterField label={t('policy.shown')}>
          {(label) => <Select aria-label={label} value={version} options={options} onChange={(next) => change({ version: next === inForce.version ? undefined : next, compare: undefined })} />}
        </FilterField>
        <FilterField label={t('policy.compare')}>
          {(label) => <Select aria-label={label} value={compare ?? null} disabled={compare === undefined} options={options.filter(({ value }) => value !== version)} onChange={(next) => change({ compare: next ?? undefined })} />}
        </FilterField>
      </div>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <div className="skeleton is-card" />}
      {data !== undefined && (
        <>
          <Origin policy={data.policy} title={nameOf(data.policy.version)} inForce={inForce.version} go={go} />
          {compare !== undefined && <Difference from={compare} to={data.policy} />}
          <PolicyView policy={data.policy} />
        </>
      )}
    </>
  );
}

interface OriginProps {
  readonly policy: PolicyFieldsFragment;
  readonly title: string;
  readonly inForce: number;
  readonly go: (next: Partial<PolicySearch>) => void;
}

function Origin({ policy, title, inForce, go }: OriginProps) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const formats = useFormats();
  const { version, createdAt, startsAt, approvedBy, withdrawal } = policy;
  const canReturn = can.administrate && version !== inForce;
  return (
    <Card
      title={title}
      extra={
        canReturn && (
          <Button size="small" onClick={() => go({ draft: 'new', from: version })}>
            {t('policy.returnTo')}
          </Button>
        )
      }
    >
      <p>{t('policy.by', { by: policy.createdBy, at: formats.dateTime(createdAt) })}</p>
      {approvedBy !== null && <p>{t('policy.approvedBy', { by: approvedBy })}</p>}
      {startsAt !== createdAt && <p>{t('policy.holdsFrom', { at: formats.zonedTime(startsAt) })}</p>}
      <p className="lines" data-verbatim>{policy.reason}</p>
      {withdrawal !== null && <Alert type="warning" showIcon title={t('policy.withdrawnBy', { by: withdrawal.by, at: formats.dateTime(withdrawal.at), reason: withdrawal.reason })} />}
      {version > 1 && withdrawal === null && version <= inForce && <Rollout version={version} />}
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
