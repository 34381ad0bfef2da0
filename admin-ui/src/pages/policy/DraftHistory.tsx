import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { stateOf } from '../../entry/entryFacts.ts';
import { useActorName } from '../../entry/useActorName.ts';
import { useActionName } from '../../format/useActionName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { PolicyDraftChangesDocument, type PolicyFieldsFragment } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { useFieldName, useValueText } from './PolicyChanges.tsx';
import { policyChanges, type Numbers } from './policyDraft.ts';

/** Who changed what of a draft, and when, the latest first. */
export function DraftHistory({ id, base }: { readonly id: string; readonly base: PolicyFieldsFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const actorName = useActorName();
  const actionName = useActionName();
  const nameOf = useFieldName();
  const textOf = useValueText();
  const { data, error, refetch } = useRead(PolicyDraftChangesDocument, { subject: `policy_draft:${id}` }, { key: ['policyDraft', id, 'changes'] });
  return (
    <Card title={t('policy.history')}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      <ul className="policy-drafts">
        {data?.log.nodes.toReversed().map(({ seq, at, actor, action, before, after }) => (
          <li key={seq}>
            <time dateTime={at}>{formats.dateTime(at)}</time> <strong>{actorName(actor)}</strong> {actionName(action)}
            <ul className="hint">
              {action === 'policy.draft_saved' &&
                policyChanges(numbersIn(before, base), numbersIn(after, base)).map((change) => (
                  <li key={`${change.field}:${change.scenario ?? ''}`}>
                    {nameOf(change)}: {textOf(change.before)} → {textOf(change.after)}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}

// The log keeps a draft as the server does: no limit to the age of orders is a 0 there. Before the first there is the version.
function numbersIn(json: string | null, base: Numbers): Numbers {
  const stored = stateOf(json)['policy'] as Numbers | undefined;
  if (stored === undefined) return base;
  return { ...base, ...stored, maxOrderAgeDays: stored.maxOrderAgeDays === 0 ? null : stored.maxOrderAgeDays };
}
