import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, type Following, type FollowOptions } from './follow.ts';
import type { Sink } from './liveSocket.ts';

interface Event {
  readonly cursor: string;
}

interface Listening {
  readonly after: string | undefined;
  readonly sink: Sink<Event>;
  ended: boolean;
}

let following: Following | undefined;

function start(changes: Partial<FollowOptions<Event>> = {}) {
  const listening: Listening[] = [];
  const events: string[] = [];
  const refused: string[] = [];
  const reads = { count: 0 };
  following = follow<Event>(
    {
      listen(after, sink) {
        const entry: Listening = { after, sink, ended: false };
        listening.push(entry);
        return () => {
          entry.ended = true;
        };
      },
      cursorOf: (event) => event.cursor,
      read: async () => {
        reads.count += 1;
        return `read${reads.count}`;
      },
      events: (batch) => events.push(...batch.map(({ cursor }) => cursor)),
      refused: ({ code }) => refused.push(code),
      ...changes,
    },
    () => 1,
  );
  return { listening, events, refused, reads, at: (index: number) => listening[index] as Listening };
}

const graphqlError = (code: string) => [{ message: code, extensions: { code } }];

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  following?.stop();
  vi.useRealTimers();
});

describe('follow', () => {
  it('reads first and listens behind the cursor from before the read', async () => {
    const { listening, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    expect(listening).toHaveLength(1);
    expect(at(0).after).toBe('read1');
  });

  it('gives events in order, together', async () => {
    const batches: string[][] = [];
    const { at } = start({ events: (batch) => batches.push(batch.map(({ cursor }) => cursor)) });
    await vi.advanceTimersByTimeAsync(0);
    at(0).sink.next({ cursor: 'c1' });
    at(0).sink.next({ cursor: 'c2' });
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([['c1', 'c2']]);
  });

  it.each([
    ['a broken socket', { code: 1006, reason: '' }],
    ['a server that stops', undefined],
    ['a fault of the server', graphqlError('INTERNAL')],
  ])('goes on behind the last event after %s', async (_name, cause) => {
    const { listening, events, reads, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    at(0).sink.next({ cursor: 'c1' });
    at(0).sink.next({ cursor: 'c2' });
    at(0).sink.ended(cause);
    // Nothing received is lost with the connection.
    expect(events).toEqual(['c1', 'c2']);
    await vi.advanceTimersByTimeAsync(999);
    expect(listening).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(at(1).after).toBe('c2');
    expect(reads.count).toBe(1);
  });

  it('waits twice as long after each failure, at most half a minute, and from the start after an event', async () => {
    const { listening, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    for (const [index, wait] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      at(index).sink.ended({ code: 1006, reason: '' });
      // oxlint-disable-next-line no-await-in-loop
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(listening).toHaveLength(index + 1);
      // oxlint-disable-next-line no-await-in-loop
      await vi.advanceTimersByTimeAsync(1);
      expect(listening).toHaveLength(index + 2);
    }
    at(7).sink.next({ cursor: 'c1' });
    at(7).sink.ended({ code: 1006, reason: '' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(at(8).after).toBe('c1');
  });

  it('reads again on RESYNC, and forgets what the read has made old', async () => {
    const { events, reads, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    at(0).sink.next({ cursor: 'c1' });
    at(0).sink.ended(graphqlError('RESYNC'));
    await vi.advanceTimersByTimeAsync(100);
    expect(reads.count).toBe(2);
    expect(at(1).after).toBe('read2');
    expect(events).toEqual([]);
  });

  it.each(['FORBIDDEN', 'UNAUTHENTICATED'])('gives up on %s', async (code) => {
    const { listening, refused, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    at(0).sink.ended(graphqlError(code));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused).toEqual([code]);
    expect(listening).toHaveLength(1);
  });

  it('tries a failed read again, and at once when asked to', async () => {
    let up = false;
    const { listening } = start({ read: () => (up ? Promise.resolve('c0') : Promise.reject(new Error('down'))) });
    await vi.advanceTimersByTimeAsync(0);
    expect(listening).toHaveLength(0);
    up = true;
    following?.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(listening[0]?.after).toBe('c0');
  });

  it('says nothing more once stopped', async () => {
    const { events, listening, at } = start();
    await vi.advanceTimersByTimeAsync(0);
    at(0).sink.next({ cursor: 'c1' });
    following?.stop();
    at(0).sink.next({ cursor: 'c2' });
    at(0).sink.ended(undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at(0).ended).toBe(true);
    expect(events).toEqual([]);
    expect(listening).toHaveLength(1);
  });
});
