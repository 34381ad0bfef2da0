import type { AuthorizationServer, Client } from 'oauth4webapi';
import { readItem, writeItem } from '../storage/browserStorage.ts';
import type { Grant } from './grant.ts';
import type { GrantKeeper } from './session.ts';

/** How people sign in to this server, as /signin.json says. */
export interface SignInSettings {
  readonly development: boolean;
  /** Null where there is no identity provider. */
  readonly provider: ProviderClient | null;
}

export interface ProviderClient {
  readonly clientId: string;
  readonly scopes: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Null while the server has not heard of the provider. */
  readonly metadata: AuthorizationServer | null;
}

/** The page that the provider leads back to: its address is registered there. */
export const signInPath = '/signin';

/** Why a sign-in at the provider failed. `detail` is for the operator. */
export class SignInError extends Error {
  readonly reason: 'insecure' | 'away' | 'unknown' | 'denied' | 'failed';
  readonly detail: string;

  constructor(reason: SignInError['reason'], detail: string) {
    super(`${reason}: ${detail}`);
    this.name = 'SignInError';
    this.reason = reason;
    this.detail = detail;
  }
}

/** Where a sign-in goes on: at the page it was asked from, or in the window that is still open behind this one. */
export interface Destination {
  readonly path: string;
  readonly window: boolean;
}

/** Signs people in at an OpenID Connect provider, by authorization code with PKCE (RFC 9700, section 2.1.1). */
export interface SignInProvider extends GrantKeeper {
  settings(): Promise<SignInSettings>;
  /** Returns the address at the provider where the person signs in. */
  begin(destination: Destination): Promise<string>;
  /** Completes the sign-in with the provider's response. Throws SignInError. */
  complete(): Promise<{ readonly grant: Grant; readonly destination: Destination }>;
}

// The state of a sign-in in progress, used once: the response must belong to this tab's request.
interface Attempt extends Destination {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const attemptKey = 'cloudtag.signin';
// Seconds by which the provider's clock may be away from the server's, by which the browser's is corrected.
const tolerance = 60;

const library = () => import('./oauth.ts');

export function openSignInProvider(page: Window): SignInProvider {
  const storage = () => page.sessionStorage;
  let completed: ReturnType<typeof completeOnce> | undefined;
  let asked: Promise<{ readonly settings: SignInSettings; readonly skew: number }> | undefined;

  // Transient failures are retried.
  async function ask() {
    asked ??= fetchSettings(page);
    try {
      const answer = await asked;
      if (answer.settings.provider?.metadata === null) asked = undefined;
      return answer;
    } catch (error) {
      asked = undefined;
      throw error;
    }
  }

  async function client() {
    const { settings, skew } = await ask();
    const { provider } = settings;
    if (provider === null) throw new SignInError('unknown', 'the server has no identity provider');
    if (provider.metadata === null) throw new SignInError('away', 'the server has not heard of the identity provider yet');
    const oauth = await library();
    const known: Client = { client_id: provider.clientId, [oauth.clockSkew]: skew, [oauth.clockTolerance]: tolerance };
    return { oauth, provider, server: provider.metadata, known };
  }

  const home = (path: string) => new URL(path, page.location.origin).href;

  async function begin(destination: Destination): Promise<string> {
    if (!page.isSecureContext) throw new SignInError('insecure', page.location.origin);
    const { oauth, provider, server } = await client();
    if (server.authorization_endpoint === undefined) throw new SignInError('failed', 'no authorization_endpoint');
    const attempt: Attempt = {
      ...destination, state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier(),
    };
    writeItem(storage, attemptKey, JSON.stringify(attempt));
    const address = new URL(server.authorization_endpoint);
    const parameters = {
      ...provider.parameters, client_id: provider.clientId, response_type: 'code', scope: provider.scopes, redirect_uri: home(signInPath),
      state: attempt.state, nonce: attempt.nonce, code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier), code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  }

  async function completeOnce() {
    const attempt = takeAttempt(storage);
    if (attempt === undefined) throw new SignInError('unknown', 'no sign-in is under way in this tab');
    const { oauth, provider, server, known } = await client();
    const options = { additionalParameters: provider.parameters, [oauth.allowInsecureRequests]: isLocal(server.token_endpoint) };
    try {
      const answer = oauth.validateAuthResponse(server, known, new URL(page.location.href), attempt.state);
      const response = await oauth.authorizationCodeGrantRequest(server, known, oauth.None(), answer, home(signInPath), attempt.verifier, options);
      const tokens = await oauth.processAuthorizationCodeResponse(server, known, response, { expectedNonce: attempt.nonce, requireIdToken: true });
      return { grant: grantOf(tokens), destination: { path: attempt.path, window: attempt.window } };
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) throw new SignInError('denied', error.error_description ?? error.error);
      throw new SignInError('failed', String(error));
    }
  }

  async function renew(grant: Grant): Promise<Grant | undefined> {
    const refreshToken = grant.provider?.refreshToken;
    if (refreshToken === undefined) return undefined;
    const { oauth, provider, server, known } = await client();
    const options = { additionalParameters: provider.parameters, [oauth.allowInsecureRequests]: isLocal(server.token_endpoint) };
    const response = await oauth.refreshTokenGrantRequest(server, known, oauth.None(), refreshToken, options);
    try {
      const tokens = await oauth.processRefreshTokenResponse(server, known, response);
      return grantOf(tokens, grant);
    } catch (error) {
      if (error instanceof oauth.ResponseBodyError && error.status < 500) return undefined;
      throw error;
    }
  }

  async function end(grant: Grant): Promise<string | undefined> {
    const { oauth, server, known } = await client();
    const refreshToken = grant.provider?.refreshToken;
    if (refreshToken !== undefined && server.revocation_endpoint !== undefined) {
      // Whether or not this succeeds, the session ends below.
      await oauth
        .revocationRequest(server, known, oauth.None(), refreshToken, { [oauth.allowInsecureRequests]: isLocal(server.revocation_endpoint) })
        .catch(() => undefined);
    }
    if (server.end_session_endpoint === undefined) return undefined;
    const address = new URL(server.end_session_endpoint);
    address.searchParams.set('client_id', known.client_id);
    address.searchParams.set('post_logout_redirect_uri', home('/'));
    if (grant.provider?.idToken !== undefined) address.searchParams.set('id_token_hint', grant.provider.idToken);
    return address.href;
  }

  return { settings: async () => (await ask()).settings, begin, complete: () => (completed ??= completeOnce()), renew, end };
}

// The server's own clock is what tokens are checked by: a browser whose clock is wrong must not fail over it.
async function fetchSettings(page: Window) {
  const response = await page.fetch('/signin.json', { credentials: 'omit' });
  if (!response.ok) throw new SignInError('away', `HTTP ${response.status}`);
  const settings = (await response.json()) as SignInSettings;
  const serverTime = Date.parse(response.headers.get('date') ?? '');
  return { settings, skew: Number.isNaN(serverTime) ? 0 : Math.round((serverTime - Date.now()) / 1000) };
}

function takeAttempt(storage: () => Storage): Attempt | undefined {
  const text = readItem(storage, attemptKey);
  writeItem(storage, attemptKey, undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Attempt);
}

function isLocal(address: string | undefined): boolean {
  return address?.startsWith('http:') === true;
}

interface Tokens {
  readonly access_token: string;
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
}

/** A grant of fresh tokens; what a renewal left out stays as it was. */
function grantOf(tokens: Tokens, before?: Grant): Grant {
  const now = Date.now();
  const lasts = tokens.expires_in;
  return {
    token: tokens.access_token,
    obtainedAt: now,
    provider: {
      // Early enough that a slow answer is in time, also for tokens that are good for a minute.
      renewAt: lasts === undefined ? undefined : now + 1000 * (lasts - Math.min(60, lasts / 4)),
      refreshToken: tokens.refresh_token ?? before?.provider?.refreshToken,
      idToken: tokens.id_token ?? before?.provider?.idToken,
    },
  };
}
