import { ask, openCase, orderNo, signIn, submitOrders, test, tokens } from './session.ts';
import { expect, type Page } from '@playwright/test';

const scenario = 'BULK_SCALPER_RETURN';
const buyer = 'b-375';

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env['CLOUDTAG_BASE'] ?? '' });
  await openCase(request, 375, scenario);
  await request.dispose();
});

const field = (page: Page) => page.getByRole('combobox', { name: '查找' });
const option = (page: Page, name: string | RegExp) => page.getByRole('listbox', { name: '查找' }).getByRole('option', { name });

async function open(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: '查找' })).toBeVisible();
  await page.keyboard.press('Control+k');
}

test('Ctrl-K leads to an order, an account, a shop and a page, by keyboard alone', async ({ page }) => {
  await signIn(page, '/queue', tokens().reviewer);
  await expect(page.getByRole('grid')).toBeFocused();
  // What is typed at once goes into the field: no key of the page is heard.
  await page.keyboard.press('Control+k');
  await page.keyboard.type(orderNo(1, 375));
  await expect(field(page)).toHaveValue(orderNo(1, 375));
  await expect(field(page)).toBeFocused();
  const order = option(page, new RegExp(`^${orderNo(1, 375)}`));
  await expect(order).toHaveAttribute('aria-selected', 'true');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await order.getAttribute('id')) ?? '');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/cases/${scenario}%3A${buyer}$`));
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  // An account with its cases: down by arrow, while typing in a field elsewhere too.
  await page.keyboard.press('Control+k');
  await expect(option(page, new RegExp(orderNo(1, 375)))).toBeVisible(); // the recent one
  await page.keyboard.type(buyer);
  await expect(option(page, new RegExp(`${buyer}.*累积中`))).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(option(page, buyer).and(page.locator('[aria-selected="true"]'))).toHaveText(buyer);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/buyers/${buyer}$`));

  await page.keyboard.press('Control+k');
  await page.keyboard.type('日志');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/log$/);

  // Escape goes nowhere and gives the focus back.
  const filter = page.getByLabel('操作者', { exact: true });
  await filter.focus();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(filter).toBeFocused();
});

test('what was looked for leaves the browser with the one who looked', async ({ page, request }) => {
  const { viewer } = await ask<{ viewer: { id: string } }>(request, tokens().rita, '{ viewer { id } }');
  await signIn(page, '/queue', tokens().rita);
  await open(page);
  await page.keyboard.type(buyer);
  await option(page, new RegExp(`^${buyer}$`)).click();
  await expect(page).toHaveURL(new RegExp(`/buyers/${buyer}$`));
  const left = () => page.evaluate(() => [...Object.entries(localStorage), ...Object.entries(sessionStorage)].map(([key, value]) => `${key}: ${String(value)}`).join('\n'));
  expect(await left()).toContain(`cloudtag.work.recent.${viewer.id}`);
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '云标签' })).toBeVisible();
  await expect.poll(left).not.toContain(buyer);
  expect(await left()).not.toContain('cloudtag.work.');
});

test('a shop finds its own order, and no other’s', async ({ page }) => {
  await signIn(page, '/shop', tokens().shops[0] ?? '');
  await open(page);
  await page.keyboard.type(orderNo(2, 375));
  await expect(page.getByText('结果：0')).toBeVisible();
  await field(page).fill(orderNo(1, 375));
  await option(page, new RegExp(orderNo(1, 375))).click();
  await expect(page).toHaveURL(new RegExp(`/shop\\?orders=${orderNo(1, 375)}$`));
});

test('at 390 pixels the longest numbers stay inside of their cards', async ({ another, request }) => {
  const longOrder = '7'.repeat(64);
  const longBuyer = `b-${'8'.repeat(126)}`;
  const [merchant] = (await ask<{ order: { merchant: { id: string } } }>(request, tokens().service, 'query($no: ID!) { order(orderNo: $no) { merchant { id } } }', { no: orderNo(1, 375) }).then(({ order }) => [order.merchant.id])) as [string];
  const order = { orderNo: longOrder, merchantId: merchant, buyerId: longBuyer, placedAt: new Date(Date.now() - 86_400_000).toISOString(), amountCents: 123_456_789, currency: 'CNY', freightInsured: false, reportOutcome: 'REJECTED' };
  await ask(request, tokens().service, 'mutation($input: ImportOrdersInput!) { importOrders(input: $input) { rowErrors { message } } }', { input: { orders: [order] } });
  await submitOrders(request, tokens().shops[0] ?? '', [longOrder], scenario);
  const page = await another(`/cases/${encodeURIComponent(`${scenario}:${longBuyer}`)}`, tokens().reviewer, { viewport: { width: 390, height: 844 } });
  for (const path of [undefined, `/buyers/${longBuyer}`, `/merchants/${merchant}`]) {
    if (path !== undefined) await page.goto(path);
    await expect(page.getByText(longOrder).first()).toBeVisible();
    // Neither the page nor anything in it is wider than it should be, but for what scrolls by itself.
    const wide = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.card, .page-head, .case-strip, .case-scroll')].filter((element) => element.scrollWidth > element.clientWidth + 1).map(({ tagName, className }) => `${tagName} ${className}`));
    expect(wide, path).toEqual([]);
  }
});
