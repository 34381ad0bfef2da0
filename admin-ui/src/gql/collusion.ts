/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  LinkedPairsQuery,
  LinkedPairsQueryVariables,
  ShopStandingQuery,
  ShopStandingQueryVariables,
  TagsOfShopQuery,
  TagsOfShopQueryVariables,
} from './types.ts';

export const LinkedPairsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query LinkedPairs {
  linkedPairs {
    ...Pair
  }
}
    fragment Pair on LinkedPair {
  a {
    ...PairedShop
  }
  b {
    ...PairedShop
  }
  commonBuyers
  buyersOfA
  buyersOfB
  lift
  at
}
fragment PairedShop on Merchant {
  id
  name
  entityId
  permission
}`) as unknown as TypedDocumentString<LinkedPairsQuery, LinkedPairsQueryVariables>;
export const ShopStandingDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopStanding($id: ID!) {
  merchant(id: $id) {
    record {
      ...ShopShare
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
}`) as unknown as TypedDocumentString<ShopStandingQuery, ShopStandingQueryVariables>;
export const TagsOfShopDocument = /*#__PURE__*/ new TypedDocumentString(`
    query TagsOfShop($merchantId: ID!) {
  tags(filter: {merchantId: $merchantId}, first: 100) {
    nodes {
      orderNo
      submittedAt
      status
      merchant {
        id
      }
      case {
        id
      }
      order {
        buyer {
          id
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TagsOfShopQuery, TagsOfShopQueryVariables>;
