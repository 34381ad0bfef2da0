import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { LogAppendedDocument, LogPageDocument, type LogRowFragment } from '../../gql/graphql.ts';
import { useZone } from '../../format/ZoneContext.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { figureOf, listPart, logAddress, matchesLog, timesOf, type LogSearch } from './logSearch.ts';

/** The log's entries of a search, newest first; new ones wait to be shown. */
export function useLogList(search: LogSearch): PagedListState<LogRowFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const key = logAddress.write(listPart(search)).toString();
  // The last days are those before the page was opened, so that the pages of its lists fit together.
  const zone = useZone();
  const [opened] = useState(() => Date.now());
  const within = useMemo(() => timesOf(logAddress.read(new URLSearchParams(key)), opened, zone), [key, opened, zone]);
  const { subject = null, action = null, actor = null } = search;
  const log = usePagedList<LogRowFragment>(`log?${key}#${i18n.language}`, {
    id: ({ seq }) => String(seq),
    version: () => 1,
    matches: (entry) => matchesLog(entry, search, within),
    compare: (a, b) => b.seq - a.seq,
    async page(after, signal) {
      const variables = { subject, action, actor, from: within?.from ?? null, to: within?.to ?? null, figure: figureOf(search), last: pageSize, before: after ?? null, count: after === undefined };
      const { log: read } = await ask(LogPageDocument, variables, signal);
      const { startCursor, hasPreviousPage } = read.pageInfo;
      return { rows: read.nodes.toReversed(), endCursor: startCursor, hasNextPage: hasPreviousPage, ...countOf(read) };
    },
  });
  useFollow({
    document: LogAppendedDocument,
    variables: { filter: { subject, action, actor } },
    restartKey: `${key}#${i18n.language}`,
    cursorOf: ({ logAppended }) => logAppended.cursor,
    // Whether an entry counts in a number is for the server to say: its rows are read, and not followed.
    events: (batch) => search.figure === undefined && log.list.upsert(batch.map(({ logAppended }) => logAppended.node)),
    read: (signal) => log.list.reload(signal),
  });
  return log;
}
