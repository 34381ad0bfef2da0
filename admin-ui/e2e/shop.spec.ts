import { expect } from '@playwright/test';
import { orderNo, signIn, submit, test, tokens } from './session.ts';

test('a shop tags an order and sees the label flip when a third shop agrees', { tag: ['@live', '@store'] }, async ({ page, request }) => {
  const order = 40;
  await signIn(page, '/', tokens().shops[0] ?? '');
  await page.getByLabel('订单号', { exact: true }).fill(orderNo(1, order));
  const scenario = page.getByRole('combobox', { name: '场景' }).first();
  await scenario.click();
  await scenario.pressSequentially('退货调包');
  await scenario.press('Enter');
  await page.getByRole('button', { name: /^提交(?: \d+ 个订单)?$/ }).click();
  const row = page.getByRole('row').filter({ hasText: orderNo(1, order) });
  await expect(row.getByText('标记失败').first()).toBeVisible();
  await submit(request, 2, order);
  await submit(request, 3, order);
  await expect(row.getByText('标记成功').first()).toBeVisible();
});

test('a reviewer sees a case appear that waits', { tag: ['@live', '@store'] }, async ({ page, request }) => {
  const order = 41;
  await signIn(page, '/', tokens().reviewer);
  await page.getByRole('grid').waitFor();
  await submit(request, 2, order);
  await submit(request, 3, order);
  await expect(page.getByText(`b-${order}`).or(page.getByRole('button', { name: /新/ })).first()).toBeVisible();
});
