import { useLayoutEffect, useRef, useState } from 'react';
import type { ListView } from '../list/list.ts';
import { rangeSelection, toggled, type Anchor } from './gridMoves.ts';

/** Where a grid stands: its active row, and that row's place. */
export interface GridPlace {
  readonly index: number;
  readonly id: string | undefined;
}

export interface CursorOptions<Row> {
  readonly view: ListView<Row>;
  readonly idOf: (row: Row) => string;
  readonly selected: ReadonlySet<string>;
  readonly select: ((selected: ReadonlySet<string>) => void) | undefined;
  /** The row that is active at first. */
  readonly start?: GridPlace | undefined;
  /** The row that is active whatever the person does, where something else decides that; none where there is no such row. */
  readonly followed?: string | undefined;
  /** Called with the row that a key or a click made active. */
  readonly moved?: ((index: number) => void) | undefined;
}

export interface GridCursor {
  /** The active row's index; -1 in an empty list. */
  index(): number;
  moveTo(index: number): void;
  /** Moves and selects every row from the anchor on. */
  extendTo(index: number): void;
  toggle(index: number): void;
}

/**
 * The active row and what is selected from it. Kept in refs beside the state, because two quick keys (j, x) may both come
 * before React renders: the second must see what the first did.
 */
export function useGridCursor<Row>({ view, idOf, selected, select, start, followed, moved }: CursorOptions<Row>): GridCursor {
  const [current, setCurrent] = useState<GridPlace>(start ?? { index: 0, id: undefined });
  const placeNow = useRef(current);
  const selectedNow = useRef(selected);
  const anchor = useRef<Anchor | undefined>(undefined);
  useLayoutEffect(() => {
    selectedNow.current = selected;
  });

  useLayoutEffect(() => {
    if (followed === undefined) return;
    placeNow.current = { index: 0, id: followed };
    setCurrent(placeNow.current);
  }, [followed]);

  const idAt = (place: number) => {
    const row = view.at(place);
    return row === undefined ? undefined : idOf(row);
  };

  // The row stays active when others come or go above it.
  function index(): number {
    if (followed !== undefined) return view.indexOf(placeNow.current.id ?? followed);
    const { id, index: last } = placeNow.current;
    const found = id === undefined ? -1 : view.indexOf(id);
    return found >= 0 ? found : Math.min(last, view.count - 1);
  }

  function moveTo(target: number): void {
    placeNow.current = { index: target, id: idAt(target) };
    anchor.current = undefined;
    setCurrent(placeNow.current);
    moved?.(target);
  }

  function choose(next: ReadonlySet<string>): void {
    selectedNow.current = next;
    select?.(next);
  }

  function extendTo(target: number): void {
    const from = anchor.current ?? { index: index(), base: selectedNow.current };
    moveTo(target);
    anchor.current = from;
    choose(rangeSelection(from, target, idAt));
  }

  function toggle(target: number): void {
    const id = idAt(target);
    if (id === undefined) return;
    choose(toggled(selectedNow.current, id));
    moveTo(target);
    anchor.current = { index: target, base: selectedNow.current };
  }

  return { index, moveTo, extendTo, toggle };
}
