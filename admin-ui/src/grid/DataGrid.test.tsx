import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState, useSyncExternalStore } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PagedList } from '../list/pagedList.ts';
import { renderConsole } from '../testing/renderConsole.tsx';
import { DataGrid } from './DataGrid.tsx';
import type { GridColumn } from './gridColumn.ts';
import { GridHead } from './GridHead.tsx';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly open: boolean;
}

const columns: readonly GridColumn<Row>[] = [{ id: 'id', title: 'Id', width: '1fr', cell: ({ id }) => id, text: ({ id }) => id }];

function listOf(count: number): PagedList<Row> {
  const rows = Array.from({ length: count }, (_, index) => ({ id: `r${index}`, version: 1, open: true }));
  return new PagedList<Row>({
    id: ({ id }) => id,
    version: ({ version }) => version,
    matches: ({ open }) => open,
    compare: () => 1,
    page: async () => ({ rows, endCursor: null, hasNextPage: false, totalCount: count }),
  });
}

const opened = vi.fn<(row: Row) => void>();

function Grid({ list }: { readonly list: PagedList<Row> }) {
  const view = useSyncExternalStore(list.subscribe, list.view);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return (
    <DataGrid
      label="Rows"
      columns={columns}
      view={view}
      idOf={({ id }) => id}
      nameOf={({ id }) => id}
      open={opened}
      inSight={(first, last) => list.inSight(first, last)}
      dropGone={(first, last) => list.dropGone(first, last)}
      retry={() => list.retry()}
      selected={selected}
      select={setSelected}
      empty="Nothing here"
    />
  );
}

async function show(count: number): Promise<PagedList<Row>> {
  const list = listOf(count);
  renderConsole(<Grid list={list} />);
  await act(() => list.reload());
  return list;
}

const grid = () => screen.getByRole('grid');
const activeText = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')?.textContent;
const selectedTexts = () => screen.getAllByRole('row', { selected: true }).map(({ textContent }) => textContent);
const press = (key: string, changes: object = {}) => fireEvent.keyDown(grid(), { key, ...changes });

beforeEach(() => {
  // happy-dom lays nothing out: a viewport of ten rows.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(476);
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(476);
  opened.mockClear();
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('DataGrid', () => {
  it('is a grid of rows and cells that says how many there are, and which are shown', async () => {
    await show(1000);
    expect(grid().getAttribute('aria-rowcount')).toBe('1001');
    expect(screen.getByRole('columnheader', { name: 'Id' })).toBeTruthy();
    const rows = screen.getAllByRole('row');
    // The head, and far fewer than a thousand.
    expect(rows.length).toBeLessThan(40);
    expect(rows[1]?.getAttribute('aria-rowindex')).toBe('2');
    expect(rows[1]?.querySelectorAll('[role=gridcell]')).toHaveLength(2);
  });

  it('follows keys, two in the same moment included', async () => {
    await show(1000);
    expect(activeText()).toBe('r0');
    act(() => {
      press('j');
      press('j');
      press('x');
    });
    expect(activeText()).toBe('r2');
    expect(selectedTexts()).toEqual(['r2']);
    press('ArrowUp');
    expect(activeText()).toBe('r1');
    press('PageDown');
    expect(activeText()).toBe('r10');
    press('Home');
    expect(activeText()).toBe('r0');
  });

  it('extends the selection from where it began, and shrinks it again', async () => {
    await show(50);
    press('x');
    press('J', { shiftKey: true });
    press('ArrowDown', { shiftKey: true });
    expect(selectedTexts()).toEqual(['r0', 'r1', 'r2']);
    press('K', { shiftKey: true });
    expect(selectedTexts()).toEqual(['r0', 'r1']);
    press('a', { ctrlKey: true });
    expect(screen.getByLabelText<HTMLInputElement>('Select all loaded rows').checked).toBe(true);
  });

  it('opens the active row', async () => {
    await show(5);
    press('j');
    press('Enter');
    expect(opened).toHaveBeenCalledWith({ id: 'r1', version: 1, open: true });
  });

  it('keeps the active row when one above is let go', async () => {
    const list = await show(50);
    for (let step = 0; step < 4; step += 1) press('j');
    act(() => list.upsert([{ id: 'r1', version: 2, open: false }]));
    act(() => void list.dropGone(3, 10));
    expect(activeText()).toBe('r4');
  });

  it('says when there is nothing, and when reading failed', async () => {
    await show(0);
    expect(screen.getByText('Nothing here')).toBeTruthy();
    cleanup();
    const broken = new PagedList<Row>({
      id: ({ id }) => id,
      version: () => 1,
      matches: () => true,
      compare: () => 0,
      page: () => Promise.reject(new Error('no luck')),
    });
    renderConsole(<Grid list={broken} />);
    await act(() => broken.reload().catch(() => undefined));
    expect(screen.getByRole('alert').textContent).toContain('no luck');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});

/** A grid beside a record: the page decides which row is active. */
function Follower({ list, first }: { readonly list: PagedList<Row>; readonly first: string }) {
  const view = useSyncExternalStore(list.subscribe, list.view);
  const [followed, follow] = useState(first);
  return (
    <>
      <DataGrid
        label="Rows"
        columns={columns}
        view={view}
        idOf={({ id }) => id}
        nameOf={({ id }) => id}
        open={opened}
        followed={followed}
        moved={({ id }) => follow(id)}
        inSight={(from, to) => list.inSight(from, to)}
        dropGone={(from, to) => list.dropGone(from, to)}
        retry={() => list.retry()}
        empty="Nothing here"
      />
      <button type="button" onClick={() => follow('r9')}>
        elsewhere
      </button>
      <p>shown: {followed}</p>
    </>
  );
}

describe('a grid that follows', () => {
  it('has the row of the page active, and moves the page', async () => {
    const list = listOf(20);
    renderConsole(<Follower list={list} first="r4" />);
    await act(() => list.reload());
    expect(activeText()).toBe('r4');
    fireEvent.keyDown(window, { key: 'j' });
    expect(screen.getByText('shown: r5')).toBeTruthy();
    expect(activeText()).toBe('r5');
    fireEvent.click(screen.getByText('elsewhere'));
    expect(activeText()).toBe('r9');
    fireEvent.keyDown(window, { key: 'k' });
    expect(screen.getByText('shown: r8')).toBeTruthy();
  });

  it('has none active when the page shows what is not in the list, and begins at the first', async () => {
    const list = listOf(5);
    renderConsole(<Follower list={list} first="gone" />);
    await act(() => list.reload());
    expect(activeText()).toBeUndefined();
    fireEvent.keyDown(window, { key: 'j' });
    expect(screen.getByText('shown: r0')).toBeTruthy();
  });
});

describe('a column that is sorted', () => {
  const sorted = [{ ...columns[0], sort: { value: 'NEW', direction: 'descending' }, reverse: { value: 'OLD', direction: 'ascending' } }] as typeof columns;

  it.each([
    ['OTHER', undefined, 'NEW'],
    ['NEW', 'descending', 'OLD'],
    ['OLD', 'ascending', 'NEW'],
  ])('by %s says %s, and goes to %s', (sortBy, said, next) => {
    const sort = vi.fn<(value: string) => void>();
    renderConsole(<GridHead columns={sorted} sortBy={sortBy} sort={sort} allSelected={undefined} toggleAll={() => undefined} />);
    expect(screen.getByRole('columnheader').getAttribute('aria-sort') ?? undefined).toBe(said);
    fireEvent.click(screen.getByRole('button'));
    expect(sort).toHaveBeenCalledExactlyOnceWith(next);
  });
});
