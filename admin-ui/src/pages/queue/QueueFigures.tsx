import { useTranslation } from 'react-i18next';
import { NumberLink } from '../../charts/NumberLink.tsx';
import { addressOf } from '../../console/useAddress.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { QueueFiguresDocument, type FigureName, type QueueNumbersFragment } from '../../gql/graphql.ts';
import { figurePath } from '../log/figures.ts';

const hour = 3_600_000;

const figures = ['pending', 'overdue', 'dueWithin4h', 'dueWithin12h', 'claimed', 'handledToday'] as const;

/** Whose work today's decisions are: the last three add up to all. */
const handled = [
  ['handledByMeToday', 'HANDLED'],
  ['handledByReviewersToday', 'HANDLED'],
  ['handledByRuleToday', 'BY_RULE'],
  ['missedToday', 'MISSED'],
] as const satisfies readonly (readonly [keyof QueueNumbersFragment, FigureName])[];

/** The queue in numbers, each of which leads to its rows. The console keeps them up to date for every page. */
export function QueueFigures() {
  const { t } = useTranslation();
  const { data } = useRead(QueueFiguresDocument, {}, { key: ['queueStats'] });
  const paths = useQueuePaths();
  const today = useTodayPath();
  const { id: me } = useConsoleViewer();
  const stats = data?.queueStats;
  const pathOf = (name: (typeof figures)[number]) => (name === 'handledToday' ? today('DECISIONS') : paths[name]);
  return (
    <dl className="figures">
      {figures.map((name) => (
        <div key={name} className={name === 'overdue' && (stats?.overdue ?? 0) > 0 ? 'is-alarming' : undefined}>
          <dt>{t(`queue.figure.${name}`)}</dt>
          <dd>{stats === undefined ? '–' : <NumberLink value={name === 'pending' ? stats.pending - stats.snoozed : stats[name]} path={pathOf(name)} />}</dd>
        </div>
      ))}
      {handled.map(([name, figure]) => (
        <div key={name} className="is-part">
          <dt>{t(`queue.figure.${name}`)}</dt>
          <dd>{stats === undefined ? '–' : <NumberLink value={stats[name]} path={today(figure, name === 'handledByMeToday' ? me : undefined)} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function useQueuePaths() {
  const now = useNow();
  // What is overdue is no part of what is due within some hours.
  const within = (hours: number) => `/queue?${addressOf({ dueFrom: new Date(now).toISOString(), dueTo: new Date(now + hours * hour).toISOString() }).toString()}`;
  return { pending: '/queue', overdue: '/queue?overdue=1', dueWithin4h: within(4), dueWithin12h: within(12), claimed: '/queue?claimed=1' } as const;
}

function useTodayPath() {
  const formats = useFormats();
  const today = formats.date(new Date(useNow()).toISOString());
  return (figure: FigureName, reviewer?: string) => figurePath({ figure, from: today, to: today, reviewer });
}
