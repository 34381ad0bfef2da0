import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeServer, unauthenticated } from '../testing/fakeServer.ts';
import { sessionWith } from '../testing/fakeSession.ts';
import { createApi } from './api.ts';

const url = 'http://127.0.0.1:8080/graphql';
const never = new AbortController().signal;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('createApi', () => {
  it('sends the operation with token and language, and gives the data', async () => {
    const seen = fakeServer(() => Response.json({ data: { viewer: { id: 'r1' } } }));
    const execute = createApi({ url, session: sessionWith('aaa'), language: () => 'zh-CN' });
    await expect(execute('query Q { viewer { id } }', { a: 1 }, never)).resolves.toEqual({ viewer: { id: 'r1' } });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe(url);
    expect(seen[0]?.body).toEqual({ query: 'query Q { viewer { id } }', variables: { a: 1 } });
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer aaa');
    expect(seen[0]?.headers.get('accept-language')).toBe('zh-CN');
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('sends no authorization when signed out', async () => {
    const seen = fakeServer(() => Response.json({ data: {} }));
    await createApi({ url, session: sessionWith(undefined), language: () => 'en' })('{ a }', {}, never);
    expect(seen[0]?.headers.has('authorization')).toBe(false);
  });

  it.each([200, 401])('marks the token as refused on UNAUTHENTICATED with status %i', async (status) => {
    fakeServer(() => unauthenticated(status));
    const session = sessionWith('aaa');
    const answer = createApi({ url, session, language: () => 'en' })('{ a }', {}, never);
    await expect(answer).rejects.toMatchObject({ failure: { code: 'UNAUTHENTICATED', requestId: 'req-7' } });
    expect(session.state()).toEqual({ token: 'aaa', refused: true });
  });

  it('sends again what was refused for a token that is no longer in use, and blames the new one for nothing', async () => {
    const session = sessionWith('old');
    const seen = fakeServer(({ headers }) => {
      if (headers.get('authorization') === 'Bearer new') return Response.json({ data: { a: 1 } });
      session.signIn('new');
      return unauthenticated(401);
    });
    await expect(createApi({ url, session, language: () => 'en' })('{ a }', {}, never)).resolves.toEqual({ a: 1 });
    expect(seen).toHaveLength(2);
    expect(session.state()).toEqual({ token: 'new', refused: false });
  });

  it('sends nothing a third time', async () => {
    const session = sessionWith('1');
    const seen = fakeServer(() => {
      session.signIn(String(seen.length + 1));
      return unauthenticated(401);
    });
    await expect(createApi({ url, session, language: () => 'en' })('{ a }', {}, never)).rejects.toThrow('token expired');
    expect(seen).toHaveLength(2);
  });

  it('says that the server gave no answer', async () => {
    fakeServer(() => Promise.reject(new TypeError('Failed to fetch')));
    const answer = createApi({ url, session: sessionWith('aaa'), language: () => 'en' })('{ a }', {}, never);
    await expect(answer).rejects.toMatchObject({ failure: { code: 'UNREACHABLE' } });
  });

  it('says that the answer is not GraphQL', async () => {
    fakeServer(() => new Response('<html>', { status: 502 }));
    const answer = createApi({ url, session: sessionWith('aaa'), language: () => 'en' })('{ a }', {}, never);
    await expect(answer).rejects.toMatchObject({ failure: { code: 'BAD_ANSWER', message: 'HTTP 502' } });
  });

  it('lets an abort through as an abort', async () => {
    const aborter = new AbortController();
    fakeServer(() => {
      aborter.abort();
      return Promise.reject(aborter.signal.reason);
    });
    const answer = createApi({ url, session: sessionWith('aaa'), language: () => 'en' })('{ a }', {}, aborter.signal);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  const halfAnAnswer = (error: () => unknown) =>
    new Response(new ReadableStream({ pull: (stream) => stream.error(error()) }), { status: 200, headers: { 'content-type': 'application/json' } });

  it('takes an answer that breaks off for none', async () => {
    fakeServer(() => halfAnAnswer(() => new TypeError('network error')));
    const answer = createApi({ url, session: sessionWith('aaa'), language: () => 'en' })('{ a }', {}, never);
    await expect(answer).rejects.toMatchObject({ failure: { code: 'UNREACHABLE' } });
  });

  it('lets an abort through that comes while the answer is read', async () => {
    const aborter = new AbortController();
    fakeServer(() =>
      halfAnAnswer(() => {
        aborter.abort();
        return aborter.signal.reason;
      }),
    );
    const answer = createApi({ url, session: sessionWith('aaa'), language: () => 'en' })('{ a }', {}, aborter.signal);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});
