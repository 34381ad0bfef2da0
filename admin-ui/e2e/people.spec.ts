import { expect } from '@playwright/test';
import { ask, decide, orderNo, signIn, submit, test, tokens } from './session.ts';

test('two people revoke a shop, each in a browser of their own', { tag: '@live' }, async ({ page, another, request }) => {
  const order = 44;
  await submit(request, 4, order);
  await signIn(page, '/merchants?search=m-4', tokens().rita);
  await page.getByRole('link', { name: '店铺 4' }).click();
  await page.getByRole('button', { name: '提议取消打标权限' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('理由', { exact: true }).fill('三次报告没有发生的事');
  await dialog.getByLabel('证据', { exact: true }).fill('聊天记录 1\n聊天记录 2');
  await dialog.getByLabel('决定之前暂停该店铺打标').check();
  await dialog.getByRole('button', { name: '提交提议' }).click();
  await expect(page.getByText('这是您本人的提议')).toBeVisible();
  await expect(page.getByText('暂停打标', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: '批准取消打标权限' })).toHaveCount(0);

  const second = await another('/merchants', tokens().admin);
  await second.getByRole('link', { name: '店铺 4' }).first().click();
  await expect(second.getByText('聊天记录 2')).toBeVisible();
  await second.getByLabel('决定理由').fill('证据属实');
  await second.getByRole('button', { name: '批准取消打标权限' }).click();
  await expect(second.getByText(/重新计票完成：1 个案件/)).toBeVisible();
  // The first one's page learns of it by itself.
  await expect(page.getByText('adam 决定：证据属实')).toBeVisible();
  await expect(page.getByText('已作废')).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: orderNo(4, order) })).toContainText('已作废');
});

test('two people vouch for a shop, whose page says what its record rests on', { tag: '@live' }, async ({ page, another, request }) => {
  const order = 367;
  await submit(request, 3, order);
  await signIn(page, '/merchants/m-3', tokens().rita);
  await page.getByRole('button', { name: '提议担保', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('多年经营');
  await dialog.getByRole('button', { name: '提交提议' }).click();
  await expect(page.getByText('这是您本人的提议')).toBeVisible();
  await expect(page.getByRole('button', { name: '批准', exact: true })).toHaveCount(0);

  const second = await another('/merchants', tokens().admin);
  await second.getByRole('link', { name: '店铺 3' }).first().click();
  await second.getByLabel('决定理由').fill('记录良好');
  await second.getByRole('button', { name: '批准', exact: true }).click();
  await expect(second.getByRole('button', { name: '提议停止担保' })).toBeVisible();
  // The first one's page learns of it by itself.
  await expect(page.getByText('adam 决定：记录良好')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: `b-${order}` }).first()).toBeVisible();
});

test('an appeal is decided by somebody who did not decide the case', async ({ page, another, request }) => {
  const order = 45;
  const id = `RETURN_SWAPPED:b-${order}`;
  await submit(request, 1, order);
  await submit(request, 2, order);
  await decide(request, tokens().rita, id, 'CONFIRM', '两家独立商家一致');
  const { fileAppeal } = await ask<{ fileAppeal: { appeal: { id: string } } }>(request, tokens().service, 'mutation($input: FileAppealInput!) { fileAppeal(input: $input) { appeal { id } } }', {
    input: { caseId: id, statement: '我没有调包，退回的就是收到的商品。' },
  });
  const path = `/appeals/${fileAppeal.appeal.id}`;

  await signIn(page, path, tokens().rita);
  await expect(page.getByText('我没有调包')).toBeVisible();
  await expect(page.getByText(/须由未决定过该案件/)).toBeVisible();
  await expect(page.getByRole('button', { name: '推翻案件' })).toHaveCount(0);

  const second = await another('/appeals?state=OPEN', tokens().admin);
  await second.getByRole('link', { name: '退货调包' }).click();
  await second.getByLabel('给买家的答复').fill('经复核，已恢复您的权益。');
  await second.getByRole('button', { name: '推翻案件' }).click();
  await expect(second.getByRole('heading', { name: '决定结果' })).toBeVisible();
  const state = second.getByRole('row').filter({ hasText: '案件状态' });
  await expect(state).toContainText('已确认');
  await expect(state).toContainText('有变化');
  await expect(page.getByText('经复核，已恢复您的权益。')).toBeVisible();
});

test('a reviewer puts a case into the queue that the rules had handled', { tag: '@live' }, async ({ page, request }) => {
  for (const shop of [1, 2, 3]) await submit(request, shop, 365, 'COMPLAINT_ABUSE');
  await signIn(page, `/cases/${encodeURIComponent('COMPLAINT_ABUSE:b-365')}`, tokens().reviewer);
  await expect(page.getByText('此案件不在待审核状态。')).toBeVisible();
  await page.getByRole('button', { name: '放入审核队列' }).click();
  await expect(page.getByLabel('理由', { exact: true })).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('请填写理由。')).toBeVisible();
  await page.getByLabel('理由', { exact: true }).fill('三家店铺疑似同一主体。');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('group', { name: '决定' })).toBeVisible();
  await expect(page.locator('.timeline')).toContainText('三家店铺疑似同一主体。');
});

test('a restriction is reviewed, and the buyer’s page shows it', async ({ page, request }) => {
  const order = 46;
  await ask(request, tokens().shops[2] ?? '', 'mutation($input: RestrictBuyerInput!) { restrictBuyer(input: $input) { restriction { id } } }', {
    input: { orderNo: orderNo(3, order), modes: ['NO_CASH_ON_DELIVERY'], description: '多次拒收货到付款' },
  });
  await signIn(page, `/restrictions?buyer=b-${order}`, tokens().reviewer);
  await page.getByRole('link', { name: '店铺 3' }).click();
  await expect(page).toHaveURL(/open=/);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('多次拒收货到付款')).toBeVisible();
  await dialog.getByRole('button', { name: '同意限制' }).click();
  await expect(dialog.getByText('请填写理由')).toBeVisible();
  await dialog.getByLabel('审核理由').fill('情况属实');
  await dialog.getByRole('button', { name: '同意限制' }).click();
  await expect(dialog.getByText('生效中')).toBeVisible();
  await dialog.getByRole('link', { name: `b-${order}` }).click();
  await expect(page.getByRole('link', { name: '不可货到付款' })).toBeVisible();
  await expect(page.getByText('生效中')).toBeVisible();
});
