import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shell/Dialog.tsx';
import type { GridColumn } from './gridColumn.ts';
import type { ColumnsState } from './useColumns.ts';
import { toggled } from './gridMoves.ts';

interface ColumnChooserProps<Row> {
  readonly columns: readonly GridColumn<Row>[];
  readonly state: ColumnsState<Row>;
}

/** Lets the person choose the columns of a grid. */
export function ColumnChooser<Row>({ columns, state }: ColumnChooserProps<Row>) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="wide-only" onClick={() => setOpen(true)}>
        {t('grid.columns')}
      </Button>
      <Dialog open={open} title={t('grid.columns')} close={() => setOpen(false)} width={360}>
        <ul className="plain-list">
          {columns.map(({ id, title }) => (
            <li key={id}>
              <Checkbox
                checked={state.chosen.has(id)}
                disabled={state.chosen.size === 1 && state.chosen.has(id)}
                onChange={() => state.choose(toggled(state.chosen, id))}
              >
                {title}
              </Checkbox>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
