/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ShopScenariosQuery,
  ShopScenariosQueryVariables,
  ShopTagsQuery,
  ShopTagsQueryVariables,
  ShopUntaggedOrdersQuery,
  ShopUntaggedOrdersQueryVariables,
  ShopOverviewQuery,
  ShopOverviewQueryVariables,
  SubmitTagsMutation,
  SubmitTagsMutationVariables,
  ShopTagChangesSubscription,
  ShopTagChangesSubscriptionVariables,
} from './types.ts';

export const ShopScenariosDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopScenarios {
  scenarios {
    code
    name
    definition
    notMeant
    example
    category
    effect
    enabled
  }
}
    `) as unknown as TypedDocumentString<ShopScenariosQuery, ShopScenariosQueryVariables>;
export const ShopTagsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopTags($filter: TagFilter, $orderBy: TagOrder, $first: Int, $after: Cursor, $count: Boolean! = false) {
  tags(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...ShopTag
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount @include(if: $count)
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
}`) as unknown as TypedDocumentString<ShopTagsQuery, ShopTagsQueryVariables>;
export const ShopUntaggedOrdersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopUntaggedOrders($filter: UntaggedOrderFilter, $first: Int, $after: Cursor) {
  untaggedOrders(filter: $filter, first: $first, after: $after) {
    nodes {
      orderNo
      placedAt
      amountCents
      currency
      reportOutcome
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<ShopUntaggedOrdersQuery, ShopUntaggedOrdersQueryVariables>;
export const ShopOverviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopOverview($id: ID!, $news: Int!) {
  merchant(id: $id) {
    id
    name
    permission
    tagCount
    succeededCount
  }
  tags(orderBy: STATUS_CHANGED_AT_DESC, first: $news) {
    nodes {
      ...ShopTag
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
}`) as unknown as TypedDocumentString<ShopOverviewQuery, ShopOverviewQueryVariables>;
export const SubmitTagsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SubmitTags($input: SubmitTagsInput!) {
  submitTags(input: $input) {
    batchId
    acceptedCount
    results {
      index
      orderNo
      accepted
      tag {
        ...ShopTag
      }
      error {
        ...Refusal
      }
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
}`) as unknown as TypedDocumentString<SubmitTagsMutation, SubmitTagsMutationVariables>;
export const ShopTagChangesDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription ShopTagChanges($filter: TagFilter, $after: Cursor) {
  tagStatusChanged(filter: $filter, after: $after) {
    cursor
    previousStatus
    tag {
      ...ShopTag
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
}`) as unknown as TypedDocumentString<ShopTagChangesSubscription, ShopTagChangesSubscriptionVariables>;
