import { Window as HappyWindow } from 'happy-dom';
import type { SignInProvider, SignInSettings } from '../session/provider.ts';
import { type GrantKeeper, openSession, type Session } from '../session/session.ts';

/** A provider that nobody asks. */
export const noKeeper: GrantKeeper = { renew: () => Promise.resolve(undefined), end: () => Promise.resolve(undefined) };

/** A session of a browser of its own, signed in when `token` is given. */
export function sessionWith(token: string | undefined): Session {
  const session = openSession(new HappyWindow({ url: 'http://127.0.0.1:8080/' }) as unknown as Window, noKeeper);
  if (token !== undefined) session.signIn(token);
  return session;
}

/** A server whose people sign in as `settings` say. */
export function signInBy(settings: SignInSettings): SignInProvider {
  return {
    ...noKeeper,
    settings: () => Promise.resolve(settings),
    begin: () => Promise.reject(new Error('not asked for')),
    complete: () => Promise.reject(new Error('not asked for')),
  };
}
