import { describe, expect, it } from 'vitest';
import { goodNumbers, readOrderNumbers } from './orderNumbers.ts';

describe('readOrderNumbers', () => {
  it.each([
    ['', []],
    ['  \n ', []],
    ['1001', ['1001']],
    ['1001\n1002\r\n1003', ['1001', '1002', '1003']],
    ['1001,1002, 1003', ['1001', '1002', '1003']],
    ['1001，1002、1003；1004;1005', ['1001', '1002', '1003', '1004', '1005']],
    ['1001 1002\t1003\u30001004', ['1001', '1002', '1003', '1004']],
    [',,1001,,', ['1001']],
    ['１００１', ['1001']],
    ['A-1_b.2', ['A-1_b.2']],
  ])('%j gives %j', (text, numbers) => {
    expect(goodNumbers(readOrderNumbers(text))).toEqual(numbers);
  });

  it('marks repeats, and keeps the first', () => {
    expect(readOrderNumbers('1001 1002 1001')).toEqual([
      { text: '1001', state: 'good' },
      { text: '1002', state: 'good' },
      { text: '1001', state: 'duplicate' },
    ]);
  });

  it.each(['订单1001', '10#01', 'x'.repeat(65)])('marks %s as malformed', (text) => {
    expect(readOrderNumbers(text)).toEqual([{ text, state: 'malformed' }]);
  });

  it('takes 64 characters', () => {
    expect(goodNumbers(readOrderNumbers('x'.repeat(64)))).toHaveLength(1);
  });
});
