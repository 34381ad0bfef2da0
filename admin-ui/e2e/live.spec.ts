import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { type Line, openLine } from './line.ts';
import { openCase, orderNo, signIn, submit, test as base, tokens } from './session.ts';

interface Given {
  readonly line: Line;
  /** Requests that do not go over the line. */
  readonly direct: APIRequestContext;
}

// The browser reaches the server over a line that the test can cut.
const test = base.extend<Given>({
  // Playwright reads from the pattern what is needed: here, nothing.
  // oxlint-disable-next-line no-empty-pattern
  line: async ({}, hand) => {
    const line = await openLine(process.env['CLOUDTAG_BASE'] ?? '');
    await hand(line);
    await line.end();
  },
  baseURL: async ({ line }, hand) => hand(line.address),
  direct: async ({ playwright }, hand) => {
    const direct = await playwright.request.newContext({ baseURL: process.env['CLOUDTAG_BASE'] ?? '' });
    await hand(direct);
    await direct.dispose();
  },
});

const outage = 10_000;

/** The numbers of the log's entries on the activity page, newest first. */
async function shownEntries(page: Page): Promise<number[]> {
  const texts = await page.locator('.activity-seq').allTextContents();
  return texts.map((text) => Number(text.slice(1)));
}

test.describe(() => {
  test.use({ expected: /net::ERR_|WebSocket/ });

  test('the line is cut for 10 seconds: nothing is lost, nothing comes twice', { tag: ['@live', '@store'] }, async ({ page, another, line, direct }) => {
    const scenario = 'REUSED_EVIDENCE';
    await openCase(direct, 140, scenario);
    await signIn(page, `/queue?scenario=${scenario}`, tokens().reviewer);
    const standing = page.getByRole('row').filter({ hasText: 'b-140' });
    await expect(standing).toContainText('2/3');
    const feed = await another('/activity', tokens().rita);
    const entry = (n: number) => feed.locator('.activity-text').filter({ hasText: `b-${n}` }).filter({ hasText: '进入审核队列' });
    await expect(entry(140)).toHaveCount(1);
    for (const each of [page, feed]) await expect(each.getByText('实时', { exact: true })).toBeVisible();

    line.cut();
    const restored = Date.now() + outage;
    for (const each of [page, feed]) await expect(each.getByText('已断开，重连中')).toBeVisible();
    for (const n of [141, 142, 143]) await openCase(direct, n, scenario);
    await submit(direct, 3, 140, scenario);
    await expect.poll(() => Date.now(), { timeout: 2 * outage }).toBeGreaterThan(restored);
    await expect(page.getByText('已断开，重连中')).toBeVisible();
    await expect(standing).toContainText('2/3');
    await expect(entry(141)).toHaveCount(0);
    await line.restore();

    for (const each of [page, feed]) await expect(each.getByText('实时', { exact: true })).toBeVisible();
    // What was on the page has changed where it stood; what is new waits.
    await expect(standing).toContainText('3/3');
    await expect(standing).toContainText('已确认');
    const arrivals = page.getByRole('button', { name: '3 条新内容，点击显示' });
    await expect(arrivals).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'b-141' })).toHaveCount(0);
    await arrivals.click();
    await expect(page.getByText('共 3 件')).toBeVisible();
    for (const n of [141, 142, 143]) await expect(page.getByRole('row').filter({ hasText: `b-${n}` })).toHaveCount(1);
    await expect(arrivals).toBeHidden();

    for (const n of [141, 142, 143]) await expect(entry(n)).toHaveCount(1);
    const seqs = await shownEntries(feed);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) - index));

    // The line goes on, rather than having been read again.
    await openCase(direct, 144, scenario);
    await expect(page.getByRole('button', { name: '1 条新内容，点击显示' })).toBeVisible();
    await expect(entry(144)).toHaveCount(1);
  });
});

test('the activity feed holds what comes while it is paused', { tag: ['@live', '@store'] }, async ({ page, direct }) => {
  const scenario = 'RETURN_NOT_INTACT';
  await signIn(page, `/activity?action=tag.submitted&scenario=${scenario}`, tokens().auditor);
  await expect(page.getByText('新动态实时显示')).toBeVisible();
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  const of = (n: number) => page.locator('.activity-text').filter({ hasText: orderNo(1, n) });
  await submit(direct, 1, 150, scenario);
  await expect(of(150)).toHaveCount(1);
  await page.keyboard.press('p');
  await expect(page.getByText('已暂停，新动态先保留')).toBeVisible();
  await submit(direct, 1, 151, scenario);
  await submit(direct, 1, 152, scenario);
  const held = page.getByRole('button', { name: '2 条新内容，点击显示' });
  await expect(held).toBeVisible();
  await expect(of(151)).toHaveCount(0);
  await held.click();
  await expect(of(151)).toHaveCount(1);
  await expect(page.getByRole('button', { name: '继续' })).toBeVisible();
  await page.keyboard.press('p');
  await submit(direct, 1, 153, scenario);
  await expect(of(153)).toHaveCount(1);
  // Newest first, each once.
  await expect(page.locator('.activity-text')).toHaveText([153, 152, 151, 150].map((n) => new RegExp(orderNo(1, n))));
});
