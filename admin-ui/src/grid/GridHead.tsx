import { useTranslation } from 'react-i18next';
import type { GridColumn } from './gridColumn.ts';

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
          <div
            key={column.id}
            role="columnheader"
            className={`grid-cell${column.align === 'end' ? ' is-end' : ''}`}
            aria-sort={column.sort?.value === sortBy && column.sort !== undefined ? column.sort.direction : undefined}
          >
            {column.sort === undefined || sort === undefined ? (
              column.title
            ) : (
              <SortButton column={column} active={column.sort.value === sortBy} sort={sort} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

interface SortButtonProps<Row> {
  readonly column: GridColumn<Row>;
  readonly active: boolean;
  readonly sort: (value: string) => void;
}

function SortButton<Row>({ column, active, sort }: SortButtonProps<Row>) {
  const arrow = column.sort?.direction === 'ascending' ? '↑' : '↓';
  return (
    <button type="button" className="grid-sort" onClick={() => sort(column.sort?.value ?? '')}>
      {column.title}
      <span aria-hidden="true" className={active ? 'grid-arrow' : 'grid-arrow is-off'}>
        {arrow}
      </span>
    </button>
  );
}
