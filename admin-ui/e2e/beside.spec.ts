import { expect } from '@playwright/test';
import { openCase, signIn, test, tokens } from './session.ts';

const scenario = 'SURCHARGE_ONLY';
const buyers = [360, 361, 362];

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env['CLOUDTAG_BASE'] ?? '' });
  for (const n of buyers) await openCase(request, n, scenario);
  await request.dispose();
});

test('the queue stands beside the case: j and k move both, and back leads to where one was', async ({ page }) => {
  await signIn(page, `/queue?scenario=${scenario}`, tokens().reviewer);
  await expect(page.getByText('共 3 件')).toBeVisible();
  const grid = page.getByRole('grid', { name: '审核队列' });
  const active = grid.locator('.grid-row.is-active');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  const second = (await active.textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/cases\//);
  const shown = () => decodeURIComponent(page.url()).split(':').at(-1) ?? '';
  const opened = shown();
  expect(second).toContain(opened);
  const list = page.getByRole('complementary', { name: '审核队列' });
  await expect(list.locator('.grid-row.is-active')).toContainText(opened);
  // What distinguishes cases is in the row: the shops, the money, the time.
  await expect(list.locator('.grid-row.is-active')).toContainText('¥');
  await page.keyboard.press('j');
  await expect.poll(shown).not.toBe(opened);
  await expect(list.locator('.grid-row.is-active')).toContainText(shown());
  await expect(page.getByRole('link', { name: `买家账号 ${shown()}`, exact: true })).toBeVisible();
  await page.keyboard.press('k');
  await expect.poll(shown).toBe(opened);

  // A deep link does the same.
  await page.reload();
  await expect(list.locator('.grid-row.is-active')).toContainText(opened);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/queue\\?scenario=${scenario}$`));
  await expect(page.getByText('已选 1 件')).toBeVisible();
  await expect(active).toContainText(opened);
  await page.reload();
  await expect(page.getByText('已选 1 件')).toBeVisible();
  await expect(active).toContainText(opened);
});

test('a narrow screen has the case alone, with the decision in view below the evidence', async ({ another }) => {
  const page = await another(`/cases/${encodeURIComponent(`${scenario}:b-360`)}`, tokens().reviewer, { viewport: { width: 390, height: 844 } });
  await expect(page.getByRole('group', { name: '决定' })).toBeVisible();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  const dock = await page.locator('.case-dock').boundingBox();
  expect((dock?.y ?? 0) + (dock?.height ?? 0)).toBeLessThanOrEqual(844);
  // All of it can be scrolled to above the decision.
  await page.locator('.timeline > li').last().scrollIntoViewIfNeeded();
  const last = await page.locator('.timeline > li').last().boundingBox();
  // Scroll positions are rounded to whole pixels.
  expect((last?.y ?? 844) + (last?.height ?? 0)).toBeLessThanOrEqual((dock?.y ?? 0) + 1);
});
