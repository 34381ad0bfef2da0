import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFollow } from '../../data/live/useFollow.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { QueueFigureChangesDocument, QueueFiguresDocument } from '../../gql/graphql.ts';

const figures = ['pending', 'overdue', 'dueWithin4h', 'dueWithin12h', 'claimed', 'snoozed', 'escalated', 'handledToday'] as const;
// Of these there are none on most days, and then they say nothing.
const occasional: readonly string[] = ['snoozed', 'escalated'];

/** The queue in numbers, live. */
export function QueueFigures() {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const client = useQueryClient();
  const { data } = useRead(QueueFiguresDocument, {}, { key: ['queueStats'] });
  useFollow({
    document: QueueFigureChangesDocument,
    variables: {},
    cursorOf: () => undefined,
    events: (batch) => client.setQueryData(['queueStats', i18n.language], batch.at(-1)),
  });
  const stats = data?.queueStats;
  return (
    <dl className="figures">
      {figures.filter((name) => !occasional.includes(name) || (stats?.[name] ?? 0) > 0).map((name) => (
        <div key={name} className={name === 'overdue' && (stats?.overdue ?? 0) > 0 ? 'is-alarming' : undefined}>
          <dt>{t(`queue.figure.${name}`)}</dt>
          <dd>{stats === undefined ? '–' : formats.number(stats[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
