import { expect } from '@playwright/test';
import { test, tokens } from '../session.ts';
import { figure } from './figure.ts';

test('the first load of the queue', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  const answers = new Set<string>();
  const bytes = { program: 0, answers: 0 };
  let requests = 0;
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname === '/graphql') answers.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes[answers.has(requestId) ? 'answers' : 'program'] += encodedDataLength;
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
  const kilobytes = (count: number) => `${Math.round(count / 1000)} kB`;
  figure('first load of the queue', `${kilobytes(bytes.program + bytes.answers)} in ${requests} requests, ${kilobytes(bytes.answers)} of it answers of the API`, '300 kB');
  figure('the queue’s first row, from an empty cache', `${firstRow} ms`, '1,000 ms');
  // How much the program is does not depend on the machine, nor on the data.
  expect(bytes.program).toBeLessThanOrEqual(300_000);
});
