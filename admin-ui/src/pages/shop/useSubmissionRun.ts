import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api.ts';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { SubmitTagsDocument, type ShopTagFragment } from '../../gql/graphql.ts';
import { answered, newRun, nextBatch, runKeeper, withoutUnsent, type OrderOutcome, type RunBatch, type RunInput, type SubmissionRun } from './submissionRun.ts';

export interface SubmissionState {
  /** The run that is being sent, was sent, or waits to go on after a reload. */
  readonly run: SubmissionRun | undefined;
  readonly busy: boolean;
  /** Whether it waits for the shop's quota to fill up. */
  readonly waiting: boolean;
  /** Why it stopped. */
  readonly error: unknown;
  /** Sends orders, batch after batch. */
  readonly submit: (input: RunInput) => Promise<void>;
  /** Goes on with what was not sent yet. */
  readonly goOn: () => Promise<void>;
  /** Gives up what was not sent yet. */
  readonly giveUp: () => void;
  /** Puts away the report of what was sent. */
  readonly putAway: () => void;
}

// When the server does not say how long.
const usualWait = 3_000;
const mostWaits = 40;

/** Milliseconds to wait before another try; undefined when it would be of no use. */
function waitAfter(failure: unknown): number | undefined {
  if (!(failure instanceof ApiError) || failure.failure.code !== 'RATE_LIMITED') return undefined;
  const { retryAfter } = failure.failure;
  return retryAfter === undefined ? usualWait : retryAfter * 1000;
}

/** Waits so many milliseconds; rejects when `signal` aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }, { once: true });
  });
}

/** Sends a shop's submissions and keeps where they are: they go on after a lost answer, a limit, and a reload. */
export function useSubmissionRun(merchantId: string, accepted: (tags: readonly ShopTagFragment[]) => void): SubmissionState {
  const ask = useAsk();
  const [keeper] = useState(() => runKeeper(merchantId));
  const [run, setRun] = useState(() => keeper.read());
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const left = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => left.current?.abort(), []);

  function become(next: SubmissionRun | undefined): void {
    keeper.write(next);
    setRun(next);
  }

  async function send(start: SubmissionRun): Promise<void> {
    const aborter = new AbortController();
    left.current = aborter;
    setBusy(true);
    setError(undefined);
    try {
      let current = start;
      for (let batch = nextBatch(current); batch !== undefined; batch = nextBatch(current)) {
        // One after the other: each is counted against the shop's quota before the next.
        // oxlint-disable-next-line no-await-in-loop
        const { outcomes, tags } = await sendPatiently(current, batch, aborter.signal);
        current = answered(current, batch.key, outcomes);
        become(current);
        accepted(tags);
      }
    } catch (failure) {
      if (!aborter.signal.aborted) setError(failure);
    } finally {
      if (!aborter.signal.aborted) setBusy(false);
    }
  }

  // A long run uses up the shop's quota, which fills up again while it waits.
  async function sendPatiently(of: SubmissionRun, batch: RunBatch, signal: AbortSignal, tries = mostWaits) {
    let wait: number | undefined;
    try {
      return await sendBatch(of, batch, signal);
    } catch (failure) {
      wait = waitAfter(failure);
      if (wait === undefined || tries === 0) throw failure;
    }
    setWaiting(true);
    await pause(wait, signal);
    setWaiting(false);
    return sendPatiently(of, batch, signal, tries - 1);
  }

  async function sendBatch({ scenario, note }: SubmissionRun, batch: RunBatch, signal: AbortSignal) {
    const input = { orderNos: [...batch.orderNos], scenario, note, idempotencyKey: batch.key };
    const { submitTags } = await ask(SubmitTagsDocument, { input }, signal);
    const { results } = settled(submitTags);
    const outcomes: readonly OrderOutcome[] = results.map((result) => ({
      orderNo: result.orderNo,
      accepted: result.accepted,
      code: result.error?.code,
      message: result.error?.message,
    }));
    return { outcomes, tags: results.flatMap(({ tag }) => (tag === null ? [] : [tag])) };
  }

  return {
    run,
    busy,
    waiting,
    error,
    async submit(input) {
      const next = newRun(input);
      become(next);
      await send(next);
    },
    async goOn() {
      if (run !== undefined && !busy) await send(run);
    },
    giveUp() {
      setError(undefined);
      become(run === undefined ? undefined : withoutUnsent(run));
    },
    putAway() {
      setError(undefined);
      become(undefined);
    },
  };
}
