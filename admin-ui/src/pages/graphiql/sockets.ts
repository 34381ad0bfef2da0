import type { GraphQLFormattedError } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { isClosing, isRefusal } from '../../api/closing.ts';
import type { Session } from '../../session/session.ts';
import type { Authorization } from './authorization.ts';

/** The WebSocket behind subscriptions. A socket speaks for one caller, so each change of caller gets a new client. */
export interface Sockets {
  clientFor(authorization: Authorization): Client;
  /** Ends the running subscriptions. */
  close(): void;
}

export function createSockets(url: string, session: Session): Sockets {
  let current: { readonly value: string | undefined; readonly client: Client } | undefined;

  function close(): void {
    const client = current?.client;
    current = undefined;
    // Rejects when the socket never opened, which the subscription has been notified of already.
    if (client !== undefined) void Promise.resolve(client.dispose()).catch(() => undefined);
  }

  return {
    clientFor(authorization) {
      if (current !== undefined && current.value === authorization.value) return current.client;
      close();
      const client = connect(url, session, authorization);
      current = { value: authorization.value, client };
      return client;
    },
    close,
  };
}

/**
 * Turns a failed subscription into a last result that has the errors. GraphiQL shows that well; of a thrown
 * CloseEvent or Error it prints a stack trace, and its iterator leaves a promise rejected that nobody handles.
 */
function withErrorsAsResult(client: Client): Client {
  return {
    ...client,
    subscribe: (payload, sink) =>
      client.subscribe(payload, {
        ...sink,
        error(error) {
          sink.next({ errors: subscriptionErrors(error) });
          sink.complete();
        },
      }),
  };
}

function subscriptionErrors(error: unknown): readonly GraphQLFormattedError[] {
  // The server's own errors arrive as the protocol's list of GraphQL errors.
  if (Array.isArray(error)) return error;
  if (!isClosing(error)) return [{ message: String(error) }];
  const message = `The subscription was closed: ${error.code} ${error.reason}`.trimEnd();
  return [isRefusal(error) ? { message, extensions: { code: 'UNAUTHENTICATED' } } : { message }];
}

// Lazy: opens the socket with the first subscription and closes it after the last.
function connect(url: string, session: Session, { value, fromSession }: Authorization): Client {
  const { token } = session.state();
  const client = createClient({
    url,
    connectionParams: value === undefined ? {} : { authorization: value },
    shouldRetry: (event) => !isRefusal(event),
    on: {
      closed(event) {
        if (fromSession && isRefusal(event)) void session.refuse(token);
      },
    },
  });
  return withErrorsAsResult(client);
}
