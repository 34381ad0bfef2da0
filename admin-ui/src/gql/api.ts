/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  SignedInQuery,
  SignedInQueryVariables,
} from './types.ts';

export const SignedInDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SignedIn {
  viewer {
    id
    roles
    merchant {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<SignedInQuery, SignedInQueryVariables>;
