import type { Session } from '../session/session.ts';
import { requestFailure, type RequestFailure } from './failure.ts';

/** A request that returned no data. `failure` has the cause, which the interface has a text for. */
export class ApiError extends Error {
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure) {
    super(failure.message);
    this.name = 'ApiError';
    this.failure = failure;
  }
}

/** Sends one operation and returns its data. Throws ApiError, or an AbortError when `signal` aborts. */
export type Execute = <Data>(query: string, variables: Record<string, unknown>, signal: AbortSignal) => Promise<Data>;

export interface ApiOptions {
  readonly url: string;
  readonly session: Session;
  /** The language of messages, a BCP 47 tag. */
  readonly language: () => string;
}

/**
 * The API as the person signed in to `session`. An UNAUTHENTICATED answer marks the session's token as refused; where the
 * session has another one by then, the request, of which nothing was done, is sent once more.
 */
export function createApi({ url, session, language }: ApiOptions): Execute {
  async function execute<Data>(query: string, variables: Record<string, unknown>, signal: AbortSignal, again = false): Promise<Data> {
    const { token } = session.state();
    const { status, answer } = await send(url, { query, variables }, requestHeaders(token, language()), signal);
    const failure = requestFailure(status, answer);
    if (failure === undefined) return (answer as { data: Data }).data;
    if (failure.code === 'UNAUTHENTICATED' && (await session.refuse(token)) && !again) return execute<Data>(query, variables, signal, true);
    throw new ApiError(failure);
  }
  return (query, variables, signal) => execute(query, variables, signal);
}

function requestHeaders(token: string | undefined, language: string): Headers {
  const headers = new Headers({
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'accept-language': language,
  });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  return headers;
}

/** A response that is cut off counts as none. */
async function send(url: string, body: unknown, headers: Headers, signal: AbortSignal): Promise<{ status: number; answer: unknown }> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal, credentials: 'omit' });
    return { status: response.status, answer: parse(await response.text()) };
  } catch (error) {
    signal.throwIfAborted();
    throw new ApiError({ code: 'UNREACHABLE', message: String(error), requestId: undefined });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
