import { describe, expect, it } from 'vitest';
import type { Ask } from '../data/ask.ts';
import type { DecideCasesMutationVariables } from '../gql/graphql.ts';
import { queueRow } from '../testing/rows.ts';
import { decideCases } from './reviewActions.ts';

const rows = Array.from({ length: 120 }, (_, index) => queueRow({ id: `A:b${index}` }));

/** Decides everything, until request number `failing`. */
function asked(failing: number) {
  const sizes: number[] = [];
  const ask = (async (_document: unknown, { input }: DecideCasesMutationVariables) => {
    const items = Array.isArray(input.items) ? input.items : [input.items];
    sizes.push(items.length);
    if (sizes.length === failing) throw new Error('out of reach');
    return { decideCases: { results: items.map(() => ({ case: null, userErrors: [] })) } };
  }) as unknown as Ask;
  return { ask, sizes };
}

const decide = (ask: Ask) => decideCases(ask, rows, 'CONFIRM', 'because', () => undefined);

describe('decideCases', () => {
  it('sends many cases in several requests, and gives one outcome for each', async () => {
    const { ask, sizes } = asked(0);
    const outcomes = await decide(ask);
    expect(sizes).toEqual([50, 50, 20]);
    expect(outcomes.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(outcomes.every(({ decided }) => decided)).toBe(true);
  });

  it('keeps what is done when a later request fails, and stops there', async () => {
    const { ask, sizes } = asked(2);
    const outcomes = await decide(ask);
    expect(sizes).toEqual([50, 50]);
    expect(outcomes.filter(({ decided }) => decided)).toHaveLength(50);
    expect(outcomes.at(-1)).toEqual({ id: 'A:b119', decided: false, message: 'out of reach', stale: false });
  });

  it('fails when nothing was done', async () => {
    await expect(decide(asked(1).ask)).rejects.toThrow('out of reach');
  });
});
