import { Window as HappyWindow } from 'happy-dom';
import { openSession, type Session } from '../session/session.ts';

/** A session of a browser tab of its own, signed in when `token` is given. */
export function sessionWith(token: string | undefined): Session {
  const session = openSession(new HappyWindow({ url: 'http://127.0.0.1:8080/' }) as unknown as Window);
  if (token !== undefined) session.signIn(token);
  return session;
}
