import { describe, expect, it } from 'vitest';
import { batchesOf, numbersOf, readOrderNumbers, takenAsNumber, without } from './orderNumbers.ts';

const numbersIn = (text: string) => numbersOf(readOrderNumbers(text));
const kinds = (text: string) => readOrderNumbers(text).pieces.map(({ text: piece, kind }) => `${piece} ${kind}`);

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
    ['订单号：2910000001', ['2910000001']],
    ['订单号:1001，订单编号 1002', ['1001', '1002']],
    ['订单1001', ['1001']],
    ['Order no. 1001 and order 1002', ['1001', '1002']],
    ['2910000001 ¥129.00 张三', ['2910000001']],
    ['2910000001 129.00 2', ['2910000001']],
    ['1\t2910000001\n2\t2910000002', ['2910000001', '2910000002']],
    ['13812345678\n13912345678', ['13812345678', '13912345678']],
    ['2910000001\t￥1,299.00\t2026-11-30 12:30:05\t张三\t13812345678', ['2910000001']],
    ['# 2910000001 | "2910000002" | ‘2910000003’', ['2910000001', '2910000002', '2910000003']],
    ['| 2910000001 | 2910000002 |', ['2910000001', '2910000002']],
    ['#1001 退货', ['1001']],
    ['29100\u200B00001\uFEFF', ['2910000001']],
    ['【2910000001】（已退款）', ['2910000001']],
    ['张三，电话 13812345678，运单号：75312345678901', []],
    ['买了 2 件，100000 北京', []],
    ['共 129元', []],
    ['2026-11-30T08:00:00Z', []],
    ['2026-11-30-00012345', ['2026-11-30-00012345']],
    ['2910000001.', ['2910000001']],
  ])('%j has %j', (text, numbers) => {
    expect(numbersIn(text)).toEqual(numbers);
  });

  it('marks repeats, and keeps the first', () => {
    expect(kinds('1001 1002 1001')).toEqual(['1001 number', '1002 number', '1001 duplicate']);
  });

  it('shows what is no number', () => {
    expect(kinds('订单号：2910000001 ¥129.00 张三')).toEqual(['订单号 other', '2910000001 number', '¥129.00 other', '张三 other']);
  });

  it('reports numbers that a spreadsheet has rounded', () => {
    expect(kinds('2.91E+09')).toEqual(['2.91E+09 shortened']);
  });

  it('takes 64 characters and no more', () => {
    expect(numbersIn('9'.repeat(64))).toHaveLength(1);
    expect(kinds('9'.repeat(65))).toEqual([`${'9'.repeat(65)} other`]);
  });
});

describe('without', () => {
  it('drops a text wherever it stands, and the lines that are left empty', () => {
    const pasted = readOrderNumbers('2910000001 张三\n张三\n2910000002 ¥5 张三');
    expect(without(pasted, ({ text }) => text === '张三')).toBe('2910000001 \n2910000002 ¥5 ');
    expect(numbersIn(without(pasted, ({ kind }) => kind === 'other'))).toEqual(['2910000001', '2910000002']);
  });

  it('drops repeats alone', () => {
    expect(numbersIn(without(readOrderNumbers('1001 1002\n1001'), ({ kind }) => kind === 'duplicate'))).toEqual(['1001', '1002']);
  });
});

it.each(['1001', 'ABC'])('a person can say that %s is a number', (text) => {
  const taken = takenAsNumber(readOrderNumbers(`请看 ${text} 谢谢`), text);
  expect(numbersIn(taken)).toEqual([text]);
});

it.each([
  [0, []],
  [1, [1]],
  [20, [20]],
  [21, [20, 1]],
  [60, [20, 20, 20]],
])('%d numbers go in batches of %j', (count, sizes) => {
  const numbers = Array.from({ length: count }, (_, index) => `${index}`);
  expect(batchesOf(numbers).map(({ length }) => length)).toEqual(sizes);
  expect(batchesOf(numbers).flat()).toEqual(numbers);
});
