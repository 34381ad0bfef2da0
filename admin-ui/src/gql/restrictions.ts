/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  RestrictionsPageQuery,
  RestrictionsPageQueryVariables,
  RestrictionDetailQuery,
  RestrictionDetailQueryVariables,
  DecideRestrictionMutation,
  DecideRestrictionMutationVariables,
} from './types.ts';

export const RestrictionsPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query RestrictionsPage($filter: RestrictionFilter, $first: Int, $after: Cursor) {
  restrictionConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      ...RestrictionRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
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
}`) as unknown as TypedDocumentString<RestrictionsPageQuery, RestrictionsPageQueryVariables>;
export const RestrictionDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query RestrictionDetail($id: ID!) {
  restriction(id: $id) {
    ...RestrictionRow
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
}`) as unknown as TypedDocumentString<RestrictionDetailQuery, RestrictionDetailQueryVariables>;
export const DecideRestrictionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideRestriction($input: DecideRestrictionInput!) {
  decideRestriction(input: $input) {
    restriction {
      ...RestrictionRow
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
}`) as unknown as TypedDocumentString<DecideRestrictionMutation, DecideRestrictionMutationVariables>;
