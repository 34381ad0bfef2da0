import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sessionWith } from '../../testing/fakeSession.ts';
import { createSockets } from './sockets.ts';

const url = 'ws://127.0.0.1:8080/graphql';

/** A WebSocket whose server side is the test. */
class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static readonly all: FakeSocket[] = [];

  readonly sent: unknown[] = [];
  readyState = FakeSocket.CONNECTING;
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number; reason: string }) => void = () => undefined;
  onerror: () => void = () => undefined;

  constructor() {
    FakeSocket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  receive(message: unknown): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  close(code: number, reason: string): void {
    this.readyState = FakeSocket.CLOSED;
    this.onclose({ code, reason });
  }
}

function sink() {
  return { next: vi.fn<(value: unknown) => void>(), error: vi.fn<(error: unknown) => void>(), complete: vi.fn<() => void>() };
}

async function nthSocket(n: number): Promise<FakeSocket> {
  return vi.waitFor(() => {
    const socket = FakeSocket.all[n];
    if (socket === undefined) throw new Error(`socket ${n} was not opened`);
    return socket;
  });
}

/** Accepts the connection and gives the id under which the client subscribed. */
async function accept(socket: FakeSocket): Promise<string> {
  socket.open();
  await vi.waitFor(() => expect(socket.sent).toHaveLength(1));
  socket.receive({ type: 'connection_ack' });
  await vi.waitFor(() => expect(socket.sent).toHaveLength(2));
  return (socket.sent[1] as { id: string }).id;
}

beforeEach(() => {
  FakeSocket.all.length = 0;
  vi.stubGlobal('WebSocket', FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('createSockets', () => {
  it('introduces the caller in connection_init and passes results on', async () => {
    const client = createSockets(url, sessionWith('aaa')).clientFor({ value: 'Bearer aaa', fromSession: true });
    const results = sink();
    client.subscribe({ query: 'subscription { a }' }, results);
    const socket = await nthSocket(0);
    const id = await accept(socket);
    expect(socket.sent[0]).toEqual({ type: 'connection_init', payload: { authorization: 'Bearer aaa' } });
    socket.receive({ type: 'next', id, payload: { data: { a: 1 } } });
    expect(results.next).toHaveBeenCalledWith({ data: { a: 1 } });
  });

  it.each([4401, 4403])('shows a refusal (%i) once, does not try again, and marks the token', async (code) => {
    const session = sessionWith('aaa');
    const client = createSockets(url, session).clientFor({ value: 'Bearer aaa', fromSession: true });
    const results = sink();
    client.subscribe({ query: 'subscription { a }' }, results);
    const socket = await nthSocket(0);
    socket.open();
    socket.close(code, 'expired');
    await vi.waitFor(() => expect(results.complete).toHaveBeenCalledTimes(1));
    expect(results.next.mock.calls).toEqual([
      [{ errors: [{ message: `The subscription was closed: ${code} expired`, extensions: { code: 'UNAUTHENTICATED' } }] }],
    ]);
    expect(results.error).not.toHaveBeenCalled();
    expect(session.state().refused).toBe(true);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('does not blame the session for a token of the header editor', async () => {
    const session = sessionWith('aaa');
    const results = sink();
    createSockets(url, session)
      .clientFor({ value: 'Bearer bbb', fromSession: false })
      .subscribe({ query: 'subscription { a }' }, results);
    const socket = await nthSocket(0);
    socket.open();
    socket.close(4401, 'expired');
    await vi.waitFor(() => expect(results.complete).toHaveBeenCalledTimes(1));
    expect(session.state().refused).toBe(false);
  });

  it('shows the errors of an operation as its last result', async () => {
    const results = sink();
    createSockets(url, sessionWith('aaa'))
      .clientFor({ value: 'Bearer aaa', fromSession: true })
      .subscribe({ query: 'subscription { b }' }, results);
    const socket = await nthSocket(0);
    const id = await accept(socket);
    socket.receive({ type: 'error', id, payload: [{ message: 'no field b' }] });
    expect(results.next.mock.calls).toEqual([[{ errors: [{ message: 'no field b' }] }]]);
    expect(results.complete).toHaveBeenCalledTimes(1);
  });

  it('keeps one client per caller and ends the subscriptions of the one before', async () => {
    const sockets = createSockets(url, sessionWith('aaa'));
    const first = sockets.clientFor({ value: 'Bearer aaa', fromSession: true });
    expect(sockets.clientFor({ value: 'Bearer aaa', fromSession: true })).toBe(first);
    const results = sink();
    first.subscribe({ query: 'subscription { a }' }, results);
    const socket = await nthSocket(0);
    await accept(socket);
    expect(sockets.clientFor({ value: 'Bearer bbb', fromSession: true })).not.toBe(first);
    await vi.waitFor(() => expect(results.complete).toHaveBeenCalledTimes(1));
    expect(socket.readyState).toBe(FakeSocket.CLOSED);
  });
});
