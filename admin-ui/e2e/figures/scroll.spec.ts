import { expect } from '@playwright/test';
import { signIn, test, tokens } from '../session.ts';
import { figure, quantile } from './figure.ts';

test('scrolling 100 thousand cases', async ({ page }) => {
  await signIn(page, '/queue?handling=ALL', tokens().reviewer);
  await expect(page.getByText('超过 10,000 件')).toBeVisible();
  await page.getByRole('grid').hover();
  const frames = page.evaluate(
    async () =>
      new Promise<number[]>((resolve) => {
        const spans: number[] = [];
        let last = performance.now();
        const end = last + 10_000;
        const frame = (now: number) => {
          spans.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else resolve(spans);
        };
        requestAnimationFrame(frame);
      }),
  );
  let done = false;
  void frames.then(() => (done = true));
  while (!done) await page.mouse.wheel(0, 600);
  const spans = (await frames).slice(1);
  const place = await page.getByRole('grid').evaluate((grid) => grid.scrollTop);
  expect(place).toBeGreaterThan(44 * 1000);
  figure('a frame while scrolling 100 thousand cases, p50, p95', `${quantile(spans, 0.5).toFixed(1)} ms, ${quantile(spans, 0.95).toFixed(1)} ms`, 'p95 34 ms');
});
