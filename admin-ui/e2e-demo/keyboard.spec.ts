import { expect, type Page } from '@playwright/test';
import { signIn, test } from '../e2e/session.ts';
import { go, settled } from './looks.ts';
import { people } from './market.ts';
import { dialogs, reviewerPages } from './pages.ts';
import { walk } from './walk.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function begin(page: Page, token: string): Promise<void> {
  await signIn(page, '/start', token);
  await page.locator('.console').waitFor();
}

const perfect = { missed: [], unseen: [], covered: [], cameRound: true };

test('Tab comes to every control of every page, shows where it is, and comes round', async ({ page }) => {
  await begin(page, people().rita);
  const found: Record<string, object> = {};
  for (const [name, path] of reviewerPages()) {
    await go(page, path);
    const { reached, ...rest } = await walk(page);
    expect(reached, name).toBeGreaterThan(10);
    found[name] = rest;
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, perfect])));
});

test('Tab comes to every control of a shop’s pages', async ({ page }) => {
  await begin(page, people().shop);
  for (const path of ['/shop', '/shop/restrictions', '/shop/insurance', '/shop/record']) {
    await go(page, path);
    if (path === '/shop') await page.getByLabel('订单号', { exact: true }).fill('2910000001 ¥129.00 张三\n2910000001');
    const { reached, ...rest } = await walk(page);
    expect(reached, path).toBeGreaterThan(10);
    expect(rest, path).toEqual(perfect);
  }
});

test('a dialog keeps the focus, shows it, and gives it back on Escape', async ({ page }) => {
  await begin(page, people().rita);
  const found: Record<string, object> = {};
  for (const { name, path, open } of dialogs()) {
    await go(page, '/start');
    await go(page, path);
    if (path === '/queue') await page.getByRole('grid').focus();
    const openedFrom = await focusBefore(page, () => open(page));
    await page.getByRole('dialog').waitFor();
    await settled(page);
    const { reached: _, ...rest } = await walk(page, '.ant-modal');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect.poll(() => focusName(page), { message: name }).toBe(openedFrom);
    found[name] = rest;
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, perfect])));
});

test('grids are grids: rows of cells, with their number and place', async ({ page }) => {
  await begin(page, people().rita);
  for (const path of ['/queue', '/buyers', '/merchants', '/appeals', '/restrictions', '/log']) {
    await go(page, path);
    const grid = page.getByRole('grid');
    await expect(grid.getByRole('row').nth(1)).toBeVisible();
    const columns = await grid.getByRole('columnheader').count();
    expect(columns, path).toBeGreaterThan(3);
    const rows = await grid.getByRole('row').evaluateAll((all) => all.map((row) => ({ index: Number(row.getAttribute('aria-rowindex')), cells: row.querySelectorAll('[role="gridcell"], [role="columnheader"]').length, name: row.textContent ?? '' })));
    for (const { index, cells, name } of rows) {
      expect(cells, `${path}, row ${index}`).toBe(columns);
      expect(name.trim(), `${path}, row ${index}`).not.toBe('');
    }
    expect(new Set(rows.map(({ index }) => index)).size, path).toBe(rows.length);
    expect(Number(await grid.getAttribute('aria-rowcount')) >= rows.length || (await grid.getAttribute('aria-rowcount')) === '-1', path).toBe(true);
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    const active = await grid.getAttribute('aria-activedescendant');
    await expect(page.locator(`[id="${active}"]`)).toHaveAttribute('role', 'row');
  }
});

async function focusName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    return element === null ? '' : `${element.tagName} ${element.getAttribute('role') ?? ''} ${element.getAttribute('aria-label') ?? element.textContent ?? ''}`;
  });
}

// What had the focus when a dialog opened: the control that opened it, or the grid where a key did.
async function focusBefore(page: Page, open: () => Promise<void>): Promise<string> {
  await page.evaluate(() => {
    const store = window as unknown as { lastOutside?: string };
    store.lastOutside = '';
    const note = () => {
      const { activeElement: element } = document;
      if (element === null || element === document.body || element.closest('[role="dialog"], .ant-modal-root') !== null) return;
      store.lastOutside = `${element.tagName} ${element.getAttribute('role') ?? ''} ${element.getAttribute('aria-label') ?? element.textContent ?? ''}`;
    };
    note();
    document.addEventListener('focusin', note);
  });
  await open();
  return page.evaluate(() => (window as unknown as { lastOutside?: string }).lastOutside ?? '');
}
