// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openHistoryGuard } from './historyGuard.ts';

const ends: (() => void)[] = [];

// As the console does it: the guard is opened, then the router listens.
function open(state: unknown) {
  window.history.replaceState(state, '');
  const go = vi.spyOn(window.history, 'go').mockImplementation(() => undefined);
  const guard = openHistoryGuard(window);
  const router = vi.fn<() => void>();
  window.addEventListener('popstate', router);
  ends.push(guard.stop, () => window.removeEventListener('popstate', router));
  const pop = (to: unknown) => window.dispatchEvent(new PopStateEvent('popstate', { state: to }));
  return { guard, go, router, pop };
}

afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.restoreAllMocks();
});

describe('Back from a guarded page', () => {
  it('is undone without the router, asks, and is done again when the person leaves', () => {
    const { guard, go, router, pop } = open({ idx: 3 });
    const asked: (() => void)[] = [];
    guard.begin(() => true, (leave) => asked.push(leave));
    pop({ idx: 1 });
    expect(go.mock.calls).toEqual([[2]]);
    pop({ idx: 3 }); // what that leads to
    expect([router.mock.calls.length, asked.length]).toEqual([0, 1]);
    asked[0]?.();
    expect(go.mock.calls).toEqual([[2], [-2]]);
  });

  it('asks nothing once all is saved, nor of places that are not the router’s, nor when the guard has ended', () => {
    const { guard, router, pop } = open({ idx: 3 });
    let unsaved = true;
    const ask = vi.fn<() => void>();
    const end = guard.begin(() => unsaved, ask);
    pop(null);
    unsaved = false;
    pop({ idx: 1 });
    unsaved = true;
    end();
    pop({ idx: 2 });
    expect([router.mock.calls.length, ask.mock.calls.length]).toEqual([3, 0]);
  });

  it('is guarded by who began last, whatever ends before', () => {
    const { guard, router, pop } = open({ idx: 3 });
    const ask = vi.fn<() => void>();
    const end = guard.begin(() => true, () => expect.unreachable());
    guard.begin(() => true, ask);
    end();
    pop({ idx: 1 });
    expect([router.mock.calls.length, ask.mock.calls.length]).toEqual([0, 1]);
  });
});
