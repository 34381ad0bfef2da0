/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  CaseDetailQuery,
  CaseDetailQueryVariables,
  CaseTimelineQuery,
  CaseTimelineQueryVariables,
  CaseChangesSubscription,
  CaseChangesSubscriptionVariables,
  CaseViewersSubscription,
  CaseViewersSubscriptionVariables,
} from './types.ts';

export const CaseDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CaseDetail($id: ID!, $timeZone: String) {
  case(id: $id) {
    ...QueueRow
    scenario {
      code
      name
      definition
      category
      effect
    }
    explanation {
      scenarioThreshold
      riskAdjustment
      windowStart
      nextExpiryAt
      policyVersion
      text(timeZone: $timeZone)
      votes {
        entityId
        tags
        lastTagAt
        merchants {
          id
          name
        }
      }
    }
    buyer {
      id
      ...BuyerRisk
      appeals {
        id
        state
        case {
          id
        }
      }
      cases {
        id
        state
        decision {
          decision
        }
        handling
        dueAt
        scenario {
          code
          name
        }
        explanation {
          count
          threshold
        }
      }
    }
    decision {
      policyVersion
      reasonText
    }
    priorityParts {
      reason
      hours
    }
    evidence {
      ...Evidence
    }
    signals {
      ...Collusion
    }
    tags(first: 100) {
      nodes {
        ...CaseTag
      }
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment CaseTag on Tag {
  orderNo
  status
  markResult
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  merchant {
    id
    name
    entityId
    permission
    tagCount
    succeededCount
    overturnedCount
    record {
      ...ShopShare
    }
  }
  order {
    placedAt
    amountCents
    currency
    freightInsured
    reportOutcome
  }
}
fragment BuyerRisk on Buyer {
  risk {
    score
    level
    updatedAt
    signals {
      code
      label
      value
      unit
      weight
    }
  }
  exposure {
    orders
    merchants
    taggedOrders
  }
}
fragment Collusion on CaseSignals {
  burst {
    entities
    from
    to
  }
  linkedPairs {
    a {
      id
      name
    }
    b {
      id
      name
    }
    commonBuyers
    buyersOfA
    buyersOfB
    lift
  }
  shops {
    id
    name
    record {
      ...ShopSignals
    }
  }
}
fragment ShopShare on ShopRecord {
  orders
  taggedOrders
  orderDays
}
fragment ShopSignals on ShopRecord {
  signals {
    kind
    text
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
}`) as unknown as TypedDocumentString<CaseDetailQuery, CaseDetailQueryVariables>;
export const CaseTimelineDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CaseTimeline($id: ID!, $after: Cursor) {
  case(id: $id) {
    timeline(first: 100, after: $after) {
      nodes {
        seq
        at
        actor
        action
        subjects
        reasonText
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CaseTimelineQuery, CaseTimelineQueryVariables>;
export const CaseChangesDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription CaseChanges($filter: CaseFilter, $after: Cursor) {
  caseChanged(filter: $filter, after: $after) {
    cursor
    action
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<CaseChangesSubscription, CaseChangesSubscriptionVariables>;
export const CaseViewersDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription CaseViewers($caseId: ID!) {
  caseViewers(caseId: $caseId) {
    id
    since
  }
}
    `) as unknown as TypedDocumentString<CaseViewersSubscription, CaseViewersSubscriptionVariables>;
