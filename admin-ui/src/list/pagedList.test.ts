import { describe, expect, it } from 'vitest';
import type { ListSource } from './list.ts';
import { pageSize } from './listRoom.ts';
import { PagedList } from './pagedList.ts';
import { readAll } from './readAll.ts';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly rank: number;
  readonly open: boolean;
}

const row = (rank: number, changes: Partial<Row> = {}): Row => ({ id: `r${rank}`, version: 1, rank, open: true, ...changes });

/** A server with rows in rank order, and a list over it. */
function listOver(size: number) {
  const server = { rows: Array.from({ length: size }, (_, rank) => row(rank)), reads: [] as (string | undefined)[], broken: false };
  const source: ListSource<Row> = {
    id: ({ id }) => id,
    version: ({ version }) => version,
    matches: ({ open }) => open,
    compare: (a, b) => a.rank - b.rank,
    async page(after) {
      server.reads.push(after);
      if (server.broken) throw new Error('broken');
      const rest = after === undefined ? server.rows : server.rows.filter(({ rank }) => rank > Number(after));
      const rows = rest.slice(0, pageSize);
      const total = after === undefined ? { totalCount: Math.min(server.rows.length, 10_001) } : {};
      return { rows, endCursor: String(rows.at(-1)?.rank ?? ''), hasNextPage: rest.length > pageSize, ...total };
    },
  };
  return { server, source, list: new PagedList(source) };
}

async function settle(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let turn = 0; turn < 3000; turn += 1) await Promise.resolve();
}

describe('PagedList', () => {
  it('makes room for all rows, and reads those in sight', async () => {
    const { server, list } = listOver(5000);
    await list.reload();
    list.inSight(0, 20);
    await settle();
    expect(list.view()).toMatchObject({ phase: 'ready', count: 5000, exact: true });
    expect(server.reads).toEqual([undefined]);
    expect(list.view().at(99)?.id).toBe('r99');
    expect(list.view().at(100)).toBeUndefined();
    list.inSight(60, 80);
    await settle();
    expect(list.view().at(100)?.id).toBe('r100');
    // Only the first page counts the list.
    expect(list.view()).toMatchObject({ count: 5000, exact: true });
  });

  it('reads up to a place far down, and lets go of what is far from sight', async () => {
    const { server, list } = listOver(20_000);
    await list.reload();
    expect(list.view()).toMatchObject({ count: 10_001, exact: false });
    list.inSight(9980, 10_000);
    await settle();
    expect(list.view().at(9990)?.id).toBe('r9990');
    expect(list.view().at(0)).toBeUndefined();
    server.reads.length = 0;
    list.inSight(0, 20);
    await settle();
    expect(list.view().at(0)?.id).toBe('r0');
    // One page, not all of them again.
    expect(server.reads).toEqual([undefined]);
  });

  it('changes rows in place, and ignores older states', async () => {
    const { list } = listOver(3);
    await list.reload();
    list.upsert([row(1, { version: 3, rank: -5 })]);
    list.upsert([row(1, { version: 2, rank: 7 })]);
    expect(list.view().at(1)).toEqual(row(1, { version: 3, rank: -5 }));
  });

  it('lets new rows wait, and shows them on a reload', async () => {
    const { server, list } = listOver(3);
    await list.reload();
    const fresh = row(-1);
    list.upsert([fresh]);
    expect(list.view()).toMatchObject({ arrivals: 1, count: 3 });
    expect(list.view().at(0)?.id).toBe('r0');
    server.rows.unshift(fresh);
    await list.reload();
    expect(list.view()).toMatchObject({ arrivals: 0, count: 4 });
    expect(list.view().at(0)?.id).toBe('r-1');
  });

  it('announces nothing that scrolling would bring, nor what came and went', async () => {
    const { list } = listOver(5000);
    await list.reload();
    list.upsert([row(4000, { version: 2 })]);
    expect(list.view().arrivals).toBe(0);
    list.upsert([row(-1)]);
    list.upsert([row(-1, { version: 2, open: false })]);
    expect(list.view().arrivals).toBe(0);
  });

  it('marks rows that left, and drops them when out of sight', async () => {
    const { list } = listOver(50);
    await list.reload();
    list.upsert([row(2, { version: 2, open: false }), row(20, { version: 2, open: false }), row(40, { version: 2, open: false })]);
    expect(list.view().isGone('r20')).toBe(true);
    expect(list.view().count).toBe(50);
    expect(list.dropGone(10, 30)).toBe(1);
    expect(list.view().count).toBe(48);
    expect(list.view().indexOf('r20')).toBe(19);
    expect(list.view().indexOf('r40')).toBe(-1);
  });

  it('takes a mark back when the row belongs again', async () => {
    const { list } = listOver(5);
    await list.reload();
    list.upsert([row(2, { version: 2, open: false })]);
    list.upsert([row(2, { version: 3 })]);
    expect(list.view().isGone('r2')).toBe(false);
    expect(list.dropGone(4, 4)).toBe(0);
  });

  it('keeps what an event said while the list was being read', async () => {
    const { list } = listOver(5);
    await list.reload();
    const reading = list.reload();
    list.upsert([row(2, { version: 9 })]);
    await reading;
    expect(list.view().at(2)?.version).toBe(9);
  });

  it('says that it failed, and recovers', async () => {
    const { server, list } = listOver(5);
    server.broken = true;
    await expect(list.reload()).rejects.toThrow('broken');
    expect(list.view().phase).toBe('failed');
    server.broken = false;
    list.retry();
    await settle();
    expect(list.view()).toMatchObject({ phase: 'ready', count: 5, error: undefined });
  });

  it('keeps its rows when reading on fails', async () => {
    const { server, list } = listOver(500);
    await list.reload();
    server.broken = true;
    list.inSight(90, 110);
    await settle();
    expect(list.view().phase).toBe('ready');
    expect(list.view().error).toBeInstanceOf(Error);
    server.broken = false;
    list.retry();
    await settle();
    expect(list.view().at(110)?.id).toBe('r110');
    expect(list.view().error).toBeUndefined();
  });

  it('exports every row up to a limit', async () => {
    const { source } = listOver(450);
    const signal = new AbortController().signal;
    expect(await readAll(source.page, 10_000, signal)).toHaveLength(450);
    expect(await readAll(source.page, 120, signal)).toHaveLength(120);
  });
});
