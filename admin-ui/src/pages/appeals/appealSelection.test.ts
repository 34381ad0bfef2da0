import { expect, it } from 'vitest';
import type { AppealRowFragment } from '../../gql/graphql.ts';
import { selectAppeals } from './appealSelection.ts';

function appeal(id: string, buyer: string, canDecide: boolean): AppealRowFragment {
  return {
    id, canDecide, state: 'OPEN', statement: '', filedAt: '2026-05-01T00:00:00.000Z', filedBy: 'service', decidedBy: null, decidedAt: null, reply: null,
    case: { id: `A:${buyer}`, state: 'CONFIRMED', scenario: { code: 'A', name: 'A' }, buyer: { id: buyer } },
  };
}

const rows = [appeal('3', 'b1', true), appeal('2', 'b2', false), appeal('1', 'b1', false)];

it.each([
  [{ buyer: undefined, mine: false, order: 'latest' }, ['3', '2', '1']],
  [{ buyer: undefined, mine: false, order: 'oldest' }, ['1', '2', '3']],
  [{ buyer: 'b1', mine: false, order: 'latest' }, ['3', '1']],
  [{ buyer: 'b1', mine: true, order: 'latest' }, ['3']],
  [{ buyer: 'b2', mine: true, order: 'latest' }, []],
] as const)('%o', (selection, ids) => {
  expect(selectAppeals(rows, selection).map(({ id }) => id)).toEqual(ids);
});
