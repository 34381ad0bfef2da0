import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { FilterField } from './FilterField.tsx';

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface ChoiceFilterProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly Option<Value>[];
  readonly change: (value: Value | undefined) => void;
  /** For long catalogues: typing finds, and the list is as wide as its texts. */
  readonly searchable?: boolean;
  readonly loading?: boolean;
}

/** One of some values to filter by, or any. */
export function ChoiceFilter<Value extends string>({ label, value, options, change, searchable = false, loading = false }: ChoiceFilterProps<Value>) {
  const { t } = useTranslation();
  return (
    <FilterField label={label}>
      {(name) => (
        <Select<Value | null, Option<Value>>
          aria-label={name}
          {...(searchable ? { showSearch: { optionFilterProp: 'label' }, popupMatchSelectWidth: false } : {})}
          allowClear
          loading={loading}
          placeholder={t('queue.filter.any')}
          value={value ?? null}
          options={[...options]}
          onChange={(next) => change(next ?? undefined)}
        />
      )}
    </FilterField>
  );
}

interface ChoicesFilterProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly options: readonly Option<Value>[];
  readonly change: (values: readonly Value[]) => void;
}

/** Some of some values to filter by; none is any. */
export function ChoicesFilter<Value extends string>({ label, values, options, change }: ChoicesFilterProps<Value>) {
  const { t } = useTranslation();
  return (
    <FilterField label={label}>
      {(name) => (
        <Select<Value[], Option<Value>>
          aria-label={name}
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          placeholder={t('queue.filter.any')}
          value={[...values]}
          options={[...options]}
          onChange={change}
        />
      )}
    </FilterField>
  );
}
