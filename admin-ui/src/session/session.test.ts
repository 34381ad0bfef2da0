// @vitest-environment happy-dom
import { Window as HappyWindow } from 'happy-dom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noKeeper } from '../testing/fakeSession.ts';
import { type Grant, grantKey } from './grant.ts';
import { type GrantKeeper, openSession, type Session } from './session.ts';

// Each test has a browser tab of its own: a session listens for as long as its page lives.
function openTab(address: string): Window {
  return new HappyWindow({ url: `http://127.0.0.1:8080${address}` }) as unknown as Window;
}

const open = (tab: Window): Session => openSession(tab, noKeeper);

function follow(tab: Window, address: string): void {
  tab.history.replaceState(tab.history.state, '', address);
  tab.dispatchEvent(new Event('hashchange'));
}

function tokenOf(subject: string, issued: number, issuer?: string): string {
  const payload = btoa(String.fromCodePoint(...new TextEncoder().encode(JSON.stringify({ iss: issuer, sub: subject, iat: issued }))));
  return `e30.${payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.c2ln`;
}

describe('openSession', () => {
  it('starts signed out', () => {
    expect(open(openTab('/')).state()).toEqual({ token: undefined, refused: false });
  });

  it('takes the token of a sign-in link and removes it from the address', () => {
    const tab = openTab('/graphiql?tab=1#token=aaa.bbb.ccc');
    expect(open(tab).state().token).toBe('aaa.bbb.ccc');
    expect(tab.location.href).toBe('http://127.0.0.1:8080/graphiql?tab=1');
  });

  it('keeps the token over a reload of the tab, and for new ones', () => {
    const tab = openTab('/#token=aaa.bbb.ccc');
    open(tab);
    expect(open(tab).state().token).toBe('aaa.bbb.ccc');
  });

  it('forgets what was worked on when somebody signs out, in each of the tabs, and keeps what was chosen of the page', () => {
    const tab = openTab('/#token=aaa.bbb.ccc');
    const session = open(tab);
    for (const storage of [tab.localStorage, tab.sessionStorage]) {
      storage.setItem('cloudtag.work.submission.m-1', '{"orders":["1"]}');
      storage.setItem('cloudtag.theme', 'dark');
    }
    session.signOut();
    for (const storage of [tab.localStorage, tab.sessionStorage]) expect(Object.keys(storage)).toEqual(['cloudtag.theme']);
  });

  it('leaves the rest of the fragment alone', () => {
    const tab = openTab('/#row=3&token=aaa.bbb.ccc');
    open(tab);
    expect(tab.location.hash).toBe('#row=3');
  });

  it('takes a second link of the same person over the first at once', () => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    const session = open(tab);
    const listener = vi.fn<() => void>();
    session.subscribe(listener);
    follow(tab, `/#token=${tokenOf('li', 2)}`);
    expect(session.state()).toEqual({ token: tokenOf('li', 2), refused: false });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(tab.location.hash).toBe('');
  });

  it.each([
    ['another person', tokenOf('rita', 1)],
    ['the same name elsewhere', tokenOf('li', 1, 'https://id.example')],
    ['nobody', 'aaa.bbb.ccc'],
  ])('offers a link of %s, and keeps who is signed in', (_, other) => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    open(tab);
    // Over a new page in the same tab, too.
    tab.history.replaceState(undefined, '', `/cases#token=${other}`);
    const session = open(tab);
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: false, offered: other });
    expect(tab.location.hash).toBe('');
    session.leaveOffered();
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: false });
    expect(open(tab).state()).toEqual({ token: tokenOf('li', 1), refused: false });
  });

  it('takes what was offered once somebody says so, also when the server refused the former', async () => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    const session = open(tab);
    follow(tab, `/#token=${tokenOf('rita', 1)}`);
    await session.refuse(tokenOf('li', 1));
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: true, offered: tokenOf('rita', 1) });
    session.takeOffered();
    expect(session.state()).toEqual({ token: tokenOf('rita', 1), refused: false });
    expect(open(tab).state().token).toBe(tokenOf('rita', 1));
    // In this tab alone.
    tab.sessionStorage.clear();
    expect(open(tab).state().token).toBe(tokenOf('li', 1));
  });

  it('removes an unusable token from the address and keeps the one it has', () => {
    const tab = openTab('/#token=first');
    const session = open(tab);
    follow(tab, '/#token=not%20a%20token');
    expect(session.state().token).toBe('first');
    expect(tab.location.hash).toBe('');
  });

  it('forgets the token on sign-out', () => {
    const tab = openTab('/#token=aaa');
    const session = open(tab);
    session.signOut();
    expect(session.state()).toEqual({ token: undefined, refused: false });
    expect(open(tab).state().token).toBeUndefined();
  });

  it('marks only the token in use as refused, and a new sign-in clears the mark', async () => {
    const session = open(openTab('/#token=first'));
    await session.refuse('another');
    expect(session.state().refused).toBe(false);
    await session.refuse('first');
    expect(session.state()).toEqual({ token: 'first', refused: true });
    session.signIn('second');
    expect(session.state()).toEqual({ token: 'second', refused: false });
  });

  it('no longer notifies a listener that unsubscribed', () => {
    const session = open(openTab('/'));
    const listener = vi.fn<() => void>();
    session.subscribe(listener)();
    session.signIn('aaa');
    expect(listener).not.toHaveBeenCalled();
  });

  it('works without storage', () => {
    const tab = openTab('/');
    for (const storage of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(tab, storage, {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
    const session = open(tab);
    session.signIn('aaa');
    expect(session.state().token).toBe('aaa');
    session.signOut();
    expect(session.state().token).toBeUndefined();
  });
});

describe('tabs', () => {
  // What another tab stores is there at once; that it did is an event.
  function storedElsewhere(tab: Window, grant: Grant | undefined): void {
    if (grant === undefined) tab.localStorage.removeItem(grantKey);
    else tab.localStorage.setItem(grantKey, JSON.stringify(grant));
    tab.dispatchEvent(Object.assign(new Event('storage'), { key: grantKey }));
  }

  it('share a sign-in, another token and a sign-out', () => {
    const tab = openTab('/');
    const session = open(tab);
    storedElsewhere(tab, { token: 'first', obtainedAt: 0 });
    expect(session.state()).toEqual({ token: 'first', refused: false });
    storedElsewhere(tab, { token: 'second', obtainedAt: 0 });
    expect(session.state().token).toBe('second');
    storedElsewhere(tab, undefined);
    expect(session.state().token).toBeUndefined();
  });

  it('go on after signing in again', async () => {
    const tab = openTab('/#token=first');
    const session = open(tab);
    await session.refuse('first');
    expect(session.state().refused).toBe(true);
    storedElsewhere(tab, { token: 'second', obtainedAt: 0 });
    expect(session.state()).toEqual({ token: 'second', refused: false });
  });

  it('leave one alone that took a link of somebody else, until that has ended', async () => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    const session = open(tab);
    follow(tab, `/#token=${tokenOf('rita', 1)}`);
    session.takeOffered();
    storedElsewhere(tab, { token: tokenOf('li', 2), obtainedAt: 0 });
    storedElsewhere(tab, undefined);
    expect(session.state().token).toBe(tokenOf('rita', 1));
    await session.refuse(tokenOf('rita', 1));
    storedElsewhere(tab, undefined);
    expect(session.state()).toEqual({ token: tokenOf('rita', 1), refused: true });
    storedElsewhere(tab, { token: tokenOf('li', 3), obtainedAt: 0 });
    expect(session.state()).toEqual({ token: tokenOf('li', 3), refused: false });
    expect(open(tab).state().token).toBe(tokenOf('li', 3));
  });

  it('read nothing that is no grant', () => {
    for (const text of ['{', 'null', '{"token":5}', '"aaa"']) {
      const tab = openTab('/');
      tab.localStorage.setItem(grantKey, text);
      expect(open(tab).state().token).toBeUndefined();
    }
  });
});

describe('a session from an identity provider', () => {
  const begun = new Date('2026-05-04T08:00:00Z').getTime();
  const grant = (token: string, refreshToken: string | undefined = `refresh-${token}`): Grant => ({
    token, obtainedAt: Date.now(), provider: { renewAt: Date.now() + 60_000, refreshToken, idToken: 'id' },
  });

  function openAt(answer: (given: Grant) => Promise<Grant | undefined>) {
    const keeper = { renew: vi.fn<GrantKeeper['renew']>(answer), end: vi.fn<GrantKeeper['end']>(() => Promise.resolve('http://127.0.0.1:8080/#ended')) };
    const tab = openTab('/');
    const session = openSession(tab, keeper);
    session.signInAtProvider(grant('first'));
    return { tab, session, keeper };
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: begun });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gets another token in time, and the next one with what came with that', async () => {
    const { tab, session, keeper } = openAt(({ token }) => Promise.resolve(grant(token === 'first' ? 'second' : 'third')));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(keeper.renew).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.state().token).toBe('second');
    expect(JSON.parse(tab.localStorage.getItem(grantKey) ?? '')).toMatchObject({ token: 'second' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.state().token).toBe('third');
    expect(keeper.renew.mock.lastCall?.[0].provider?.refreshToken).toBe('refresh-second');
  });

  it('gets another when the server takes the token no more, and asks once for several that wait', async () => {
    const { session, keeper } = openAt(() => Promise.resolve(grant('second')));
    vi.setSystemTime(begun + 40_000);
    await expect(Promise.all([session.refuse('first'), session.refuse('first')])).resolves.toEqual([true, true]);
    expect(session.state()).toEqual({ token: 'second', refused: false });
    expect(keeper.renew).toHaveBeenCalledTimes(1);
  });

  it('asks for no other when one that is fresh is refused', async () => {
    const { session, keeper } = openAt(() => Promise.resolve(grant('second')));
    await expect(session.refuse('first')).resolves.toBe(false);
    expect(session.state()).toEqual({ token: 'first', refused: true });
    expect(keeper.renew).not.toHaveBeenCalled();
  });

  it('takes the token that another tab has got meanwhile', async () => {
    const { tab, session, keeper } = openAt(() => Promise.resolve(undefined));
    vi.setSystemTime(begun + 40_000);
    tab.localStorage.setItem(grantKey, JSON.stringify(grant('elsewhere')));
    await expect(session.refuse('first')).resolves.toBe(true);
    expect(session.state().token).toBe('elsewhere');
    expect(keeper.renew).not.toHaveBeenCalled();
  });

  it('has the person sign in again when the provider gives no other', async () => {
    const { session } = openAt(() => Promise.resolve(undefined));
    await vi.advanceTimersByTimeAsync(60_000);
    // The token is good for as long as it says.
    expect(session.state()).toEqual({ token: 'first', refused: false });
    await expect(session.refuse('first')).resolves.toBe(false);
    expect(session.state()).toEqual({ token: 'first', refused: true });
  });

  it('tries again when the provider can’t be asked', async () => {
    let away = true;
    const { session } = openAt(() => (away ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(grant('second'))));
    await vi.advanceTimersByTimeAsync(70_000);
    expect(session.state().token).toBe('first');
    away = false;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(session.state().token).toBe('second');
  });

  it('keeps nothing that comes after a sign-out', async () => {
    let give: (grant: Grant) => void = () => undefined;
    const { tab, session } = openAt(() => new Promise((resolve) => {
      give = resolve;
    }));
    await vi.advanceTimersByTimeAsync(60_000);
    session.signOut();
    give(grant('second'));
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state().token).toBeUndefined();
    expect(tab.localStorage.getItem(grantKey)).toBeNull();
  });

  it('signs out at the provider', async () => {
    const { tab, session, keeper } = openAt(() => Promise.resolve(undefined));
    session.signOut();
    expect(session.state().token).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(keeper.end.mock.lastCall?.[0]).toMatchObject({ token: 'first', provider: { idToken: 'id' } });
    expect(tab.location.hash).toBe('#ended');
  });

  it('without a refresh token ends with its token', async () => {
    const { session, keeper } = openAt(() => Promise.resolve(grant('second')));
    session.signInAtProvider({ token: 'alone', obtainedAt: Date.now(), provider: { renewAt: Date.now() + 60_000, refreshToken: undefined, idToken: undefined } });
    await vi.advanceTimersByTimeAsync(120_000);
    await expect(session.refuse('alone')).resolves.toBe(false);
    expect(keeper.renew).not.toHaveBeenCalled();
  });
});
