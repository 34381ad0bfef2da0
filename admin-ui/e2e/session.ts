import { createHmac } from 'node:crypto';
import { type APIRequestContext, type BrowserContextOptions, expect, type Page, test as base } from '@playwright/test';

// What e2e/browser_test.go hands over: a token per role, and of the shops whose orders are there.
export interface Tokens {
  readonly reviewer: string;
  /** Another reviewer, an administrator, one of the platform's services, and an auditor. */
  readonly rita: string;
  readonly admin: string;
  /** Another administrator. */
  readonly bella: string;
  readonly service: string;
  readonly auditor: string;
  /** A reviewer's, from yesterday. */
  readonly expired: string;
  /** What the server signs tokens with. */
  readonly secret: string;
  readonly shops: readonly string[];
}

export function tokens(): Tokens {
  const given = process.env['CLOUDTAG_TOKENS'];
  if (given === undefined) {
    throw new Error('CLOUDTAG_TOKENS is not set: run these tests by `make test-e2e`');
  }
  return JSON.parse(given) as Tokens;
}

/** A token like another one, but for another time to end, in milliseconds. */
export function endingAt(token: string, end: number): string {
  const [header = '', claims = ''] = token.split('.');
  const changed = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), exp: Math.floor(end / 1000) };
  const signed = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', tokens().secret).update(signed).digest('base64url')}`;
}

interface Given {
  /** Messages of the browser's console that the test is about, as where a connection gets cut. */
  readonly expected: RegExp;
  /** Origins beside the server's that pages may ask. */
  readonly elsewhere: readonly string[];
  /** Another browser, at a page. */
  readonly another: (path: string, token: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Fails the test when a page asks anybody but the server, or writes an error or a warning to the browser's console. */
  readonly watch: (page: Page) => void;
}

export const test = base.extend<Given>({
  expected: [/^$/, { option: true }],
  elsewhere: [[], { option: true }],
  watch: async ({ baseURL, expected, elsewhere }, hand) => {
    const problems: string[] = [];
    const home = new URL(baseURL ?? '').host;
    await hand((page) => {
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.host !== home && !elsewhere.includes(url.origin)) problems.push(`asked ${url.href}`);
      });
      page.on('websocket', (socket) => {
        if (new URL(socket.url()).host !== home) problems.push(`opened ${socket.url()}`);
      });
      page.on('console', (message) => {
        const grave = message.type() === 'error' || message.type() === 'warning';
        if (grave && !expected.test(message.text())) problems.push(`console: ${message.text()} (${page.url()})`);
      });
      page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
    });
    expect(problems).toEqual([]);
  },
  page: async ({ page, watch }, hand) => {
    watch(page);
    await hand(page);
  },
  another: async ({ browser, watch }, hand) => {
    const pages: Page[] = [];
    await hand(async (path, token, options) => {
      const page = await (await browser.newContext(options)).newPage();
      pages.push(page);
      watch(page);
      await signIn(page, path, token);
      return page;
    });
    await Promise.all(pages.map(async (page) => page.context().close()));
  },
});

// signIn opens an address by the link that the server prints for a token.
export async function signIn(page: Page, path: string, token: string): Promise<void> {
  await page.goto(`${path}#token=${token}`);
  await expect(page).toHaveURL((url) => url.href.includes(path) && url.hash === '');
}

// orderNo is the number of the n-th order of a shop, as e2e/market_test.go makes them.
export function orderNo(shop: number, n: number): string {
  return String(1000 + shop).padStart(4, '0') + String(n).padStart(6, '0');
}

// submit tags an order of a shop through the API.
export async function submit(request: APIRequestContext, shop: number, n: number, scenario = 'RETURN_SWAPPED'): Promise<void> {
  await submitOrders(request, tokens().shops[shop - 1] ?? '', [orderNo(shop, n)], scenario);
}

/** Has two shops tag the n-th buyer: one vote is missing, and the case waits for a reviewer. */
export async function openCase(request: APIRequestContext, n: number, scenario: string): Promise<string> {
  await submit(request, 1, n, scenario);
  await submit(request, 2, n, scenario);
  return `${scenario}:b-${n}`;
}

export async function submitOrders(request: APIRequestContext, token: string, orderNos: readonly string[], scenario: string): Promise<void> {
  const { submitTags } = await ask<{ submitTags: object }>(
    request,
    token,
    'mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount userErrors { message } } }',
    { input: { orderNos, scenario, idempotencyKey: `browser-${orderNos.join()}` } },
  );
  expect(submitTags).toEqual({ acceptedCount: orderNos.length, userErrors: [] });
}

/** Decides a case through the API, on its present version. */
export async function decide(request: APIRequestContext, token: string, caseId: string, decision: string, reason: string): Promise<void> {
  const { case: waiting } = await ask<{ case: { version: number } }>(request, token, 'query($id: ID!) { case(id: $id) { version } }', { id: caseId });
  const { decideCase } = await ask<{ decideCase: object }>(
    request,
    token,
    'mutation($input: DecideCaseInput!) { decideCase(input: $input) { userErrors { message } } }',
    { input: { caseId, decision, reason, expectedVersion: waiting.version } },
  );
  expect(decideCase).toEqual({ userErrors: [] });
}

// ask sends an operation for the holder of a token and gives its data.
export async function ask<Data>(request: APIRequestContext, token: string, query: string, variables: object = {}): Promise<Data> {
  const response = await request.post('/graphql', { headers: { authorization: `Bearer ${token}` }, data: { query, variables } });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}
