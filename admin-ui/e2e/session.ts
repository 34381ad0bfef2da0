import { type APIRequestContext, expect, type Page, test as base } from '@playwright/test';

// What e2e/browser_test.go hands over: one token per role, and the shops whose orders are there.
export interface Tokens {
  readonly reviewer: string;
  /** Another reviewer, an administrator, and one of the platform's services. */
  readonly rita: string;
  readonly admin: string;
  readonly service: string;
  readonly shops: readonly string[];
}

export function tokens(): Tokens {
  const given = process.env['CLOUDTAG_TOKENS'];
  if (given === undefined) {
    throw new Error('CLOUDTAG_TOKENS is not set: run these tests by `make test-e2e`');
  }
  return JSON.parse(given) as Tokens;
}

// test fails when a page asks anybody but the server, or writes an error to the browser's console.
export const test = base.extend({
  page: async ({ page, baseURL }, hand) => {
    const problems: string[] = [];
    const home = new URL(baseURL ?? '').host;
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.host !== home) {
        problems.push(`asked ${url.href}`);
      }
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== home) {
        problems.push(`opened ${socket.url()}`);
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error') {
        problems.push(`console: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
    await hand(page);
    expect(problems).toEqual([]);
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
export async function submit(request: APIRequestContext, shop: number, n: number): Promise<void> {
  const response = await request.post('/graphql', {
    headers: { authorization: `Bearer ${tokens().shops[shop - 1]}` },
    data: {
      query: 'mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount } }',
      variables: {
        input: { orderNos: [orderNo(shop, n)], scenario: 'RETURN_SWAPPED', idempotencyKey: `browser-${shop}-${n}` },
      },
    },
  });
  expect(await response.json()).toMatchObject({ data: { submitTags: { acceptedCount: 1 } } });
}

// ask sends an operation for the holder of a token and gives its data.
export async function ask<Data>(request: APIRequestContext, token: string, query: string, variables: object = {}): Promise<Data> {
  const response = await request.post('/graphql', { headers: { authorization: `Bearer ${token}` }, data: { query, variables } });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}
