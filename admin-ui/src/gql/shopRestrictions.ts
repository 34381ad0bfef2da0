/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ShopRestrictionsQuery,
  ShopRestrictionsQueryVariables,
  RestrictBuyerMutation,
  RestrictBuyerMutationVariables,
  LiftRestrictionMutation,
  LiftRestrictionMutationVariables,
} from './types.ts';

export const ShopRestrictionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopRestrictions($filter: RestrictionFilter, $first: Int, $after: Cursor) {
  restrictionConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      ...ShopRestriction
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment ShopRestriction on Restriction {
  id
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  reason
  liftedAt
  buyerNotice
}`) as unknown as TypedDocumentString<ShopRestrictionsQuery, ShopRestrictionsQueryVariables>;
export const RestrictBuyerDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RestrictBuyer($input: RestrictBuyerInput!) {
  restrictBuyer(input: $input) {
    restriction {
      ...ShopRestriction
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
fragment ShopRestriction on Restriction {
  id
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  reason
  liftedAt
  buyerNotice
}`) as unknown as TypedDocumentString<RestrictBuyerMutation, RestrictBuyerMutationVariables>;
export const LiftRestrictionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation LiftRestriction($input: LiftRestrictionInput!) {
  liftRestriction(input: $input) {
    restriction {
      ...ShopRestriction
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
fragment ShopRestriction on Restriction {
  id
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  reason
  liftedAt
  buyerNotice
}`) as unknown as TypedDocumentString<LiftRestrictionMutation, LiftRestrictionMutationVariables>;
