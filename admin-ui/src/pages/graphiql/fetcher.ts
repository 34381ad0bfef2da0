import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import type { Endpoints } from '../../api/endpoints.ts';
import { requestFailure } from '../../api/failure.ts';
import type { Session } from '../../session/session.ts';
import { authorizationFor } from './authorization.ts';
import type { Sockets } from './sockets.ts';

export interface FetcherOptions {
  readonly endpoints: Endpoints;
  readonly session: Session;
  readonly sockets: Sockets;
  /** The language of messages, a BCP 47 tag. */
  readonly language: () => string;
}

/**
 * GraphiQL's way to the API: queries and mutations by POST, subscriptions by WebSocket, as the person signed in. The
 * header editor wins over the session, so that a call can be tried as someone else. The token is read at each call.
 */
export function createFetcher({ endpoints, session, sockets, language }: FetcherOptions): Fetcher {
  const post = createPost(session, language);
  return (params, options) => {
    const authorization = authorizationFor(options?.headers, session.state().token);
    const fetcher = createGraphiQLFetcher({
      url: endpoints.http,
      fetch: post,
      wsClient: sockets.clientFor(authorization),
      enableIncrementalDelivery: false,
    });
    return fetcher(params, options);
  };
}

// Whatever happens becomes a GraphQL answer, because that is what GraphiQL shows well.
function createPost(session: Session, language: () => string): typeof fetch {
  async function post(url: RequestInfo | URL, init: RequestInit | undefined, again: boolean): Promise<Response> {
    const { token } = session.state();
    const headers = new Headers(init?.headers);
    const authorization = authorizationFor(Object.fromEntries(headers), token);
    if (authorization.value !== undefined) headers.set('authorization', authorization.value);
    if (!headers.has('accept-language')) headers.set('accept-language', language());

    const { status, answer } = await send(url, { ...init, headers, credentials: 'omit' });
    const failure = requestFailure(status, answer);
    if (failure?.code === 'UNAUTHENTICATED' && authorization.fromSession && (await session.refuse(token)) && !again) return post(url, init, true);
    return Response.json(answer);
  }
  return (url, init) => post(url, init, false);
}

async function send(url: RequestInfo | URL, init: RequestInit): Promise<{ status: number; answer: unknown }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, answer: parseAnswer(response.status, await response.text()) };
  } catch (error) {
    return { status: 0, answer: errorAnswer('UNREACHABLE', `The server gave no answer: ${String(error)}`) };
  }
}

function parseAnswer(status: number, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return errorAnswer('BAD_ANSWER', `The answer of HTTP status ${status} is not JSON: ${body.slice(0, 500)}`);
  }
}

function errorAnswer(code: string, message: string): unknown {
  return { errors: [{ message, extensions: { code } }] };
}
