import type { Navigator } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { guardLeaving } from './guardLeaving.ts';

function begin(state: unknown) {
  const push = vi.fn<Navigator['push']>();
  const replace = vi.fn<Navigator['replace']>();
  const navigator = { push, replace } as unknown as Navigator;
  window.history.replaceState(state, '');
  const go = vi.spyOn(window.history, 'go').mockImplementation(() => undefined);
  const router = vi.fn<() => void>();
  window.addEventListener('popstate', router);
  let unsaved = true;
  const asked: (() => void)[] = [];
  const end = guardLeaving(navigator, () => unsaved, (leave) => asked.push(leave));
  ends.push(end, () => window.removeEventListener('popstate', router));
  const pop = (to: unknown) => window.dispatchEvent(new PopStateEvent('popstate', { state: to }));
  return { push, replace, navigator, go, router, asked, end, pop, save: () => (unsaved = false) };
}

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.restoreAllMocks();
});

describe('a guarded page', () => {
  it('asks before the router goes elsewhere, and goes on when told to', () => {
    const { navigator, push, replace, asked } = begin({ idx: 3 });
    navigator.push('/log');
    navigator.replace('/queue');
    expect([push.mock.calls.length, replace.mock.calls.length, asked.length]).toEqual([0, 0, 2]);
    asked[0]?.();
    expect(push.mock.calls).toEqual([['/log']]);
  });

  it('goes back to where it is when the browser has left, asks, and leaves the same way', () => {
    const { pop, go, router, asked } = begin({ idx: 3 });
    pop({ idx: 1 });
    expect(go.mock.calls).toEqual([[2]]);
    pop({ idx: 3 }); // what that leads to
    expect([router.mock.calls.length, asked.length]).toEqual([0, 1]);
    asked[0]?.();
    expect(go.mock.calls).toEqual([[2], [-2]]);
  });

  it('asks nothing once all is saved, nor of places that are not the router’s, nor when it has ended', () => {
    const { navigator, push, pop, router, asked, save, end } = begin({ idx: 3 });
    pop(null);
    save();
    navigator.push('/log');
    pop({ idx: 1 });
    end();
    navigator.push('/queue');
    expect([push.mock.calls.length, router.mock.calls.length, asked.length]).toEqual([2, 2, 0]);
  });

  it('has the browser ask before the tab is closed', () => {
    const { save } = begin({ idx: 3 });
    const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).toBe(false);
    save();
    expect(leave()).toBe(true);
  });
});
