import type { ReactNode } from 'react';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import type { ListView } from '../list/list.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { DataGrid } from './DataGrid.tsx';
import { ExportButton } from './ExportButton.tsx';
import type { GridColumn } from './gridColumn.ts';
import { RowCount } from './ListCount.tsx';
import { useColumns } from './useColumns.ts';
import './list.css';

interface ListSectionProps<Row> {
  /** Names the person's choice of columns, and must not change. */
  readonly grid: string;
  readonly label: string;
  /** The exported file's name, without ending. */
  readonly file: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly view: ListView<Row>;
  idOf(row: Row): string;
  open(row: Row): void;
  retry(): void;
  readonly rows: (most: number, signal: AbortSignal) => Promise<readonly Row[]>;
  readonly inSight?: (first: number, last: number) => void;
  readonly dropGone?: (first: number, last: number) => number;
  readonly sortBy?: string;
  readonly sort?: (value: string) => void;
  readonly empty: string;
  /** Filters, above the list. */
  readonly children?: ReactNode;
}

/** A list with its filters, the number of its rows, the choice of columns and the export. */
export function ListSection<Row>(props: ListSectionProps<Row>) {
  const { view, columns } = props;
  const state = useColumns(props.grid, columns);
  return (
    <>
      {props.children !== undefined && <div className="list-filters">{props.children}</div>}
      <div className="toolbar">
        <RowCount view={view} />
        <span className="toolbar-space" />
        <ColumnChooser columns={columns} state={state} />
        <ExportButton name={props.file} columns={state.shown} rows={props.rows} />
      </div>
      <SectionBoundary>
        <div className="list-grid">
          <DataGrid
            label={props.label}
            columns={state.shown}
            view={view}
            idOf={props.idOf}
            nameOf={props.idOf}
            open={props.open}
            inSight={props.inSight ?? (() => undefined)}
            dropGone={props.dropGone ?? (() => 0)}
            retry={props.retry}
            empty={props.empty}
            {...(props.sortBy === undefined ? {} : { sortBy: props.sortBy })}
            {...(props.sort === undefined ? {} : { sort: props.sort })}
          />
        </div>
      </SectionBoundary>
    </>
  );
}
