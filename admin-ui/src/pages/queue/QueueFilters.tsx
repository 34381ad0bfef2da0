import { Button, Checkbox, Input, Select } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../data/useRead.ts';
import { ShopScenariosDocument } from '../../gql/graphql.ts';
import { caseStates, handlings, riskLevels, writeSearch, type QueueSearch } from './queueSearch.ts';

interface QueueFiltersProps {
  readonly search: QueueSearch;
  readonly change: (changes: Partial<QueueSearch>) => void;
  readonly clear: () => void;
}

/** What the queue shows. On narrow screens it folds away. */
export function QueueFilters({ search, change, clear }: QueueFiltersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  const chosen = [...new URLSearchParams(writeSearch({ ...search, order: 'PRIORITY_DESC' })).keys()].length;
  return (
    <section className="filters" aria-label={t('queue.filters')}>
      <Button className="narrow-only" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t('queue.filtersCount', { count: chosen })}
      </Button>
      <div id={id} className={open ? 'filters-body is-open' : 'filters-body'}>
        <BuyerFilter key={search.buyer ?? ''} buyer={search.buyer} change={(buyer) => change({ buyer })} />
        <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
        <Choice label={t('queue.filter.handling')}>
          {(label) => (
            <Select
              aria-label={label}
              value={search.handling}
              options={handlings.map((value) => ({ value, label: t(`handling.${value}`) }))}
              onChange={(handling) => change({ handling })}
            />
          )}
        </Choice>
        <Choice label={t('queue.column.state')}>
          {(label) => (
            <Select
              aria-label={label}
              mode="multiple"
              allowClear
              maxTagCount="responsive"
              placeholder={t('queue.filter.any')}
              value={[...search.states]}
              options={caseStates.map((value) => ({ value, label: t(`caseState.${value}`) }))}
              onChange={(states) => change({ states })}
            />
          )}
        </Choice>
        <Choice label={t('queue.column.risk')}>
          {(label) => (
            <Select
              aria-label={label}
              mode="multiple"
              allowClear
              maxTagCount="responsive"
              placeholder={t('queue.filter.any')}
              value={[...search.risks]}
              options={riskLevels.map((value) => ({ value, label: t(`riskLevel.${value}`) }))}
              onChange={(risks) => change({ risks })}
            />
          )}
        </Choice>
        <div className="filter-checks">
          <Checkbox checked={search.overdue} onChange={(event) => change({ overdue: event.target.checked })}>
            {t('queue.filter.overdue')}
          </Checkbox>
          <Checkbox checked={search.mine} onChange={(event) => change({ mine: event.target.checked })}>
            {t('queue.filter.mine')}
          </Checkbox>
          <Button type="link" disabled={chosen === 0} onClick={clear}>
            {t('queue.filter.clear')}
          </Button>
        </div>
      </div>
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly children: (label: string) => ReactNode;
}

function Choice({ label, children }: ChoiceProps) {
  return (
    <div className="filter">
      <span aria-hidden="true">{label}</span>
      {children(label)}
    </div>
  );
}

function ScenarioFilter({ scenario, change }: { readonly scenario: string | undefined; readonly change: (scenario: string | undefined) => void }) {
  const { t } = useTranslation();
  const { data, isPending } = useRead(ShopScenariosDocument, {}, { key: ['scenarios'], keepLast: true });
  const options = (data?.scenarios ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return (
    <Choice label={t('queue.column.scenario')}>
      {(label) => (
        <Select
          aria-label={label}
          showSearch={{ optionFilterProp: 'label' }}
          allowClear
          loading={isPending}
          placeholder={t('queue.filter.any')}
          value={scenario ?? null}
          options={options}
          popupMatchSelectWidth={false}
          onChange={(value) => change(value ?? undefined)}
        />
      )}
    </Choice>
  );
}

// Takes effect on Enter or on leaving the field: a list that changes with each letter would only flicker.
function BuyerFilter({ buyer, change }: { readonly buyer: string | undefined; readonly change: (buyer: string | undefined) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(buyer ?? '');
  const apply = () => {
    const next = text.trim() === '' ? undefined : text.trim();
    if (next !== buyer) change(next);
  };
  return (
    <div className="filter">
      <label htmlFor="queue-buyer">{t('queue.column.buyer')}</label>
      <Input
        id="queue-buyer"
        allowClear
        placeholder={t('queue.filter.buyer')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '' && buyer !== undefined) change(undefined);
        }}
        onBlur={apply}
        onPressEnter={apply}
      />
    </div>
  );
}
