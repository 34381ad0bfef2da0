import type { Navigator } from 'react-router';
import type { HistoryGuard } from '../../console/historyGuard.ts';

/**
 * Keeps the page from being left while `guarded`: by the router, by the browser's buttons, and, with the browser's own
 * question, by closing the tab. `ask` receives a function that continues the navigation. Returns a function that ends the guard.
 *
 * React-router's own blocker needs its data router, which every page would load: 16 kB for one form.
 */
export function guardLeaving(navigator: Navigator, history: HistoryGuard, guarded: () => boolean, ask: (leave: () => void) => void): () => void {
  const { push, replace } = navigator;
  navigator.push = (...to) => (guarded() ? ask(() => push(...to)) : push(...to));
  navigator.replace = (...to) => (guarded() ? ask(() => replace(...to)) : replace(...to));
  const endHistory = history.begin(guarded, ask);
  function unloads(event: BeforeUnloadEvent): void {
    if (guarded()) event.preventDefault();
  }
  window.addEventListener('beforeunload', unloads);
  return () => {
    navigator.push = push;
    navigator.replace = replace;
    endHistory();
    window.removeEventListener('beforeunload', unloads);
  };
}
