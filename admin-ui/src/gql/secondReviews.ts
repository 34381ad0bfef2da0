/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  SecondReviewsPageQuery,
  SecondReviewsPageQueryVariables,
  SecondReviewDetailQuery,
  SecondReviewDetailQueryVariables,
  DecideSecondReviewMutation,
  DecideSecondReviewMutationVariables,
} from './types.ts';

export const SecondReviewsPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SecondReviewsPage($filter: SecondReviewFilter, $first: Int, $after: Cursor, $count: Boolean! = false) {
  secondReviews(filter: $filter, first: $first, after: $after) {
    nodes {
      ...SecondReviewRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount @include(if: $count)
  }
}
    fragment SecondReviewRow on SecondReview {
  id
  state
  confirmedAt
  drawnAt
  decidedBy
  decidedAt
  canDecide
  first {
    by
    automatic
  }
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
}`) as unknown as TypedDocumentString<SecondReviewsPageQuery, SecondReviewsPageQueryVariables>;
export const SecondReviewDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SecondReviewDetail($id: ID!) {
  secondReview(id: $id) {
    ...SecondReviewRow
    reason
    first {
      reasonText
      at
    }
  }
}
    fragment SecondReviewRow on SecondReview {
  id
  state
  confirmedAt
  drawnAt
  decidedBy
  decidedAt
  canDecide
  first {
    by
    automatic
  }
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
}`) as unknown as TypedDocumentString<SecondReviewDetailQuery, SecondReviewDetailQueryVariables>;
export const DecideSecondReviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecideSecondReview($input: DecideSecondReviewInput!) {
  decideSecondReview(input: $input) {
    secondReview {
      id
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
}`) as unknown as TypedDocumentString<DecideSecondReviewMutation, DecideSecondReviewMutationVariables>;
