import { readItem, writeItem } from '../storage/browserStorage.ts';

/** One of some values that a person chose for this browser. Stylesheets see it as an attribute of `<html>`. */
export interface Preference<Value extends string> {
  value(): Value;
  subscribe(listener: () => void): () => void;
  choose(value: Value): void;
}

/** Opens the preference of a name: stored as `cloudtag.NAME`, shown by `<html data-NAME>`, the first value as long as nobody chose. */
export function openPreference<Value extends string>(page: Window, name: string, values: readonly [Value, ...Value[]]): Preference<Value> {
  const storageKey = `cloudtag.${name}`;
  const storage = () => page.localStorage;
  const listeners = new Set<() => void>();
  const stored = readItem(storage, storageKey);
  let current = values.find((value) => value === stored) ?? values[0];
  const show = () => {
    page.document.documentElement.dataset[name] = current;
  };
  show();
  return {
    value: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    choose(value) {
      current = value;
      show();
      writeItem(storage, storageKey, value);
      for (const listener of listeners) listener();
    },
  };
}
