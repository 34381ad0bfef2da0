import { numbersOf, readOrderNumbers } from './orderNumbers.ts';

/** A table of a file: a CSV file has one, a workbook one a sheet. */
export interface FileTable {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

/** Why a file could not be read, in words the interface has a sentence for. */
export type FileProblem = 'tooLarge' | 'oldWorkbook' | 'unreadable' | 'empty';

export class FileError extends Error {
  readonly problem: FileProblem;

  constructor(problem: FileProblem, cause?: unknown) {
    super(problem, { cause });
    this.name = 'FileError';
    this.problem = problem;
  }
}

export const largestFile = 10_000_000;
// What a small file may unfold to.
const largestUnpacked = 100_000_000;
const wholeNumber = /^\d+(?:\.0+)?$/;

/** The tables of a CSV, text or XLSX file. Throws FileError. The parsers are loaded when they are needed. */
export async function readOrderFile(file: File): Promise<readonly FileTable[]> {
  if (file.size > largestFile) throw new FileError('tooLarge');
  const bytes = new Uint8Array(await file.arrayBuffer());
  // By what is in it, whatever its name: a workbook is a ZIP archive, one of before 2007 an OLE document.
  if (beginsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw new FileError('oldWorkbook');
  const tables = beginsWith(bytes, [0x50, 0x4b]) ? await readWorkbook(bytes) : [{ name: file.name, rows: await readTable(textOf(bytes)) }];
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) throw new FileError('empty');
  return filled;
}

function beginsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** Excel writes CSV in the code page of its Windows, which in China is GBK, and "Unicode text" in UTF-16. */
export function textOf(bytes: Uint8Array): string {
  if (beginsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes);
  if (beginsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

async function readTable(text: string): Promise<FileTable['rows']> {
  const { default: papa } = await import('papaparse');
  return papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data;
}

async function readWorkbook(bytes: Uint8Array): Promise<readonly FileTable[]> {
  const [{ unzipSync, zipSync }, { default: readXlsxFile }] = await Promise.all([import('fflate'), import('read-excel-file/universal')]);
  try {
    let unpacked = 0;
    const entries = unzipSync(bytes, {
      filter({ name, originalSize }) {
        unpacked += originalSize;
        return /\.(?:xml|rels)$/.test(name) && unpacked <= largestUnpacked;
      },
    });
    if (unpacked > largestUnpacked) throw new FileError('tooLarge');
    // Packed again without compression: else large entries are unpacked by a worker made of a blob, which the pages' security
    // policy refuses.
    const stored = zipSync(entries, { level: 0 });
    const sheets = await readXlsxFile<string>(new Blob([new Uint8Array(stored)]), { parseNumber: digitsOf });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))) }));
  } catch (error) {
    throw error instanceof FileError ? error : new FileError('unreadable', error);
  }
}

/** A number of a workbook with all of its digits, where it has them: it keeps 15 and writes large ones as 2.91E+9. */
export function digitsOf(text: string): string {
  if (wholeNumber.test(text)) return text.replace(/\.0+$/, '');
  const [, whole = '', fraction = '', exponent = ''] = /^(\d)(?:\.(\d+))?E\+?(\d+)$/i.exec(text) ?? [];
  if (whole === '' || fraction.length >= 15 || Number(exponent) < fraction.length) return text;
  return whole + fraction.padEnd(Number(exponent), '0');
}

/** A column of a table, as a person chooses it. */
export interface FileColumn {
  readonly index: number;
  /** Its first cell, when that is a heading. */
  readonly heading: string | undefined;
  readonly samples: readonly string[];
  /** What there is in its cells, one a line. */
  readonly text: string;
  /** How many order numbers are in it, repeats left out. */
  readonly numbers: number;
}

const samplesShown = 3;

/** The columns of a table that have anything in them. */
export function columnsOf({ rows }: FileTable): readonly FileColumn[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, index) => columnAt(rows, index)).filter(({ text }) => text !== '');
}

function columnAt(rows: FileTable['rows'], index: number): FileColumn {
  const cells = rows.map((row) => row[index]?.trim() ?? '');
  const first = cells[0] ?? '';
  const heading = first !== '' && numbersOf(readOrderNumbers(first)).length === 0 ? first : undefined;
  const filled = (heading === undefined ? cells : cells.slice(1)).filter((cell) => cell !== '');
  const text = filled.join('\n');
  return { index, heading, samples: filled.slice(0, samplesShown), text, numbers: numbersOf(readOrderNumbers(text)).length };
}

const orderHeading = /订单(?:编号|号)|order/i;

/** The column that most likely has the order numbers. */
export function likelyColumn(columns: readonly FileColumn[]): FileColumn | undefined {
  const best = (among: readonly FileColumn[]) => among.reduce<FileColumn | undefined>((most, column) => (column.numbers > (most?.numbers ?? 0) ? column : most), undefined);
  return best(columns.filter(({ heading }) => heading !== undefined && orderHeading.test(heading))) ?? best(columns);
}
