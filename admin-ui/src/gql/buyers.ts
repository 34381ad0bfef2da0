/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  BuyerRecordQuery,
  BuyerRecordQueryVariables,
  BuyerTagsQuery,
  BuyerTagsQueryVariables,
  FreightInsuranceAnswerQuery,
  FreightInsuranceAnswerQueryVariables,
} from './types.ts';

export const BuyerRecordDocument = /*#__PURE__*/ new TypedDocumentString(`
    query BuyerRecord($id: ID!) {
  buyer(id: $id) {
    id
    ...BuyerRisk
    cases {
      ...QueueRow
    }
    complaints {
      id
      orderNo
      state
      openedAt
      decidedAt
    }
    restrictions {
      ...RestrictionRow
    }
    appeals {
      ...AppealRow
    }
    tags(first: 100) {
      totalCount
      nodes {
        merchant {
          id
          name
        }
      }
    }
  }
}
    fragment AppealRow on Appeal {
  id
  state
  statement
  filedAt
  filedBy
  decidedBy
  decidedAt
  reply
  canDecide
  case {
    id
    state
    scenario {
      code
      name
    }
    buyer {
      id
    }
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
fragment RestrictionRow on Restriction {
  id
  buyerId
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  decidedBy
  reason
  liftedAt
  buyerNotice
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<BuyerRecordQuery, BuyerRecordQueryVariables>;
export const BuyerTagsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query BuyerTags($id: ID!, $after: Cursor) {
  buyer(id: $id) {
    tags(first: 50, after: $after) {
      nodes {
        ...BuyerTag
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment BuyerTag on Tag {
  ...MerchantTag
  scenario {
    effect
  }
  merchant {
    id
    name
  }
  order {
    freightInsured
    amountCents
    currency
  }
}
fragment MerchantTag on Tag {
  orderNo
  status
  version
  note
  submittedAt
  statusChangedAt
  scenario {
    name
  }
  case {
    id
    buyer {
      id
    }
  }
}`) as unknown as TypedDocumentString<BuyerTagsQuery, BuyerTagsQueryVariables>;
export const FreightInsuranceAnswerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FreightInsuranceAnswer($orderNo: ID!) {
  freightInsuranceDecision(orderNo: $orderNo) {
    orderNo
    answer
    grounds
    decidedAt
    version
  }
}
    `) as unknown as TypedDocumentString<FreightInsuranceAnswerQuery, FreightInsuranceAnswerQueryVariables>;
