import { Button } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './filterBar.css';

interface FilterBarProps {
  /** How many filters are set. */
  readonly chosen: number;
  readonly clear: () => void;
  readonly children: ReactNode;
}

/** The filters of a list. On narrow screens they fold away. */
export function FilterBar({ chosen, clear, children }: FilterBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className="filter-bar" aria-label={t('queue.filters')}>
      <Button className="narrow-only" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t('queue.filtersCount', { count: chosen })}
      </Button>
      <div id={id} className={open ? 'filter-bar-body is-open' : 'filter-bar-body'}>
        {children}
        <Button type="link" disabled={chosen === 0} onClick={clear}>
          {t('queue.filter.clear')}
        </Button>
      </div>
    </section>
  );
}
