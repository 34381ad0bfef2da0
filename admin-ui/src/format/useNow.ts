import { useSyncExternalStore } from 'react';

/** One clock for everything on the page that counts down, so that all of it turns together. */
function openClock(everyMilliseconds: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Date.now();
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          for (const each of listeners) each();
        }, everyMilliseconds);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => now,
  };
}

const minuteClock = openClock(15_000);
const secondClock = openClock(1_000);

/** Milliseconds since 1970, renewed every 15 seconds: enough for what is shown in minutes. */
export function useNow(): number {
  return useSyncExternalStore(minuteClock.subscribe, minuteClock.now);
}

/** The same, renewed every second. */
export function useNowBySecond(): number {
  return useSyncExternalStore(secondClock.subscribe, secondClock.now);
}
