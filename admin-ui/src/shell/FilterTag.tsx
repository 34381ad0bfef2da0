import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import './filterBar.css';

interface FilterTagProps {
  readonly children: ReactNode;
  /** What the list is like without it. */
  readonly without: string;
  readonly remove: () => void;
}

/** A filter that a link has set and that no field shows; it can be taken away. */
export function FilterTag({ children, without, remove }: FilterTagProps) {
  return (
    <span className="filter-tag">
      {children}
      <button type="button" aria-label={without} title={without} onClick={remove}>
        <X aria-hidden="true" size={14} />
      </button>
    </span>
  );
}
