import { expect } from '@playwright/test';
import { orderNo, signIn, submit, test, tokens } from '../session.ts';
import { figure, quantile } from './figure.ts';

const tags = 40;

test('from a submitted tag to its row on screen', { tag: ['@live', '@store'] }, async ({ page, request }) => {
  const scenario = 'COMPLAINT_ABUSE';
  await signIn(page, `/activity?action=tag.submitted&scenario=${scenario}`, tokens().reviewer);
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  // The page itself notes when a row has been painted.
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const text of document.querySelectorAll('.activity-text')) {
        const order = /\d{10}/.exec(text.textContent)?.[0];
        if (order === undefined || order in seen) continue;
        seen[order] = 0;
        requestAnimationFrame(() => setTimeout(() => Object.assign(seen, { [order]: Date.now() })));
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  const sent: Record<string, number> = {};
  for (let n = 300; n < 300 + tags; n += 1) {
    const order = orderNo(3, n);
    sent[order] = Date.now();
    await submit(request, 3, n, scenario);
    await expect(page.locator('.activity-text').filter({ hasText: order })).toHaveCount(1);
  }
  const painted = await page.waitForFunction((count) => {
    const { seen } = window as unknown as { seen: Record<string, number> };
    return Object.values(seen).filter((time) => time > 0).length >= count ? seen : undefined;
  }, tags);
  const seen = (await painted.jsonValue()) ?? {};
  const times = Object.entries(sent).map(([order, time]) => (seen[order] ?? Number.NaN) - time);
  figure(`from a submitted tag to its row on screen, ${tags} tags, p50, p95`, `${quantile(times, 0.5)} ms, ${quantile(times, 0.95)} ms`, 'p95 500 ms');
  expect(times.every((time) => time > 0)).toBe(true);
});
