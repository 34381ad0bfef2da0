/** Keeps the browser's Back and Forward from leaving a page. */
export interface HistoryGuard {
  /** While `guarded` returns true, a move calls `ask` with a function that continues it. Returns a function that ends the guard. */
  begin(guarded: () => boolean, ask: (leave: () => void) => void): () => void;
  stop(): void;
}

interface Guarded {
  readonly here: number | undefined;
  readonly guarded: () => boolean;
  readonly ask: (leave: () => void) => void;
}

/**
 * Must be opened before the router listens: browsers call the listeners of a window in the order in which they were added,
 * whether they capture or not, and once the router has heard of a move the page is gone.
 */
export function openHistoryGuard(page: Window): HistoryGuard {
  let current: Guarded | undefined;
  let returning = false;

  // The browser has moved already: moves it back, and hides both events from the router.
  function wentElsewhere(event: PopStateEvent): void {
    if (returning) {
      returning = false;
      event.stopImmediatePropagation();
      return;
    }
    const there = placeIn(event.state);
    if (current === undefined || !current.guarded()) return;
    const { here, ask } = current;
    if (here === undefined || there === undefined || there === here) return;
    event.stopImmediatePropagation();
    returning = true;
    page.history.go(here - there);
    ask(() => page.history.go(there - here));
  }

  page.addEventListener('popstate', wentElsewhere);
  return {
    begin(guarded, ask) {
      const begun = { here: placeIn(page.history.state), guarded, ask };
      current = begun;
      return () => {
        if (current === begun) current = undefined;
      };
    },
    stop: () => page.removeEventListener('popstate', wentElsewhere),
  };
}

// Where in the tab's history an entry of the router is.
function placeIn(state: unknown): number | undefined {
  return typeof state === 'object' && state !== null && 'idx' in state && typeof state.idx === 'number' ? state.idx : undefined;
}
