import { useCallback, useRef } from 'react';

/** The ref of the field that a dialog begins with, whose content comes later than what opens it. */
export function useInitialFocus(): (field: { focus(): void } | null) => void {
  const focused = useRef(false);
  return useCallback((field) => {
    if (field === null || focused.current) return;
    focused.current = true;
    field.focus();
  }, []);
}
