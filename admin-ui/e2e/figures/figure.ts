import { appendFileSync } from 'node:fs';

/** Prints what was measured as a line of a table, and adds it to the file of CLOUDTAG_FIGURES. */
export function figure(what: string, value: string, wanted: string): void {
  const line = `| ${what} (${process.env['CLOUDTAG_STORE'] ?? ''}) | ${value} | ${wanted} |`;
  process.stdout.write(`${line}\n`);
  const file = process.env['CLOUDTAG_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}

/** The value that a share of them is not above. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
}
