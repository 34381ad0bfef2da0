/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  FindQuery,
  FindQueryVariables,
  FindOwnOrderQuery,
  FindOwnOrderQueryVariables,
} from './types.ts';

export const FindDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Find($prefix: String!) {
  find(prefix: $prefix) {
    buyers {
      id
      cases {
        ...FoundCase
      }
    }
    cases {
      ...FoundCase
    }
    merchants {
      id
      name
    }
    orders {
      orderNo
      buyer {
        id
      }
      merchant {
        name
      }
      tag {
        case {
          id
        }
      }
    }
  }
}
    fragment FoundCase on Case {
  id
  state
  scenario {
    name
  }
  buyer {
    id
  }
}`) as unknown as TypedDocumentString<FindQuery, FindQueryVariables>;
export const FindOwnOrderDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FindOwnOrder($orderNo: ID!) {
  order(orderNo: $orderNo) {
    orderNo
    tag {
      scenario {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindOwnOrderQuery, FindOwnOrderQueryVariables>;
