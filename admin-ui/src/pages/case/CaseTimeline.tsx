import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { noRows, usePages } from '../../data/usePages.ts';
import { useActionName } from '../../format/useActionName.ts';
import { useActorName } from '../../entry/useActorName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { CaseTimelineDocument } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';

interface CaseTimelineProps {
  readonly id: string;
  /** Another version has another timeline. */
  readonly version: number;
}

/** Everything that happened to the case, from the log. */
export function CaseTimeline({ id, version }: CaseTimelineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const actionName = useActionName();
  const actorName = useActorName();
  const { rows: entries = [], error, retry, more, reading } = useTimeline(id, version);
  return (
    <Card title={t('case.timeline')}>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      <ol className="timeline">
        {entries.map((entry) => (
          <li key={entry.seq}>
            <time dateTime={entry.at}>{formats.exactTime(entry.at)}</time>
            <span>
              <strong>{actionName(entry.action)}</strong> · {actorName(entry.actor)}
              {entry.reasonText !== null && entry.reasonText !== '' && (
                <span className="hint" data-verbatim>
                  {' '}
                  · {entry.reasonText}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      <MoreButton more={more} reading={reading} />
    </Card>
  );
}

function useTimeline(id: string, version: number) {
  const ask = useAsk();
  return usePages(['case', id, 'timeline', version], async (after, signal) => (await ask(CaseTimelineDocument, { id, after }, signal)).case?.timeline ?? noRows);
}
