import { Button, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import { useFormats } from '../format/useFormats.ts';
import type { ListView } from '../list/list.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { DataGrid } from './DataGrid.tsx';
import { ExportButton } from './ExportButton.tsx';
import type { GridColumn } from './gridColumn.ts';
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
  const { t } = useTranslation();
  const formats = useFormats();
  const { view, columns } = props;
  const state = useColumns(props.grid, columns);
  return (
    <>
      {props.children !== undefined && <div className="list-filters">{props.children}</div>}
      <div className="toolbar">
        <span className="list-count" aria-live="polite">
          {view.phase === 'ready' ? t(view.exact ? 'list.count' : 'list.countMore', { number: formats.number(view.exact ? view.count : 10_000) }) : '–'}
        </span>
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

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
}

/** Takes effect on Enter or on leaving the field: a list that changes with each letter would only flicker. */
export function TextFilter(props: TextFilterProps) {
  // Another value from outside (the back button) is another field.
  return <TextField key={props.value ?? ''} {...props} />;
}

function TextField({ label, value, change }: TextFilterProps) {
  const [text, setText] = useState(value ?? '');
  const id = useId();
  const apply = (next: string) => {
    if (next.trim() !== (value ?? '')) change(next.trim() === '' ? undefined : next.trim());
  };
  return (
    <div className="list-filter">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        allowClear
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '') apply('');
        }}
        onBlur={() => apply(text)}
        onPressEnter={() => apply(text)}
      />
    </div>
  );
}

/** A filter of another kind, with its name above it. */
export function ListFilter({ label, children }: { readonly label: string; readonly children: (label: string) => ReactNode }) {
  return (
    <div className="list-filter">
      <span aria-hidden="true">{label}</span>
      {children(label)}
    </div>
  );
}

export function ClearFilters({ disabled, clear }: { readonly disabled: boolean; readonly clear: () => void }) {
  const { t } = useTranslation();
  return (
    <Button type="link" disabled={disabled} onClick={clear}>
      {t('list.clear')}
    </Button>
  );
}
