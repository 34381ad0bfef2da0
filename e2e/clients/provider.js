// An OpenID Connect provider for tests: oidc-provider with a login of one field and no consent to ask for. It writes its
// issuer as one line, and ends when its input does, so that it never outlives the test.
//
// node provider.js, with CLOUDTAG_BASE (the server whose pages are its client).
//
// Who signs in as "li" is of the risk team, as "wang" of the shop m-1; everybody else is nobody's. Tests change it by
// POST /control with any of: {"rotate": "keep" | "withdraw"} a new key, and whether the one before is still published;
// {"clock": seconds} how far its clock is ahead; {"lasts": seconds} how long access tokens are good for; {"revoke": true}
// ends all sessions and refresh tokens. The answer counts what was asked of it.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { CLOUDTAG_BASE: base } = process.env;
const resource = 'https://tags.example.com/api';
const people = { li: { roles: ['risk-team'] }, wang: { roles: ['shops'], shop: 'm-1' } };

const realNow = Date.now;
let ahead = 0;
Date.now = () => realNow() + ahead * 1000;
let lasts = 3600;
const counts = { authorizations: 0, codes: 0, renewals: 0, ends: 0, revocations: 0 };

// What the provider keeps, by kind and identifier.
const kept = new Map();

class Keeping {
  constructor(kind) {
    this.kind = kind;
  }

  #all() {
    if (!kept.has(this.kind)) kept.set(this.kind, new Map());
    return kept.get(this.kind);
  }

  async upsert(id, payload) {
    this.#all().set(id, payload);
  }

  async find(id) {
    return this.#all().get(id);
  }

  async findByUid(uid) {
    return [...this.#all().values()].find((payload) => payload.uid === uid);
  }

  async consume(id) {
    this.#all().get(id).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#all().delete(id);
  }

  async revokeByGrantId(grantId) {
    for (const [id, payload] of this.#all()) if (payload.grantId === grantId) this.#all().delete(id);
  }
}

const newKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(), use: 'sig', alg: 'RS256',
});
let keys = [newKey()];

function configuration() {
  return {
    adapter: Keeping,
    jwks: { keys },
    cookies: { keys: ['of-a-test'] },
    clients: [
      {
        client_id: 'console', token_endpoint_auth_method: 'none', response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${base}/signin`], post_logout_redirect_uris: [`${base}/`],
      },
    ],
    clientBasedCORS: () => true,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // Asks nobody: whoever came here has pressed a button already.
        logoutSource(ctx, form) {
          ctx.body = `<!doctype html><title>out</title>${form}<script>document.forms[0].insertAdjacentHTML('beforeend', '<input name=logout value=yes type=hidden>'); document.forms[0].submit();</script>`;
        },
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'use', audience: 'cloudtag', accessTokenTTL: lasts, accessTokenFormat: 'jwt' }),
      },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_, token) => people[token.accountId] ?? { roles: [] },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true, // and a refresh token that comes twice ends the session
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    async loadExistingGrant(ctx) {
      const { client, session, result, provider } = ctx.oidc;
      const id = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
      if (id) return provider.Grant.find(id);
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      grant.addResourceScope(resource, 'use');
      await grant.save();
      return grant;
    },
    ttl: { IdToken: 3600, RefreshToken: 86_400, Session: 86_400, Grant: 86_400, Interaction: 3600 },
  };
}

let provider;
let issuer;

function open() {
  provider = new Provider(issuer, configuration());
  provider.on('authorization.success', () => (counts.authorizations += 1));
  provider.on('grant.success', (ctx) => (counts[ctx.oidc.params.grant_type === 'refresh_token' ? 'renewals' : 'codes'] += 1));
  provider.on('end_session.success', () => (counts.ends += 1));
  provider.on('grant.revoked', () => (counts.revocations += 1));
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function change({ rotate, clock, lasts: seconds, revoke }) {
  if (rotate !== undefined) {
    keys = rotate === 'keep' ? [newKey(), ...keys] : [newKey()];
    open();
  }
  ahead = clock ?? ahead;
  lasts = seconds ?? lasts;
  if (revoke) kept.clear();
}

const page = (uid) => `<!doctype html><meta charset="utf-8"><title>id.example</title>
<form method="post" action="/login/${uid}"><label>Name <input name="name" autofocus></label><button>Go</button><button name="cancel" value="yes">Cancel</button></form>`;

async function login(request, response) {
  if (request.method === 'GET') {
    const { uid } = await provider.interactionDetails(request, response);
    response.setHeader('content-type', 'text/html').end(page(uid));
    return;
  }
  const given = new URLSearchParams(await body(request));
  const result = given.has('cancel')
    ? { error: 'access_denied', error_description: 'cancelled by the person' }
    : { login: { accountId: given.get('name') } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const server = createServer(async (request, response) => {
  try {
    if (request.url === '/control') {
      change(JSON.parse(await body(request)));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(counts));
    } else if (request.url === '/favicon.ico') response.writeHead(204).end();
    else if (request.url.startsWith('/login/')) await login(request, response);
    else provider.callback()(request, response);
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error));
  }
});

process.stdin.resume();
// At once: there is nothing to finish, and process.exit, which waits for threads, can hang on some Node versions.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  open();
  process.stdout.write(`${issuer}\n`);
});
