import { Button, Radio, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { columnsOf, likelyColumn, type FileTable } from './orderFile.ts';

interface FileDialogProps {
  readonly tables: readonly FileTable[];
  /** Takes the text of the chosen column. */
  readonly take: (text: string) => void;
  readonly close: () => void;
}

/** Asks which column of a file has the order numbers. */
export function FileDialog({ tables, take, close }: FileDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [place, setPlace] = useState(0);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const table = tables[place];
  const columns = useMemo(() => (table === undefined ? [] : columnsOf(table)), [table]);
  const column = columns.find(({ index }) => index === chosen) ?? likelyColumn(columns);
  const id = useId();
  return (
    <Dialog
      open
      title={t('shop.file.title')}
      close={close}
      width={640}
      footer={
        <>
          <Button onClick={close}>{t('shop.file.cancel')}</Button>
          <Button type="primary" disabled={column === undefined} onClick={() => column !== undefined && take(column.text)}>
            {t('shop.file.take', { number: formats.number(column?.numbers ?? 0) })}
          </Button>
        </>
      }
    >
      {tables.length > 1 && (
        <div className="field">
          <label htmlFor={`${id}-sheet`}>{t('shop.file.sheet')}</label>
          <Select
            id={`${id}-sheet`}
            value={place}
            options={tables.map(({ name }, index) => ({ value: index, label: name }))}
            onChange={(next) => {
              setPlace(next);
              setChosen(undefined);
            }}
          />
        </div>
      )}
      <Radio.Group className="file-columns" aria-label={t('shop.file.column')} value={column?.index ?? null} onChange={({ target }) => setChosen(target.value as number)}>
        {columns.map(({ index, heading, samples, numbers }) => (
          <Radio key={index} value={index}>
            <strong>{heading ?? t('shop.file.columnNumber', { number: index + 1 })}</strong>{' '}
            <span className="muted">{t('shop.file.numbers', { number: formats.number(numbers) })}</span>
            <span className="file-samples">{samples.join(' · ')}</span>
          </Radio>
        ))}
      </Radio.Group>
    </Dialog>
  );
}
