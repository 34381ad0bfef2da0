import type { Execute } from '../api/api.ts';
import type { TypedDocumentString } from '../gql/graphql.ts';

/** Sends one typed operation. Throws ApiError, or an AbortError when `signal` aborts. */
export type Ask = <Result, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Result>;

const neverAborted = new AbortController().signal;

export function typedAsk(execute: Execute): Ask {
  return (document, variables, signal = neverAborted) => execute(document.toString(), variables, signal);
}
