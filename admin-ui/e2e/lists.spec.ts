import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { openCase, signIn, test, tokens } from './session.ts';

const scenario = 'PROMO_ARBITRAGE';
const buyers = [210, 211, 212, 213];

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env['CLOUDTAG_BASE'] ?? '' });
  for (const n of buyers) await openCase(request, n, scenario);
  await request.dispose();
});

/** Chooses in one of antd's selects, by keyboard. */
async function choose(page: Page, field: string, option: string): Promise<void> {
  const select = page.getByRole('combobox', { name: field });
  await select.click();
  await page.getByTitle(option, { exact: true }).and(page.locator('.ant-select-item-option')).click();
}

test('filters are the address: back undoes them, and a link shows the same', async ({ page, another }) => {
  await signIn(page, '/queue', tokens().reviewer);
  const search = () => new URL(page.url()).search;
  await expect(page.getByRole('grid')).toBeVisible();
  await choose(page, '场景', '套利');
  await expect.poll(search).toBe(`?scenario=${scenario}`);
  await expect(page.getByText('共 4 件')).toBeVisible();
  await page.getByLabel('买家账号', { exact: true }).fill('b-212');
  await page.keyboard.press('Enter');
  await expect.poll(search).toBe(`?scenario=${scenario}&buyer=b-212`);
  await expect(page.getByText('共 1 件')).toBeVisible();

  const other = await another(`/queue${search()}`, tokens().rita);
  await expect(other.getByText('共 1 件')).toBeVisible();
  await expect(other.getByLabel('买家账号', { exact: true })).toHaveValue('b-212');

  await page.getByRole('row').filter({ hasText: 'b-212' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/cases\//);
  await page.goBack();
  await expect.poll(search).toBe(`?scenario=${scenario}&buyer=b-212`);
  await page.goBack();
  await expect.poll(search).toBe(`?scenario=${scenario}`);
  await expect(page.getByText('共 4 件')).toBeVisible();
  await expect(page.getByLabel('买家账号', { exact: true })).toHaveValue('');
  await page.goBack();
  await expect.poll(search).toBe('');
  await page.goForward();
  await expect(page.getByText('共 4 件')).toBeVisible();
});

test('a view is saved, shared, and opened by another reviewer by name and by link', async ({ page, another }) => {
  const name = '优惠套利，最近的在前';
  await signIn(page, `/queue?scenario=${scenario}&sort=OPENED_AT_DESC`, tokens().reviewer);
  await page.getByRole('button', { name: '管理视图' }).click();
  const dialog = page.getByRole('dialog', { name: '视图' });
  await dialog.getByLabel('把当前筛选保存为').fill(name);
  await dialog.getByLabel('与其他审核员共享').check();
  await dialog.getByRole('button', { name: '保存视图' }).click();
  await expect(dialog).toBeHidden();
  const link = page.getByRole('navigation', { name: '视图' }).getByRole('link', { name });
  await expect(link).toHaveAttribute('aria-current', 'true');
  const address = (await link.getAttribute('href')) ?? '';

  const rita = await another(address, tokens().rita);
  await expect(rita.getByText('共 4 件')).toBeVisible();
  await rita.getByRole('navigation', { name: '视图' }).getByRole('link', { name: '全部待审核' }).click();
  await expect(rita).toHaveURL(/\/queue$/);
  await rita.getByRole('navigation', { name: '视图' }).getByRole('link', { name }).click();
  await expect(rita).toHaveURL(new RegExp(`${address.replace('?', '\\?')}$`));
  await expect(rita.getByText('共 4 件')).toBeVisible();
  await rita.getByRole('button', { name: '管理视图' }).click();
  await expect(rita.getByRole('dialog').getByText('reviewer 共享')).toBeVisible();
  await expect(rita.getByRole('button', { name: `删除视图 ${name}` })).toHaveCount(0);

  await page.getByRole('button', { name: '管理视图' }).click();
  await page.getByRole('button', { name: `删除视图 ${name}` }).click();
  await expect(dialog.getByText('还没有保存过视图。')).toBeVisible();
  await rita.reload();
  await expect(rita.getByRole('navigation', { name: '视图' }).getByRole('link', { name: '高风险' })).toBeVisible();
  await expect(rita.getByRole('navigation', { name: '视图' }).getByRole('link', { name })).toHaveCount(0);
});

/** The cells of a file by RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end = ''] of text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.slice(0, -1);
}

test('an export has the rows and the columns that are shown, in their order', async ({ page }) => {
  await signIn(page, `/queue?scenario=${scenario}`, tokens().reviewer);
  await expect(page.getByText('共 4 件')).toBeVisible();
  await page.getByRole('button', { name: '列设置', exact: true }).click();
  await page.getByRole('dialog').getByLabel('优先级').uncheck();
  await page.getByRole('dialog').getByLabel('暂缓确认原因').check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('审核队列.csv');
  const [header = [], ...rows] = parseCsv(await readFile(await file.path(), 'utf8'));

  const heads = await page.getByRole('columnheader').allTextContents();
  const shown = heads.map((text) => text.replace(/[↑↓]/, '').trim()).filter((text) => text !== '');
  expect(shown).not.toContain('优先级');
  // A column of times names their zone in a file.
  expect(header.map((title) => title.replace(' (Asia/Shanghai)', ''))).toEqual(shown);
  const column = async (title: string) => page.getByRole('row').locator(`[role=gridcell]:nth-child(${shown.indexOf(title) + 2})`).allTextContents();
  for (const title of ['场景', '买家账号', '票数', '风险', '证据']) {
    expect(rows.map((row) => row[header.indexOf(title)])).toEqual(await column(title));
  }
  expect(rows).toHaveLength(buyers.length);
});
