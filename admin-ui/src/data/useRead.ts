import { keepPreviousData, useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TypedDocumentString } from '../gql/graphql.ts';
import { useAsk } from './AskContext.ts';

export interface ReadOptions {
  /** Names the record for `invalidateQueries`, such as ['case', id]. */
  readonly key: readonly unknown[];
  readonly enabled?: boolean;
  /** Shows the last answer while another one is on its way, for figures and lists that must not jump. */
  readonly keepLast?: boolean;
}

/** Reads one operation and keeps it. Texts come in the person's language, so another language reads again. */
export function useRead<Result, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  { key, enabled = true, keepLast = false }: ReadOptions,
): UseQueryResult<Result> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const options: UseQueryOptions<Result> = {
    queryKey: [...key, i18n.language],
    queryFn: ({ signal }) => ask(document, variables, signal),
    enabled,
  };
  if (keepLast) options.placeholderData = keepPreviousData as NonNullable<UseQueryOptions<Result>['placeholderData']>;
  return useQuery(options);
}
