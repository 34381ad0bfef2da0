import { Button } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './filterBar.css';

interface FilterBarProps {
  /** How many filters are set. */
  readonly chosen: number;
  readonly clear: () => void;
  readonly children: ReactNode;
  /** Filters that are on or off: they stand in one cell with the button that clears all. */
  readonly checks?: ReactNode;
}

/** The filters of a list. On narrow screens they fold away. */
export function FilterBar({ chosen, clear, children, checks }: FilterBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  const clearing = <ClearFilters disabled={chosen === 0} clear={clear} />;
  return (
    <section className="filter-bar" aria-label={t('queue.filters')}>
      <Button className="narrow-only" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t('queue.filtersCount', { count: chosen })}
      </Button>
      <div id={id} className={open ? 'filter-bar-body is-open' : 'filter-bar-body'}>
        {children}
        {checks === undefined ? (
          clearing
        ) : (
          <div className="filter-checks">
            {checks}
            {clearing}
          </div>
        )}
      </div>
    </section>
  );
}

export function ClearFilters({ disabled, clear }: { readonly disabled: boolean; readonly clear: () => void }) {
  const { t } = useTranslation();
  return (
    <Button type="link" disabled={disabled} onClick={clear}>
      {t('queue.filter.clear')}
    </Button>
  );
}
