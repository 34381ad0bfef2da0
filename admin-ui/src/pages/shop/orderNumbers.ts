/** The most orders of one submission. */
export const mostOrders = 20;

/** What is to be said about a pasted order number before anything is sent. */
export type OrderNumberState = 'good' | 'duplicate' | 'malformed';

export interface OrderNumber {
  readonly text: string;
  readonly state: OrderNumberState;
}

// Line breaks, spaces, commas, semicolons and tabs, each also as Chinese keyboards write them.
const separators = /[\s,，、;；]+/u;

// As the API wants them: 1 to 64 letters, digits, hyphens, underscores or dots.
const wellFormed = /^[A-Za-z0-9\-_.]{1,64}$/;

/** The order numbers in a pasted text, in order, each marked. Full-width letters and digits are taken for ordinary ones. */
export function readOrderNumbers(text: string): readonly OrderNumber[] {
  const seen = new Set<string>();
  return text
    .normalize('NFKC')
    .split(separators)
    .filter((part) => part !== '')
    .map((part) => {
      if (!wellFormed.test(part)) return { text: part, state: 'malformed' };
      if (seen.has(part)) return { text: part, state: 'duplicate' };
      seen.add(part);
      return { text: part, state: 'good' };
    });
}

/** The numbers to send: each good one once. */
export function goodNumbers(numbers: readonly OrderNumber[]): readonly string[] {
  return numbers.filter(({ state }) => state === 'good').map(({ text }) => text);
}
