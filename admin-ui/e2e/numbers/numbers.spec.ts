import { expect, type Page } from '@playwright/test';
import { patience } from '../patience.ts';
import { ask, signIn, test, tokens } from '../session.ts';

// Every number leads to a list that is as long as the number says.

/** Waits until everything in the log is counted. */
async function counted(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = new Date().toISOString();
        const { metrics } = await ask<{ metrics: { behind: number } }>(page.request, tokens().admin, 'query($now: Time!) { metrics(from: $now, to: $now) { behind } }', { now });
        return metrics.behind;
      },
      { timeout: 4 * patience },
    )
    .toBe(0);
}

/** The links of the dashboard's numbers, each with what it says. */
async function numbers(page: Page): Promise<readonly (readonly [text: string, path: string])[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('main dl dd a, main table td a')].map((link) => [link.textContent, link.getAttribute('href') ?? ''] as const),
  );
}

/** How many rows the list of the page has. */
async function rows(page: Page): Promise<string> {
  const count = page.getByText(/^共 [\d,]+ [条件]$/);
  await expect(count).toBeVisible();
  return (await count.innerText()).replaceAll(/[^\d,]/g, '');
}

test('a number of the dashboard leads to as many rows', async ({ page }) => {
  test.setTimeout(10 * patience);
  await counted(page);
  await signIn(page, '/dashboard', tokens().admin);
  await expect(page.getByRole('heading', { name: '审核员' })).toBeVisible();
  // The tables of charts are there before they are opened.
  await expect(page.locator('main figure table')).toHaveCount(6);
  const found = await numbers(page);
  const paths = [...new Map(found.map(([text, path]) => [path, text] as const))];
  // The queue's figures, bars by due time and by day, outcomes, reviewers, agreement, and how long it took.
  for (const part of ['dueFrom', 'IN_TIME', 'CONFIRMED', 'reviewer=lin.yue', 'SECOND_REVIEWS_OF_RULES', 'took=', 'TAGS', 'DECISIONS']) {
    expect(paths.filter(([path]) => path.includes(part)), part).not.toEqual([]);
  }
  for (const [path, text] of paths) {
    await page.goto(path);
    expect(await rows(page), path).toBe(text);
  }
});

test('a bar leads to its rows', async ({ page }) => {
  await counted(page);
  await signIn(page, '/dashboard', tokens().admin);
  const chart = page.getByRole('figure', { name: '每日标签' });
  await chart.getByText('以表格显示').click();
  const bars = chart.locator('.recharts-bar-rectangle path');
  await expect(bars.first()).toBeVisible();
  // Days without a tag have no bar.
  const links = chart.getByRole('table').getByRole('link');
  const text = await links.last().innerText();
  await bars.last().click();
  await expect(page).toHaveURL(/figure=TAGS/);
  expect(await rows(page)).toBe(text);
  // The list says what it counts, and goes on without.
  await page.getByLabel('不限于此数字').click();
  await expect(page).not.toHaveURL(/figure=/);
});

test('reviewers see their own figures, and nobody else’s', async ({ page }) => {
  await counted(page);
  await signIn(page, '/dashboard', tokens().reviewer);
  await expect(page.getByRole('heading', { name: '审核员' })).toBeVisible();
  await expect(page.getByText('按 Asia/Shanghai 日统计。')).toBeVisible();
  await expect(page.getByText('lin.yue')).toBeHidden();
  const response = await page.request.post('/graphql', {
    headers: { authorization: `Bearer ${tokens().reviewer}` },
    data: { query: '{ log(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", figure: {name: HANDLED, reviewer: "lin.yue"}) { totalCount } }' },
  });
  expect(await response.text()).toContain('FORBIDDEN');
});

test('a second review is blind until it is decided, and a disagreement goes to a third person', async ({ page, another }) => {
  await signIn(page, '/second-reviews?state=OPEN', tokens().reviewer);
  await expect(page.getByRole('row').nth(1)).toContainText('复核后可见');
  const before = await rows(page);
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('heading', { name: /的复核$/ })).toBeVisible();
  await expect(page.getByText('商家标签').first()).toBeVisible();
  await expect(page.getByText('规则引擎')).toBeHidden();
  await expect(page.getByRole('link', { name: '打开案件' })).toBeHidden();
  await page.getByRole('button', { name: '不同意' }).click();
  await expect(page.getByText('请填写理由')).toBeVisible();
  await page.getByLabel('复核理由').fill('证据不足');
  await page.getByRole('button', { name: '不同意' }).click();
  await expect(page.getByText('案件已交由第三人决定')).toBeVisible();
  await expect(page.getByRole('heading', { name: '首次确认' })).toBeVisible();
  // It waits, for somebody else.
  await page.getByRole('link', { name: '打开案件' }).click();
  await expect(page).toHaveURL(/\/cases\//);
  await expect(page.getByRole('region', { name: '决定' }).getByRole('button', { name: /^驳回/ })).toBeHidden();
  const third = await another(new URL(page.url()).pathname, tokens().rita);
  await expect(third.getByRole('region', { name: '决定' }).getByRole('button', { name: /驳回/ }).first()).toBeVisible();
  await page.goto('/second-reviews?state=OPEN');
  expect(Number(await rows(page))).toBe(Number(before) - 1);
  await page.goto('/second-reviews?state=DISAGREED');
  await expect(page.getByRole('row').nth(1)).toContainText('reviewer');
});

test('files name the zone, and keep long numbers', async ({ page }) => {
  await signIn(page, '/second-reviews', tokens().admin);
  await rows(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const stream = await (await download).createReadStream();
  let text = '';
  for await (const part of stream) text += String(part);
  expect(text).toContain('确认时间 (Asia/Shanghai)');
  expect(text).toMatch(/\r\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3},/);
});
