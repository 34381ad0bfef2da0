import { forgetWork } from '../storage/browserStorage.ts';
import { type Grant, grantKey, readGrant, writeGrant } from './grant.ts';
import { fragmentWithoutToken, samePerson, tokenFromFragment } from './token.ts';

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
 * The sign-in of a browser. All its tabs share one, kept in localStorage, so that a link opened in a new tab is signed in,
 * and signing out in one is signing out in all. Only who takes the sign-in link of somebody else has a session of the tab's
 * own, in sessionStorage. The browser sends neither anywhere on its own.
 */
export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Signs in with a token that somebody pasted. */
  signIn(token: string): void;
  /** Signs all tabs in with what an identity provider gave. */
  signInAtProvider(grant: Grant): void;
  /** Signs out, everywhere: at the identity provider too, if that is where the session is from. What was worked on goes from the browser. */
  signOut(): void;
  /**
   * Records that the server refused `token`. Gives whether another token is in use by now, so that the request is worth
   * another try: the provider may give one without asking the person. Otherwise the person has to sign in again.
   */
  refuse(token: string | undefined): Promise<boolean>;
  /** Accepts a sign-in link for another person, in this tab alone. */
  takeOffered(): void;
  /** Declines it: the session stays. */
  leaveOffered(): void;
}

/** What a session asks of the identity provider that it is from. */
export interface GrantKeeper {
  /** Requests another token without the person; undefined when the provider refuses. Throws when it is unreachable. */
  renew(grant: Grant): Promise<Grant | undefined>;
  /** Ends the session at the provider. Returns the address where the person's own session there is ended, if it has one. */
  end(grant: Grant): Promise<string | undefined>;
}

// A token that is refused this soon was never valid, for example because clocks differ: another one would be refused, too.
const young = 30_000;
// How long after a renewal that failed on the way the next one is tried, and the longest that a timer can wait.
const tryAgainAfter = 15_000;
const longestTimer = 2 ** 31 - 1;

/**
 * Opens the tab's session. A sign-in link signs in where nobody is, and renews the token of who is; one for somebody else
 * is only offered, so that nobody goes on working as another without knowing. Its token leaves the address bar at once.
 */
export function openSession(page: Window, keeper: GrantKeeper): Session {
  const shared = () => page.localStorage;
  const own = () => page.sessionStorage;
  const listeners = new Set<() => void>();
  const ofTab = readGrant(own);
  let isOwn = ofTab !== undefined;
  let grant = ofTab ?? readGrant(shared);
  let state: SessionState = { token: grant?.token, refused: false };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewing: Promise<boolean> | undefined;

  function become(next: SessionState): void {
    if (next.token === state.token && next.refused === state.refused && next.offered === state.offered) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function hold(next: Grant | undefined): void {
    grant = next;
    if (next === undefined) {
      forgetWork(shared);
      forgetWork(own);
    }
    schedule(next?.provider?.renewAt);
    become({ token: next?.token, refused: false, offered: next === undefined ? undefined : state.offered });
  }

  function keep(next: Grant): void {
    writeGrant(isOwn ? own : shared, next);
    hold(next);
  }

  function schedule(at: number | undefined): void {
    clearTimeout(timer);
    if (at === undefined || grant?.provider?.refreshToken === undefined) return;
    timer = setTimeout(() => {
      void renew();
    }, Math.min(Math.max(at - Date.now(), 0), longestTimer));
  }

  /** Returns whether the tab has a new token. One tab asks the provider at a time: a refresh token can be used once. */
  function renew(): Promise<boolean> {
    const before = grant;
    renewing ??= alone(page, () => renewAlone(before)).finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function renewAlone(before: Grant | undefined): Promise<boolean> {
    // Another tab renewed it first; its storage event may not have arrived yet.
    const stored = isOwn ? grant : readGrant(shared);
    if (stored?.token !== grant?.token && stored !== undefined) hold(stored);
    if (state.token !== before?.token) return state.token !== undefined;
    if (grant?.provider?.refreshToken === undefined) return false;
    const asked = grant;
    let next: Grant | undefined;
    try {
      next = await keeper.renew(asked);
    } catch {
      if (state.token === asked.token) schedule(Date.now() + tryAgainAfter);
      return false;
    }
    // Signed out, or in as another person, in the meantime.
    if (state.token !== asked.token) return state.token !== undefined;
    // A grant that the provider has refused is not sent again.
    keep(next ?? { ...asked, provider: { idToken: asked.provider?.idToken, renewAt: undefined, refreshToken: undefined } });
    return next !== undefined;
  }

  async function refuse(token: string | undefined): Promise<boolean> {
    if (token !== state.token) return state.token !== undefined && !state.refused;
    if (grant?.provider !== undefined && Date.now() - grant.obtainedAt > young && (await renew())) return true;
    if (token !== state.token) return state.token !== undefined && !state.refused;
    become({ ...state, refused: true });
    return false;
  }

  function signIn(token: string): void {
    keep({ token, obtainedAt: Date.now() });
  }

  function signInAtProvider(next: Grant): void {
    writeGrant(own, undefined);
    isOwn = false;
    keep(next);
  }

  function signOut(): void {
    const ended = grant;
    writeGrant(own, undefined);
    writeGrant(shared, undefined);
    isOwn = false;
    hold(undefined);
    if (ended?.provider !== undefined) void endAtProvider(ended);
  }

  async function endAtProvider(ended: Grant): Promise<void> {
    // An unreachable provider ends the session when it expires; this browser is signed out now.
    const address = await keeper.end(ended).catch(() => undefined);
    if (address !== undefined) page.location.assign(address);
  }

  function takeOffered(): void {
    const { offered } = state;
    if (offered === undefined) return;
    isOwn = true;
    state = { ...state, offered: undefined };
    signIn(offered);
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

  function adoptOtherTabs(event: StorageEvent): void {
    if (event.key !== grantKey && event.key !== null) return;
    const stored = readGrant(shared);
    if (isOwn) {
      // Whose own session has ended signs in again, in another window, for all tabs.
      if (!state.refused || stored === undefined) return;
      writeGrant(own, undefined);
      isOwn = false;
    }
    if (stored?.token !== grant?.token) hold(stored);
  }

  schedule(grant?.provider?.renewAt);
  adoptSignInLink();
  // A second sign-in link pasted into the same tab changes only the fragment, which loads no page.
  page.addEventListener('hashchange', adoptSignInLink);
  page.addEventListener('storage', adoptOtherTabs);

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    signIn,
    signInAtProvider,
    signOut,
    refuse,
    takeOffered,
    leaveOffered,
  };
}

// Pages that may not sign in at a provider, because they are not from https, have no locks.
async function alone<Result>(page: Window, run: () => Promise<Result>): Promise<Result> {
  const { locks } = page.navigator as { readonly locks?: LockManager | null };
  return locks ? locks.request(grantKey, run) : run();
}
