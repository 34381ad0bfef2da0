import { useCallback, useReducer, useRef, useState } from 'react';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { LogAppendedDocument, LogPageDocument, type LogRowFragment } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';
import { ofScenario, type ActivitySearch } from './activitySearch.ts';
import { emptyFeed, feedAfter, type Feed } from './feed.ts';

// One scenario's entries may be far between: so many pages are looked through before it is said that there are no more nearby.
const mostPages = 5;
const enough = 40;

interface Activity {
  readonly feed: Feed;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Shows what waits and stays paused. */
  readonly show: () => void;
  readonly readOlder: () => void;
  readonly readingOlder: boolean;
  readonly retry: () => void;
}

/** The log as it grows, newest entries first. */
export function useActivity({ action, scenario, actor }: ActivitySearch): Activity {
  const ask = useAsk();
  const [feed, send] = useReducer(feedAfter, emptyFeed);
  const [readingOlder, setReadingOlder] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // Answers about another filter than the present one are of no use any more.
  const filter = JSON.stringify([action, scenario, actor, attempt]);
  const current = useRef(filter);

  const read = useCallback(
    async (before: string | null, signal?: AbortSignal) => {
      const entries: LogRowFragment[] = [];
      let older: string | null = before;
      for (let pages = 0; pages < mostPages && entries.length < enough; pages += 1) {
        const variables = { action: action ?? null, actor: actor ?? null, last: pageSize, before: older };
        // Each page begins where the one before ends.
        // oxlint-disable-next-line no-await-in-loop
        const { log } = await ask(LogPageDocument, variables, signal);
        entries.push(...log.nodes.toReversed().filter((entry) => ofScenario(entry, scenario)));
        older = log.pageInfo.hasPreviousPage ? log.pageInfo.startCursor : null;
        if (older === null) break;
      }
      return { entries, older: older ?? undefined };
    },
    [ask, action, actor, scenario],
  );

  useFollow({
    document: LogAppendedDocument,
    variables: { filter: { action: action ?? null, scenario: scenario ?? null, actor: actor ?? null } },
    restartKey: String(attempt),
    cursorOf: ({ logAppended }) => logAppended.cursor,
    events: (batch) => send({ kind: 'appended', entries: batch.map(({ logAppended }) => logAppended.node) }),
    read: async (signal) => {
      if (current.current !== filter) send({ kind: 'restart' });
      current.current = filter;
      try {
        send({ kind: 'read', ...(await read(null, signal)) });
      } catch (error) {
        if (!signal.aborted) send({ kind: 'failed', error });
        throw error;
      }
    },
  });

  function readOlder(): void {
    if (feed.older === undefined) return;
    setReadingOlder(true);
    void readBehind(feed.older);
  }

  async function readBehind(place: string): Promise<void> {
    try {
      const page = await read(place);
      if (current.current === filter) send({ kind: 'olderRead', ...page });
    } catch (error) {
      send({ kind: 'failed', error });
    } finally {
      setReadingOlder(false);
    }
  }

  return {
    feed,
    pause: () => send({ kind: 'pause' }),
    resume: () => send({ kind: 'resume' }),
    show: () => send({ kind: 'show' }),
    readOlder,
    readingOlder,
    retry: () => setAttempt(attempt + 1),
  };
}
