/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  QueuePageQuery,
  QueuePageQueryVariables,
  QueueChangesSubscription,
  QueueChangesSubscriptionVariables,
  QueueFiguresQuery,
  QueueFiguresQueryVariables,
  QueueFigureChangesSubscription,
  QueueFigureChangesSubscriptionVariables,
  OwnViewsQuery,
  OwnViewsQueryVariables,
  SharedViewsQuery,
  SharedViewsQueryVariables,
  SaveViewMutation,
  SaveViewMutationVariables,
  DeleteViewMutation,
  DeleteViewMutationVariables,
} from './types.ts';

export const QueuePageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query QueuePage($filter: CaseFilter, $orderBy: CaseOrder, $first: Int, $after: Cursor, $evidence: Boolean! = false, $count: Boolean! = false) {
  cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...QueueRow
      ...ListEvidence @include(if: $evidence)
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount @include(if: $count)
  }
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
}
fragment ListEvidence on Case {
  priorityParts {
    reason
    hours
  }
  evidence {
    ...Evidence
  }
  buyer {
    risk {
      score
      strongest {
        label
        value
        unit
      }
    }
  }
}
fragment Evidence on CaseEvidence {
  orders
  amounts {
    cents
    currency
  }
  merchants {
    id
    name
  }
  note
  otherCases
}`) as unknown as TypedDocumentString<QueuePageQuery, QueuePageQueryVariables>;
export const QueueChangesDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription QueueChanges($filter: CaseFilter, $after: Cursor) {
  caseChanged(filter: $filter, after: $after) {
    cursor
    case {
      ...QueueRow
      ...ListEvidence
    }
  }
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
}
fragment ListEvidence on Case {
  priorityParts {
    reason
    hours
  }
  evidence {
    ...Evidence
  }
  buyer {
    risk {
      score
      strongest {
        label
        value
        unit
      }
    }
  }
}
fragment Evidence on CaseEvidence {
  orders
  amounts {
    cents
    currency
  }
  merchants {
    id
    name
  }
  note
  otherCases
}`) as unknown as TypedDocumentString<QueueChangesSubscription, QueueChangesSubscriptionVariables>;
export const QueueFiguresDocument = /*#__PURE__*/ new TypedDocumentString(`
    query QueueFigures {
  queueStats {
    ...QueueNumbers
  }
}
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  snoozed
  escalated
  handledToday
  handledByMeToday
  handledByReviewersToday
  handledByRuleToday
  missedToday
}`) as unknown as TypedDocumentString<QueueFiguresQuery, QueueFiguresQueryVariables>;
export const QueueFigureChangesDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription QueueFigureChanges {
  queueStats {
    ...QueueNumbers
  }
}
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  snoozed
  escalated
  handledToday
  handledByMeToday
  handledByReviewersToday
  handledByRuleToday
  missedToday
}`) as unknown as TypedDocumentString<QueueFigureChangesSubscription, QueueFigureChangesSubscriptionVariables>;
export const OwnViewsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query OwnViews($page: String!) {
  savedViews(page: $page, first: 100) {
    nodes {
      ...SavedViewFields
    }
  }
}
    fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}`) as unknown as TypedDocumentString<OwnViewsQuery, OwnViewsQueryVariables>;
export const SharedViewsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SharedViews($page: String!, $first: Int, $after: Cursor) {
  savedViews(page: $page, shared: true, first: $first, after: $after) {
    nodes {
      ...SavedViewFields
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}`) as unknown as TypedDocumentString<SharedViewsQuery, SharedViewsQueryVariables>;
export const SaveViewDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SaveView($input: SaveViewInput!) {
  saveView(input: $input) {
    view {
      ...SavedViewFields
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
fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}`) as unknown as TypedDocumentString<SaveViewMutation, SaveViewMutationVariables>;
export const DeleteViewDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteView($input: DeleteViewInput!) {
  deleteView(input: $input) {
    deletedId
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<DeleteViewMutation, DeleteViewMutationVariables>;
