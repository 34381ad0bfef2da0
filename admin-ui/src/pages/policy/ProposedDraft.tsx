import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { useAction } from '../../data/useAction.ts';
import { settled } from '../../data/userErrors.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DecidePolicyDraftDocument, type PolicyFieldsFragment } from '../../gql/graphql.ts';
import { VerdictForm } from '../../review/VerdictForm.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { useMessages } from '../../shell/useMessages.ts';
import { DraftShown, type KeptDraft } from './DraftShown.tsx';
import type { PolicySearch } from './policySearch.ts';

interface ProposedDraftProps {
  readonly draft: KeptDraft;
  readonly base: PolicyFieldsFragment;
  readonly go: (next: Partial<PolicySearch>) => void;
}

/** A draft that waits for a second person: what it changes, what was simulated, and their decision. */
export function ProposedDraft({ draft, base, go }: ProposedDraftProps) {
  const { t } = useTranslation();
  const { id: viewer, can } = useConsoleViewer();
  const formats = useFormats();
  const ask = useAsk();
  const client = useQueryClient();
  const message = useMessages();
  const { proposal } = draft;
  const takingBack = useAction();

  async function decide(approve: boolean, reason: string): Promise<void> {
    try {
      const { decidePolicyDraft } = await ask(DecidePolicyDraftDocument, { input: { id: draft.id, approve, reason } });
      const version = settled(decidePolicyDraft).policy?.version;
      if (version !== undefined) {
        message.success(t('policy.approvedAs', { version }));
        go({});
      }
    } finally {
      // Refused or not: how it stands by now.
      await Promise.all(['policy', 'policyDraft', 'policyDrafts'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    }
  }

  return (
    <>
      <Button onClick={() => go({})}>{t('policy.back')}</Button>
      <Card title={t('policy.proposal', { name: draft.name })}>
        {proposal !== null && (
          <>
            <p>{t('policy.proposedBy', { by: proposal.by, at: formats.dateTime(proposal.at) })}</p>
            <p>{proposal.startsAt === null ? t('policy.startsNow') : t('policy.startsAt', { at: formats.zonedTime(proposal.startsAt) })}</p>
            <p className="lines" data-verbatim>{proposal.reason}</p>
          </>
        )}
        {draft.canDecide && (
          <VerdictForm label={t('policy.decisionReason')} hint={t('policy.decisionHint')} accept={t('policy.approve')} decline={t('policy.decline')} decide={decide} />
        )}
        {!draft.canDecide && <Alert type="info" showIcon title={t(proposal?.by === viewer ? 'policy.ownProposal' : 'policy.notYours')} />}
        {proposal?.by === viewer && can.administrate && (
          <Button className="policy-take-back" loading={takingBack.busy} onClick={() => void takingBack.run(() => decide(false, t('policy.takenBack')))}>
            {t('policy.takeBack')}
          </Button>
        )}
        {takingBack.error !== undefined && <FailureNotice error={takingBack.error} />}
      </Card>
      <DraftShown draft={draft} base={base} />
    </>
  );
}
