import { useState } from 'react';

interface Action {
  readonly busy: boolean;
  /** The error of the last one; undefined while one runs, and after success. */
  readonly error: unknown;
  /** Runs one, unless one is running. It never rejects. */
  readonly run: (action: () => Promise<void>) => Promise<void>;
}

/** An action behind a form or a button: one at a time, with its error. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);

  async function run(action: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return { busy, error, run };
}
