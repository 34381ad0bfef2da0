import { expect } from '@playwright/test';
import { test, tokens } from '../session.ts';
import { figure } from './figure.ts';

test('the first load of the queue', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  let bytes = 0;
  let requests = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await network.send('Network.enable');
  const row = page.locator('.grid-row[aria-selected]').first();
  const start = Date.now();
  await page.goto(`/queue#token=${tokens().reviewer}`);
  await row.waitFor();
  const firstRow = Date.now() - start;
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  await page.waitForLoadState('networkidle');
  figure('first load of the queue, compressed', `${Math.round(bytes / 1000)} kB in ${requests} requests`, '350 kB');
  figure('the queue’s first row, from an empty cache', `${firstRow} ms`, '1,500 ms');
  // Bytes don't depend on the machine.
  expect(bytes).toBeLessThanOrEqual(350_000);
});
