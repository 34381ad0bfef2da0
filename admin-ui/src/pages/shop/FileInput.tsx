import { Button } from 'antd';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/useFormats.ts';
import { FileDialog } from './FileDialog.tsx';
import { FileError, largestFile, readOrderFile, type FileProblem, type FileTable } from './orderFile.ts';

interface FileInputProps {
  /** Takes the text of the chosen column. */
  readonly take: (text: string) => void;
  /** More buttons beside the one for files. */
  readonly beside: ReactNode;
  /** Where files can be dropped. */
  readonly children: ReactNode;
}

/** Takes CSV and XLSX files, dropped or chosen, and asks for the column. */
export function FileInput({ take, beside, children }: FileInputProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<FileProblem | undefined>(undefined);
  const [tables, setTables] = useState<readonly FileTable[] | undefined>(undefined);

  async function read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setProblem(undefined);
    try {
      setTables(await readOrderFile(file));
    } catch (error) {
      setProblem(error instanceof FileError ? error.problem : 'unreadable');
    }
  }

  function drop(event: DragEvent): void {
    setOver(false);
    const file = event.dataTransfer.files[0];
    // Text that is dropped goes into the field by itself.
    if (file === undefined) return;
    event.preventDefault();
    void read(file);
  }

  return (
    <div
      className={over ? 'file-drop is-over' : 'file-drop'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
      <div className="file-row">
        <Button onClick={() => input.current?.click()}>{t('shop.file.choose')}</Button>
        {beside}
        <span className="hint wide-only">{t('shop.file.drop')}</span>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('shop.file.choose')}
          accept=".csv,.tsv,.txt,.xlsx"
          onChange={({ target }) => {
            void read(target.files?.[0]);
            // The same file again is another choice.
            target.value = '';
          }}
        />
      </div>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          {t(`shop.file.problem.${problem}`, { most: formats.number(largestFile / 1_000_000) })}
        </p>
      )}
      {tables !== undefined && (
        <FileDialog
          tables={tables}
          take={(text) => {
            take(text);
            setTables(undefined);
          }}
          close={() => setTables(undefined)}
        />
      )}
    </div>
  );
}
