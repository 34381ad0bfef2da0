import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

/** One page of a list that grows by a button. */
export interface ReadPage<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** The page of a record that does not exist. */
export const noRows: ReadPage<never> = { nodes: [], pageInfo: { endCursor: null, hasNextPage: false } };

export interface Pages<Row> {
  /** The rows of all pages that were read; undefined before the first. */
  readonly rows: readonly Row[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
  /** Reads the next page; undefined when there is none. */
  readonly more: (() => void) | undefined;
  readonly reading: boolean;
}

/** Reads a list page by page, as far as somebody asks for. `key` names it for `invalidateQueries`, which reads it again. */
export function usePages<Row>(key: readonly unknown[], read: (after: string | null, signal: AbortSignal) => Promise<ReadPage<Row>>): Pages<Row> {
  const { i18n } = useTranslation();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...key, 'pages', i18n.language],
    queryFn: async ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    // The list as it was stays until the new one is there.
    placeholderData: (previous) => previous,
  });
  return {
    rows: data?.pages.flatMap(({ nodes }) => nodes),
    error,
    retry: () => void refetch(),
    more: hasNextPage ? () => void fetchNextPage() : undefined,
    reading: isFetchingNextPage,
  };
}
