import { useEffect } from 'react';
import { useLogChanges } from '../data/live/useLogChanges.ts';
import type { LogAction } from '../entry/actions.ts';
import type { PagedListState } from './usePagedList.ts';

/** Reads the list once it is shown, for lists that no subscription follows. */
export function useReload<Row>({ list }: PagedListState<Row>): void {
  useEffect(() => void reload(list), [list]);
}

/** The same, and again whenever one of these things has been done. */
export function useReloadAfter<Row>(state: PagedListState<Row>, actions: readonly LogAction[]): void {
  useReload(state);
  useLogChanges(actions, () => reload(state.list));
}

// What failed is shown by the list.
async function reload<Row>(list: PagedListState<Row>['list']): Promise<void> {
  await list.reload().catch(() => undefined);
}
