import { expect, type Page } from '@playwright/test';
import { endingAt, openCase, signIn, test, tokens } from './session.ts';

const records = ['买家', '商家', '申诉', '复核', '买家限制', '串通分析', '数据看板', '策略', '动态', '日志'];
const reviewing = ['审核队列', '与我有关', ...records];

async function pagesOf(page: Page): Promise<string[]> {
  await page.getByRole('navigation', { name: '页面' }).waitFor();
  const names = await page.getByRole('navigation', { name: '页面' }).getByRole('link').allTextContents();
  // Without how much is new there, which other tests bring about.
  return names.map((name) => name.replace(/\d.*$/, ''));
}

const roles = [
  { role: '商家', token: () => tokens().shops[2] ?? '', pages: ['店铺打标', '买家限权', '运费险答复', '店铺档案', 'Webhook 推送', '开放接口'], barred: ['/queue', '/buyers/b-1'] },
  { role: '审核员', token: () => tokens().reviewer, pages: [...reviewing, '开放接口'], barred: ['/shop'] },
  { role: '管理员', token: () => tokens().admin, pages: [...reviewing, 'Webhook 推送', '开放接口'], barred: ['/shop'] },
  { role: '审计员', token: () => tokens().auditor, pages: ['审核队列', ...records, 'Webhook 推送', '开放接口'], barred: ['/shop'] },
  { role: '平台服务', token: () => tokens().service, pages: ['Webhook 推送', '开放接口'], barred: ['/activity', '/cases/RETURN_SWAPPED%3Ab-1'] },
];

for (const { role, token, pages, barred } of roles) {
  test(`${role} signs in by a link and finds the pages of the role, and no others`, async ({ page }) => {
    await signIn(page, '/', token());
    expect(await pagesOf(page)).toEqual([...pages, 'GraphiQL']);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(pages[0] ?? '');
    await expect(page.getByRole('banner').getByText(role)).toBeVisible();
    for (const path of barred) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这个页面');
    }
  });
}

test('only who may decide, or change the policy, is offered to', async ({ page, another }) => {
  await signIn(page, '/queue', tokens().auditor);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('审核队列');
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(page.getByRole('group', { name: '决定' })).toHaveCount(0);
  await page.goto('/policy');
  await expect(page.getByRole('heading', { name: /^第 \d 版（生效中）$/ })).toBeVisible();
  await expect(page.getByRole('button', { name: '编辑新版本' })).toHaveCount(0);

  const reviewer = await another('/policy', tokens().reviewer);
  await expect(reviewer.getByRole('heading', { name: /^第 \d 版（生效中）$/ })).toBeVisible();
  await expect(reviewer.getByRole('button', { name: '编辑新版本' })).toHaveCount(0);
  await reviewer.goto('/queue');
  await expect(reviewer.getByRole('group', { name: '决定' })).toBeVisible();

  const admin = await another('/policy', tokens().admin);
  await expect(admin.getByRole('button', { name: '编辑新版本' })).toBeVisible();
});

test('a pasted token signs in, and anything else is refused', async ({ page }) => {
  await page.goto('/queue?risk=HIGH');
  const field = page.getByLabel('令牌或登录链接');
  await field.fill('这不是令牌');
  await field.press('Enter');
  await expect(page.getByText('这不是令牌，也不是登录链接。')).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill(`Bearer ${tokens().reviewer}`);
  await field.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('审核队列');
  // The address that was asked for is the one that is shown.
  await expect(page).toHaveURL(/\/queue\?risk=HIGH$/);
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByLabel('令牌或登录链接')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('令牌或登录链接')).toBeVisible();
});

test.describe('tokens that the server does not take', () => {
  // Which the browser, too, says in its console.
  test.use({ expected: /401|WebSocket connection .* failed/ });

  test('are refused in a sentence, and a good one helps', async ({ page }) => {
    const refused = page.getByRole('alert').getByText(/服务器不接受此登录：已过期、被撤销，或由其他密钥签发/);
    const field = page.getByLabel('令牌或登录链接');
    for (const [name, token] of [
      ['one that has ended', tokens().expired],
      ['one with another signature', `${tokens().reviewer.slice(0, -6)}AAAAAA`],
      ['one that is none', 'aaa.bbb.ccc'],
    ] as const) {
      await test.step(name, async () => {
        await page.goto('about:blank');
        await signIn(page, '/', token);
        await expect(refused).toBeVisible();
        await page.getByRole('button', { name: '退出登录' }).click();
      });
    }
    await field.fill(tokens().reviewer);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('审核队列');
    await expect(refused).toBeHidden();
  });

  test('a token that ends while at work is asked for again, over a page that stays', { tag: '@live' }, async ({ page, request }) => {
    const id = await openCase(request, 160, 'SURCHARGE_ONLY');
    await signIn(page, `/cases/${encodeURIComponent(id)}`, tokens().reviewer);
    await page.getByRole('button', { name: '驳回' }).click();
    const work = page.getByLabel('理由', { exact: true });
    await work.fill('写到一半的理由');
    // Another link in the same tab gives it a token that ends soon. Clocks may differ by 30 seconds, for which the server
    // takes a token longer.
    const short = endingAt(tokens().reviewer, Date.now() - 30_000 + 5_000);
    await page.evaluate((token) => {
      window.location.hash = `token=${token}`;
    }, short);
    await expect(page.getByText('页面上的内容会保留，登录后可以继续。')).toBeVisible();
    await page.getByLabel('令牌或登录链接').fill(tokens().reviewer);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await expect(page.getByText('页面上的内容会保留，登录后可以继续。')).toBeHidden();
    await expect(work).toHaveValue('写到一半的理由');
    await expect(page.getByText('实时', { exact: true })).toBeVisible();
  });
});

test.describe('a token that another tab brings', () => {
  test.use({ expected: /401|WebSocket connection .* failed/ });

  test('and that the server refuses takes nothing from the page', async ({ page, context, watch, request }) => {
    const id = await openCase(request, 165, 'SURCHARGE_ONLY');
    await signIn(page, `/cases/${encodeURIComponent(id)}`, tokens().reviewer);
    await page.getByRole('button', { name: '驳回' }).click();
    const work = page.getByLabel('理由', { exact: true });
    await work.fill('写到一半的理由');
    const other = await context.newPage();
    watch(other);
    await other.goto('/healthz');
    const bring = async (token: string) => other.evaluate((grant) => localStorage.setItem('cloudtag.session', grant), JSON.stringify({ token, obtainedAt: 0 }));
    const stays = page.getByText('页面上的内容会保留，登录后可以继续。');
    await bring('aaa.bbb.ccc');
    await expect(stays).toBeVisible();
    await bring(tokens().reviewer);
    await expect(stays).toBeHidden();
    await expect(work).toHaveValue('写到一半的理由');
  });
});

test.describe('a sign-in link for somebody else', () => {
  for (const [path, colorScheme] of [
    ['/queue', 'light'],
    ['/graphiql', 'dark'],
  ] as const) {
    test(`asks by keyboard before it replaces who is signed in, on ${path}`, async ({ another }) => {
      const page = await another(path, tokens().reviewer, { colorScheme });
      const follow = async (token: string) => page.evaluate((value) => {
        window.location.hash = `token=${value}`;
      }, token);
      const dialog = page.getByRole('dialog', { name: '要换成其他人登录吗？' });
      await follow(tokens().auditor);
      await expect(dialog).toBeVisible();
      await expect(page).toHaveURL((url) => url.hash === '');
      await expect(page.getByRole('button', { name: '保持当前登录' })).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await page.reload();
      expect(await stored(page)).toBe(tokens().reviewer);

      // A link of one's own is no question.
      const renewed = endingAt(tokens().reviewer, Date.now() + 600_000);
      await follow(renewed);
      await expect.poll(async () => stored(page)).toBe(renewed);
      await expect(dialog).toBeHidden();

      await page.goto('about:blank');
      await page.goto(`${path}#token=${tokens().auditor}`);
      await expect(dialog).toBeVisible();
      await page.keyboard.press('Tab');
      await expect(page.getByRole('button', { name: '在本标签页中更换' })).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(dialog).toBeHidden();
      expect(await stored(page)).toBe(tokens().auditor);
    });
  }

  test('asks in English, too', async ({ another }) => {
    const page = await another('/queue', tokens().reviewer, { locale: 'en-US' });
    await page.goto('about:blank');
    await page.goto(`/queue#token=${tokens().admin}`);
    const dialog = page.getByRole('dialog', { name: 'Sign in as somebody else?' });
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await expect(dialog).toBeHidden();
    expect(await stored(page)).toBe(tokens().reviewer);
  });
});

/** The token of the tab: its own, or that of all tabs. */
async function stored(page: Page): Promise<string> {
  const text = await page.evaluate(() => sessionStorage.getItem('cloudtag.session') ?? localStorage.getItem('cloudtag.session') ?? '{}');
  return (JSON.parse(text) as { token: string }).token;
}
