import type { Formats } from '../format/formats.ts';

/** The observed value of a risk signal, with its unit where it has one. */
export function signalValue({ value, unit }: { readonly value: number; readonly unit: string | null }, formats: Formats): string {
  return [formats.decimal(value), unit].filter((part) => part !== null).join(' ');
}
