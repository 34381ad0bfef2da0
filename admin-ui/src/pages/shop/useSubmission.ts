import { useRef, useState } from 'react';
import { useAsk } from '../../data/AskContext.ts';
import { settled } from '../../data/userErrors.ts';
import { SubmitTagsDocument, type SubmitTagsMutation } from '../../gql/graphql.ts';
import { newSubmissionKey } from './submissionKey.ts';

export type Submitted = SubmitTagsMutation['submitTags'];

export interface SubmissionInput {
  readonly orderNos: readonly string[];
  readonly scenario: string;
  readonly note: string;
}

export interface Submission {
  readonly busy: boolean;
  readonly error: unknown;
  readonly result: Submitted | undefined;
  /** Gives what became of it, or undefined when it failed; `error` then says why. */
  readonly submit: (input: SubmissionInput) => Promise<Submitted | undefined>;
}

/**
 * Sends submissions. Sending the same input again after a lost answer uses the same key, so that nothing is tagged
 * twice and the answer that got lost comes after all.
 */
export function useSubmission(): Submission {
  const ask = useAsk();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const [result, setResult] = useState<Submitted | undefined>(undefined);
  const pending = useRef<{ readonly text: string; readonly key: string } | undefined>(undefined);

  async function submit({ orderNos, scenario, note }: SubmissionInput): Promise<Submitted | undefined> {
    const input = { orderNos: [...orderNos], scenario, note: note.trim() === '' ? null : note.trim() };
    const text = JSON.stringify(input);
    if (pending.current?.text !== text) pending.current = { text, key: newSubmissionKey() };
    setBusy(true);
    setError(undefined);
    try {
      const { submitTags } = await ask(SubmitTagsDocument, { input: { ...input, idempotencyKey: pending.current.key } });
      settled(submitTags);
      pending.current = undefined;
      setResult(submitTags);
      return submitTags;
    } catch (failure) {
      setError(failure);
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  return { busy, error, result, submit };
}
