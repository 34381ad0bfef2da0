import { Button } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './filterBar.css';

interface FilterBarProps {
  /** How many filters are set. */
  readonly chosen: number;
  readonly clear: () => void;
  readonly children: ReactNode;
  /** Filters that are seldom needed: they unfold below the others. */
  readonly more?: MoreFilters;
}

interface MoreFilters {
  /** How many of them are set. */
  readonly chosen: number;
  readonly filters: ReactNode;
}

/** The filters of a list, in one line where there is room. On narrow screens they fold away. */
export function FilterBar({ chosen, clear, children, more }: FilterBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [moreOpen, setMoreOpen] = useState(false);
  const id = useId();
  const moreId = useId();
  return (
    <section className="filter-bar" aria-label={t('queue.filters')}>
      <Button className="narrow-only" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t('queue.filtersCount', { count: chosen })}
      </Button>
      <div id={id} className={open ? 'filter-bar-body is-open' : 'filter-bar-body'}>
        {children}
        <div className="filter-buttons">
          {more !== undefined && (
            <Button type={more.chosen > 0 ? 'default' : 'text'} aria-expanded={moreOpen} aria-controls={moreId} onClick={() => setMoreOpen(!moreOpen)}>
              {more.chosen > 0 ? t('queue.moreFiltersCount', { count: more.chosen }) : t('queue.moreFilters')}
            </Button>
          )}
          <ClearFilters disabled={chosen === 0} clear={clear} />
        </div>
        {more !== undefined && (
          <div id={moreId} className="filter-more" hidden={!moreOpen}>
            {more.filters}
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
