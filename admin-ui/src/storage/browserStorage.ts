/**
 * A browser may refuse storage altogether (private windows, policies): then nothing is kept, and what was chosen lasts
 * until the page is left. `storage` is a function because even reading `window.localStorage` may throw.
 */
export function readItem(storage: () => Storage, key: string): string | undefined {
  try {
    return storage().getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores `value` under `key`, or removes the key when `value` is undefined. */
export function writeItem(storage: () => Storage, key: string, value: string | undefined): void {
  try {
    if (value === undefined) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Refused: see above.
  }
}
