import { type APIRequestContext, type BrowserContext, expect, type Page } from '@playwright/test';
import { Findings } from '../../e2e-demo/axe.ts';
import { looks } from '../../e2e-demo/looks.ts';
import { ask, openCase, test as base, tokens } from '../session.ts';

// Run by e2e/provider_test.go, with a server whose people sign in at the provider of e2e/clients/provider.js.
const provider = process.env['CLOUDTAG_PROVIDER'] ?? '';

// The browser reports refused requests, too.
const test = base.extend({ elsewhere: [provider], expected: /40[01]|WebSocket connection .* failed/ });

interface Control {
  readonly rotate?: 'keep' | 'withdraw';
  readonly clock?: number;
  readonly lasts?: number;
  readonly revoke?: boolean;
}

interface Counts {
  readonly authorizations: number;
  readonly codes: number;
  readonly renewals: number;
  readonly ends: number;
  readonly revocations: number;
}

async function control(request: APIRequestContext, change: Control = {}): Promise<Counts> {
  const answer = await request.post(`${provider}/control`, { data: change });
  return (await answer.json()) as Counts;
}

const atProvider = (page: Page) => page.getByRole('link', { name: '使用账号登录' });
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Go' }).click();
}

/** Signs in at the provider, where nobody is signed in yet. */
async function signInAs(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await atProvider(page).click();
  await logIn(page, name);
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
}

async function newTab(context: BrowserContext, watch: (page: Page) => void, path: string): Promise<Page> {
  const tab = await context.newPage();
  watch(tab);
  await tab.goto(path);
  return tab;
}

interface Stored {
  readonly token: string;
}

async function storedToken(page: Page): Promise<string> {
  const text = await page.evaluate(() => localStorage.getItem('cloudtag.session'));
  return text === null ? '' : (JSON.parse(text) as Stored).token;
}

/** The key that a token is signed with. */
function keyOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
}

// Asks the server something, so that it can refuse.
async function refresh(page: Page): Promise<void> {
  await page.keyboard.press('r');
}

test.afterEach(async ({ request }) => {
  await control(request, { clock: 0, lasts: 3600 });
});

test('who opens a link signs in at the provider, and is led to where it goes', { tag: '@live' }, async ({ page, request }) => {
  const id = await openCase(request, 170, 'RETURN_SWAPPED');
  await signInAs(page, 'li', `/cases/${encodeURIComponent(id)}`);
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  await expect(page.getByRole('banner').getByText('li', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('make run')).toHaveCount(0);
});

test('tabs share one session: a link in a new tab is signed in, and signing out ends it in all and at the provider', { tag: '@live' }, async ({ page, context, watch, request }) => {
  await signInAs(page, 'li', '/queue?risk=HIGH');
  await expect(heading(page)).toHaveText('审核队列');
  const before = await control(request);
  const second = await newTab(context, watch, '/appeals');
  await expect(heading(second)).toHaveText('申诉');
  const graphiql = await newTab(context, watch, '/graphiql');
  await expect(graphiql.getByText('li · 审核员')).toBeVisible();
  await expect(second.getByText('实时', { exact: true })).toBeVisible();
  expect((await control(request)).codes).toBe(before.codes);

  await second.getByRole('button', { name: '退出登录' }).click();
  await expect(atProvider(second)).toBeVisible();
  await expect(second).toHaveURL((url) => url.pathname === '/');
  await expect(atProvider(page)).toBeVisible();
  // The address stays, for whoever signs in next.
  await expect(page).toHaveURL(/\/queue\?risk=HIGH$/);
  await expect(atProvider(graphiql)).toBeVisible();
  await expect.poll(async () => (await control(request)).ends).toBe(before.ends + 1);
  expect((await control(request)).revocations).toBeGreaterThan(before.revocations);
  await atProvider(page).click();
  await expect(page.getByLabel('Name')).toBeVisible();
});

test('the session is renewed silently, once for all tabs', { tag: '@live' }, async ({ page, context, watch, request }) => {
  await control(request, { lasts: 8 });
  await signInAs(page, 'li', '/queue');
  const second = await newTab(context, watch, '/log');
  await expect(heading(second)).toHaveText('日志');
  const before = await control(request);
  const first = await storedToken(page);
  await expect.poll(async () => (await control(request)).renewals, { timeout: 60_000 }).toBeGreaterThanOrEqual(before.renewals + 2);
  const token = await storedToken(page);
  expect(token).not.toBe(first);
  // A refresh token that came twice would have ended everything.
  const after = await control(request);
  expect(after.revocations).toBe(before.revocations);
  expect(after.codes).toBe(before.codes);
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  await expect(second.getByText('实时', { exact: true })).toBeVisible();
});

test('keys that are rotated or withdrawn at the provider end no session', async ({ page, request }) => {
  await signInAs(page, 'li', '/queue');
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  const first = keyOf(await storedToken(page));
  await control(request, { rotate: 'keep' });
  await refresh(page);
  await expect(heading(page)).toHaveText('审核队列');
  expect(keyOf(await storedToken(page))).toBe(first);

  // The server notices within 30 seconds, refuses the token, and the page gets another without asking anybody.
  await control(request, { rotate: 'withdraw' });
  await expect
    .poll(
      async () => {
        await refresh(page);
        return keyOf(await storedToken(page));
      },
      { timeout: 90_000, intervals: [1000] },
    )
    .not.toBe(first);
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  await expect(page.getByText('页面上的内容会保留，登录后可以继续。')).toHaveCount(0);
});

test('a session that was revoked is started again in another window, and what was typed goes on', async ({ page, context, watch, request }) => {
  const id = await openCase(request, 171, 'SURCHARGE_ONLY');
  await signInAs(page, 'li', `/cases/${encodeURIComponent(id)}`);
  await page.getByRole('button', { name: '驳回' }).click();
  const work = page.getByLabel('理由', { exact: true });
  await work.fill('写到一半的理由');
  await control(request, { revoke: true, rotate: 'withdraw' });
  const stays = page.getByText('页面上的内容会保留，登录后可以继续。');
  // What the page asks by itself comes too seldom: another tab asks, and is refused for both.
  const other = await newTab(context, watch, '/queue');
  await expect
    .poll(
      async () => {
        await other.reload();
        await heading(other).waitFor();
        return other.getByText(/服务器不接受此登录/).count();
      },
      { timeout: 90_000, intervals: [2000] },
    )
    .toBeGreaterThan(0);
  await page.bringToFront();
  await page.getByRole('button', { name: '提交并打开下一件' }).click();
  await expect(stays).toBeVisible();
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: '在新窗口中登录' }).click();
  const window = await opened;
  watch(window);
  await logIn(window, 'li');
  await expect(stays).toBeHidden();
  await expect(work).toHaveValue('写到一半的理由');
  // The other tab goes on, too, and the window is gone or says that it is done.
  await expect(heading(other)).toHaveText('审核队列');
  await expect.poll(async () => window.isClosed() || (await window.getByText('已登录。').count()) === 1).toBe(true);
  await page.getByRole('button', { name: '提交并打开下一件' }).click();
  const decided = async () => ask<{ case: { state: string } }>(request, tokens().reviewer, 'query($id: ID!) { case(id: $id) { state } }', { id });
  await expect.poll(async () => (await decided()).case.state).toBe('REJECTED');
});

for (const minutes of [10, -10]) {
  test(`a browser whose clock is ${minutes} minutes wrong signs in and stays so`, { tag: '@live' }, async ({ page, request }) => {
    await control(request, { lasts: 8 });
    await page.clock.setSystemTime(Date.now() + minutes * 60_000);
    const before = await control(request);
    await signInAs(page, 'li', '/queue');
    await expect(page.getByText('实时', { exact: true })).toBeVisible();
    await expect.poll(async () => (await control(request)).renewals).toBeGreaterThan(before.renewals);
  });
}

for (const seconds of [20, -20]) {
  test(`a provider whose clock is ${seconds} s ahead of the server's is taken for right`, async ({ page, request }) => {
    await control(request, { clock: seconds });
    await signInAs(page, 'li', '/queue');
    await expect(page.getByText('实时', { exact: true })).toBeVisible();
  });
}

for (const [what, change] of [
  ['ahead of the server’s by more than 30 s', { clock: 50 }],
  ['behind the server’s by more than its tokens are good for', { clock: -50, lasts: 10 }],
] as const) {
  test(`tokens of a provider whose clock is ${what} are refused in a sentence, not in a circle`, { tag: '@live' }, async ({ page, request }) => {
    await control(request, change);
    await signInAs(page, 'li', '/queue');
    await expect(page.getByRole('alert').getByText(/服务器不接受此登录/)).toBeVisible();
    const before = await control(request);
    await page.reload();
    await expect(page.getByRole('alert').getByText(/服务器不接受此登录/)).toBeVisible();
    const after = await control(request);
    expect(after.codes).toBe(before.codes);
    // With the clock right again the same session gets a good token, or the person signs in again.
    await control(request, { clock: 0, lasts: 3600 });
    await atProvider(page).click();
    await expect(heading(page)).toHaveText('审核队列');
  });
}

test('a person without a role here reads so, and can sign out', async ({ page }) => {
  await signInAs(page, 'unknown', '/queue');
  await expect(page.getByRole('alert').getByText(/服务器不接受此登录/)).toBeVisible();
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');
  await expect(atProvider(page)).toBeVisible();
});

test('a sign-in that is given up says so, and can be tried again', { tag: '@live' }, async ({ page }) => {
  await page.goto('/queue');
  await atProvider(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert')).toContainText('身份提供方未能让您登录：cancelled by the person');
  await page.getByRole('link', { name: '重试' }).click();
  await logIn(page, 'li');
  await expect(heading(page)).toHaveText('审核队列');
});

test('an answer to nobody’s question is none', { tag: '@live' }, async ({ page }) => {
  await page.goto('/signin?code=stolen&state=made-up');
  await expect(page.getByRole('alert')).toContainText('此次登录在其他标签页中开始');
  expect(await storedToken(page)).toBe('');
});

test('a token signs in beside the provider', async ({ page }) => {
  await page.goto('/queue');
  await page.getByText('改用令牌登录').click();
  await page.getByLabel('令牌或登录链接').fill(tokens().reviewer);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(heading(page)).toHaveText('审核队列');
});

test('at 390 pixels a shop’s person signs in by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/shop');
  await expect(atProvider(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await atProvider(page).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').fill('wang');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('店铺打标');
});

test('the ways in are there for everybody, in both languages and themes', { tag: '@live' }, async ({ page }) => {
  await page.goto('/queue');
  const findings = new Findings(page);
  await findings.prepare();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/queue');
    await page.getByText('改用令牌登录').click();
    await findings.inspect(`the sign-in at ${width}`, looks);
    await page.goto('/signin?code=stolen&state=made-up');
    await page.getByRole('alert').waitFor();
    await findings.inspect(`a sign-in that failed at ${width}`, looks);
  }
  findings.expectNone();
});
