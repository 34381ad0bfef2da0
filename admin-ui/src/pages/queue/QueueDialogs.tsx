import type { Decision, QueueRowFragment } from '../../gql/graphql.ts';
import { DecideDialog } from '../../review/DecideDialog.tsx';
import { AssignDialog } from '../../team/AssignDialog.tsx';

/** What is asked about some rows of the queue. */
export type QueueQuestion =
  | { readonly kind: 'decide'; readonly decision: Decision; readonly rows: readonly QueueRowFragment[] }
  | { readonly kind: 'assign'; readonly caseIds: readonly string[] };

export interface QueueDialogsProps {
  readonly question: QueueQuestion;
  /** The row as it is by now. */
  readonly current: (id: string) => QueueRowFragment | undefined;
  /** Called with the cases that were decided. */
  readonly decided: (ids: readonly string[]) => void;
  readonly close: () => void;
}

/** What opens over the queue. It is loaded when somebody works there, not with the list. */
export function QueueDialogs({ question, current, decided, close }: QueueDialogsProps) {
  return question.kind === 'assign' ? (
    <AssignDialog caseIds={question.caseIds} close={close} />
  ) : (
    <DecideDialog decision={question.decision} rows={question.rows} current={current} decided={decided} close={close} />
  );
}
