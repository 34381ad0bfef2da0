import { useEffect } from 'react';
import { useLogChanges } from '../data/live/useLogChanges.ts';
import type { LogAction } from '../entry/actions.ts';
import type { PagedListState } from './usePagedList.ts';

/** Reads the list when it is mounted, for lists without a subscription. */
export function useReload<Row>({ list }: PagedListState<Row>): void {
  useEffect(() => void reload(list), [list]);
}

/** The same, and again after each of these actions. */
export function useReloadAfter<Row>(state: PagedListState<Row>, actions: readonly LogAction[]): void {
  useReload(state);
  useLogChanges(actions, () => reload(state.list));
}

// What failed is shown by the list.
async function reload<Row>(list: PagedListState<Row>['list']): Promise<void> {
  await list.reload().catch(() => undefined);
}
