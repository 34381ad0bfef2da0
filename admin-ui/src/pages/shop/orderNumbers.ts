/** The most orders of one batch. */
export const mostOrders = 20;

/**
 * What a piece of a pasted text was taken for. `shortened` is a number that a spreadsheet has rounded (2.91E+09), whose
 * digits are lost; `other` is no order number.
 */
export type PieceKind = 'number' | 'duplicate' | 'shortened' | 'other';

/** A piece of a pasted text, with its place in the tidied text. */
export interface Piece {
  readonly text: string;
  readonly kind: PieceKind;
  readonly start: number;
  readonly end: number;
}

export interface PastedText {
  /** The text with full-width letters and digits made plain, and without what can't be seen. */
  readonly tidied: string;
  readonly pieces: readonly Piece[];
}

// Zero-width spaces and joiners, soft hyphens, marks of direction and of byte order: chat programs leave them behind.
const unseen = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/gu;

// In this order: money, dates, times of day, rounded numbers, what could be an order number, and anything else.
const pieces =
  /[¥$€£]\s*\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s*[元块]|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:T[\d:.]+Z?)?(?![\w.-])|(?<![\w.-])\d{1,2}:\d{2}(?::\d{2})?(?![\w.-])|\d(?:\.\d+)?E\+\d+|[A-Za-z0-9\-_.]+|[^A-Za-z0-9\-_.\s,、;|#"'“”‘’「」『』【】()[\]{}<>《》:=*/\\!?。~&+%^`]+/giu;

const plain = /^[A-Za-z0-9\-_.]+$/;
const rounded = /^\d(?:\.\d+)?E\+\d+$/i;
const decimal = /^\d+\.\d{1,2}$/;
const date = /^\d{4}[-.]\d{1,2}[-.]\d{1,2}(?:T[\d:.]+Z?)?$/;
const mobile = /^1[3-9]\d{9}$/;
const orderLabel = /(?:订单(?:编号|号码|号)?|order(?:s|no|id|number)?\.?|no\.?|number)$/iu;
const otherLabel = /(?:电话|手机|手机号|联系方式|运单号?|快递单号|物流单号|tel|phone|mobile|tracking|qty|数量)\.?$/iu;
const longest = 64;
// Fewer digits within other text are counts, room numbers and postcodes.
const leastDigits = 8;
const mostOfCounts = 3;

/**
 * Finds the order numbers in whatever text there is. A line of nothing but words with digits in them is taken as it is;
 * within other text a number has 8 digits or more, or a `#` or "order no." (订单号) before it or the list that it is in. Amounts, dates, telephone
 * numbers and what stands behind such a label are none.
 */
export function readOrderNumbers(text: string): PastedText {
  const tidied = text.normalize('NFKC').replace(unseen, '');
  const seen = new Set<string>();
  const found: Piece[] = [];
  let start = 0;
  for (const line of tidied.split('\n')) {
    for (const piece of readLine(line)) {
      const repeated = piece.kind === 'number' && seen.has(piece.text);
      if (piece.kind === 'number') seen.add(piece.text);
      found.push({ ...piece, kind: repeated ? 'duplicate' : piece.kind, start: piece.start + start, end: piece.end + start });
    }
    start += line.length + 1;
  }
  return { tidied, pieces: found };
}

function readLine(line: string): readonly Piece[] {
  const words = [...line.matchAll(pieces)].flatMap(({ 0: text, index }) => {
    // A full stop or a hyphen around a number is none of its own.
    const lead = /^[-_.]*/.exec(text)?.[0].length ?? 0;
    const core = text.slice(lead).replace(/[-_.]+$/, '');
    return core === '' ? [] : [{ text: core, start: index + lead, end: index + lead + core.length }];
  });
  const bare = words.every(({ text }) => plain.test(text) && /\d/.test(text) && !decimal.test(text) && !date.test(text));
  const longer = words.some(({ text }) => digitsOf(text) >= leastDigits && !mobile.test(text));
  const found: Piece[] = [];
  for (const word of words) found.push({ ...word, kind: kindOf(line, word, found.at(-1), bare, longer) });
  return found;
}

type Word = Pick<Piece, 'text' | 'start'>;

function kindOf(line: string, { text, start }: Word, before: Piece | undefined, bare: boolean, longer: boolean): PieceKind {
  if (rounded.test(text)) return 'shortened';
  if (!plain.test(text) || text.length > longest) return 'other';
  const lead = line.slice(0, start).trimEnd();
  if (lead.endsWith('#')) return 'number';
  const labelled = before !== undefined && /(?:[:=.]|[\p{L}.])\s*$/u.test(line.slice(0, start));
  if (labelled && otherLabel.test(before.text)) return 'other';
  if (decimal.test(text) || date.test(text) || !/\d/.test(text)) return 'other';
  if (labelled && orderLabel.test(before.text)) return 'number';
  // A list goes on: a number as long as the one before it.
  if (before?.kind === 'number' && before.text.length === text.length && /^[\s,、;|]+$/.test(line.slice(before.end, start))) return 'number';
  // Beside a long number, a short one is the row's number or a quantity, and one like a mobile's is the buyer's.
  if (longer && (digitsOf(text) <= mostOfCounts || mobile.test(text))) return 'other';
  return bare || digitsOf(text) >= leastDigits ? 'number' : 'other';
}

function digitsOf(text: string): number {
  return text.replace(/\D/g, '').length;
}

/** The numbers to send, each once. */
export function numbersOf({ pieces: found }: PastedText): readonly string[] {
  return found.filter(({ kind }) => kind === 'number').map(({ text }) => text);
}

/** The text without the pieces that are `drop`, and without the lines that are empty then. */
export function without({ tidied, pieces: found }: PastedText, drop: (piece: Piece) => boolean): string {
  let rest = '';
  let from = 0;
  for (const piece of found) {
    if (!drop(piece)) continue;
    rest += tidied.slice(from, piece.start);
    from = piece.end;
  }
  return (rest + tidied.slice(from))
    .split('\n')
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .join('\n');
}

/** The text with a piece taken for an order number after all. */
export function takenAsNumber(pasted: PastedText, text: string): string {
  const rest = without(pasted, (piece) => piece.text === text);
  return withNumbers(rest, [`#${text}`]);
}

/** The text with more numbers, one a line. */
export function withNumbers(text: string, numbers: readonly string[]): string {
  return [...(text.trim() === '' ? [] : [text.trimEnd()]), ...numbers].join('\n');
}

/** Whether the API would take the text for an order number, if a person says that it is one. */
export function couldBeNumber(text: string): boolean {
  return plain.test(text) && text.length <= longest;
}

/** The numbers in batches of at most 20, in order. */
export function batchesOf(numbers: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(numbers.length / mostOrders) }, (_, index) => numbers.slice(index * mostOrders, (index + 1) * mostOrders));
}
