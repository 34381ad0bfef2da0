import { useTranslation } from 'react-i18next';
import { useZone } from '../format/ZoneContext.ts';
import { FilterField } from './FilterField.tsx';
import { Input } from './Input.ts';

interface DayFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
}

/** A day of the platform to filter by, as YYYY-MM-DD. */
export function DayField({ label, value, change }: DayFieldProps) {
  return (
    <FilterField label={label}>
      {(name) => <Input type="date" aria-label={name} value={value ?? ''} onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)} />}
    </FilterField>
  );
}

/** Whose days are meant, beside fields for days. */
export function ZoneNote() {
  const { t } = useTranslation();
  const zone = useZone();
  return zone === undefined ? null : <p className="hint zone-note">{t('console.days', { zone })}</p>;
}
