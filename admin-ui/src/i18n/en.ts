import { caseTexts } from './en/case.ts';
import { consoleTexts } from './en/console.ts';
import { insightTexts } from './en/insight.ts';
import { peopleTexts } from './en/people.ts';
import { reviewTexts } from './en/review.ts';
import { shopTexts } from './en/shop.ts';
import { webhookTexts } from './en/webhooks.ts';
import type { Texts } from './zh-CN.ts';

export const en: Texts = {
  ...consoleTexts,
  ...reviewTexts,
  ...caseTexts,
  ...shopTexts,
  ...insightTexts,
  ...peopleTexts,
  ...webhookTexts,
  brand: 'CloudTag 云标签',
  title: { start: 'CloudTag 云标签', graphiql: 'GraphiQL · CloudTag 云标签' },
  language: { label: 'Language' },
  theme: { label: 'Appearance', system: 'System', light: 'Light', dark: 'Dark' },
  nav: { label: 'Pages', buyers: 'Buyers', merchants: 'Merchants', appeals: 'Appeals', restrictions: 'Restrictions', collusion: 'Collusion', webhooks: 'Webhooks', start: 'API', graphiql: 'GraphiQL', queue: 'Review queue', shop: 'Shop tags', dashboard: 'Dashboard', policy: 'Policy', activity: 'Activity', log: 'Log' },
  start: {
    heading: 'CloudTag',
    intro:
      'Merchants tag orders whose buyers behaved abusively. The tags of many independent merchants and the platform’s own risk data become a platform decision within 48 hours.',
  },
  signIn: {
    heading: 'Sign in',
    how: 'Open a sign-in link that <run>make run</run> printed (one per role), or paste a token below. Elsewhere, tokens come from your identity provider or from <token>cloudtag token</token>.',
    label: 'Token or sign-in link',
    hint: 'Kept in this tab only; closing the tab signs you out.',
    submit: 'Sign in',
    invalid: 'This is neither a token nor a sign-in link. A token is letters, digits and . - _ without spaces.',
    signOut: 'Sign out',
    signedOut: 'Not signed in',
    offer: {
      title: 'Sign in as somebody else?',
      now: 'Signed in now',
      link: 'The link is for',
      text: 'You opened a sign-in link for another person. If you change, what is open in this tab and not saved is lost. If you did not expect the link, stay.',
      unknown: 'a token that names nobody',
      stay: 'Stay signed in',
      change: 'Change to the link’s person',
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
      'The server does not accept this token: it expired, was revoked, or was signed with another key (UNAUTHENTICATED). Open a sign-in link that <run>make run</run> printed, or paste a new token.',
    unauthenticated:
      'The server asks you to sign in (UNAUTHENTICATED). Open a sign-in link that <run>make run</run> printed, or paste a token.',
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
