import { useCallback, useEffect, useState } from 'react';
import { useSessionState } from '../session/SessionContext.ts';
import { ApiError } from './api.ts';
import { useApi } from './ApiContext.ts';
import type { RequestFailure } from './failure.ts';
import { SignedInDocument } from '../gql/graphql.ts';
import type { Viewer } from './viewer.ts';

/** What is known of the caller. `refused`: the server does not accept the token; `failed`: it could not be asked. */
export type ViewerState =
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'signedIn'; readonly viewer: Viewer }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly failure: RequestFailure };

interface Answer {
  readonly token: string;
  readonly attempt: number;
  readonly state: ViewerState;
}

/** Asks the server for the identity behind the session's token: after each sign-in and when `ask` is called. */
export function useViewer(): { readonly state: ViewerState; readonly ask: () => void } {
  const execute = useApi();
  const { token, refused } = useSessionState();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  const ask = useCallback(() => setAttempt((last) => last + 1), []);

  useEffect(() => {
    if (token === undefined) return undefined;
    const aborter = new AbortController();
    execute<{ viewer: Viewer }>(SignedInDocument.toString(), {}, aborter.signal).then(
      ({ viewer }) => setAnswer({ token, attempt, state: { kind: 'signedIn', viewer } }),
      (error: unknown) => {
        if (!aborter.signal.aborted) setAnswer({ token, attempt, state: { kind: 'failed', failure: failureOf(error) } });
      },
    );
    return () => aborter.abort();
  }, [execute, token, attempt]);

  return { state: viewerState(token, refused, attempt, answer), ask };
}

function viewerState(token: string | undefined, refused: boolean, attempt: number, answer: Answer | undefined): ViewerState {
  if (refused) return { kind: 'refused' };
  if (token === undefined) return { kind: 'signedOut' };
  // A response to an earlier request does not apply to this token.
  if (answer === undefined || answer.token !== token || answer.attempt !== attempt) return { kind: 'asking' };
  return answer.state;
}

function failureOf(error: unknown): RequestFailure {
  if (error instanceof ApiError) return error.failure;
  return { code: 'INTERNAL', message: String(error), requestId: undefined };
}
