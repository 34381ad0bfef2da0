import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useAsk } from '../data/AskContext.ts';
import type { QueueRowFragment } from '../gql/graphql.ts';
import { claimCase, decideCases, queueCase, releaseCase, undoDecisions } from './reviewActions.ts';
import { ReviewContext, type Review, type Undoable } from './ReviewContext.ts';

/** How long a decision can be taken back when the answer does not say; the server's rule decides in any case. */
const undoWindow = 30_000;

export function ReviewProvider({ children }: { readonly children: ReactNode }) {
  const ask = useAsk();
  const listeners = useRef(new Set<(rows: readonly QueueRowFragment[]) => void>());
  const passedOver = useRef(new Set<string>());
  const [undoable, setUndoable] = useState<Undoable | undefined>(undefined);

  const actions = useMemo(() => {
    const untilOf = new Map<string, string>();
    const changed = (rows: readonly QueueRowFragment[]) => {
      for (const row of rows) if (row.canUndo && row.undoUntil !== null) untilOf.set(row.id, row.undoUntil);
      for (const listener of listeners.current) listener(rows);
    };
    return {
      claim: (caseId) => claimCase(ask, caseId, changed),
      queue: (row, reason) => queueCase(ask, row, reason, changed),
      release: (caseId) => releaseCase(ask, caseId, changed),
      team: async (action) => action(ask, changed),
      async decide(rows, decision, reason) {
        const outcomes = await decideCases(ask, rows, decision, reason, changed);
        const done = new Set(outcomes.filter(({ decided }) => decided).map(({ id }) => id));
        const cases = rows.filter(({ id }) => done.has(id)).map(({ id, scenario, buyer }) => ({ id, scenario: scenario.name, buyer: buyer.id }));
        const ends = [...done].flatMap((id) => untilOf.get(id) ?? []).map((time) => Date.parse(time));
        // A wrong clock must neither shorten the time to undo nor promise more of it.
        const until = Math.min(Date.now() + undoWindow, ...ends.filter((end) => end > Date.now()));
        if (cases.length > 0) setUndoable({ cases, decision, until });
        return outcomes;
      },
      onChange(listener) {
        listeners.current.add(listener);
        return () => {
          listeners.current.delete(listener);
        };
      },
      passOver: (caseId) => void passedOver.current.add(caseId),
      isPassedOver: (caseId) => passedOver.current.has(caseId),
      forgetUndo: () => setUndoable(undefined),
      undoCases: (caseIds: readonly string[]) => undoDecisions(ask, caseIds, changed),
    } satisfies Omit<Review, 'undo' | 'undoable'> & { undoCases: unknown };
  }, [ask]);

  const review = useMemo<Review>(
    () => ({
      ...actions,
      undoable,
      async undo() {
        if (undoable === undefined) return [];
        setUndoable(undefined);
        return actions.undoCases(undoable.cases.map(({ id }) => id));
      },
    }),
    [actions, undoable],
  );
  return <ReviewContext value={review}>{children}</ReviewContext>;
}
