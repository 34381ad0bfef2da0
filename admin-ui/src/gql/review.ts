/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ClaimCaseMutation,
  ClaimCaseMutationVariables,
  ReleaseCaseMutation,
  ReleaseCaseMutationVariables,
  DecideCasesMutation,
  DecideCasesMutationVariables,
  UndoDecisionMutation,
  UndoDecisionMutationVariables,
  QueueCaseMutation,
  QueueCaseMutationVariables,
} from './types.ts';

export const ClaimCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ClaimCase($input: ClaimCaseInput!) {
  claimCase(input: $input) {
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
}`) as unknown as TypedDocumentString<ClaimCaseMutation, ClaimCaseMutationVariables>;
export const ReleaseCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReleaseCase($input: ReleaseCaseInput!) {
  releaseCase(input: $input) {
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
}`) as unknown as TypedDocumentString<ReleaseCaseMutation, ReleaseCaseMutationVariables>;
export const DecideCasesDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideCases($input: DecideCasesInput!) {
  decideCases(input: $input) {
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
}`) as unknown as TypedDocumentString<DecideCasesMutation, DecideCasesMutationVariables>;
export const UndoDecisionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UndoDecision($input: UndoDecisionInput!) {
  undoDecision(input: $input) {
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
}`) as unknown as TypedDocumentString<UndoDecisionMutation, UndoDecisionMutationVariables>;
export const QueueCaseDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation QueueCase($input: QueueCaseInput!) {
  queueCase(input: $input) {
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
}`) as unknown as TypedDocumentString<QueueCaseMutation, QueueCaseMutationVariables>;
