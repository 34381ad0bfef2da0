import { useSearchParams } from 'react-router';

export interface Address {
  /** The value of a name; undefined when it is not there or blank. */
  text(name: string): string | undefined;
  /** The value when it is one of those known: old or mistyped links still work. */
  oneOf<Value extends string>(name: string, known: readonly Value[]): Value | undefined;
  /** Changes some values; undefined takes one away. */
  change(changes: Readonly<Record<string, string | undefined>>): void;
  readonly isEmpty: boolean;
  clear(): void;
}

/** What a list shows, which lives in the address: it can be shared, and the browser's back button undoes it. */
export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  return {
    text: (name) => filled(params.get(name)),
    oneOf: (name, known) => known.find((value) => value === params.get(name)),
    change: (changes) => setParams((before) => withChanges(before, changes)),
    isEmpty: [...params].length === 0,
    clear: () => setParams({}),
  };
}

export function withChanges(before: URLSearchParams, changes: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(changes)) {
    const text = filled(value ?? null);
    if (text === undefined) next.delete(name);
    else next.set(name, text);
  }
  return next;
}

function filled(text: string | null): string | undefined {
  return text === null || text.trim() === '' ? undefined : text.trim();
}
