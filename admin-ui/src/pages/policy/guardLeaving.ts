import type { Navigator } from 'react-router';

/**
 * Keeps the page from being left while `guarded`: by the router, by the browser's buttons, and, with the browser's own
 * question, by closing the tab. `ask` gets what goes on to where the person wanted to go. Returns what ends it.
 *
 * React-router's own way wants its data router, which every page would load: 16 kB for one form.
 */
export function guardLeaving(navigator: Navigator, guarded: () => boolean, ask: (leave: () => void) => void): () => void {
  const { push, replace } = navigator;
  const here = placeIn(window.history.state);
  let returning = false;

  navigator.push = (...to) => (guarded() ? ask(() => push(...to)) : push(...to));
  navigator.replace = (...to) => (guarded() ? ask(() => replace(...to)) : replace(...to));

  // Before the router hears of it: the browser has left already, and goes back to where the page is.
  function wentElsewhere(event: PopStateEvent): void {
    if (returning) {
      returning = false;
      event.stopImmediatePropagation();
      return;
    }
    const there = placeIn(event.state);
    if (!guarded() || here === undefined || there === undefined || there === here) return;
    event.stopImmediatePropagation();
    returning = true;
    window.history.go(here - there);
    ask(() => window.history.go(there - here));
  }
  function unloads(event: BeforeUnloadEvent): void {
    if (guarded()) event.preventDefault();
  }
  window.addEventListener('popstate', wentElsewhere, { capture: true });
  window.addEventListener('beforeunload', unloads);
  return () => {
    navigator.push = push;
    navigator.replace = replace;
    window.removeEventListener('popstate', wentElsewhere, { capture: true });
    window.removeEventListener('beforeunload', unloads);
  };
}

// Where in the tab's history an entry of the router is.
function placeIn(state: unknown): number | undefined {
  return typeof state === 'object' && state !== null && 'idx' in state && typeof state.idx === 'number' ? state.idx : undefined;
}
