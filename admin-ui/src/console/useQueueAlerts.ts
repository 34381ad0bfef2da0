import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFollow } from '../data/live/useFollow.ts';
import { useRead } from '../data/useRead.ts';
import { LogMovesDocument, QueueFigureChangesDocument, QueueFiguresDocument } from '../gql/graphql.ts';
import { useConsoleViewer } from './ViewerContext.ts';

// What waits for people from the moment it is logged.
const arrivals = ['case.queued', 'second_review.drawn', 'appeal.filed'];

/**
 * What needs attention, in words: cases that are overdue, and what has come in since somebody last looked at this tab. Follows
 * the queue's numbers for every page, in the background too.
 */
export function useQueueAlerts(): string {
  const { t, i18n } = useTranslation();
  const { can } = useConsoleViewer();
  const client = useQueryClient();
  const { data } = useRead(QueueFiguresDocument, {}, { key: ['queueStats'], enabled: can.seeCases });
  useFollow({
    document: QueueFigureChangesDocument,
    variables: {},
    enabled: can.seeCases,
    cursorOf: () => undefined,
    events: (batch) => client.setQueryData(['queueStats', i18n.language], batch.at(-1)),
  });
  const fresh = useArrivals(can.decide && can.readLog);
  const overdue = data?.queueStats.overdue ?? 0;
  return [overdue > 0 ? t('console.overdue', { count: overdue }) : '', fresh > 0 ? t('console.fresh', { count: fresh }) : ''].filter((part) => part !== '').join(' · ');
}

/** How much has come in since the tab was last in sight. */
function useArrivals(enabled: boolean): number {
  const [count, setCount] = useState(0);
  useFollow({
    document: LogMovesDocument,
    variables: { filter: { actions: arrivals } },
    enabled,
    cursorOf: ({ logAppended }) => logAppended.cursor,
    events: (batch) => {
      if (document.visibilityState === 'hidden') setCount((before) => before + batch.length);
    },
  });
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') setCount(0);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return count;
}
