import { createContext, useContext, useEffect, useEffectEvent } from 'react';
import type { Decision, QueueRowFragment } from '../gql/graphql.ts';
import type { TeamAction } from '../team/teamActions.ts';
import type { RowOutcome } from './decisions.ts';

/** Decisions that can still be taken back together. */
export interface Undoable {
  readonly cases: readonly { readonly id: string; readonly scenario: string; readonly buyer: string }[];
  readonly decision: Decision;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What reviewers do to cases, for every page that shows them. Refusals are thrown as RefusedError. */
export interface Review {
  claim(caseId: string): Promise<void>;
  release(caseId: string): Promise<void>;
  /** Puts a case, as it was seen, into the queue. */
  queue(row: QueueRowFragment, reason: string): Promise<void>;
  /** Submits a change of how reviewers share the work. */
  team<Result>(action: TeamAction<Result>): Promise<Result>;
  /** Decides each of the cases; returns one outcome for each, in order. Throws only when the request itself failed. */
  decide(rows: readonly QueueRowFragment[], decision: Decision, reason: string): Promise<readonly RowOutcome[]>;
  readonly undoable: Undoable | undefined;
  /** Undoes the latest decision. Returns the cases for which that failed. */
  undo(): Promise<readonly RowOutcome[]>;
  forgetUndo(): void;
  /** Skips a case: `next case` does not open it again in this tab. */
  passOver(caseId: string): void;
  isPassedOver(caseId: string): boolean;
  /** Reports new states of cases after the person's own changes. */
  onChange(listener: (rows: readonly QueueRowFragment[]) => void): () => void;
}

export const ReviewContext = createContext<Review | undefined>(undefined);

export function useReview(): Review {
  const review = useContext(ReviewContext);
  if (review === undefined) throw new Error('useReview needs a ReviewContext above it');
  return review;
}

/** Calls `changed` with the new state of each case that this reviewer changed, on whichever page. */
export function useReviewChanges(changed: (rows: readonly QueueRowFragment[]) => void): void {
  const { onChange } = useReview();
  const listener = useEffectEvent(changed);
  useEffect(() => onChange((rows) => listener(rows)), [onChange]);
}
