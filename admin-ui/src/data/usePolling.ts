import { useEffect, useEffectEvent } from 'react';

/** Reads again every so often while the page is looked at, for data without a subscription; never for undefined. */
export function usePolling(read: () => void, everyMilliseconds: number | undefined): void {
  const poll = useEffectEvent(read);
  useEffect(() => {
    if (everyMilliseconds === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') poll();
    }, everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
}
