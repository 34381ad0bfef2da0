import type { ListSource } from './list.ts';

/** Every row of a list up to `most`, read again, for an export. */
export async function readAll<Row>(page: ListSource<Row>['page'], most: number, signal: AbortSignal): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  for (;;) {
    // Each page begins where the one before ends.
    // oxlint-disable-next-line no-await-in-loop
    const next = await page(after, signal);
    rows.push(...next.rows);
    if (!next.hasNextPage || next.endCursor === null || rows.length >= most) return rows.slice(0, most);
    after = next.endCursor;
  }
}
