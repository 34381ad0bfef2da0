import type { Formats } from '../../format/formats.ts';
import { signalValue } from '../../review/signalValue.ts';
import type { QueueListRow } from './useQueueList.ts';

/** What the orders behind a case cost. */
export function amountOf({ evidence }: QueueListRow, formats: Formats): string {
  return evidence?.amounts.map(({ cents, currency }) => formats.money(cents, currency)).join(' + ') ?? '';
}

/** The shops that tagged, the latest first. */
export function shopsOf({ evidence }: QueueListRow, formats: Formats): string {
  return formats.list(evidence?.merchants.map(({ name }) => name) ?? []);
}

/** The risk signal that weighs most, with its value. */
export function signalOf({ buyer }: QueueListRow, formats: Formats): string {
  const strongest = buyer.risk?.strongest;
  if (strongest === undefined || strongest === null) return '';
  return formats.label(strongest.label) + signalValue(strongest, formats);
}

/** The evidence of a case in one line: who tagged, the strongest signal, and what a shop wrote. */
export function evidenceOf(row: QueueListRow, formats: Formats): string {
  return [factsOf(row, formats), row.evidence?.note ?? ''].filter((part) => part !== '').join(' · ');
}

/** The same without what a shop wrote. */
export function factsOf(row: QueueListRow, formats: Formats): string {
  return [shopsOf(row, formats), signalOf(row, formats)].filter((part) => part !== '').join(' · ');
}
