import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../keys/useKeys.ts';
import { moveOf } from './gridMoves.ts';
import type { GridCursor } from './useGridCursor.ts';

export interface GridKeyOptions {
  readonly cursor: GridCursor;
  readonly count: number;
  /** How many rows fit. */
  readonly visible: () => number;
  readonly selectable: boolean;
  readonly show: (index: number) => void;
  readonly open: (index: number) => void;
  readonly selectAll: () => void;
  /** Gives the grid the keyboard: letters work from everywhere on the page. */
  readonly focus: () => void;
}

/** The grid's keys: letters from anywhere on the page, arrows and Enter while the grid has the focus. */
export function useGridKeys(options: GridKeyOptions): (event: KeyboardEvent<HTMLElement>) => void {
  const { t } = useTranslation();
  const { cursor, count, visible, selectable, show, open, selectAll, focus } = options;

  function step(by: number, extend: boolean): void {
    if (count === 0) return;
    const target = Math.min(Math.max(cursor.index() + by, 0), count - 1);
    if (extend) cursor.extendTo(target);
    else cursor.moveTo(target);
    show(target);
    focus();
  }

  const bindings = [
    { keys: 'j', label: t('keys.next'), group: 'list' as const, run: () => step(1, false) },
    { keys: 'k', label: t('keys.previous'), group: 'list' as const, run: () => step(-1, false) },
  ];
  const selecting = [
    { keys: 'x', label: t('keys.select'), group: 'list' as const, run: () => cursor.toggle(cursor.index()) },
    { keys: 'Shift+j', label: t('keys.extendDown'), group: 'list' as const, run: () => step(1, true) },
    { keys: 'Shift+k', label: t('keys.extendUp'), group: 'list' as const, run: () => step(-1, true) },
  ];
  useKeys(selectable ? [...bindings, ...selecting] : bindings);

  return (event) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (selectable && event.key === 'a') {
        event.preventDefault();
        selectAll();
      }
      return;
    }
    const target = moveOf(event.key, cursor.index(), count, visible());
    if (target !== undefined) {
      event.preventDefault();
      if (event.shiftKey && selectable) cursor.extendTo(target);
      else cursor.moveTo(target);
      show(target);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(cursor.index());
    } else if (event.key === ' ' && selectable) {
      event.preventDefault();
      cursor.toggle(cursor.index());
    }
  };
}
