// @vitest-environment happy-dom
import type { Navigator } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HistoryGuard } from '../../console/historyGuard.ts';
import { guardLeaving } from './guardLeaving.ts';

function begin() {
  const push = vi.fn<Navigator['push']>();
  const replace = vi.fn<Navigator['replace']>();
  const navigator = { push, replace } as unknown as Navigator;
  const endHistory = vi.fn<() => void>();
  const history = { begin: vi.fn<HistoryGuard['begin']>(() => endHistory), stop: () => undefined };
  let unsaved = true;
  const asked: (() => void)[] = [];
  const end = guardLeaving(navigator, history, () => unsaved, (leave) => asked.push(leave));
  ends.push(end);
  return { push, replace, navigator, history, endHistory, asked, end, save: () => (unsaved = false) };
}

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('a guarded page', () => {
  it('asks before the router goes elsewhere, and goes on when the person leaves', () => {
    const { navigator, push, replace, asked } = begin();
    navigator.push('/log');
    navigator.replace('/queue');
    expect([push.mock.calls.length, replace.mock.calls.length, asked.length]).toEqual([0, 0, 2]);
    asked[0]?.();
    expect(push.mock.calls).toEqual([['/log']]);
  });

  it('asks nothing once all is saved, nor when it has ended', () => {
    const { navigator, push, asked, save, end, endHistory } = begin();
    save();
    navigator.push('/log');
    end();
    navigator.push('/queue');
    expect([push.mock.calls.length, asked.length, endHistory.mock.calls.length]).toEqual([2, 0, 1]);
  });

  it('has Back and Forward guarded by the same question', () => {
    const { history, asked } = begin();
    const [guarded, ask] = history.begin.mock.calls[0] ?? [];
    expect(guarded?.()).toBe(true);
    ask?.(() => undefined);
    expect(asked.length).toBe(1);
  });

  it('has the browser ask before the tab is closed', () => {
    const { save } = begin();
    const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).toBe(false);
    save();
    expect(leave()).toBe(true);
  });
});
