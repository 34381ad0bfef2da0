import { Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
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

/** A text to filter by. Takes effect on Enter or on leaving the field: a list that changes with each letter would flicker. */
export function TextFilter(props: TextFilterProps) {
  // Another value from the address is another field.
  return <TextFilterField key={props.value ?? ''} {...props} />;
}

function TextFilterField({ label, value, placeholder, change, id }: TextFilterProps) {
  const own = useId();
  const [text, setText] = useState(value ?? '');
  const apply = () => {
    const next = text.trim() === '' ? undefined : text.trim();
    if (next !== value) change(next);
  };
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
        onBlur={apply}
        onPressEnter={apply}
      />
    </div>
  );
}
