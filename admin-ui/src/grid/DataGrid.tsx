import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useEffectEvent, useId, useImperativeHandle, useLayoutEffect, useRef, type CSSProperties, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListView } from '../list/list.ts';
import type { GridColumn } from './gridColumn.ts';
import { GridHead } from './GridHead.tsx';
import { GridRow } from './GridRow.tsx';
import { GridState } from './GridState.tsx';
import { useGridCursor, type GridPlace } from './useGridCursor.ts';
import { useGridKeys } from './useGridKeys.ts';
import { useRowHeight } from './useRowHeight.ts';
import './grid.css';

export interface GridHandle {
  focus(): void;
  toTop(): void;
  /** The row that keys act upon. */
  activeIndex(): number;
  /** The grid's position, to be restored. */
  place(): GridStart;
}

/** Where a grid begins: the active row, and how far it is scrolled, in pixels. */
export interface GridStart extends GridPlace {
  readonly top: number;
}

export interface DataGridProps<Row> {
  readonly ref?: Ref<GridHandle>;
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly view: ListView<Row>;
  idOf(row: Row): string;
  /** The row's name, for its checkbox. */
  nameOf(row: Row): string;
  open(row: Row): void;
  /** Reports which rows are visible. */
  inSight(first: number, last: number): void;
  /** Drops removed rows that are out of view; returns how many were above it. */
  dropGone(first: number, last: number): number;
  retry(): void;
  readonly selected?: ReadonlySet<string>;
  readonly select?: (selected: ReadonlySet<string>) => void;
  readonly sortBy?: string;
  readonly sort?: (value: string) => void;
  /** What to say when there is no row. */
  readonly empty: ReactNode;
  readonly rowHeight?: number;
  readonly start?: GridStart | undefined;
  /** The row that is active, where the page decides that; it is kept in sight. */
  readonly followed?: string;
  /** The person goes to another row. */
  moved?(row: Row): void;
}

const nothing: ReadonlySet<string> = new Set();
const headHeight = 36;
const skeletonRows = 12;
const leastSlots = 64;

/**
 * A list as a grid that scrolls through any number of rows. The grid keeps the focus and names the active row by
 * aria-activedescendant, so that no key press races with rows that come and go while scrolling.
 */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { label, columns, view, idOf, nameOf, open, selected = nothing, select } = props;
  const usualHeight = useRowHeight();
  const rowHeight = props.rowHeight ?? usualHeight;
  const movedTo = (index: number) => {
    const row = view.at(index);
    if (row !== undefined) props.moved?.(row);
  };
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const cursor = useGridCursor({ view, idOf, selected, select, start: props.start, followed: props.followed, moved: props.moved === undefined ? undefined : movedTo });
  const active = cursor.index();
  const count = view.phase === 'loading' ? skeletonRows : view.count;

  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: headHeight,
    scrollMargin: 0,
    overscan: 6,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.range ?? {};
  useInSight(props, scroller, first, last, rowHeight);

  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    toTop: () => {
      scroller.current?.scrollTo({ top: 0 });
      cursor.moveTo(0);
    },
    activeIndex: () => cursor.index(),
    place() {
      const index = cursor.index();
      const row = view.at(index);
      return { index, id: row === undefined ? undefined : idOf(row), top: scroller.current?.scrollTop ?? 0 };
    },
  }));
  const ready = view.phase === 'ready';
  const startTop = useRef(props.start?.top ?? 0);
  useLayoutEffect(() => {
    if (ready && startTop.current > 0) scroller.current?.scrollTo({ top: startTop.current, behavior: 'instant' });
  }, [ready]);
  const followedAt = props.followed === undefined ? -1 : view.indexOf(props.followed);
  useEffect(() => {
    if (ready && followedAt >= 0) virtualizer.scrollToIndex(followedAt, { align: 'auto' });
  }, [ready, followedAt, virtualizer]);

  function openAt(index: number): void {
    const row = view.at(index);
    if (row !== undefined) open(row);
  }

  function selectAll(): void {
    const ids = Array.from({ length: view.count }, (_, index) => view.at(index)).flatMap((row) => (row === undefined ? [] : [idOf(row)]));
    const all = ids.length > 0 && ids.every((id) => selected.has(id));
    select?.(all ? nothing : new Set([...selected, ...ids]));
  }

  const keyDown = useGridKeys({
    cursor,
    count: view.count,
    visible: () => Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight),
    selectable: select !== undefined,
    show: (index) => virtualizer.scrollToIndex(index),
    open: openAt,
    selectAll,
    focus: () => scroller.current?.focus({ preventScroll: true }),
  });

  const press = useStable((index: number, how: 'move' | 'extend' | 'toggle' | 'open') => {
    if (how === 'open') openAt(index);
    else if (how === 'move' || select === undefined) cursor.moveTo(index);
    else if (how === 'extend') cursor.extendTo(index);
    else cursor.toggle(index);
  });

  const selectLabel = useStable((row: Row) => t('grid.selectRow', { name: nameOf(row) }));
  const items = virtualizer.getVirtualItems();
  // Rows that scroll out of view are recycled for those that scroll in.
  const slots = Math.max(leastSlots, items.length);
  const template = [...(select === undefined ? [] : ['40px']), ...columns.map(({ width }) => width)].join(' ');
  return (
    <div className="grid-frame">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        className="grid"
        aria-label={label}
        aria-rowcount={view.exact ? view.count + 1 : -1}
        aria-multiselectable={select === undefined ? undefined : true}
        aria-busy={view.phase === 'loading' || view.refreshing}
        aria-activedescendant={active >= 0 && view.count > 0 ? `${gridId}-${active}` : undefined}
        style={{ '--grid-columns': template } as CSSProperties}
        onKeyDown={keyDown}
      >
        <GridHead
          columns={columns}
          sortBy={props.sortBy}
          sort={props.sort}
          allSelected={select === undefined ? undefined : selected.size > 0 && selected.size >= view.count}
          toggleAll={selectAll}
        />
        {count > 0 && (
          <div role="rowgroup" className="grid-body" style={{ height: virtualizer.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const row = view.at(index);
              const id = row === undefined ? undefined : idOf(row);
              return (
                <GridRow
                  key={index % slots}
                  id={`${gridId}-${index}`}
                  index={index}
                  top={start}
                  height={rowHeight}
                  row={row}
                  columns={columns}
                  selectLabel={selectLabel}
                  active={index === active && view.phase === 'ready'}
                  selected={select === undefined ? undefined : id !== undefined && selected.has(id)}
                  gone={id !== undefined && view.isGone(id)}
                  press={press}
                />
              );
            })}
          </div>
        )}
      </div>
      <GridState view={view} empty={props.empty} retry={props.retry} />
    </div>
  );
}

// Reports to the list which rows are visible, and keeps the scroll position when rows above it are dropped.
function useInSight<Row>(props: DataGridProps<Row>, scroller: { readonly current: HTMLElement | null }, first: number, last: number, rowHeight: number): void {
  const { view } = props;
  const inSight = useEffectEvent(props.inSight);
  const dropGone = useEffectEvent(props.dropGone);
  useEffect(() => {
    if (view.phase !== 'ready') return;
    inSight(first, last);
    const above = dropGone(first, last);
    if (above > 0) scroller.current?.scrollBy({ top: -above * rowHeight, behavior: 'instant' });
  }, [view, first, last, rowHeight, scroller]);
}

// One function for the life of the component, so that rows need not render again for it.
function useStable<Arguments extends readonly unknown[], Result>(action: (...args: Arguments) => Result): (...args: Arguments) => Result {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  return useCallback((...args: Arguments) => latest.current(...args), []);
}
