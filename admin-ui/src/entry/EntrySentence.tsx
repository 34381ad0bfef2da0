import { useMemo, type ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { subjectPath } from '../console/subjectPath.ts';
import { useConsoleViewer, type ConsoleViewer } from '../console/ViewerContext.ts';
import { useScenarioNames } from '../data/useScenarioNames.ts';
import { useActionName } from '../format/useActionName.ts';
import { useFormats } from '../format/useFormats.ts';
import type { LogRowFragment } from '../gql/graphql.ts';
import { isLogAction } from './actions.ts';
import { entryFacts } from './entryFacts.ts';
import { useActorName } from './useActorName.ts';

/** What an entry of the log records, in a sentence with links to what it is about. */
export function EntrySentence({ entry }: { readonly entry: LogRowFragment }) {
  const { t } = useTranslation();
  const { nameOf } = useScenarioNames();
  const actorName = useActorName();
  const actionName = useActionName();
  const formats = useFormats();
  const facts = useMemo(() => entryFacts(entry), [entry]);
  const caseName = facts.caseId === undefined ? '–' : t('entryPart.case', { scenario: nameOf(facts.scenario ?? ''), buyer: facts.buyer ?? '–' });
  const parts = {
    actor: <strong>{actorName(entry.actor)}</strong>,
    action: <span>{actionName(entry.action)}</span>,
    subjects: <span>{entry.subjects.join(', ')}</span>,
    case: <Record subject={`case:${facts.caseId ?? ''}`}>{caseName}</Record>,
    buyer: <Record subject={`buyer:${facts.buyer ?? ''}`}>{facts.buyer ?? '–'}</Record>,
    merchant: <Record subject={`merchant:${facts.merchant ?? ''}`}>{t('entryPart.merchant', { id: facts.merchant ?? '–' })}</Record>,
    order: <span className="entry-order">{facts.order ?? '–'}</span>,
    policy: <Record subject={`policy:${facts.policyVersion ?? ''}`}>{t('entryPart.policy', { version: facts.policyVersion ?? '–' })}</Record>,
    decision: <strong>{facts.decision === undefined ? '–' : t(`decision.name.${facts.decision as 'CONFIRM'}`)}</strong>,
    people: <strong>{facts.people.length === 0 ? '–' : formats.list(facts.people)}</strong>,
    assignee: <strong>{facts.assignee ?? '–'}</strong>,
    appeal: <strong>{t(facts.verdict === 'ACCEPTED' ? 'entryPart.accepted' : 'entryPart.declined')}</strong>,
    second: <strong>{t(facts.verdict === 'AGREED' ? 'entryPart.agreed' : 'entryPart.disagreed')}</strong>,
  };
  const key = isLogAction(entry.action) ? (`sentence.${entry.action}` as const) : 'sentence.other';
  return (
    <>
      <Trans i18nKey={key} components={parts} />
      {facts.votes !== undefined && facts.threshold !== undefined && (
        <span className="entry-votes">{t('entryPart.votes', { votes: facts.votes, threshold: facts.threshold })}</span>
      )}
    </>
  );
}

interface RecordProps {
  readonly subject: string;
  readonly children: ReactNode;
}

// Trans puts no children into what it is given: they are here already.
function Record({ subject, children }: RecordProps) {
  const viewer = useConsoleViewer();
  const path = mayOpen(subject, viewer) ? subjectPath(subject) : undefined;
  return path === undefined ? <span>{children}</span> : <Link to={path}>{children}</Link>;
}

function mayOpen(subject: string, { can }: ConsoleViewer): boolean {
  return subject.startsWith('buyer:') ? can.seeBuyers : can.seeCases;
}
