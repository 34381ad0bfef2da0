import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/useFormats.ts';
import type { ListView } from '../list/list.ts';
import './listCount.css';

// What the rows are called.
const texts = {
  rows: { exact: 'grid.count', more: 'grid.countMore' },
  cases: { exact: 'queue.count', more: 'queue.countMore' },
} as const;

interface RowCountProps<Row> {
  readonly view: ListView<Row>;
  readonly of?: keyof typeof texts;
}

/** How many rows a list has. */
export function RowCount<Row>({ view, of = 'rows' }: RowCountProps<Row>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const number = formats.number(view.exact ? view.count : 10_000);
  return (
    <span className="list-count" aria-live="polite">
      {view.phase === 'ready' ? t(texts[of][view.exact ? 'exact' : 'more'], { number }) : '–'}
    </span>
  );
}

interface ListCountProps<Row> extends RowCountProps<Row> {
  readonly showArrivals: () => void;
}

/** How many rows a list has, and how many new ones wait to be shown. */
export function ListCount<Row>({ view, of = 'rows', showArrivals }: ListCountProps<Row>) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <RowCount view={view} of={of} />
      <span aria-live="polite">
        {view.arrivals > 0 && (
          <Button type="primary" size="small" className="arrivals" onClick={showArrivals}>
            {t('queue.arrivals', { number: formats.number(view.arrivals) })}
          </Button>
        )}
      </span>
    </>
  );
}
