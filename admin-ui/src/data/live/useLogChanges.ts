import { useConsoleViewer } from '../../console/ViewerContext.ts';
import type { LogAction } from '../../entry/actions.ts';
import { LogMovesDocument } from '../../gql/graphql.ts';
import { useFollow } from './useFollow.ts';

/** Reads again whenever one of these things has been done, for records that have no subscription of their own. */
export function useLogChanges(actions: readonly LogAction[], readAgain: () => Promise<unknown>): void {
  const { can } = useConsoleViewer();
  useFollow({
    document: LogMovesDocument,
    variables: { filter: { actions: [...actions] } },
    enabled: can.readLog,
    cursorOf: ({ logAppended }) => logAppended.cursor,
    events: () => void readAgain(),
    // The first read has happened before the place in the log was known: once more, so that nothing lies between.
    read: async () => {
      await readAgain();
    },
  });
}
