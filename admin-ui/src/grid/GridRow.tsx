import { memo, type MouseEvent } from 'react';
import type { GridColumn } from './gridColumn.ts';

export interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly row: Row | undefined;
  readonly columns: readonly GridColumn<Row>[];
  /** What the row's checkbox is called. */
  readonly selectLabel: (row: Row) => string;
  readonly active: boolean;
  /** Undefined where nothing can be selected. */
  readonly selected: boolean | undefined;
  readonly gone: boolean;
  readonly press: (index: number, how: 'move' | 'extend' | 'toggle' | 'open') => void;
}

function GridRowContent<Row>({ id, index, top, height, row, columns, selectLabel, active, selected, gone, press }: GridRowProps<Row>) {
  function clicked(event: MouseEvent): void {
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (event.target instanceof Element && event.target.closest('a') !== null) {
      // With a modifier a link does what links do: another tab, another window.
      if (!plain) return;
      event.preventDefault();
      press(index, 'open');
      return;
    }
    press(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'move');
  }

  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={row === undefined ? true : undefined}
      className={`grid-row${active ? ' is-active' : ''}${selected === true ? ' is-selected' : ''}${gone ? ' is-gone' : ''}`}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={clicked}
      onDoubleClick={() => press(index, 'open')}
    >
      {selected !== undefined && (
        <div role="gridcell" className="grid-cell grid-check">
          {row !== undefined && (
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={selectLabel(row)}
              checked={selected}
              onClick={(event) => event.stopPropagation()}
              onChange={(event) => press(index, event.nativeEvent instanceof PointerEvent && event.nativeEvent.shiftKey ? 'extend' : 'toggle')}
            />
          )}
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={`grid-cell${column.align === 'end' ? ' is-end' : ''}`}>
          {row === undefined ? <span className="grid-skeleton" /> : column.cell(row)}
        </div>
      ))}
    </div>
  );
}

// Without the memo every row would render again on each step of the active one.
export const GridRow = memo(GridRowContent) as typeof GridRowContent;
