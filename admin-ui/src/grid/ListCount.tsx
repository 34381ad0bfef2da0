import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/useFormats.ts';
import type { ListView } from '../list/list.ts';

interface ListCountProps<Row> {
  readonly view: ListView<Row>;
  readonly showArrivals: () => void;
}

/** How many rows a list has, and how many new ones wait to be shown. */
export function ListCount<Row>({ view, showArrivals }: ListCountProps<Row>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const number = formats.number(view.exact ? view.count : 10_000);
  return (
    <>
      <span className="list-count" aria-live="polite">
        {view.phase !== 'ready' ? '–' : view.exact ? t('grid.count', { number }) : t('grid.countMore', { number })}
      </span>
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
