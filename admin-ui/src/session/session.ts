import { readItem, writeItem } from '../storage/browserStorage.ts';
import { fragmentWithoutToken, samePerson, tokenFromFragment } from './token.ts';

const storageKey = 'cloudtag.token';

/**
 * Who this tab acts for: the token it holds, whether the server has refused that very token, and the token of a sign-in
 * link that is for somebody else and waits to be taken or left.
 */
export interface SessionState {
  readonly token: string | undefined;
  readonly refused: boolean;
  readonly offered?: string | undefined;
}

/**
 * The sign-in of one browser tab. The token lives in sessionStorage: it survives a reload and following a link in the
 * tab, ends with the tab, and is never sent by the browser on its own.
 */
export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  signIn(token: string): void;
  signOut(): void;
  /** Records that the server refused `token`; ignored when another token is in use by now. */
  refuse(token: string | undefined): void;
  /** Leaves the link that is for somebody else: who is signed in stays. */
  leaveOffered(): void;
}

/**
 * Opens the tab's session. A sign-in link signs in where nobody is, and renews the token of who is; one for somebody else
 * is only offered, so that nobody goes on working as another without knowing. Its token leaves the address bar at once.
 */
export function openSession(page: Window): Session {
  const storage = () => page.sessionStorage;
  const listeners = new Set<() => void>();
  let state: SessionState = { token: readItem(storage, storageKey), refused: false };

  function become(next: SessionState): void {
    if (next.token === state.token && next.refused === state.refused && next.offered === state.offered) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function signIn(token: string): void {
    writeItem(storage, storageKey, token);
    become({ token, refused: false });
  }

  function signOut(): void {
    writeItem(storage, storageKey, undefined);
    become({ token: undefined, refused: false });
  }

  function refuse(token: string | undefined): void {
    if (token === state.token) become({ ...state, refused: true });
  }

  function leaveOffered(): void {
    become({ token: state.token, refused: state.refused });
  }

  function adoptSignInLink(): void {
    const { hash, pathname, search } = page.location;
    const rest = fragmentWithoutToken(hash);
    if (rest === hash) return;
    const token = tokenFromFragment(hash);
    page.history.replaceState(page.history.state, '', pathname + search + rest);
    if (token === undefined) return;
    if (state.token === undefined || samePerson(state.token, token)) signIn(token);
    else become({ ...state, offered: token });
  }

  adoptSignInLink();
  // A second sign-in link pasted into the same tab changes only the fragment, which loads no page.
  page.addEventListener('hashchange', adoptSignInLink);

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    signIn,
    signOut,
    refuse,
    leaveOffered,
  };
}
