import { type BrowserContext, expect } from '@playwright/test';
import { test, tokens } from '../session.ts';
import { figure, quantile } from './figure.ts';

const tries = 5;

interface Load {
  readonly program: number;
  readonly answers: number;
  readonly requests: number;
  /** From the start of the navigation to the frame that shows the first row, in milliseconds. */
  readonly firstRow: number;
}

/** Opens the queue by a sign-in link in a browser that has kept nothing. */
async function load(context: BrowserContext): Promise<Load> {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
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
  // The page itself notes when the row has been painted.
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('.grid-row[aria-selected]') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { firstRow: performance.now() })));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await page.goto(`/queue#token=${tokens().reviewer}`);
  const firstRow = await page.waitForFunction(() => (window as unknown as { firstRow?: number }).firstRow);
  await expect(page.getByText('实时', { exact: true })).toBeVisible();
  await page.waitForLoadState('networkidle');
  return { ...bytes, requests, firstRow: (await firstRow.jsonValue()) ?? Number.NaN };
}

test('the first load of the queue', async ({ browser }) => {
  const loads: Load[] = [];
  for (let n = 0; n < tries; n += 1) {
    const context = await browser.newContext();
    loads.push(await load(context));
    await context.close();
  }
  const size = (of: (each: Load) => number) => quantile(loads.map(of), 1);
  const kilobytes = (count: number) => `${Math.round(count / 1000)} kB`;
  const all = size(({ program, answers }) => program + answers);
  figure('first load of the queue', `${kilobytes(all)} in ${size(({ requests }) => requests)} requests, ${kilobytes(size(({ answers }) => answers))} of it answers of the API`, '300 kB');
  const times = loads.map(({ firstRow }) => firstRow);
  figure(`the queue’s first row, from an empty cache, ${tries} loads, p50, slowest`, `${quantile(times, 0.5).toFixed(0)} ms, ${quantile(times, 1).toFixed(0)} ms`, '1,000 ms');
  // What is loaded does not depend on the machine, and hardly on the data: a page of the list is as long as it is.
  expect(all).toBeLessThanOrEqual(300_000);
});
