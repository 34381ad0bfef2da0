/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ShopInsuranceQuery,
  ShopInsuranceQueryVariables,
} from './types.ts';

export const ShopInsuranceDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopInsurance($first: Int, $after: Cursor) {
  tags(
    filter: {scenario: "FREIGHT_INSURANCE_ARBITRAGE"}
    orderBy: SUBMITTED_AT_DESC
    first: $first
    after: $after
  ) {
    nodes {
      ...ShopTag
      order {
        freightInsured
        freightInsurance {
          answer
          grounds
          decidedAt
        }
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment ShopTag on Tag {
  orderNo
  version
  status
  markResult
  reason
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  scenario {
    code
    name
  }
}`) as unknown as TypedDocumentString<ShopInsuranceQuery, ShopInsuranceQueryVariables>;
