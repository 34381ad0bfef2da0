import { useQueryClient } from '@tanstack/react-query';
import { useConsoleViewer } from '../console/ViewerContext.ts';
import { useFollow } from '../data/live/useFollow.ts';
import { useRead } from '../data/useRead.ts';
import { InboxDocument, LogMovesDocument, type InboxQuery } from '../gql/graphql.ts';

/** The counts of the caller's inbox. {@link useInboxChanges} keeps them up to date. */
export function useInbox(): InboxQuery['inbox'] | undefined {
  const { can } = useConsoleViewer();
  return useRead(InboxDocument, {}, { key: ['inbox'], enabled: can.decide, keepLast: true }).data?.inbox;
}

/** Refetches everything about the inbox when an entry that concerns the caller arrives. */
export function useInboxChanges(): void {
  const { can, id } = useConsoleViewer();
  const client = useQueryClient();
  const readAgain = () => client.invalidateQueries({ queryKey: ['inbox'] });
  useFollow({
    document: LogMovesDocument,
    variables: { filter: { subject: `reviewer:${id}` } },
    enabled: can.decide,
    cursorOf: ({ logAppended }) => logAppended.cursor,
    events: () => void readAgain(),
    read: readAgain,
  });
}
