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

/**
 * Keys of what people work on (orders, accounts, places in lists) begin with this: it goes when they sign out. What they chose
 * of the page itself (theme, columns) stays with the browser.
 */
export const workPrefix = 'cloudtag.work.';

/** Removes what somebody worked on. */
export function forgetWork(storage: () => Storage): void {
  try {
    const kept = storage();
    for (const key of Object.keys(kept)) if (key.startsWith(workPrefix)) kept.removeItem(key);
  } catch {
    // Refused: see above.
  }
}
