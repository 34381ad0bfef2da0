import { expect } from '@playwright/test';
import { signIn, test, tokens } from '../session.ts';
import { figure, quantile } from './figure.ts';

const turns = 300;
const rowsATurn = 12;
const rowHeight = 44;

test('scrolling 100 thousand cases', async ({ page }) => {
  await signIn(page, '/queue?handling=ALL', tokens().reviewer);
  await expect(page.getByText('超过 10,000 件')).toBeVisible();
  await page.getByRole('grid').hover();
  await page.evaluate(() => {
    const spans: number[] = [];
    Object.assign(window, { spans });
    let last = performance.now();
    const frame = (now: number) => {
      spans.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, rowsATurn * rowHeight);
  const spans = await page.evaluate(() => (window as unknown as { spans: readonly number[] }).spans.slice(1));
  const place = await page.getByRole('grid').evaluate((grid) => grid.scrollTop);
  expect(place).toBeGreaterThan((turns * rowsATurn * rowHeight) / 2);
  figure('a frame while scrolling 100 thousand cases, p50, p95', `${quantile(spans, 0.5).toFixed(1)} ms, ${quantile(spans, 0.95).toFixed(1)} ms`, 'p95 34 ms');
});
