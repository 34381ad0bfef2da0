import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';

/** How a page's state is written in its address. Reading is lenient: what it can't make sense of is as if it was not there. */
export interface AddressForm<Search> {
  read(params: URLSearchParams): Search;
  /** Equal searches have equal addresses; what is as usual is left out. */
  write(search: Search): URLSearchParams;
}

export interface AddressState<Search> {
  readonly search: Search;
  /** The search as an address says it, for keys of lists. */
  readonly text: string;
  readonly change: (changes: Partial<Search>) => void;
  readonly clear: () => void;
  /** Replaces the whole search by that of an address. */
  readonly become: (text: string) => void;
}

/** The state of a page that lives in its address: it can be shared, and the browser's back button undoes it. */
export function useAddress<Search extends object>(form: AddressForm<Search>): AddressState<Search> {
  const [params, setParams] = useSearchParams();
  const raw = params.toString();
  const search = useMemo(() => form.read(new URLSearchParams(raw)), [form, raw]);
  const text = form.write(search).toString();
  // The address is ahead of what is rendered: a second change must not undo one that is still on its way to the page.
  const latest = useRef(search);
  useLayoutEffect(() => {
    latest.current = search;
  }, [search]);
  const go = useCallback(
    (next: Search) => {
      latest.current = next;
      setParams(form.write(next));
    },
    [form, setParams],
  );
  const change = useCallback((changes: Partial<Search>) => go({ ...latest.current, ...changes }), [go]);
  const become = useCallback((next: string) => go(form.read(new URLSearchParams(next))), [form, go]);
  const clear = useCallback(() => become(''), [become]);
  return { search, text, change, clear, become };
}

/** A parameter's text without spaces around it; undefined for none. */
export function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** The value when it is one of those known: old or mistyped links still work. */
export function oneOf<Value extends string>(known: readonly Value[], text: string | null): Value | undefined {
  return known.find((value) => value === text);
}

/** Address parameters of those values that are there. */
export function addressOf(values: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const text = filled(value);
    if (text !== undefined) params.set(name, text);
  }
  return params;
}
