import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react';
import { Input } from './Input.ts';
import './filterBar.css';

interface FilterFieldProps {
  readonly label: string;
  readonly children: (label: string) => ReactNode;
}

/** A control of a filter with its name above it. The control names itself by `label`, too. */
export function FilterField({ label, children }: FilterFieldProps) {
  return (
    <div className="filter-field">
      <span aria-hidden="true">{label}</span>
      {children(label)}
    </div>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder?: string;
  readonly change: (value: string | undefined) => void;
  /** For keys that lead here. */
  readonly id?: string;
}

// A list that changes with each letter would flicker.
const pause = 400;

/** A text to filter by. Takes effect after a pause in typing, and at once on Enter and on leaving the field. */
export function TextFilter({ label, value, placeholder, change, id }: TextFilterProps) {
  const own = useId();
  const [text, setText] = useState(value ?? '');
  const [known, setKnown] = useState(value);
  // Another value from the address replaces what is typed; one's own does not.
  if (known !== value) {
    setKnown(value);
    if ((value ?? '') !== text.trim()) setText(value ?? '');
  }
  const next = text.trim() === '' ? undefined : text.trim();
  const apply = (asked: string | undefined) => {
    if (asked !== value) change(asked);
  };
  const applyLater = useEffectEvent(apply);
  useEffect(() => {
    const timer = setTimeout(() => applyLater(next), pause);
    return () => clearTimeout(timer);
  }, [next]);
  return (
    <div className="filter-field">
      <label htmlFor={id ?? own}>{label}</label>
      <Input
        id={id ?? own}
        allowClear
        {...(placeholder === undefined ? {} : { placeholder })}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '' && value !== undefined) change(undefined);
        }}
        onBlur={() => apply(next)}
        onPressEnter={() => apply(next)}
      />
    </div>
  );
}
