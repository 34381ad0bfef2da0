import { parse } from 'graphql';
import type { Client } from 'graphql-ws';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { endpointsOf } from '../../api/endpoints.ts';
import type { Session } from '../../session/session.ts';
import { fakeServer, unauthenticated } from '../../testing/fakeServer.ts';
import { sessionWith } from '../../testing/fakeSession.ts';
import type { Authorization } from './authorization.ts';
import { createFetcher } from './fetcher.ts';
import type { Sockets } from './sockets.ts';

const query = { query: '{ viewer { id } }' };

function fetcherFor(session: Session, sockets: Sockets = { clientFor: () => ({}) as Client, close: () => undefined }) {
  return createFetcher({ endpoints: endpointsOf('http://127.0.0.1:8080'), session, sockets, language: () => 'zh-CN' });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('createFetcher', () => {
  it('sends the token the session holds at that moment', async () => {
    const seen = fakeServer(() => Response.json({ data: { viewer: { id: 'r1' } } }));
    const session = sessionWith('first');
    const fetcher = fetcherFor(session);
    await fetcher(query);
    session.signIn('second');
    expect(await fetcher(query)).toEqual({ data: { viewer: { id: 'r1' } } });
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second']);
    expect(seen[0]?.url).toBe('http://127.0.0.1:8080/graphql');
    expect(seen[0]?.headers.get('accept-language')).toBe('zh-CN');
  });

  it('lets the header editor speak for someone else, and does not blame the session for it', async () => {
    const seen = fakeServer(() => unauthenticated(401));
    const session = sessionWith('aaa');
    await fetcherFor(session)(query, { headers: { Authorization: 'Bearer bbb' } });
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer bbb');
    expect(session.state().refused).toBe(false);
  });

  it.each([200, 401])('shows UNAUTHENTICATED of status %i and marks the token as refused', async (status) => {
    fakeServer(() => unauthenticated(status));
    const session = sessionWith('aaa');
    expect(await fetcherFor(session)(query)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(session.state().refused).toBe(true);
  });

  it('shows a page of a proxy as an error', async () => {
    fakeServer(() => new Response('<html>bad gateway', { status: 502 }));
    expect(await fetcherFor(sessionWith('aaa'))(query)).toEqual({
      errors: [{ message: 'The answer of HTTP status 502 is not JSON: <html>bad gateway', extensions: { code: 'BAD_ANSWER' } }],
    });
  });

  it('shows a server that gives no answer as an error', async () => {
    fakeServer(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await fetcherFor(sessionWith('aaa'))(query)).toMatchObject({ errors: [{ extensions: { code: 'UNREACHABLE' } }] });
  });

  it('sends subscriptions to the socket of the caller', async () => {
    const seen = fakeServer(() => Response.json({ data: {} }));
    const callers: Authorization[] = [];
    const subscribe = vi.fn<Client['subscribe']>(() => () => undefined);
    const clientFor = (authorization: Authorization) => {
      callers.push(authorization);
      return { subscribe } as unknown as Client;
    };
    const document = 'subscription { tagStatusChanged { cursor } }';
    const fetcher = fetcherFor(sessionWith('aaa'), { clientFor, close: () => undefined });
    await fetcher({ query: document }, { documentAST: parse(document) });
    expect(callers).toEqual([{ value: 'Bearer aaa', fromSession: true }]);
    expect(subscribe.mock.calls[0]?.[0]).toMatchObject({ query: document });
    expect(seen).toEqual([]);
  });
});
