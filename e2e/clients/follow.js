// Follows a shop's tags with one of the usual clients, with that client's defaults, and writes what it tells its
// application as lines of JSON. It ends when its input does, so that it never outlives the test.
//
// node follow.js CLIENT, with CLOUDTAG_BASE (the server), CLOUDTAG_DESK (where one gets a token) and CLOUDTAG_AFTER (the
// cursor to begin behind).
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { EventSource } from 'eventsource';
import { createClient as createSSEClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { createRequire } from 'node:module';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket; // as in browsers, and in Node from 22 on

const name = process.argv[2];
const { CLOUDTAG_BASE: base, CLOUDTAG_DESK: desk, CLOUDTAG_AFTER: start } = process.env;
const url = `${base}/graphql`;
const subscription = 'subscription Follow($after: Cursor) { tagStatusChanged(after: $after) { cursor tag { orderNo } } }';
const query = 'query Viewer { viewer { id } }';

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const authorization = async () => `Bearer ${await (await fetch(`${desk}/token?client=${name}`)).text()}`;

// What subscribes again with the variables as they are then goes on behind the last event.
let last = start;
const variables = {
  get after() {
    return last;
  },
};

function tellResult({ data, error, errors }) {
  const failed = errors ?? error;
  if (failed) tell({ kind: 'errors', text: JSON.stringify(failed) });
  if (!data) return;
  last = data.tagStatusChanged.cursor;
  tell({ kind: 'event', orderNo: data.tagStatusChanged.tag.orderNo });
}

const sink = {
  next: tellResult,
  error: (cause) => tell({ kind: 'error', text: String(cause?.reason ?? cause?.message ?? cause) }),
  complete: () => tell({ kind: 'complete' }),
};

// What clients are answered with when they ask, and in which form.
const authorized = async (input, init) => {
  const response = await fetch(input, { ...init, headers: { ...init.headers, authorization: await authorization() } });
  tell({ kind: 'answer', text: response.headers.get('content-type') });
  return response;
};

const sockets = () => createSocketClient({ url: url.replace('http', 'ws'), connectionParams: async () => ({ authorization: await authorization() }) });

let close = async () => {};

const followers = {
  'graphql-ws': () => sockets().subscribe({ query: subscription, variables }, sink),

  'graphql-sse': () =>
    createSSEClient({ url, headers: async () => ({ authorization: await authorization() }) }).subscribe({ query: subscription, variables }, sink),

  async apollo() {
    const events = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(sockets()) });
    events.subscribe({ query: gql(subscription), variables: { after: start } }).subscribe(sink);
    const answers = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url, fetch: authorized }) });
    tell({ kind: 'viewer', text: (await answers.query({ query: gql(query) })).data.viewer.id });
  },

  async urql() {
    const socket = sockets();
    const client = new Client({
      url,
      fetch: authorized,
      exchanges: [
        cacheExchange,
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: (request) => ({
            subscribe: (observer) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, observer) }),
          }),
        }),
      ],
    });
    client.subscription(subscription, { after: start }).subscribe(tellResult);
    tell({ kind: 'viewer', text: (await client.query(query, {})).data.viewer.id });
  },

  eventsource() {
    const source = new EventSource(address(), { fetch: authorized });
    source.addEventListener('next', ({ data }) => tellResult(JSON.parse(data)));
    source.addEventListener('complete', () => tell({ kind: 'complete' }));
    source.addEventListener('error', () => source.readyState === source.CLOSED && tell({ kind: 'error', text: 'closed for good' }));
  },

  // A browser's own EventSource sends no header of its application's: whoever is in front of it has to.
  async browser() {
    const { chromium } = createRequire(new URL('../../admin-ui/package.json', import.meta.url))('@playwright/test');
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
    close = () => browser.close();
    const page = await browser.newPage({ bypassCSP: true, extraHTTPHeaders: { authorization: await authorization() } });
    await page.exposeFunction('tellResult', tellResult);
    await page.exposeFunction('tell', tell);
    await page.goto(`${base}/healthz`);
    await page.evaluate((target) => {
      const source = new EventSource(target);
      source.addEventListener('next', ({ data }) => window.tellResult(JSON.parse(data)));
      source.addEventListener('complete', () => window.tell({ kind: 'complete' }));
      source.addEventListener('error', () => source.readyState === EventSource.CLOSED && window.tell({ kind: 'error', text: 'closed for good' }));
    }, address());
  },
};

const address = () => `${url}?${new URLSearchParams({ query: subscription, variables: JSON.stringify({ after: start }) })}`;

process.stdin.resume();
process.stdin.on('end', async () => {
  await close();
  process.exit(0);
});
await followers[name]();
