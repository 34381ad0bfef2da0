import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/useFormats.ts';
import { useZone } from '../format/ZoneContext.ts';
import { csvOf, saveFile } from '../list/csv.ts';
import { FailureSentence } from '../shell/FailureNotice.tsx';
import { useMessages } from '../shell/useMessages.ts';
import type { GridColumn } from './gridColumn.ts';

interface ExportButtonProps<Row> {
  /** The file's name, without ending. */
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  /** Every row of the list, up to `most`. */
  readonly rows: (most: number, signal: AbortSignal) => Promise<readonly Row[]>;
  /** On narrow screens too. */
  readonly onNarrow?: boolean;
}

const mostRows = 10_000;

/** Saves the list as it is shown (its filter, order and columns) as CSV. */
export function ExportButton<Row>({ name, columns, rows, onNarrow = false }: ExportButtonProps<Row>) {
  const { t } = useTranslation();
  const message = useMessages();
  const formats = useFormats();
  const zone = useZone();
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      const all = await rows(mostRows, new AbortController().signal);
      const cell = (column: GridColumn<Row>, row: Row) => {
        const text = column.text(row);
        return column.isTime === true && text !== '' ? formats.fileTime(text) : text;
      };
      const header = columns.map(({ title, isTime }) => (isTime === true && zone !== undefined ? `${title} (${zone})` : title));
      saveFile(`${name}.csv`, csvOf(header, all.map((row) => columns.map((column) => cell(column, row)))));
      message.success(all.length >= mostRows ? t('grid.exportedMost', { count: all.length }) : t('grid.exported', { count: all.length }));
    } catch (error) {
      message.error(<FailureSentence error={error} />);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Button className={onNarrow ? '' : 'wide-only'} loading={busy} onClick={() => void save()}>
      {t('grid.export')}
    </Button>
  );
}
