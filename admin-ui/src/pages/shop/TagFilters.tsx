import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChoiceFilter } from '../../shell/ChoiceFilter.tsx';
import { DayField, ZoneNote } from '../../shell/DayField.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { FilterField, TextFilter } from '../../shell/FilterField.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { tagOrders } from '../../list/tagOrder.ts';
import { filtersIn, tagStatuses, type TagSearch } from './tagSearch.ts';

interface TagFiltersProps {
  readonly search: TagSearch;
  readonly change: (changes: Partial<TagSearch>) => void;
  readonly clear: () => void;
}

/** Finds tags by order, status, scenario and day, and chooses their order. */
export function TagFilters({ search, change, clear }: TagFiltersProps) {
  const { t } = useTranslation();
  return (
    <FilterBar chosen={filtersIn(search)} clear={clear}>
      <TextFilter label={t('shop.tags.find')} placeholder={t('shop.tags.findHint')} value={search.orders} change={(orders) => change({ orders })} />
      <ChoiceFilter
        label={t('tags.status')}
        value={search.status}
        options={tagStatuses.map((value) => ({ value, label: t(`tagStatus.${value}`) }))}
        change={(status) => change({ status })}
      />
      <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
      <DayField label={t('shop.tags.from')} value={search.from} change={(from) => change({ from })} />
      <DayField label={t('shop.tags.to')} value={search.to} change={(to) => change({ to })} />
      {(search.from !== undefined || search.to !== undefined) && <ZoneNote />}
      <FilterField label={t('shop.tags.sort')}>
        {(name) => (
          <Select
            aria-label={name}
            value={search.sort}
            options={tagOrders.map((value) => ({ value, label: t(`shop.tags.order.${value}`) }))}
            onChange={(sort) => change({ sort })}
          />
        )}
      </FilterField>
    </FilterBar>
  );
}
