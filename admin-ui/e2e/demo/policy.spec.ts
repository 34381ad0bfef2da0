import { expect } from '@playwright/test';
import { signIn, test, tokens } from '../session.ts';

test('a lower threshold is tried on the whole history: figures, chart and cases agree', async ({ page }) => {
  await signIn(page, '/policy', tokens().admin);
  await page.getByRole('button', { name: '编辑新版本' }).click();
  const threshold = page.locator('#policy-STOCK_HOLDING');
  await threshold.fill('2');
  await threshold.press('Tab');
  await page.getByRole('button', { name: '开始模拟' }).click();
  const result = page.locator('.policy-result');
  await expect(result.getByText('重放了 3,563 个标签')).toBeVisible();
  await expect(result.getByRole('figure').locator('svg .recharts-bar-rectangle').first()).toBeVisible();
  await result.getByText('以表格显示').click();
  const rows = result.getByRole('figure').getByRole('table').getByRole('row');
  // One scenario changes, and only gains.
  await expect(rows).toHaveCount(2);
  const [gained = '', lost] = await rows.nth(1).getByRole('cell').allTextContents();
  expect(Number(gained)).toBeGreaterThan(0);
  expect(lost).toBe('0');
  const figures = await result.getByRole('row').filter({ hasText: '确认的案件' }).getByRole('cell').allTextContents();
  const [before = 0, after = 0] = figures.map((text) => Number(text.replaceAll(',', '')));
  expect(after - before).toBe(Number(gained));
  await expect(result.getByText(`将会确认: ${gained}`)).toBeVisible();
  await page.getByRole('button', { name: '返回策略' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '离开' }).click();
  await expect(page.getByRole('heading', { name: /^第 \d+ 版（生效中）$/ })).toBeVisible();
});
