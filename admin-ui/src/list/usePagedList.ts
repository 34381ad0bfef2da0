import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { mayRetry, retryDelay } from '../data/queryClient.ts';
import type { ListSource, ListView } from './list.ts';
import { PagedList } from './pagedList.ts';

/**
 * The list that `source` describes. Another `key` (filter, order, language) is another list. Nothing is read before
 * `reload`, which a followed subscription calls by itself (`useFollow`, `read`).
 */
export function usePagedList<Row>(key: string, source: ListSource<Row>): { readonly list: PagedList<Row>; readonly view: ListView<Row> } {
  const client = useQueryClient();
  const page = useEffectEvent(source.page);
  const matches = useEffectEvent(source.matches);
  const compare = useEffectEvent(source.compare);
  const list = useMemo(
    () =>
      new PagedList<Row>({
        id: source.id,
        version: source.version,
        matches: (row) => matches(row),
        compare: (a, b) => compare(a, b),
        page: (after, signal) =>
          client.fetchQuery({
            queryKey: ['page', key, after ?? ''],
            queryFn: () => page(after, signal),
            retry: (failures, error) => !signal.aborted && mayRetry(failures, error),
            retryDelay,
            staleTime: 0,
            gcTime: 0,
          }),
      }),
    // The source's functions are read when called; only another key makes another list.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [client, key],
  );
  useEffect(() => () => list.close(), [list]);
  return { list, view: useSyncExternalStore(list.subscribe, list.view) };
}
