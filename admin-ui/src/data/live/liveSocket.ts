import { createClient } from 'graphql-ws';
import { isRefusal } from '../../api/closing.ts';
import type { TypedDocumentString } from '../../gql/graphql.ts';
import type { Session } from '../../session/session.ts';

/** The state of the socket: `idle` without subscriptions, `lost` from a disconnection until it is connected again. */
export type SocketState = 'idle' | 'connecting' | 'live' | 'lost';

export interface Sink<Result> {
  next(result: Result): void;
  /** The subscription is over: by a list of GraphQL errors, a CloseEvent, or, for undefined, by the server's `complete`. */
  ended(cause: unknown): void;
}

export interface LiveSocket {
  /** Opens one subscription, which does not reconnect. Returns a function that ends it. */
  listen<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    sink: Sink<Result>,
  ): () => void;
  state(): SocketState;
  subscribe(listener: () => void): () => void;
  close(): void;
}

// A silently lost peer (a sleeping laptop, a lost network) is detected within the sum of these two.
const pingEvery = 10_000;
const pongWithin = 5_000;

/** One socket for all subscriptions of the tab, opened by the first and closed after the last. */
export function openLiveSocket(url: string, session: Session, token: string | undefined, language: string): LiveSocket {
  const listeners = new Set<() => void>();
  let state: SocketState = 'idle';
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function become(next: SocketState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const client = createClient({
    url,
    connectionParams: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), acceptLanguage: language },
    // Subscribers know their cursor, so they reconnect themselves.
    retryAttempts: 0,
    keepAlive: pingEvery,
    lazyCloseTimeout: 3_000,
    on: {
      connecting: () => become(state === 'lost' ? 'lost' : 'connecting'),
      connected: () => become('live'),
      closed: (event) => {
        clearTimeout(pongTimer);
        if (isRefusal(event)) void session.refuse(token);
        become(closed || isNormalEnd(event) ? 'idle' : 'lost');
      },
      ping: (received) => {
        if (!received) pongTimer = setTimeout(() => client.terminate(), pongWithin);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
    },
  });

  return {
    listen(document, variables, sink) {
      return client.subscribe(
        { query: document.toString(), variables },
        {
          next: (result) => {
            if (result.errors !== undefined) sink.ended(result.errors);
            else sink.next(result.data as Parameters<typeof sink.next>[0]);
          },
          error: (cause) => sink.ended(cause),
          complete: () => sink.ended(undefined),
        },
      );
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      closed = true;
      clearTimeout(pongTimer);
      // Rejects when the socket never opened, which the listeners have been notified of already.
      void Promise.resolve(client.dispose()).catch(() => undefined);
    },
  };
}

function isNormalEnd(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'code' in event && event.code === 1000;
}
