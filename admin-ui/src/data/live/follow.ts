import { isRefusal } from '../../api/closing.ts';
import { requestFailure, type RequestFailure } from '../../api/failure.ts';
import type { Sink } from './liveSocket.ts';

export interface FollowOptions<Event> {
  /** Opens one subscription from the cursor `after`; returns a function that ends it. */
  listen(after: string | undefined, sink: Sink<Event>): () => void;
  /** The event's cursor in the log; undefined for streams of states, where each event replaces the last. */
  cursorOf(event: Event): string | undefined;
  /**
   * Reads the records again and gives a cursor from before they were read, to go on behind. Called at the start, and when
   * the log no longer reaches back to where we were. Undefined for streams of states.
   */
  read?(signal: AbortSignal): Promise<string>;
  /** Events in log order, each once. */
  events(batch: readonly Event[]): void;
  /** The server refused the subscription: it is not retried. */
  refused(failure: RequestFailure): void;
}

export interface Following {
  /** Retries at once instead of after the delay: the network is back, or the person asks. */
  retry(): void;
  stop(): void;
}

// Events in quick succession are batched, to limit rendering.
const batchFor = 80;
const longestWait = 30_000;
const final: readonly string[] = ['FORBIDDEN', 'UNAUTHENTICATED', 'BAD_USER_INPUT', 'LIMIT_EXCEEDED'];

/**
 * Follows the log from a read on, without gap or repeat: after a loss it subscribes again behind the last event received,
 * and when the server no longer has that place (RESYNC) it reads again and goes on from there.
 */
export function follow<Event>(options: FollowOptions<Event>, random: () => number = Math.random): Following {
  const aborter = new AbortController();
  let cursor: string | undefined;
  let failures = 0;
  let waiting: Event[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let end: (() => void) | undefined;
  // Counts subscriptions, so that late events of an ended one are ignored.
  let turn = 0;

  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) options.events(batch);
  }

  async function start(): Promise<void> {
    turn += 1;
    const mine = turn;
    if (cursor === undefined && options.read !== undefined) {
      try {
        cursor = await options.read(aborter.signal);
      } catch {
        if (!aborter.signal.aborted && mine === turn) again();
        return;
      }
      if (aborter.signal.aborted || mine !== turn) return;
    }
    end = options.listen(cursor, {
      next: (event) => {
        if (mine === turn) received(event);
      },
      ended: (cause) => {
        if (mine === turn) ended(cause);
      },
    });
  }

  function received(event: Event): void {
    failures = 0;
    cursor = options.cursorOf(event) ?? cursor;
    waiting.push(event);
    flushTimer ??= setTimeout(flush, batchFor);
  }

  function ended(cause: unknown): void {
    end = undefined;
    const failure = failureOf(cause);
    if (failure?.code === 'RESYNC') {
      // The waiting events are older than what is about to be read.
      waiting = [];
      cursor = undefined;
      void start();
      return;
    }
    flush();
    if (failure !== undefined && final.includes(failure.code)) options.refused(failure);
    else again();
  }

  function again(): void {
    // Jitter between half and the whole delay, so that clients do not reconnect to a restarted server all at once.
    const step = Math.min(1000 * 2 ** failures, longestWait);
    failures += 1;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => void start(), step * (0.5 + random() / 2));
  }

  void start();
  return {
    retry() {
      if (retryTimer === undefined || end !== undefined) return;
      clearTimeout(retryTimer);
      void start();
    },
    stop() {
      turn += 1;
      aborter.abort();
      clearTimeout(retryTimer);
      clearTimeout(flushTimer);
      end?.();
    },
  };
}

function failureOf(cause: unknown): RequestFailure | undefined {
  if (isRefusal(cause)) return { code: 'UNAUTHENTICATED', message: '', requestId: undefined };
  return Array.isArray(cause) ? requestFailure(200, { errors: cause }) : undefined;
}
