import { act, cleanup, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveContext } from '../../data/live/LiveContext.ts';
import type { LiveSocket, Sink } from '../../data/live/liveSocket.ts';
import type { RefusedError } from '../../data/userErrors.ts';
import type { PolicySimulatedSubscription, SimulationFieldsFragment } from '../../gql/graphql.ts';
import { useSimulation } from './useSimulation.ts';

function begin() {
  const runs: { readonly sink: Sink<PolicySimulatedSubscription>; ended: boolean }[] = [];
  const socket: LiveSocket = {
    listen: (_document, _variables, sink) => {
      const run = { sink: sink as unknown as Sink<PolicySimulatedSubscription>, ended: false };
      runs.push(run);
      return () => {
        run.ended = true;
      };
    },
    state: () => 'live',
    subscribe: () => () => undefined,
    close: () => undefined,
  };
  const wrapper = ({ children }: { readonly children: ReactNode }) => createElement(LiveContext, { value: socket }, children);
  const hook = renderHook(() => useSimulation(undefined, ''), { wrapper });
  act(() => hook.result.current.run({ basedOnVersion: 1, reason: '' }, null, 'numbers'));
  return { runs, ...hook };
}

const result = { tags: 7 } as SimulationFieldsFragment;

afterEach(cleanup);

describe('a simulation', () => {
  it('reports its progress, then the result with the numbers it is of', () => {
    const { runs, result: shown } = begin();
    act(() => runs[0]?.sink.next({ policySimulated: { done: 3, of: 9, simulation: null } }));
    expect(shown.current.running).toEqual({ done: 3, of: 9 });
    act(() => runs[0]?.sink.next({ policySimulated: { done: 9, of: 9, simulation: result } }));
    act(() => runs[0]?.sink.ended(undefined));
    expect(shown.current).toMatchObject({ running: undefined, result, of: 'numbers', error: undefined });
  });

  it('is stopped, and by leaving the page', () => {
    const { runs, result: shown, unmount } = begin();
    act(() => shown.current.stop());
    expect([shown.current.running, runs[0]?.ended]).toEqual([undefined, true]);
    act(() => runs[0]?.sink.next({ policySimulated: { done: 9, of: 9, simulation: result } }));
    expect(shown.current.result).toBeUndefined();
    act(() => shown.current.run({ basedOnVersion: 1, reason: '' }, 5, 'others'));
    unmount();
    expect(runs[1]?.ended).toBe(true);
  });

  it('says of a refusal which field is at fault', () => {
    const { runs, result: shown } = begin();
    act(() => runs[0]?.sink.ended([{ message: 'must be 1 to 9.', extensions: { code: 'INVALID_POLICY', field: ['input', 'windowDays'] } }]));
    expect((shown.current.error as RefusedError).refusals).toEqual([{ code: 'INVALID_POLICY', message: 'must be 1 to 9.', field: ['input', 'windowDays'] }]);
  });
});
