/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  AppealsPageQuery,
  AppealsPageQueryVariables,
  AppealDetailQuery,
  AppealDetailQueryVariables,
  DecideAppealMutation,
  DecideAppealMutationVariables,
} from './types.ts';

export const AppealsPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AppealsPage($filter: AppealFilter, $first: Int, $after: Cursor) {
  appealConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      ...AppealRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
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
}`) as unknown as TypedDocumentString<AppealsPageQuery, AppealsPageQueryVariables>;
export const AppealDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AppealDetail($id: ID!) {
  appeal(id: $id) {
    ...AppealRow
    facts {
      state
      version
      decision {
        decision
        by
        automatic
        reasonText
        at
      }
      explanation {
        ...AppealGrounds
      }
      tags {
        ...AppealTag
      }
    }
    case {
      version
      decision {
        decision
        by
        automatic
        reasonText
        at
      }
      explanation {
        ...AppealGrounds
      }
      tags(first: 100) {
        nodes {
          ...AppealTag
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
fragment AppealTag on Tag {
  orderNo
  status
  note
  submittedAt
  merchant {
    id
    name
    permission
  }
}
fragment AppealGrounds on Explanation {
  count
  threshold
  riskLevel
  policyVersion
  holds
  text
}`) as unknown as TypedDocumentString<AppealDetailQuery, AppealDetailQueryVariables>;
export const DecideAppealDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideAppeal($input: DecideAppealInput!) {
  decideAppeal(input: $input) {
    appeal {
      ...AppealRow
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
}`) as unknown as TypedDocumentString<DecideAppealMutation, DecideAppealMutationVariables>;
