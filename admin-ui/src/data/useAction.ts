import { useState } from 'react';

interface Action {
  readonly busy: boolean;
  /** What the last one failed of; undefined while one runs, and after one that succeeded. */
  readonly error: unknown;
  /** Runs one, unless one is running. It never rejects. */
  readonly run: (action: () => Promise<void>) => Promise<void>;
}

/** What a person has done by a form or a button: one at a time, with what went wrong. */
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
