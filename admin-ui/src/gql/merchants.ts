/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  MerchantsPageQuery,
  MerchantsPageQueryVariables,
  RevocationsPageQuery,
  RevocationsPageQueryVariables,
  MerchantRecordQuery,
  MerchantRecordQueryVariables,
  ShopsStandingOutQuery,
  ShopsStandingOutQueryVariables,
  ReportedAccountsQuery,
  ReportedAccountsQueryVariables,
  VettingsQuery,
  VettingsQueryVariables,
  ProposeVettingMutation,
  ProposeVettingMutationVariables,
  DecideVettingMutation,
  DecideVettingMutationVariables,
  MerchantTagsQuery,
  MerchantTagsQueryVariables,
  ProposeRevocationMutation,
  ProposeRevocationMutationVariables,
  DecideRevocationMutation,
  DecideRevocationMutationVariables,
} from './types.ts';

export const MerchantsPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query MerchantsPage($filter: MerchantFilter, $first: Int, $after: Cursor, $count: Boolean! = false) {
  merchants(filter: $filter, first: $first, after: $after) {
    nodes {
      ...MerchantRow
    }
    totalCount @include(if: $count)
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment MerchantRow on Merchant {
  id
  name
  permission
  entityId
  tagCount
  succeededCount
  overturnedCount
  record {
    ...ShopShare
    ...ShopSignals
    vetted
    trust
    weight
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
}`) as unknown as TypedDocumentString<MerchantsPageQuery, MerchantsPageQueryVariables>;
export const RevocationsPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query RevocationsPage($filter: RevocationFilter, $first: Int, $after: Cursor) {
  revocationConnection(filter: $filter, first: $first, after: $after) {
    nodes {
      ...RevocationRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
  }
}
    fragment RevocationRow on Revocation {
  id
  kind
  state
  reason
  evidence
  suspended
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  casesToRecount
  casesRecounted
  completedAt
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<RevocationsPageQuery, RevocationsPageQueryVariables>;
export const MerchantRecordDocument = /*#__PURE__*/ new TypedDocumentString(`
    query MerchantRecord($id: ID!) {
  merchant(id: $id) {
    ...MerchantDetail
  }
}
    fragment MerchantRow on Merchant {
  id
  name
  permission
  entityId
  tagCount
  succeededCount
  overturnedCount
  record {
    ...ShopShare
    ...ShopSignals
    vetted
    trust
    weight
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
fragment MerchantDetail on Merchant {
  ...MerchantRow
  record {
    accounts
    credit
    overturnedAccounts
    rejectedAccounts
  }
}`) as unknown as TypedDocumentString<MerchantRecordQuery, MerchantRecordQueryVariables>;
export const ShopsStandingOutDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopsStandingOut {
  shopsStandingOut {
    id
    name
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
}`) as unknown as TypedDocumentString<ShopsStandingOutQuery, ShopsStandingOutQueryVariables>;
export const ReportedAccountsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ReportedAccounts($merchantId: ID!) {
  reportedAccounts(merchantId: $merchantId) {
    buyerId
    at
    credit
    otherShops
    borneOutBy {
      id
      name
    }
    overturned
    rejected
  }
}
    `) as unknown as TypedDocumentString<ReportedAccountsQuery, ReportedAccountsQueryVariables>;
export const VettingsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Vettings($state: VettingState, $merchantId: ID) {
  vettings(state: $state, merchantId: $merchantId) {
    ...VettingRow
  }
}
    fragment VettingRow on Vetting {
  id
  vetted
  state
  reason
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<VettingsQuery, VettingsQueryVariables>;
export const ProposeVettingDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ProposeVetting($input: ProposeVettingInput!) {
  proposeVetting(input: $input) {
    vetting {
      ...VettingRow
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
fragment VettingRow on Vetting {
  id
  vetted
  state
  reason
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<ProposeVettingMutation, ProposeVettingMutationVariables>;
export const DecideVettingDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideVetting($input: DecideVettingInput!) {
  decideVetting(input: $input) {
    vetting {
      ...VettingRow
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
fragment VettingRow on Vetting {
  id
  vetted
  state
  reason
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<DecideVettingMutation, DecideVettingMutationVariables>;
export const MerchantTagsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query MerchantTags($filter: TagFilter, $orderBy: TagOrder, $first: Int, $after: Cursor, $count: Boolean! = false) {
  tags(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...MerchantTag
    }
    totalCount @include(if: $count)
    pageInfo {
      endCursor
      hasNextPage
    }
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
}`) as unknown as TypedDocumentString<MerchantTagsQuery, MerchantTagsQueryVariables>;
export const ProposeRevocationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ProposeRevocation($input: ProposeRevocationInput!) {
  proposeRevocation(input: $input) {
    revocation {
      ...RevocationRow
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
fragment RevocationRow on Revocation {
  id
  kind
  state
  reason
  evidence
  suspended
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  casesToRecount
  casesRecounted
  completedAt
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<ProposeRevocationMutation, ProposeRevocationMutationVariables>;
export const DecideRevocationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideRevocation($input: DecideRevocationInput!) {
  decideRevocation(input: $input) {
    revocation {
      ...RevocationRow
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
fragment RevocationRow on Revocation {
  id
  kind
  state
  reason
  evidence
  suspended
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  casesToRecount
  casesRecounted
  completedAt
  canDecide
  merchant {
    id
    name
  }
}`) as unknown as TypedDocumentString<DecideRevocationMutation, DecideRevocationMutationVariables>;
