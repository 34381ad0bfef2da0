import { readItem, writeItem } from '../storage/browserStorage.ts';
import { fragmentWithoutToken, tokenFromFragment } from './token.ts';

const storageKey = 'cloudtag.token';

/** Who this tab acts for: the token it holds, and whether the server has refused that very token. */
export interface SessionState {
  readonly token: string | undefined;
  readonly refused: boolean;
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
}

/** Opens the tab's session. A sign-in link wins over a stored token, and its token leaves the address bar at once. */
export function openSession(page: Window): Session {
  const storage = () => page.sessionStorage;
  const listeners = new Set<() => void>();
  let state: SessionState = { token: readItem(storage, storageKey), refused: false };

  function become(next: SessionState): void {
    if (next.token === state.token && next.refused === state.refused) return;
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
    if (token === state.token) become({ token, refused: true });
  }

  function adoptSignInLink(): void {
    const { hash, pathname, search } = page.location;
    const rest = fragmentWithoutToken(hash);
    if (rest === hash) return;
    const token = tokenFromFragment(hash);
    page.history.replaceState(page.history.state, '', pathname + search + rest);
    if (token !== undefined) signIn(token);
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
  };
}
