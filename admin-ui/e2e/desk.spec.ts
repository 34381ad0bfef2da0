import { expect, type Locator, type Page } from '@playwright/test';
import { workbook } from '../src/testing/workbook.ts';
import { ask, orderNo, signIn, submit, test, tokens } from './session.ts';

const shop = () => tokens().shops[0] ?? '';
const numbersField = (page: Page) => page.getByLabel('订单号', { exact: true });
const report = (page: Page) => page.getByRole('region', { name: '提交结果' });
const rowOf = (page: Page, order: string) => page.getByRole('row').filter({ hasText: order });

async function choose(page: Page, scenario: string): Promise<void> {
  const field = page.getByRole('combobox', { name: '场景' }).first();
  await field.click();
  await field.pressSequentially(scenario);
  await field.press('Enter');
}

/** The orders from one to another of a shop, as e2e/market_test.go makes them. */
function orders(of: number, from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => orderNo(of, from + index));
}

async function succeededIn(page: Page): Promise<number> {
  const text = await page.locator('.page-head').innerText();
  return Number((/成功 ([\d,]+)/.exec(text)?.[1] ?? '0').replaceAll(',', ''));
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { width, content } = await page.evaluate(() => ({ width: window.innerWidth, content: document.documentElement.scrollWidth }));
  expect(content).toBeLessThanOrEqual(width);
}

test('a messy paste of 60 numbers, 20 of them foreign and 5 repeated, goes in batches that go on after a reload', async ({ page }) => {
  const own = orders(1, 300, 35);
  const foreign = orders(2, 300, 20);
  const lines = [
    ...own.slice(0, 15).map((number) => `订单号：${number} ¥129.00 张三`),
    own.slice(15, 25).join('|'),
    `# ${own.slice(25, 30).join(' "')}`,
    own.slice(30).map((number) => `${number.slice(0, 4)}\u200B${number.slice(4)}`).join('，'),
    ...foreign,
    own.slice(0, 5).join('、'),
  ];
  await signIn(page, '/shop', shop());
  await numbersField(page).fill(lines.join('\n'));
  await expect(page.getByText('找到订单号 55 个 · 重复 5 个，只提交一次 · 不是订单号 45 处')).toBeVisible();
  await page.getByRole('button', { name: '去掉 张三' }).click();
  await expect(page.getByText('不是订单号 30 处')).toBeVisible();
  await page.getByRole('region', { name: '不是订单号的内容' }).getByRole('button', { name: '全部去掉' }).click();
  await expect(page.getByText('找到订单号 55 个 · 重复 5 个，只提交一次', { exact: true })).toBeVisible();
  await expect(page.getByText('每批 20 个，分 3 批依次提交。')).toBeVisible();
  await choose(page, '收货信息错误');

  // The second batch reaches the server, and its answer is lost.
  let sent = 0;
  const keys: string[] = [];
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData() ?? '';
    if (!body.includes('mutation SubmitTags')) return route.continue();
    sent += 1;
    keys.push(/"idempotencyKey":"(\w+)"/.exec(body)?.[1] ?? '');
    if (sent !== 2) return route.continue();
    await route.fetch();
    return new Promise<void>(() => undefined);
  });
  await page.getByRole('button', { name: '提交 55 个订单' }).click();
  await expect(report(page).getByText('正在提交第 2 / 3 批（已提交 20 / 55 个订单）。')).toBeVisible();
  await expect.poll(() => sent).toBe(2);
  await page.reload(); // before the route ends, which would let the answer through
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await expect(report(page).getByText('提交未完成：已提交 20 / 55 个订单，剩余 2 批。')).toBeVisible();
  const again = page.waitForRequest((request) => request.postData()?.includes('mutation SubmitTags') === true);
  await report(page).getByRole('button', { name: '继续提交' }).click();
  expect((await again).postData()).toContain(keys[1] ?? 'no key');
  await expect(report(page).getByText('已记录 35 个，未接受 20 个。')).toBeVisible();
  await expect(report(page).getByRole('list', { name: '已记录的订单' }).getByRole('listitem')).toHaveCount(35);
  for (const number of [own[0], own[34]]) {
    await expect(report(page).getByRole('listitem').filter({ hasText: number ?? '' }).getByText('标记失败 · 累积中')).toBeVisible();
  }
  await report(page).getByRole('button', { name: '把未接受的 20 个放回输入框' }).click();
  await expect(numbersField(page)).toHaveValue(foreign.join('\n'));
});

test('orders come from files, with a choice of the column, and from the shop’s own list', async ({ page }) => {
  const [first = '', second = '', third = '', picked = ''] = orders(1, 340, 4);
  await signIn(page, '/shop', shop());
  const input = page.locator('input[type=file]');
  // GBK, as Excel writes CSV in China: 订单号,运单号.
  const heading = Buffer.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5, 0x2c, 0xd4, 0xcb, 0xb5, 0xa5, 0xba, 0xc5, 0x0a]);
  await input.setInputFiles({ name: '订单.csv', mimeType: 'text/csv', buffer: Buffer.concat([heading, Buffer.from(`${first},75300000000001\n`)]) });
  const dialog = page.getByRole('dialog', { name: '选择订单号所在的列' });
  await expect(dialog.getByRole('radio', { name: /^订单号/ })).toBeChecked();
  await dialog.getByRole('button', { name: '导入 1 个订单号' }).click();
  await expect(numbersField(page)).toHaveValue(first);

  const sheets = { 说明: [['请勿修改']], 订单: [['运单号', '平台单号'], ['75300000000001', { number: second }], ['75300000000002', third]] };
  await input.setInputFiles({ name: '订单.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(workbook(sheets)) });
  await dialog.getByRole('combobox', { name: '工作表' }).click();
  await page.getByTitle('订单', { exact: true }).click();
  await dialog.getByText('平台单号').click();
  await dialog.getByRole('button', { name: '导入 2 个订单号' }).click();
  await expect(numbersField(page)).toHaveValue([first, second, third].join('\n'));

  await page.getByRole('button', { name: '从近期订单选择' }).click();
  const orderDialog = page.getByRole('dialog', { name: '选择未打标的订单' });
  await orderDialog.getByLabel('订单号包含').fill(picked);
  await orderDialog.getByLabel('订单号包含').press('Enter');
  await orderDialog.getByRole('checkbox', { name: picked }).check();
  await orderDialog.getByRole('button', { name: '加入 1 个订单' }).click();
  await expect(page.getByText('找到订单号 4 个', { exact: true })).toBeVisible();
  await choose(page, '收货信息错误');
  await page.getByRole('button', { name: '提交 4 个订单' }).click();
  await expect(report(page).getByText('已记录 4 个，未接受 0 个。')).toBeVisible();

  await page.getByRole('button', { name: '从近期订单选择' }).click();
  await orderDialog.getByLabel('订单号包含').fill(picked);
  await orderDialog.getByLabel('订单号包含').press('Enter');
  await expect(orderDialog.getByText('没有符合条件的未打标订单。')).toBeVisible();
});

test('when other shops make a tag flip, notice, results, list and heading say so, and so does the next visit', { tag: ['@live', '@store'] }, async ({ page, request, watch }) => {
  const [order = ''] = orders(1, 350, 1);
  await signIn(page, '/shop', shop());
  await numbersField(page).fill(order);
  await choose(page, '占库存');
  await page.getByRole('button', { name: '提交 1 个订单' }).click();
  const result = report(page).getByRole('listitem').filter({ hasText: order });
  await expect(result.getByText('标记失败 · 累积中')).toBeVisible();
  await expect(rowOf(page, order).getByText('标记失败 · 累积中')).toBeVisible();
  const before = await succeededIn(page);
  await submit(request, 2, 350, 'STOCK_HOLDING');
  await submit(request, 3, 350, 'STOCK_HOLDING');
  const notice = page.locator('.ant-notification').getByRole('status').filter({ hasText: order });
  await expect(notice.getByText(/\d+ 个标签已成功/)).toBeVisible();
  // One state: the notice comes with everything else already shown.
  await expect(result.getByText('标记成功')).toBeVisible({ timeout: 1_000 });
  await expect(rowOf(page, order).getByText('标记成功')).toBeVisible({ timeout: 1_000 });
  expect(await succeededIn(page)).toBeGreaterThan(before);
  await notice.getByRole('button', { name: '查看' }).click();
  await expect(page).toHaveURL(/status=SUCCEEDED.*sort=STATUS_CHANGED_AT_DESC/);
  await expect(rowOf(page, order)).toBeVisible();

  const context = page.context();
  await submit(request, 1, 351, 'STOCK_HOLDING');
  await page.close();
  await submit(request, 2, 351, 'STOCK_HOLDING');
  await submit(request, 3, 351, 'STOCK_HOLDING');
  const later = await context.newPage();
  watch(later);
  await signIn(later, '/shop', shop());
  const digest = later.locator('.digest');
  await digest.getByRole('button', { name: /\d+ 个标签已成功/ }).click();
  await expect(rowOf(later, orderNo(1, 351))).toBeVisible();
  await later.getByLabel('查找订单').fill(`看看 ${order}`);
  await later.getByLabel('查找订单').press('Enter');
  await expect(later.getByText('共 1 条')).toBeVisible();
  await digest.getByRole('button', { name: '知道了' }).click();
  await later.reload();
  await later.getByRole('grid').waitFor();
  await expect(digest).toHaveCount(0);
  const download = later.waitForEvent('download');
  await later.getByRole('button', { name: '导出' }).click();
  expect((await download).suggestedFilename()).toBe('我的标签.csv');
});

test('a shop asks for a restriction, sees what the platform decides, and ends it', async ({ page, request }) => {
  const [order = ''] = orders(1, 360, 1);
  await signIn(page, '/shop/restrictions', shop());
  await page.getByRole('button', { name: '申请限制买家' }).click();
  const dialog = page.getByRole('dialog', { name: '申请限制买家' });
  await dialog.getByRole('button', { name: '提交审核' }).click();
  await expect(dialog.getByText('请至少选择一项。')).toBeVisible();
  await dialog.getByLabel('订单号').fill(orderNo(2, 360));
  await dialog.getByRole('checkbox', { name: /不可货到付款/ }).check();
  await dialog.getByRole('combobox', { name: '说明模板' }).click();
  await page.getByTitle('空包或少件').click();
  await expect(dialog.getByLabel('说明', { exact: true })).toHaveValue(/退回空包裹或少件/);
  await dialog.getByRole('button', { name: '提交审核' }).click();
  await expect(dialog.getByLabel('订单号')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('订单号').fill(order);
  await dialog.getByRole('button', { name: '提交审核' }).click();
  await expect(dialog).toHaveCount(0);
  const entry = page.getByRole('listitem').filter({ hasText: order });
  await expect(entry.getByText('待审核', { exact: true })).toBeVisible();

  const { restrictions } = await ask<{ restrictions: readonly { id: string; orderNo: string }[] }>(request, tokens().reviewer, '{ restrictions(merchantId: "m-1") { id orderNo } }');
  const id = restrictions.find((restriction) => restriction.orderNo === order)?.id;
  await ask(request, tokens().reviewer, 'mutation($input: DecideRestrictionInput!) { decideRestriction(input: $input) { userErrors { message } } }', {
    input: { id, approve: true, reason: '证据充分' },
  });
  await page.reload();
  await expect(entry.getByText('生效中', { exact: true })).toBeVisible();
  await expect(entry.getByText(/：证据充分$/)).toBeVisible();
  await entry.getByRole('button', { name: '解除限制' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '解除限制' }).click();
  await expect(entry.getByText('已解除', { exact: true }).first()).toBeVisible();
});

test('the insurer’s answer about an order, the shop’s record and its quota', async ({ page, request }) => {
  const [order = ''] = orders(1, 370, 1);
  for (const of of [1, 2, 3]) await submit(request, of, 370, 'FREIGHT_INSURANCE_ARBITRAGE');
  await signIn(page, '/shop/insurance', shop());
  const entry = page.getByRole('listitem').filter({ hasText: order });
  await expect(entry.getByText('保险方尚未询问。')).toBeVisible();
  await ask(request, tokens().service, 'query($order: ID!) { freightInsuranceDecision(orderNo: $order) { answer } }', { order });
  await page.reload();
  await expect(entry.getByText('拒赔', { exact: true })).toBeVisible();
  await expect(entry.getByText('该订单的运费险套利标签已确认，拒绝赔付。')).toBeVisible();
  await page.getByRole('link', { name: '店铺档案' }).click();
  await expect(page.getByText(/现在可提交 [\d,]+ \/ [\d,]+ 个订单。/)).toBeVisible();
  await expect(page.getByText('以任何方式让买家知道被打标。')).toBeVisible();
  await page.getByRole('definition').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/shop\?status=SUCCEEDED/);
});

test('a first visit explains the three steps, once', async ({ page }) => {
  await signIn(page, '/shop', shop());
  const guide = page.getByRole('region', { name: '打标三步' });
  await expect(guide.getByRole('listitem')).toHaveCount(3);
  await guide.getByRole('button', { name: '知道了' }).click();
  await page.reload();
  await expect(page.getByRole('button', { name: '打标三步' })).toBeVisible();
  await expect(guide).toHaveCount(0);
  await choose(page, '退货调包');
  await expect(page.getByText('商家发错货后买家退回错发的商品。')).toBeVisible();
});

test.describe('at 390 pixels', () => {
  test.use({ viewport: { width: 390, height: 800 } });

  test('a merchant can do all of it', async ({ page }) => {
    const own = orders(1, 380, 10);
    await signIn(page, '/shop', shop());
    await page.getByRole('region', { name: '打标三步' }).getByRole('button', { name: '知道了' }).click();
    await numbersField(page).fill(own.slice(0, 5).map((number) => `订单号：${number} ¥129.00`).join('\n'));
    await page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(own.slice(5, 9).join('\n')) });
    const dialog = page.getByRole('dialog');
    await expectNoSidewaysScroll(page);
    await dialog.getByRole('button', { name: '导入 4 个订单号' }).click();
    await page.getByRole('button', { name: '从近期订单选择' }).click();
    await dialog.getByLabel('订单号包含').fill(own[9] ?? '');
    await dialog.getByLabel('订单号包含').press('Enter');
    await dialog.getByRole('checkbox', { name: own[9] ?? '' }).check();
    await expectNoSidewaysScroll(page);
    await dialog.getByRole('button', { name: '加入 1 个订单' }).click();
    await choose(page, '收货信息错误');
    await page.getByRole('button', { name: '提交 10 个订单' }).click();
    await expect(report(page).getByText('已记录 10 个，未接受 0 个。')).toBeVisible();
    await expectNoSidewaysScroll(page);

    await page.getByRole('button', { name: /^筛选/ }).click();
    await page.getByLabel('查找订单').fill(own[0] ?? '');
    await page.getByLabel('查找订单').press('Enter');
    await expect(page.getByText('共 1 条')).toBeVisible();
    const exported = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出' }).click();
    await exported;
    await rowOf(page, own[0] ?? '').dblclick();
    await dialog.getByRole('link', { name: '申请限制该订单的买家…' }).click();
    await expect(dialog.getByLabel('订单号')).toHaveValue(own[0] ?? '');
    await dialog.getByRole('checkbox', { name: /缩短付款时间/ }).check();
    await dialog.getByLabel('说明', { exact: true }).fill('多次拍下不付款。');
    await expectNoSidewaysScroll(page);
    await dialog.getByRole('button', { name: '提交审核' }).click();
    const entry = page.getByRole('listitem').filter({ hasText: own[0] ?? '' });
    await entry.getByRole('button', { name: '撤回申请' }).click();
    await dialog.getByRole('button', { name: '撤回申请' }).click();
    await expect(entry.getByText('已解除', { exact: true }).first()).toBeVisible();
    await visit(page, '运费险答复', page.getByRole('heading', { level: 1 }));
    await visit(page, '店铺档案', page.getByText(/现在可提交/));
    await visit(page, 'Webhook 推送', page.getByRole('button', { name: '新建推送' }));
  });
});

async function visit(page: Page, name: string, seen: Locator): Promise<void> {
  await page.getByRole('button', { name: '菜单' }).click();
  await page.getByRole('navigation', { name: '页面' }).getByRole('link', { name }).click();
  await expect(seen).toBeVisible();
  await expectNoSidewaysScroll(page);
}
