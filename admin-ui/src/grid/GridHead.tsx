import { useTranslation } from 'react-i18next';
import type { ColumnOrder, GridColumn } from './gridColumn.ts';

export interface GridHeadProps<Row> {
  readonly columns: readonly GridColumn<Row>[];
  readonly sortBy: string | undefined;
  readonly sort: ((value: string) => void) | undefined;
  /** Undefined where nothing can be selected. */
  readonly allSelected: boolean | undefined;
  readonly toggleAll: () => void;
}

export function GridHead<Row>({ columns, sortBy, sort, allSelected, toggleAll }: GridHeadProps<Row>) {
  const { t } = useTranslation();
  return (
    <div role="rowgroup" className="grid-head">
      <div role="row" aria-rowindex={1} className="grid-row">
        {allSelected !== undefined && (
          <div role="columnheader" className="grid-cell grid-check">
            <input type="checkbox" aria-label={t('grid.selectAll')} checked={allSelected} onChange={toggleAll} />
          </div>
        )}
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className={`grid-cell${column.align === 'end' ? ' is-end' : ''}`} aria-sort={orderIn(column, sortBy)?.direction}>
            {column.sort === undefined || sort === undefined ? column.title : <SortButton column={column} sort={column.sort} sortBy={sortBy} choose={sort} />}
          </div>
        ))}
      </div>
    </div>
  );
}

interface SortButtonProps<Row> {
  readonly column: GridColumn<Row>;
  readonly sort: ColumnOrder;
  readonly sortBy: string | undefined;
  readonly choose: (value: string) => void;
}

/** Sorts by a column; once more, the other way round where there is one. */
function SortButton<Row>({ column, sort, sortBy, choose }: SortButtonProps<Row>) {
  const now = orderIn(column, sortBy);
  const next = now === sort ? (column.reverse ?? sort) : sort;
  return (
    <button type="button" className="grid-sort" onClick={() => choose(next.value)}>
      {column.title}
      <span aria-hidden="true" className={now === undefined ? 'grid-arrow is-off' : 'grid-arrow'}>
        {(now ?? sort).direction === 'ascending' ? '↑' : '↓'}
      </span>
    </button>
  );
}

// The order of the column that the list is in, if it is.
function orderIn<Row>({ sort, reverse }: GridColumn<Row>, sortBy: string | undefined): ColumnOrder | undefined {
  return [sort, reverse].find((order) => order !== undefined && order.value === sortBy);
}
