import type { ErrorCode } from '../../gql/graphql.ts';
import { readItem, workPrefix, writeItem } from '../../storage/browserStorage.ts';
import { batchesOf } from './orderNumbers.ts';
import { newSubmissionKey } from './submissionKey.ts';

/** What became of one order. What the tag says now is asked of the tag. */
export interface OrderOutcome {
  readonly orderNo: string;
  readonly accepted: boolean;
  readonly code: ErrorCode | undefined;
  readonly message: string | undefined;
}

/** Up to 20 orders that are sent together, under a key of their own. */
export interface RunBatch {
  readonly key: string;
  readonly orderNos: readonly string[];
  /** Undefined until the server has answered. */
  readonly outcomes: readonly OrderOutcome[] | undefined;
}

/** All orders of one submission, in batches that are sent one after the other. */
export interface SubmissionRun {
  readonly scenario: string;
  readonly note: string | null;
  readonly batches: readonly RunBatch[];
}

export interface RunInput {
  readonly orderNos: readonly string[];
  readonly scenario: string;
  readonly note: string;
}

export function newRun({ orderNos, scenario, note }: RunInput): SubmissionRun {
  const batches = batchesOf(orderNos).map((numbers) => ({ key: newSubmissionKey(), orderNos: numbers, outcomes: undefined }));
  return { scenario, note: note.trim() === '' ? null : note.trim(), batches };
}

/** The run with the answer to a batch. */
export function answered(run: SubmissionRun, key: string, outcomes: readonly OrderOutcome[]): SubmissionRun {
  return { ...run, batches: run.batches.map((batch) => (batch.key === key ? { ...batch, outcomes } : batch)) };
}

/** The next batch to send; undefined when all were answered. */
export function nextBatch(run: SubmissionRun): RunBatch | undefined {
  return run.batches.find(({ outcomes }) => outcomes === undefined);
}

/** The run without what was not sent yet; undefined when nothing was. */
export function withoutUnsent(run: SubmissionRun): SubmissionRun | undefined {
  const batches = run.batches.filter(({ outcomes }) => outcomes !== undefined);
  return batches.length === 0 ? undefined : { ...run, batches };
}

/** The orders of the batches that were not answered. */
export function unsentOf(run: SubmissionRun): readonly string[] {
  return run.batches.flatMap(({ orderNos, outcomes }) => (outcomes === undefined ? orderNos : []));
}

export interface RunFigures {
  readonly orders: number;
  /** Orders whose batch was answered. */
  readonly sent: number;
  readonly accepted: number;
  readonly refused: readonly OrderOutcome[];
  /** Batches that were not answered yet. */
  readonly batchesLeft: number;
}

export function figuresOf(run: SubmissionRun): RunFigures {
  const outcomes = outcomesOf(run);
  return {
    orders: run.batches.reduce((sum, { orderNos }) => sum + orderNos.length, 0),
    sent: outcomes.length,
    accepted: outcomes.filter(({ accepted }) => accepted).length,
    refused: outcomes.filter(({ accepted }) => !accepted),
    batchesLeft: run.batches.filter((batch) => batch.outcomes === undefined).length,
  };
}

export function outcomesOf(run: SubmissionRun): readonly OrderOutcome[] {
  return run.batches.flatMap(({ outcomes }) => outcomes ?? []);
}

/**
 * Keeps a shop's run in the browser, so that it goes on after a reload: a batch whose answer got lost is sent again
 * under the same key, and nothing is tagged twice.
 */
export interface RunKeeper {
  read(): SubmissionRun | undefined;
  write(run: SubmissionRun | undefined): void;
}

export function runKeeper(merchantId: string, storage: () => Storage = () => window.localStorage): RunKeeper {
  const name = `${workPrefix}submission.${merchantId}`;
  return {
    read() {
      const text = readItem(storage, name);
      if (text === undefined) return undefined;
      try {
        const run: unknown = JSON.parse(text);
        return isRun(run) ? run : undefined;
      } catch {
        return undefined;
      }
    },
    write: (run) => writeItem(storage, name, run === undefined ? undefined : JSON.stringify(run)),
  };
}

// What an older version of the page left behind is not a run of this one.
function isRun(value: unknown): value is SubmissionRun {
  if (typeof value !== 'object' || value === null) return false;
  const { scenario, batches } = value as Partial<SubmissionRun>;
  return typeof scenario === 'string' && Array.isArray(batches) && batches.every(isBatch);
}

function isBatch(value: unknown): value is RunBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { key, orderNos, outcomes } = value as Partial<RunBatch>;
  return typeof key === 'string' && Array.isArray(orderNos) && (outcomes === undefined || Array.isArray(outcomes));
}
