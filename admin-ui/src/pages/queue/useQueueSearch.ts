import { useEffect } from 'react';
import { useAddress } from '../../console/useAddress.ts';
import { readItem, workPrefix, writeItem } from '../../storage/browserStorage.ts';
import { queueAddress, readSearch, writeSearch, type QueueSearch } from './queueSearch.ts';

const storageKey = `${workPrefix}queue.search`;
const storage = () => window.sessionStorage;

export interface QueueSearchState {
  readonly search: QueueSearch;
  /** The search as an address says it; equal searches have equal texts. */
  readonly text: string;
  readonly change: (changes: Partial<QueueSearch>) => void;
  /** Replaces the whole search. */
  readonly become: (text: string) => void;
}

/** The queue's search, which lives in the address: it can be shared, and the browser's back button undoes it. */
export function useQueueSearch(): QueueSearchState {
  const { search, text, change, become } = useAddress(queueAddress);
  useEffect(() => writeItem(storage, storageKey, text), [text]);
  return { search, text, change, become };
}

/** The search the queue had last in this tab: where `next case` goes on, and `back to the queue` leads. */
export function lastQueueSearch(): string {
  return writeSearch(readSearch(readItem(storage, storageKey) ?? ''));
}
