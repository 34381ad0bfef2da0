import { caseTexts } from './en/case.ts';
import { consoleTexts } from './en/console.ts';
import { insightTexts } from './en/insight.ts';
import { peopleTexts } from './en/people.ts';
import { reviewTexts } from './en/review.ts';
import { teamTexts } from './en/team.ts';
import { webhookTexts } from './en/webhooks.ts';
import type { FirstTexts } from './zh-CN.ts';

export const en: FirstTexts = {
  ...consoleTexts,
  ...reviewTexts,
  ...caseTexts,
  ...insightTexts,
  ...peopleTexts,
  ...teamTexts,
  ...webhookTexts,
  brand: 'CloudTag 云标签',
  title: { start: 'CloudTag 云标签', graphiql: 'GraphiQL · CloudTag 云标签' },
  language: { label: 'Language' },
  theme: { label: 'Appearance', system: 'Auto', light: 'Light', dark: 'Dark' },
  nav: { label: 'Pages', buyers: 'Buyers', merchants: 'Merchants', appeals: 'Appeals', secondReviews: 'Second reviews', restrictions: 'Restrictions', collusion: 'Collusion', webhooks: 'Webhooks', start: 'API', graphiql: 'GraphiQL', queue: 'Review queue', inbox: 'For me', shop: 'Shop tags', shopRestrictions: 'Restrict buyers', shopInsurance: 'Insurance', shopRecord: 'Shop record', dashboard: 'Dashboard', policy: 'Policy', activity: 'Activity', log: 'Log' },
  start: {
    heading: 'CloudTag',
    intro:
      'Merchants tag orders whose buyers behaved abusively. The tags of many independent merchants and the platform’s own risk data become a platform decision within 48 hours.',
  },
  signIn: {
    heading: 'Sign in',
    development: 'Open a sign-in link that <run>make run</run> printed (one per role), or paste a token of <token>cloudtag token --dev</token> below.',
    noProvider: 'This server has no identity provider yet. Whoever runs it sets one up with <issuer>--oidc-issuer</issuer> and <client>--oidc-client-id</client> (<doc>docs/operations.md</doc>, “Authentication”); until then they can give you a token of <token>cloudtag token</token> to paste below.',
    atProvider: 'Sign in with your account',
    atProviderBeside: 'Sign in in another window',
    providerAway: 'The server can’t reach the identity provider right now, so nobody can sign in there. Load this page again in a minute.',
    withToken: 'Use a token instead',
    going: 'To the identity provider…',
    arriving: 'Signing in…',
    arrived: 'You are signed in. Close this window and go on in the other one.',
    again: 'Try again',
    failed: {
      insecure: 'Signing in with your account needs a page from https, and this one is from {{detail}}. Ask whoever runs the server for its https address.',
      away: 'The identity provider can’t be asked right now ({{detail}}). Try again in a minute.',
      unknown: 'This sign-in was begun in another tab or has ended already ({{detail}}). Start again.',
      denied: 'The identity provider did not sign you in: {{detail}}',
      failed: 'The identity provider’s answer can’t be used ({{detail}}). Contact whoever runs the server.',
    },
    label: 'Token or sign-in link',
    hint: 'Kept in this browser, for all its tabs, until you sign out.',
    submit: 'Sign in',
    invalid: 'This is neither a token nor a sign-in link. A token is letters, digits and . - _ without spaces.',
    signOut: 'Sign out',
    signedOut: 'Not signed in',
    offer: {
      title: 'Sign in as somebody else?',
      now: 'Signed in now',
      link: 'The link is for',
      text: 'You opened a sign-in link for another person. If you change, this tab alone does, and what is open in it and not saved is lost. If you did not expect the link, stay.',
      unknown: 'a token that names nobody',
      stay: 'Stay signed in',
      change: 'Change in this tab',
    },
  },
  viewer: {
    heading: 'Signed in as',
    asking: 'Asking the server who you are…',
    id: 'User',
    roles: 'Roles',
    noRoles: 'none',
    merchant: 'Shop',
    as: '{{id}} · {{roles}}',
    retry: 'Try again',
  },
  failure: {
    refused:
      'The server does not accept this sign-in: it expired, was revoked, or was signed with another key (UNAUTHENTICATED). Sign in again.',
    unauthenticated: 'The server asks you to sign in (UNAUTHENTICATED).',
    unreachable: 'The server can’t be reached. Check that cloudtag serve is running, then try again.',
    badAnswer: 'The answer is not GraphQL ({{message}}). Check the proxy in front of the server.',
    other: 'The server reported {{code}}: {{message}}',
    requestId: 'Request id {{requestId}}',
  },
  role: {
    MERCHANT: 'Merchant',
    REVIEWER: 'Reviewer',
    ADMIN: 'Administrator',
    PLATFORM: 'Platform service',
    AUDITOR: 'Auditor',
  },
  explore: {
    heading: 'Try the API',
    text: 'GraphiQL has the documentation, a query builder, history and live subscriptions, and uses your sign-in.',
    open: 'Open GraphiQL',
  },
  endpoints: {
    heading: 'Endpoints',
    http: 'HTTP',
    httpUse: 'POST (JSON); GET for queries',
    sse: 'SSE',
    sseUse: 'subscriptions: Accept: text/event-stream',
    webSocket: 'WebSocket',
    webSocketUse: 'subscriptions: graphql-transport-ws',
    auth: 'Header <header>Authorization: Bearer …</header>; a WebSocket sends <payload>{"authorization": "Bearer …"}</payload> in <init>connection_init</init>.',
    copy: 'Copy the {{name}} address',
    copied: '{{name}} address copied',
  },
};
