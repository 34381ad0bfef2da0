import { describe, expect, it } from 'vitest';
import { answered, figuresOf, newRun, nextBatch, runKeeper, unsentOf, withoutUnsent, type OrderOutcome, type SubmissionRun } from './submissionRun.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`);

function outcomesOf(orderNos: readonly string[], refused: readonly string[] = []): readonly OrderOutcome[] {
  return orderNos.map((orderNo) =>
    refused.includes(orderNo) ? { orderNo, accepted: false, code: 'ORDER_NOT_FOUND', message: 'no' } : { orderNo, accepted: true, code: undefined, message: undefined },
  );
}

/** Answers so many batches of a run, in order. */
function answer(run: SubmissionRun, batches: number, refused: readonly string[] = []): SubmissionRun {
  let current = run;
  for (let count = 0; count < batches; count += 1) {
    const batch = nextBatch(current);
    if (batch !== undefined) current = answered(current, batch.key, outcomesOf(batch.orderNos, refused));
  }
  return current;
}

describe('a run', () => {
  const run = newRun({ orderNos: numbers(45), scenario: 'A', note: ' ' });

  it('has batches of 20 under keys of their own, and no empty note', () => {
    expect(run.batches.map(({ orderNos }) => orderNos.length)).toEqual([20, 20, 5]);
    expect(new Set(run.batches.map(({ key }) => key)).size).toBe(3);
    expect(run.note).toBeNull();
  });

  it('goes on behind the last answer', () => {
    const half = answer(run, 1, ['3', '7']);
    expect(nextBatch(half)).toBe(run.batches[1]);
    expect(figuresOf(half)).toMatchObject({ orders: 45, sent: 20, accepted: 18, batchesLeft: 2 });
    expect(figuresOf(half).refused.map(({ orderNo }) => orderNo)).toEqual(['3', '7']);
    expect(unsentOf(half)).toEqual(numbers(45).slice(20));
    expect(withoutUnsent(half)?.batches).toHaveLength(1);
  });

  it('ends when all were answered', () => {
    const done = answer(run, 3);
    expect(nextBatch(done)).toBeUndefined();
    expect(unsentOf(done)).toEqual([]);
    expect(withoutUnsent(done)).toEqual(done);
  });

  it('leaves nothing when it is given up before anything was sent', () => {
    expect(withoutUnsent(run)).toBeUndefined();
  });
});

describe('the keeper of runs', () => {
  function storageWith(text: string | null): Storage {
    let held = text;
    return {
      getItem: () => held,
      setItem: (_: string, value: string) => {
        held = value;
      },
      removeItem: () => {
        held = null;
      },
    } as unknown as Storage;
  }

  it('gives back what it was given, half sent as it is', () => {
    const half = answer(newRun({ orderNos: numbers(21), scenario: 'A', note: 'n' }), 1, ['2']);
    const keeper = runKeeper('m-1', () => storage);
    const storage = storageWith(null);
    keeper.write(half);
    const read = keeper.read();
    expect(read === undefined ? undefined : nextBatch(read)).toEqual(nextBatch(half));
    expect(read === undefined ? undefined : figuresOf(read).accepted).toBe(19);
    keeper.write(undefined);
    expect(keeper.read()).toBeUndefined();
  });

  it.each([null, '', 'no JSON', '1', 'null', '{}', '{"scenario":"A","batches":[{}]}', '{"scenario":"A","batches":[{"key":"k","orderNos":[],"outcomes":1}]}'])(
    'takes %j for none',
    (text) => {
      expect(runKeeper('m-1', () => storageWith(text)).read()).toBeUndefined();
    },
  );

  it('does without a storage that is refused', () => {
    const keeper = runKeeper('m-1', () => {
      throw new Error('refused');
    });
    keeper.write(newRun({ orderNos: ['1'], scenario: 'A', note: '' }));
    expect(keeper.read()).toBeUndefined();
  });
});
