import { useQueryClient } from '@tanstack/react-query';
import { useConsoleViewer } from '../console/ViewerContext.ts';
import { useFollow } from '../data/live/useFollow.ts';
import { useRead } from '../data/useRead.ts';
import { InboxDocument, LogMovesDocument, type InboxQuery } from '../gql/graphql.ts';

/** What of the log concerns the caller, in numbers. Others keep it live: see {@link useInboxChanges}. */
export function useInbox(): InboxQuery['inbox'] | undefined {
  const { can } = useConsoleViewer();
  return useRead(InboxDocument, {}, { key: ['inbox'], enabled: can.decide, keepLast: true }).data?.inbox;
}

/** Reads everything about the inbox again when something comes that concerns the caller. */
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
