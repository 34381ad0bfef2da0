import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { PolicyDraftDocument, PolicyVersionDocument, type PolicyStandingQuery } from '../../gql/graphql.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { DraftEditor } from './DraftEditor.tsx';
import { DraftShown } from './DraftShown.tsx';
import { numbersOf } from './policyDraft.ts';
import type { PolicySearch } from './policySearch.ts';
import { ProposedDraft } from './ProposedDraft.tsx';

interface DraftPageProps {
  readonly id: string;
  readonly from: number | undefined;
  readonly timeline: PolicyStandingQuery['policyTimeline'];
  readonly go: (next: Partial<PolicySearch>) => void;
}

/** One draft: a new one to be edited, one that is kept, or one that waits for a second person. */
export function DraftPage({ id, from, timeline, go }: DraftPageProps) {
  return id === 'new' ? <NewDraft from={from} timeline={timeline} go={go} /> : <KeptDraft id={id} timeline={timeline} go={go} />;
}

function NewDraft({ from, timeline, go }: Omit<DraftPageProps, 'id'>) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead(PolicyVersionDocument, { version: from ?? null }, { key: ['policy', from ?? 'current'], enabled: from !== undefined });
  if (from === undefined) return <DraftEditor base={timeline.inForce} start={{ name: '', reason: '', numbers: numbersOf(timeline.inForce) }} kept={undefined} timeline={timeline} go={go} />;
  if (error !== null) return <FailureNotice error={error} retry={() => void refetch()} />;
  if (data === undefined) return <div className="skeleton is-card" />;
  const name = t('policy.returnName', { version: from });
  return <DraftEditor base={timeline.inForce} start={{ name, reason: name, numbers: numbersOf(data.policy) }} kept={undefined} timeline={timeline} go={go} />;
}

function KeptDraft({ id, timeline, go }: Omit<DraftPageProps, 'from'>) {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  // Each opening reads again: an editor must not begin with what was read before.
  const [opened] = useState(() => performance.now());
  const { data, error, refetch } = useRead(PolicyDraftDocument, { id }, { key: ['policyDraft', id, opened] });
  const version = data?.policyDraft?.basedOnVersion;
  const base = useRead(PolicyVersionDocument, { version: version ?? null }, { key: ['policy', version], enabled: version !== undefined, keepLast: true });
  const failure = error ?? base.error;
  if (failure !== null) return <FailureNotice error={failure} retry={() => void Promise.all([refetch(), base.refetch()])} />;
  if (data === undefined) return <div className="skeleton is-card" />;
  const draft = data.policyDraft;
  if (draft === null) return <p>{t('policy.noDraft')}</p>;
  if (base.data === undefined) return <div className="skeleton is-card" />;
  switch (draft.state) {
    case 'OPEN':
      if (!can.administrate) {
        return (
          <>
            <Button onClick={() => go({})}>{t('policy.back')}</Button>
            <DraftShown draft={draft} base={base.data.policy} />
          </>
        );
      }
      return <DraftEditor base={base.data.policy} start={{ name: draft.name, reason: draft.proposal?.reason ?? '', numbers: draft.numbers }} kept={draft} timeline={timeline} go={go} />;
    case 'PROPOSED':
      return <ProposedDraft draft={draft} base={base.data.policy} go={go} />;
    default:
      return <Alert type="info" showIcon title={t(`policy.draftState.${draft.state}`, { name: draft.name, version: draft.publishedAs ?? '' })} />;
  }
}

