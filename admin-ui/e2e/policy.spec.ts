import { expect } from '@playwright/test';
import { openCase, signIn, submit, test, tokens } from './session.ts';

test('a policy is edited, compared, tried on history and published; the log and its cases tell', async ({ page, request }) => {
  const scenario = 'SCALPING';
  for (const n of [200, 201, 202]) await openCase(request, n, scenario);
  await submit(request, 1, 203, scenario);
  await signIn(page, '/policy', tokens().admin);
  await expect(page.getByRole('heading', { name: '第 1 版（生效中）' })).toBeVisible();
  await page.getByRole('button', { name: '编辑新版本' }).click();
  const threshold = page.locator(`#policy-${scenario}`);
  await expect(threshold).toHaveValue('3');
  await expect(page.getByText('没有差异。')).toBeVisible();
  await expect(page.getByRole('button', { name: '开始模拟' })).toBeDisabled();
  await threshold.fill('2');
  await threshold.press('Tab');
  const change = page.getByRole('row').filter({ hasText: '门槛' }).filter({ hasText: '黄牛' });
  await expect(change.locator('del')).toHaveText('3');
  await expect(change.locator('ins')).toHaveText('2');

  await page.getByRole('button', { name: '开始模拟' }).click();
  const result = page.locator('.policy-result');
  await expect(result.getByText(/重放了 .* 个标签、.* 个案件。/)).toBeVisible();
  await expect(result.getByRole('figure').locator('svg').first()).toBeVisible();
  await result.getByText('以表格显示').click();
  await expect(result.getByRole('table').getByRole('row').filter({ hasText: '黄牛' })).toContainText('3');
  await result.getByText('将会确认: 3').click();
  await expect(result.getByRole('link', { name: /b-201/ })).toBeVisible();

  await expect(page.getByRole('button', { name: '发布为第 2 版' })).toBeDisabled();
  await page.getByLabel('理由', { exact: true }).fill('黄牛账号两家印证即可');
  await page.getByRole('button', { name: '发布为第 2 版' }).click();
  await expect(page.getByText('第 2 版已生效')).toBeVisible();
  await expect(page.getByRole('heading', { name: '第 2 版（生效中）' })).toBeVisible();
  await expect(page.getByText('黄牛账号两家印证即可')).toBeVisible();
  await expect(page.getByRole('heading', { name: '第 1 版与第 2 版的差异' })).toBeVisible();
  await expect(change.locator('ins')).toHaveText('2');
  await expect(page.getByText(/已于 .* 应用到 .* 个案件。/)).toBeVisible();

  await page.goto('/log?action=policy.created');
  const entry = page.getByRole('row').filter({ hasText: 'adam' });
  await expect(entry).toContainText('黄牛账号两家印证即可');
  await entry.getByRole('link').or(entry).first().dblclick();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('校验通过')).toBeVisible();

  await page.goto(`/cases/${encodeURIComponent(`${scenario}:b-201`)}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('黄牛');
  await expect(page.locator('.case-strip')).toContainText('2 / 2');
  await page.getByText('判定依据', { exact: true }).click();
  await expect(page.getByText('策略第 2 版').first()).toBeVisible();
});
