import { useConsoleViewer } from '../../console/ViewerContext.ts';
import type { LogAction } from '../../entry/actions.ts';
import { LogMovesDocument } from '../../gql/graphql.ts';
import { useFollow } from './useFollow.ts';

/** Refetches after each of these log actions, for records without a subscription of their own. */
export function useLogChanges(actions: readonly LogAction[], readAgain: () => Promise<unknown>): void {
  const { can } = useConsoleViewer();
  useFollow({
    document: LogMovesDocument,
    variables: { filter: { actions: [...actions] } },
    enabled: can.readLog,
    cursorOf: ({ logAppended }) => logAppended.cursor,
    events: () => void readAgain(),
    // The first read happened before the cursor was known: refetch once, so that no event is missed.
    read: async () => {
      await readAgain();
    },
  });
}
