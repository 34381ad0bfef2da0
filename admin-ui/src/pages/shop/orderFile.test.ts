import { describe, expect, it } from 'vitest';
import { workbook } from '../../testing/workbook.ts';
import { columnsOf, digitsOf, likelyColumn, readOrderFile, textOf, type FileTable } from './orderFile.ts';
import { numbersOf, readOrderNumbers } from './orderNumbers.ts';

const fileOf = (content: string | Uint8Array<ArrayBuffer>, name = 'orders.csv') => new File([content], name);
const problemOf = async (file: File) => readOrderFile(file).then(() => 'none', (error: { problem: string }) => error.problem);

function chosenNumbers(table: FileTable | undefined): readonly string[] {
  return numbersOf(readOrderNumbers(likelyColumn(columnsOf(table ?? { name: '', rows: [] }))?.text ?? ''));
}

describe('readOrderFile', () => {
  it.each([
    ['commas', '订单号,金额,备注\n2910000001,129.00,"空包, 无货"\n2910000002,59.90,\n'],
    ['tabs', '订单号\t金额\t备注\n2910000001\t129.00\t空包\n2910000002\t59.90\t\n'],
    ['a byte order mark and semicolons', '\uFEFF订单号;金额\r\n2910000001;129,00\r\n2910000002;59,90\r\n'],
    ['an apostrophe or tab against rounding', '订单号,金额\n\'2910000001,129.00\n"\t2910000002",59.90\n'],
  ])('reads a CSV file with %s', async (_, text) => {
    const [table] = await readOrderFile(fileOf(text));
    expect(chosenNumbers(table)).toEqual(['2910000001', '2910000002']);
  });

  it('reads a list of numbers without any heading', async () => {
    const [table] = await readOrderFile(fileOf('2910000001\n2910000002\n', 'orders.txt'));
    expect(columnsOf(table as FileTable)[0]?.heading).toBeUndefined();
    expect(chosenNumbers(table)).toEqual(['2910000001', '2910000002']);
  });

  it('reads every sheet of a workbook, numbers with all their digits', async () => {
    const bytes = workbook({
      说明: [['请勿修改']],
      订单: [
        ['运单号', '订单号', '金额'],
        ['75300000000001', { number: '2910000001' }, { number: '129.5' }],
        ['75300000000002', { number: '2.910000002E9' }, { number: '59' }],
        ['75300000000003', '310000000000000003', { number: '7' }],
      ],
    });
    const tables = await readOrderFile(fileOf(bytes, 'orders.xlsx'));
    expect(tables.map(({ name }) => name)).toEqual(['说明', '订单']);
    expect(chosenNumbers(tables[1])).toEqual(['2910000001', '2910000002', '310000000000000003']);
  });

  it('reads a workbook that unfolds to more than a worker-free reader takes at once', async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => [`29${String(index).padStart(8, '0')}`, 'a remark of some length']);
    const [table] = await readOrderFile(fileOf(workbook({ all: rows }), 'orders.xlsx'));
    expect(chosenNumbers(table)).toHaveLength(12_000);
  });

  it.each([
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'oldWorkbook'],
    ['a broken archive', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'unreadable'],
    ['an empty file', '', 'empty'],
    ['a file of blank lines', '\n ,\n', 'empty'],
    ['a large file', 'x'.repeat(10_000_001), 'tooLarge'],
  ])('refuses %s', async (_, content, problem) => {
    expect(await problemOf(fileOf(content))).toBe(problem);
  });
});

it.each([
  ['UTF-8', new Uint8Array([0xe8, 0xae, 0xa2, 0xe5, 0x8d, 0x95])],
  ['GBK', new Uint8Array([0xb6, 0xa9, 0xb5, 0xa5])],
  ['UTF-16, little end first', new Uint8Array([0xff, 0xfe, 0xa2, 0x8b, 0x55, 0x53])],
  ['UTF-16, big end first', new Uint8Array([0xfe, 0xff, 0x8b, 0xa2, 0x53, 0x55])],
])('reads %s', (_, bytes) => {
  expect(textOf(bytes).replace('\uFEFF', '')).toBe('订单');
});

it.each([
  ['2910000001', '2910000001'],
  ['2910000001.0', '2910000001'],
  ['2.910000001E9', '2910000001'],
  ['2.91E+17', '291000000000000000'],
  ['2.910000000000001E+17', '2.910000000000001E+17'],
  ['129.5', '129.5'],
  ['1.5E-3', '1.5E-3'],
])('%s of a workbook is %s', (text, digits) => {
  expect(digitsOf(text)).toBe(digits);
});

describe('likelyColumn', () => {
  it('prefers the heading to the number of numbers', () => {
    const columns = columnsOf({ name: '', rows: [['运单号', '订单编号'], ['75300000000001', '2910000001'], ['75300000000002', '']] });
    expect(likelyColumn(columns)?.heading).toBe('订单编号');
  });

  it('is none where no column has a number', () => {
    expect(likelyColumn(columnsOf({ name: '', rows: [['a', 'b'], ['c', 'd']] }))).toBeUndefined();
  });
});
