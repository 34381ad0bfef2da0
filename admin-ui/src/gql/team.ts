/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  InboxQuery,
  InboxQueryVariables,
  ReadInboxMutation,
  ReadInboxMutationVariables,
  ReviewersQuery,
  ReviewersQueryVariables,
  CaseNotesQuery,
  CaseNotesQueryVariables,
  AddCaseNoteMutation,
  AddCaseNoteMutationVariables,
  WithdrawCaseNoteMutation,
  WithdrawCaseNoteMutationVariables,
  AssignCasesMutation,
  AssignCasesMutationVariables,
  TakeOverCaseMutation,
  TakeOverCaseMutationVariables,
  SnoozeCaseMutation,
  SnoozeCaseMutationVariables,
  WakeCaseMutation,
  WakeCaseMutationVariables,
  EscalateCaseMutation,
  EscalateCaseMutationVariables,
  HandBackCaseMutation,
  HandBackCaseMutationVariables,
} from './types.ts';

export const InboxDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Inbox {
  inbox {
    subject
    readThrough
    unread
  }
}
    `) as unknown as TypedDocumentString<InboxQuery, InboxQueryVariables>;
export const ReadInboxDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReadInbox($input: ReadInboxInput!) {
  readInbox(input: $input) {
    inbox {
      subject
      readThrough
      unread
    }
  }
}
    `) as unknown as TypedDocumentString<ReadInboxMutation, ReadInboxMutationVariables>;
export const ReviewersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Reviewers {
  reviewers
}
    `) as unknown as TypedDocumentString<ReviewersQuery, ReviewersQueryVariables>;
export const CaseNotesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CaseNotes($id: ID!) {
  case(id: $id) {
    notes {
      ...ReviewerNote
    }
  }
}
    fragment ReviewerNote on CaseNote {
  id
  at
  by
  text
  mentions
  withdrawnAt
  withdrawnBy
  canWithdraw
}`) as unknown as TypedDocumentString<CaseNotesQuery, CaseNotesQueryVariables>;
export const AddCaseNoteDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AddCaseNote($input: AddCaseNoteInput!) {
  addCaseNote(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<AddCaseNoteMutation, AddCaseNoteMutationVariables>;
export const WithdrawCaseNoteDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation WithdrawCaseNote($input: WithdrawCaseNoteInput!) {
  withdrawCaseNote(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<WithdrawCaseNoteMutation, WithdrawCaseNoteMutationVariables>;
export const AssignCasesDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AssignCases($input: AssignCasesInput!) {
  assignCases(input: $input) {
    results {
      case {
        ...QueueRow
      }
      userErrors {
        ...Refusal
      }
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<AssignCasesMutation, AssignCasesMutationVariables>;
export const TakeOverCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation TakeOverCase($input: TakeOverCaseInput!) {
  takeOverCase(input: $input) {
    case {
      ...QueueRow
    }
    token
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<TakeOverCaseMutation, TakeOverCaseMutationVariables>;
export const SnoozeCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SnoozeCase($input: SnoozeCaseInput!) {
  snoozeCase(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<SnoozeCaseMutation, SnoozeCaseMutationVariables>;
export const WakeCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation WakeCase($input: WakeCaseInput!) {
  wakeCase(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<WakeCaseMutation, WakeCaseMutationVariables>;
export const EscalateCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation EscalateCase($input: EscalateCaseInput!) {
  escalateCase(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<EscalateCaseMutation, EscalateCaseMutationVariables>;
export const HandBackCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation HandBackCase($input: HandBackCaseInput!) {
  handBackCase(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<HandBackCaseMutation, HandBackCaseMutationVariables>;
