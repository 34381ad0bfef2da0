import { act, cleanup, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueueNumbersFragment } from '../gql/graphql.ts';
import { fakeServer } from '../testing/fakeServer.ts';
import { fakeSocket, renderConsole, reviewer } from '../testing/renderConsole.tsx';
import { AlertsContext } from './AlertsContext.ts';
import { PageHeading } from './layout/PageHeading.tsx';
import { useQueueAlerts } from './useQueueAlerts.ts';
import type { ConsoleViewer } from './ViewerContext.ts';

const numbers = (overdue: number): QueueNumbersFragment => ({
  pending: 9, overdue, dueWithin4h: 0, dueWithin12h: 0, claimed: 0, snoozed: 0, escalated: 0, handledToday: 0, handledByMeToday: 0, handledByReviewersToday: 0,
  handledByRuleToday: 0, missedToday: 0,
});

function Page() {
  return (
    <AlertsContext value={useQueueAlerts()}>
      <PageHeading title="Log" />
    </AlertsContext>
  );
}

/** A page of the console for a server with so many overdue cases. */
function open(overdue: number, viewer: ConsoleViewer = reviewer) {
  const requests = fakeServer(() => Response.json({ data: { queueStats: numbers(overdue) } }));
  const socket = fakeSocket();
  renderConsole(<Page />, { viewer, socket });
  const streamOf = (of: (variables: Record<string, unknown>) => boolean) => socket.listened.find(({ variables }) => of(variables))?.sink;
  return {
    requests,
    socket,
    figures: (now: number) => act(() => streamOf((variables) => !('filter' in variables))?.next({ queueStats: numbers(now) })),
    arrives: (cursor: string) => act(() => streamOf((variables) => 'filter' in variables)?.next({ logAppended: { cursor } })),
  };
}

function look(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
}

const title = () => document.title;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the title of the tab', () => {
  it('is the page’s alone while nothing needs attention', async () => {
    const { socket } = open(0);
    await waitFor(() => expect(socket.listened).toHaveLength(2));
    await expect.poll(title).toBe('Log · CloudTag');
  });

  it('begins with how many cases are overdue, as that changes', async () => {
    const { figures } = open(2);
    await expect.poll(title).toBe('(2 overdue) Log · CloudTag');
    figures(3);
    await expect.poll(title).toBe('(3 overdue) Log · CloudTag');
    figures(0);
    await expect.poll(title).toBe('Log · CloudTag');
  });

  it('says what came in while the tab was out of sight, until somebody looks', async () => {
    const { arrives, figures } = open(1);
    await expect.poll(title).toBe('(1 overdue) Log · CloudTag');
    look('hidden');
    arrives('c2');
    await expect.poll(title).toBe('(1 overdue · 1 new) Log · CloudTag');
    arrives('c3');
    await expect.poll(title).toBe('(1 overdue · 2 new) Log · CloudTag');
    look('visible');
    await expect.poll(title).toBe('(1 overdue) Log · CloudTag');
    arrives('c4');
    figures(4);
    await expect.poll(title).toBe('(4 overdue) Log · CloudTag');
  });

  it('asks nothing for people who don’t see cases', async () => {
    const { requests, socket } = open(2, { ...reviewer, can: { ...reviewer.can, seeCases: false, decide: false } });
    await expect.poll(title).toBe('Log · CloudTag');
    expect([requests.length, socket.listened.length]).toEqual([0, 0]);
  });
});
