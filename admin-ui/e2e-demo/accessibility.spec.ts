import { expect, type Page } from '@playwright/test';
import { signIn, test } from '../e2e/session.ts';
import { Findings } from './axe.ts';
import { go, type Look, looks, settled } from './looks.ts';
import { market, people } from './market.ts';
import { dialogs, reviewerPages, shopParts, unfolded } from './pages.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('the pages of those who review have no violation', async ({ page }) => {
  const findings = await begin(page, people().rita);
  for (const [name, path] of reviewerPages()) {
    await go(page, path);
    await findings.inspect(name);
  }
  findings.expectNone();
});

test('what opens on the pages of those who review has no violation', async ({ page }) => {
  const findings = await begin(page, people().rita);
  for (const { name, path, open } of [...dialogs(), ...unfolded()]) {
    await go(page, '/start');
    await go(page, path);
    await open(page);
    await settled(page);
    await findings.inspect(name);
    await page.keyboard.press('Escape');
  }
  findings.expectNone();
});

test('a shop’s page has no violation', async ({ page }) => {
  const findings = await begin(page, people().shop);
  await go(page, '/shop');
  await findings.inspect('shop');
  const numbers = page.getByLabel('订单号', { exact: true });
  await numbers.fill('张三');
  await page.getByRole('button', { name: /^提交(?: \d+ 个订单)?$/ }).click();
  await findings.inspect('shop, nothing to send');
  await numbers.fill(`订单号：${people().freeOrder} ${people().freeOrder} 1 ¥129.00 2.91E+09\n1`);
  await findings.inspect('shop, what can’t be sent');
  const scenario = page.getByRole('combobox', { name: '场景' }).first();
  await scenario.click();
  await findings.inspect('shop, scenarios');
  await scenario.pressSequentially('退货调包');
  await scenario.press('Enter');
  await page.getByRole('button', { name: /^提交(?: \d+ 个订单)?$/ }).click();
  await page.locator('.run-report').getByText('已记录').first().waitFor();
  await findings.inspect('shop, results');
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await findings.inspect('shop, a tag');
  await page.keyboard.press('Escape');
  for (const { name, path, open } of shopParts()) {
    await go(page, '/start');
    await go(page, path);
    await open(page);
    await settled(page);
    await findings.inspect(name);
    await page.keyboard.press('Escape');
  }
  findings.expectNone();
});

test('sign-in and GraphiQL have no violation', async ({ page }) => {
  await page.goto('/');
  const findings = new Findings(page);
  await findings.prepare();
  await findings.inspect('sign-in');
  await page.getByRole('button', { name: '登录' }).click();
  await findings.inspect('sign-in, nothing given');
  await signIn(page, '/graphiql', people().rita);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await findings.inspect('GraphiQL');
  findings.expectNone();
});

test('at 390 pixels no page has a violation, and none scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const findings = await begin(page, people().rita);
  let turn = 0;
  async function inspect(name: string): Promise<void> {
    turn += 1;
    await findings.inspect(name, [looks[turn % looks.length] as Look]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 390) findings.note(`${wide} pixels wide`, name);
  }
  for (const [name, path] of reviewerPages()) {
    await go(page, path);
    await inspect(name);
  }
  await page.locator('.side-toggle').click();
  await inspect('menu');
  await go(page, '/queue');
  await page.locator('.filter-bar .narrow-only').click();
  await inspect('filters');
  await go(page, `/restrictions?open=${market().restrictionId}`);
  await inspect('review of a restriction');
  await go(page, '/log?entry=9000');
  await inspect('entry of the log');
  findings.expectNone();
});

async function begin(page: Page, token: string): Promise<Findings> {
  await signIn(page, '/start', token);
  await page.locator('.console').waitFor();
  const findings = new Findings(page);
  await findings.prepare();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  return findings;
}
