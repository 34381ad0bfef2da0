import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { mayRetry, retryDelay } from '../data/queryClient.ts';
import type { ListSource, ListView } from './list.ts';
import { PagedList } from './pagedList.ts';
import { readAll } from './readAll.ts';

export interface PagedListState<Row> {
  readonly list: PagedList<Row>;
  readonly view: ListView<Row>;
  /** Every row up to `most`, for an export. */
  readonly all: (most: number, signal: AbortSignal) => Promise<readonly Row[]>;
}

/**
 * The list that `source` describes. Another `key` (filter, order, language) is another list. Nothing is read before
 * `reload`, which a followed subscription calls by itself (`useFollow`, `read`).
 */
export function usePagedList<Row>(key: string, source: ListSource<Row>): PagedListState<Row> {
  const client = useQueryClient();
  const latest = useRef(source);
  const reads = useRef(0);
  useLayoutEffect(() => {
    latest.current = source;
  });
  const page = useMemo<ListSource<Row>['page']>(
    () => (after, signal) =>
      client.fetchQuery({
        // Not deduplicated: a read that shared an aborted one would be aborted with it.
        queryKey: ['page', key, after ?? '', (reads.current += 1)],
        queryFn: () => latest.current.page(after, signal),
        retry: (failures, error) => !signal.aborted && mayRetry(failures, error),
        retryDelay,
        staleTime: 0,
        gcTime: 0,
      }),
    [client, key],
  );
  const list = useMemo(
    () =>
      // The source is asked when pages and events come, never while rendering.
      // oxlint-disable-next-line react/refs
      new PagedList<Row>({
        id: (row) => latest.current.id(row),
        version: (row) => latest.current.version(row),
        matches: (row) => latest.current.matches(row),
        compare: (a, b) => latest.current.compare(a, b),
        page,
      }),
    [page],
  );
  useEffect(() => () => list.close(), [list]);
  const view = useSyncExternalStore(list.subscribe, list.view);
  return { list, view, all: (most, signal) => readAll(page, most, signal) };
}
