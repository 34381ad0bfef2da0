import { FilterField } from './FilterField.tsx';
import { Input } from './Input.ts';

interface DayFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
}

/** A day to filter by, as YYYY-MM-DD. */
export function DayField({ label, value, change }: DayFieldProps) {
  return (
    <FilterField label={label}>
      {(name) => <Input type="date" aria-label={name} value={value ?? ''} onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)} />}
    </FilterField>
  );
}
