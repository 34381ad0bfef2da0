import type { Page } from '@playwright/test';
import { signIn, test } from '../e2e/session.ts';
import { go, type Look, settled, wear } from '../e2e-demo/looks.ts';
import { market, people } from '../e2e-demo/market.ts';

// Where README.md has its pictures.
const folder = '../docs/images';

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly look: Look;
  readonly height?: number;
}

const shots = (): readonly Shot[] => [
  { name: 'queue-zh-light', path: '/queue', look: ['zh-CN', 'light'] },
  { name: 'queue-en-dark', path: '/queue', look: ['en', 'dark'] },
  { name: 'case', path: `/cases/${encodeURIComponent(market().caseId)}`, look: ['en', 'light'], height: 1000 },
  { name: 'dashboard', path: '/dashboard', look: ['zh-CN', 'dark'], height: 1000 },
];

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('the pages of those who review', async ({ page }) => {
  await signIn(page, '/start', people().rita);
  for (const shot of shots()) await take(page, shot);
});

test('the page of a shop', async ({ page }) => {
  await signIn(page, '/start', people().shop);
  await take(page, { name: 'shop', path: '/shop', look: ['zh-CN', 'light'], height: 1000 });
});

async function take(page: Page, { name, path, look, height = 800 }: Shot): Promise<void> {
  await page.setViewportSize({ width: 1280, height });
  await page.locator('.console').waitFor();
  await go(page, path);
  await wear(page, look);
  // Live, as somebody sees it who works here.
  await page.locator('.connection.is-live').waitFor({ timeout: 5_000 }).catch(() => undefined);
  await settled(page);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
