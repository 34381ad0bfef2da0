import { Window as HappyWindow } from 'happy-dom';
import { describe, expect, it, vi } from 'vitest';
import { openSession } from './session.ts';

// Each test has a browser tab of its own: a session listens for as long as its page lives.
function openTab(address: string): Window {
  return new HappyWindow({ url: `http://127.0.0.1:8080${address}` }) as unknown as Window;
}

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
    expect(openSession(openTab('/')).state()).toEqual({ token: undefined, refused: false });
  });

  it('takes the token of a sign-in link and removes it from the address', () => {
    const tab = openTab('/graphiql?tab=1#token=aaa.bbb.ccc');
    expect(openSession(tab).state().token).toBe('aaa.bbb.ccc');
    expect(tab.location.href).toBe('http://127.0.0.1:8080/graphiql?tab=1');
  });

  it('keeps the token over a reload of the tab', () => {
    const tab = openTab('/#token=aaa.bbb.ccc');
    openSession(tab);
    expect(openSession(tab).state().token).toBe('aaa.bbb.ccc');
  });

  it('leaves the rest of the fragment alone', () => {
    const tab = openTab('/#row=3&token=aaa.bbb.ccc');
    openSession(tab);
    expect(tab.location.hash).toBe('#row=3');
  });

  it('takes a second link of the same person over the first at once', () => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    const session = openSession(tab);
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
    openSession(tab);
    // Over a new page in the same tab, too.
    tab.history.replaceState(undefined, '', `/cases#token=${other}`);
    const session = openSession(tab);
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: false, offered: other });
    expect(tab.location.hash).toBe('');
    session.leaveOffered();
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: false });
    expect(openSession(tab).state()).toEqual({ token: tokenOf('li', 1), refused: false });
  });

  it('takes what was offered once somebody says so, also when the server refused the former', () => {
    const tab = openTab(`/#token=${tokenOf('li', 1)}`);
    const session = openSession(tab);
    follow(tab, `/#token=${tokenOf('rita', 1)}`);
    session.refuse(tokenOf('li', 1));
    expect(session.state()).toEqual({ token: tokenOf('li', 1), refused: true, offered: tokenOf('rita', 1) });
    session.signIn(tokenOf('rita', 1));
    expect(session.state()).toEqual({ token: tokenOf('rita', 1), refused: false });
    expect(openSession(tab).state().token).toBe(tokenOf('rita', 1));
  });

  it('removes an unusable token from the address and keeps the one it has', () => {
    const tab = openTab('/#token=first');
    const session = openSession(tab);
    follow(tab, '/#token=not%20a%20token');
    expect(session.state().token).toBe('first');
    expect(tab.location.hash).toBe('');
  });

  it('forgets the token on sign-out', () => {
    const tab = openTab('/#token=aaa');
    const session = openSession(tab);
    session.signOut();
    expect(session.state()).toEqual({ token: undefined, refused: false });
    expect(openSession(tab).state().token).toBeUndefined();
  });

  it('marks only the token in use as refused, and a new sign-in clears the mark', () => {
    const session = openSession(openTab('/#token=first'));
    session.refuse('another');
    expect(session.state().refused).toBe(false);
    session.refuse('first');
    expect(session.state()).toEqual({ token: 'first', refused: true });
    session.signIn('second');
    expect(session.state()).toEqual({ token: 'second', refused: false });
  });

  it('stops telling a listener that left', () => {
    const session = openSession(openTab('/'));
    const listener = vi.fn<() => void>();
    session.subscribe(listener)();
    session.signIn('aaa');
    expect(listener).not.toHaveBeenCalled();
  });

  it('works without storage', () => {
    const tab = openTab('/');
    Object.defineProperty(tab, 'sessionStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    const session = openSession(tab);
    session.signIn('aaa');
    expect(session.state().token).toBe('aaa');
    session.signOut();
    expect(session.state().token).toBeUndefined();
  });
});
