import { useEffect, useEffectEvent } from 'react';

/** Reads again every so often while the page is looked at, for records that no subscription tells of. */
export function usePolling(read: () => void, everyMilliseconds: number): void {
  const poll = useEffectEvent(read);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') poll();
    }, everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
}
