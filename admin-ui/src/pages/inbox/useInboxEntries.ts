import { useAsk } from '../../data/AskContext.ts';
import { usePages } from '../../data/usePages.ts';
import { LogPageDocument, type LogRowFragment } from '../../gql/graphql.ts';
import type { Pages } from '../../data/usePages.ts';

const pageSize = 30;

/** The entries of an inbox, newest first, read again whenever one comes. */
export function useInboxEntries(subject: string): Pages<LogRowFragment> {
  const ask = useAsk();
  return usePages(['inbox', 'entries', subject], async (before, signal) => {
    const { log } = await ask(LogPageDocument, { subject, last: pageSize, before }, signal);
    return { nodes: log.nodes.toReversed(), pageInfo: { endCursor: log.pageInfo.startCursor, hasNextPage: log.pageInfo.hasPreviousPage } };
  });
}
