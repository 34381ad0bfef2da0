/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ShopRecordQuery,
  ShopRecordQueryVariables,
} from './types.ts';

export const ShopRecordDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ShopRecord($id: ID!) {
  merchant(id: $id) {
    id
    permission
    revokedFor
    tagCount
    succeededCount
    tagQuota {
      limit
      remaining
      resetAt
    }
  }
  expired: tags(filter: {status: [EXPIRED]}, first: 1) {
    totalCount
  }
  rejected: tags(filter: {status: [REJECTED]}, first: 1) {
    totalCount
  }
  overturned: tags(filter: {status: [OVERTURNED]}, first: 1) {
    totalCount
  }
  voided: tags(filter: {status: [VOIDED]}, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ShopRecordQuery, ShopRecordQueryVariables>;
