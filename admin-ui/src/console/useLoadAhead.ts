import { useEffect } from 'react';

/**
 * Loads what a page needs only once somebody works on it, at the first key or press: not with the page, and before it is
 * needed. Who needs it tries again if that fails.
 */
export function useLoadAhead(load: () => Promise<unknown>): void {
  useEffect(() => {
    const aborter = new AbortController();
    const begin = () => {
      aborter.abort();
      load().catch(() => undefined);
    };
    for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, begin, { signal: aborter.signal });
    return () => aborter.abort();
  }, [load]);
}
