/** Where the API of the server that served this page is reached. One path serves all three transports. */
export interface Endpoints {
  /** POST with a JSON body, and GET for queries. */
  readonly http: string;
  /** Subscriptions as server-sent events (graphql-sse, distinct connections): POST with `Accept: text/event-stream`. */
  readonly sse: string;
  /** Subscriptions over the graphql-transport-ws protocol. */
  readonly webSocket: string;
}

export function endpointsOf(origin: string): Endpoints {
  const http = new URL('/graphql', origin);
  const webSocket = new URL(http);
  webSocket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';
  return { http: http.href, sse: http.href, webSocket: webSocket.href };
}
