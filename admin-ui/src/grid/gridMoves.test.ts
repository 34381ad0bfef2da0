import { describe, expect, it } from 'vitest';
import { moveOf, rangeSelection, toggled } from './gridMoves.ts';

describe('moveOf', () => {
  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 5, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 0, 9],
    ['PageDown', 95, 99],
    ['PageUp', 50, 41],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['a', 50, undefined],
  ])('%s from %d leads to %s', (key, from, to) => {
    expect(moveOf(key, from, 100, 10)).toBe(to);
  });

  it('leads nowhere in an empty grid', () => {
    expect(moveOf('End', 0, 0, 10)).toBeUndefined();
  });
});

describe('rangeSelection', () => {
  const idAt = (index: number) => (index === 3 ? undefined : `r${index}`);

  it.each([
    [1, 4, ['kept', 'r1', 'r2', 'r4']],
    [2, 0, ['kept', 'r0', 'r1', 'r2']],
    [2, 2, ['kept', 'r2']],
  ])('from %d to %d, leaving out what is not read yet', (from, to, ids) => {
    const selected = rangeSelection({ index: from, base: new Set(['kept']) }, to, idAt);
    expect([...selected].toSorted()).toEqual(ids);
  });
});

it('toggled adds and takes out', () => {
  expect([...toggled(new Set(['a']), 'b')]).toEqual(['a', 'b']);
  expect([...toggled(new Set(['a', 'b']), 'a')]).toEqual(['b']);
});
