import { useCallback, useMemo } from 'react';
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
}

/** The state of a page that lives in its address: it can be shared, and the browser's back button undoes it. */
export function useAddress<Search extends object>(form: AddressForm<Search>): AddressState<Search> {
  const [params, setParams] = useSearchParams();
  const raw = params.toString();
  const search = useMemo(() => form.read(new URLSearchParams(raw)), [form, raw]);
  const text = form.write(search).toString();
  const change = useCallback((changes: Partial<Search>) => setParams(form.write({ ...search, ...changes })), [form, search, setParams]);
  const clear = useCallback(() => setParams(new URLSearchParams()), [setParams]);
  return { search, text, change, clear };
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
