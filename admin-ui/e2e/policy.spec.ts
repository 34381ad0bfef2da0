import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test';
import { ask, openCase, signIn, submit, test, tokens } from './session.ts';

// One policy for all: these tests go one after the other, and each leaves it to be published by one person, with nothing scheduled.
test.describe.configure({ mode: 'serial' });

const scalping = (page: Page) => page.locator('#policy-SCALPING');

/** Opens a new draft of the version in force. */
async function newDraft(page: Page): Promise<void> {
  await page.getByRole('button', { name: '编辑新版本' }).click();
  await expect(scalping(page)).toBeVisible();
}

async function enter(field: Locator, value: string): Promise<void> {
  await field.fill(value);
  await field.press('Tab');
}

async function save(page: Page, name: string): Promise<void> {
  await page.getByLabel('名称', { exact: true }).fill(name);
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.getByText('修改均已保存')).toBeVisible();
  await expect(page).toHaveURL(/draft=(?!new)/);
}

async function simulate(page: Page): Promise<void> {
  await page.getByRole('button', { name: '开始模拟' }).click();
  await expect(page.locator('.policy-result')).toBeVisible();
}

async function inForce(request: APIRequestContext): Promise<number> {
  const { policy } = await ask<{ policy: { version: number } }>(request, tokens().admin, '{ policy { version } }');
  return policy.version;
}

/** Publishes a change of the version in force through the API. */
async function publish(request: APIRequestContext, change: object): Promise<void> {
  const input = { basedOnVersion: await inForce(request), reason: 'r', ...change };
  await ask(request, tokens().admin, 'query($input: PolicyInput!) { simulatePolicy(input: $input) { tags } }', { input });
  const { updatePolicy } = await ask<{ updatePolicy: object }>(request, tokens().admin, 'mutation($input: PolicyInput!) { updatePolicy(input: $input) { userErrors { message } } }', { input });
  expect(updatePolicy).toEqual({ userErrors: [] });
}

test('a policy is edited, compared, tried on history and published; the log and its cases show it', async ({ page, request }) => {
  const scenario = 'SCALPING';
  for (const n of [200, 201, 202]) await openCase(request, n, scenario);
  await submit(request, 1, 203, scenario);
  await signIn(page, '/policy', tokens().admin);
  await expect(page.getByRole('heading', { name: '第 1 版（生效中）' })).toBeVisible();
  await page.getByRole('button', { name: '编辑新版本' }).click();
  const threshold = page.locator(`#policy-${scenario}`);
  await expect(threshold).toHaveValue('3');
  await expect(page.getByText('没有差异。').first()).toBeVisible();
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
  await expect(result.getByRole('figure').getByRole('table').getByRole('row').filter({ hasText: '黄牛' })).toContainText('3');
  await result.getByText('将会确认: 3').click();
  await expect(result.getByRole('link', { name: /b-201/ })).toBeVisible();

  await expect(page.getByRole('button', { name: '发布为第 2 版' })).toBeDisabled();
  await page.getByLabel('决定理由', { exact: true }).or(page.getByLabel('理由', { exact: true })).fill('黄牛账号两家印证即可');
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

test('what the server finds wrong is said beside its field, and the first of them has the focus', async ({ page }) => {
  await signIn(page, '/policy', tokens().admin);
  await newDraft(page);
  await enter(page.locator('#policy-windowDays'), '0');
  await enter(page.locator('#policy-mediumRiskFrom'), '99');
  await enter(scalping(page), '1');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.locator('#policy-windowDays-problem')).toHaveText('须为 1 至 3650。');
  await expect(page.locator('#policy-mediumRiskFrom-problem')).toHaveText('须为 0 至 70。');
  await expect(page.locator('#policy-SCALPING-problem')).toHaveText('门槛须为 2 至 100。');
  await expect(page.locator('#policy-name-problem')).toHaveText('请填写 1 至 60 个字的名称。');
  await expect(page.locator('#policy-name')).toBeFocused();
  await expect(page.locator('#policy-windowDays')).toHaveAttribute('aria-invalid', 'true');
  await page.locator('#policy-name').fill('x');
  await enter(scalping(page), '3');
  await enter(page.locator('#policy-mediumRiskFrom'), '40');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.locator('#policy-SCALPING-problem')).toHaveCount(0);
  await expect(page.locator('#policy-windowDays')).toBeFocused();
  // A simulation says so at the field, too.
  await page.getByRole('button', { name: '开始模拟' }).click();
  await expect(page.locator('#policy-windowDays-problem')).toHaveText('须为 1 至 3650。');
});

test('leaving with unsaved changes asks', async ({ page }) => {
  await signIn(page, '/policy', tokens().admin);
  await newDraft(page);
  await enter(scalping(page), '7');
  await page.getByRole('link', { name: '日志' }).click();
  const dialog = page.getByRole('dialog', { name: '有未保存的修改' });
  await dialog.getByRole('button', { name: '留在此页' }).click();
  await expect(dialog).toBeHidden();
  await expect(scalping(page)).toHaveValue('7');
  // The browser's own Back, too: one stays with what was typed, and leaves to where Back leads.
  await page.goBack();
  await dialog.getByRole('button', { name: '留在此页' }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/draft=new/);
  await expect(scalping(page)).toHaveValue('7');
  await page.goBack();
  await dialog.getByRole('button', { name: '离开' }).click();
  await expect(page).toHaveURL(/\/policy$/);
  await newDraft(page);
  await enter(scalping(page), '7');
  await page.getByRole('button', { name: '返回策略' }).click();
  await dialog.getByRole('button', { name: '离开' }).click();
  await expect(page.getByRole('button', { name: '编辑新版本' })).toBeVisible();
  await newDraft(page);
  await page.getByRole('link', { name: '日志' }).click();
  await expect(page).toHaveURL(/log/);
});

test('two administrators don’t overwrite each other, and the draft says who changed what', async ({ page, another }) => {
  await signIn(page, '/policy', tokens().admin);
  await newDraft(page);
  await enter(scalping(page), '6');
  await save(page, '两人同改');
  const bella = await another(new URL(page.url()).pathname + new URL(page.url()).search, tokens().bella);
  await expect(scalping(bella)).toHaveValue('6');
  await enter(scalping(bella), '8');
  await bella.getByRole('button', { name: '保存草稿' }).click();
  await expect(bella.getByText('修改均已保存')).toBeVisible();

  await enter(scalping(page), '5');
  await page.getByRole('button', { name: '保存草稿' }).click();
  const conflict = page.getByRole('region', { name: '他人已修改此草稿' });
  await expect(conflict).toContainText('bella');
  await expect(conflict.locator('ins')).toHaveText(['8', '5']);
  await conflict.getByRole('button', { name: '保留我的修改' }).click();
  await expect(conflict).toBeHidden();
  await expect(scalping(page)).toHaveValue('5');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await expect(page.getByText('修改均已保存')).toBeVisible();
  const history = page.getByRole('region', { name: '修改记录' });
  await expect(history.getByRole('listitem').filter({ hasText: '策略草稿保存' })).toHaveCount(3);
  await expect(history).toContainText('6 → 8');
  await expect(history).toContainText('8 → 5');

  await enter(scalping(bella), '9');
  await bella.getByRole('button', { name: '保存草稿' }).click();
  await bella.getByRole('button', { name: '采用对方的修改' }).click();
  await expect(scalping(bella)).toHaveValue('5');
  await expect(bella.getByText('修改均已保存')).toBeVisible();
});

test('two drafts are compared: what they say, and their simulations', async ({ page, request }) => {
  for (const n of [206, 207]) await openCase(request, n, 'SCALPING');
  await signIn(page, '/policy', tokens().admin);
  for (const [name, threshold] of [['甲', '4'], ['乙', '7']] as const) {
    await newDraft(page);
    await enter(scalping(page), threshold);
    await save(page, name);
    await simulate(page);
    await page.getByRole('button', { name: '返回策略' }).click();
  }
  const drafts = page.getByRole('region', { name: '草稿' });
  // The two that were changed last are chosen already.
  await expect(drafts.locator('.ant-select').nth(0)).toContainText('乙');
  await expect(drafts.locator('.ant-select').nth(1)).toContainText('甲');
  await drafts.getByRole('button', { name: '对比' }).click();
  const differ = page.getByRole('region', { name: '不同之处' }).first();
  await expect(differ.getByRole('row').filter({ hasText: '门槛' }).getByRole('cell')).toHaveText(['7', '4']);
  const simulations = page.getByRole('region', { name: '模拟结果对比' });
  await expect(simulations.getByRole('row').filter({ hasText: '进入审核队列的次数' }).getByRole('cell')).toHaveText([/^\d+$/, /^\d+$/]);
  await expect(simulations.getByRole('row').filter({ hasText: '确认的案件' })).toBeVisible();
});

test('only what was simulated can be published; a change asks for another simulation', async ({ page }) => {
  await signIn(page, '/policy', tokens().admin);
  await newDraft(page);
  await enter(page.locator('#policy-overturnedWeight'), '7');
  await page.getByLabel('理由', { exact: true }).fill('试一试');
  const button = page.getByRole('button', { name: /^发布为第 \d+ 版$/ });
  await expect(button).toBeDisabled();
  await simulate(page);
  await expect(page.getByRole('row').filter({ hasText: '单日最多' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '超过处理时限的占比' })).toBeVisible();
  await expect(button).toBeEnabled();
  await enter(page.locator('#policy-overturnedWeight'), '8');
  await expect(button).toBeDisabled();
  await expect(page.getByText('以下结果属于修改之前的内容')).toBeVisible();
  await page.locator('#policy-rate').fill('1');
  await simulate(page);
  await expect(page.getByText('按每天审核 1 个案件计算。')).toBeVisible();
  await button.click();
  await expect(page.getByText(/第 \d+ 版已生效/)).toBeVisible();
});

test('a version is scheduled and withdrawn; another one comes into force at its time', async ({ page, request }) => {
  await signIn(page, '/policy', tokens().admin);
  await newDraft(page);
  await enter(page.locator('#policy-overturnedWeight'), '9');
  await simulate(page);
  await page.getByLabel('理由', { exact: true }).fill('下周起');
  await page.getByLabel('定时生效').check();
  await page.locator('#policy-startsAt').fill('2020-01-01T00:00');
  const button = page.getByRole('button', { name: /^定为第 \d+ 版$/ });
  await button.click();
  await expect(page.locator('#policy-startsAt-problem')).toHaveText('须为将来一年以内的时间。');
  await expect(page.locator('#policy-startsAt')).toBeFocused();
  const tomorrow = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 16);
  await page.locator('#policy-startsAt').fill(tomorrow);
  await button.click();
  const card = page.getByRole('region', { name: /等待生效$/ });
  await expect(card).toContainText(tomorrow.replace('T', ' '));
  await card.getByLabel('撤回理由').fill('再议');
  await card.getByRole('button', { name: '撤回' }).click();
  await expect(card).toBeHidden();

  const before = await inForce(request);
  await publish(request, { overturnedWeight: 10, startsAt: new Date(Date.now() + 3000).toISOString() });
  expect(await inForce(request)).toBe(before);
  await expect.poll(() => inForce(request)).toBe(before + 2);
  await page.reload();
  await expect(page.getByRole('heading', { name: `第 ${before + 2} 版（生效中）` })).toBeVisible();
  await page.goto(`/policy?version=${before + 1}`);
  await expect(page.getByText(/未生效：adam 于 .* 撤回。再议/)).toBeVisible();
});

test('where it takes two, another administrator approves; the switch itself goes off by two', async ({ page, another, request }) => {
  await signIn(page, '/policy', tokens().admin);
  await publish(request, { requireApproval: true });
  await page.reload();
  const before = await inForce(request);
  await newDraft(page);
  await page.getByLabel('发布须经另一位管理员复核').uncheck();
  await save(page, '不再复核');
  await simulate(page);
  await page.getByLabel('理由', { exact: true }).fill('一人即可');
  await page.getByRole('button', { name: '提交复核' }).click();
  await expect(page.getByText('这是您提交的，须由另一位管理员复核。')).toBeVisible();
  await expect(page.getByRole('button', { name: '通过并发布' })).toHaveCount(0);
  expect(await inForce(request)).toBe(before);

  const bella = await another('/policy', tokens().bella);
  const line = bella.getByRole('region', { name: '草稿' }).getByRole('listitem').filter({ hasText: '待复核' });
  await line.getByRole('button', { name: '不再复核' }).click();
  await expect(bella.getByRole('row').filter({ hasText: '发布须经另一位管理员复核' }).locator('ins')).toHaveText('否');
  await expect(bella.locator('.policy-result')).toBeVisible();
  await bella.getByLabel('复核意见').fill('同意');
  await bella.getByRole('button', { name: '通过并发布' }).click();
  await expect(bella.getByText(`已通过，发布为第 ${before + 1} 版`)).toBeVisible();
  await expect(bella.getByText('由 bella 复核通过')).toBeVisible();
  expect(await inForce(request)).toBe(before + 1);
});

test('an earlier version is returned to, as a new one', async ({ page, request }) => {
  const before = await inForce(request);
  await signIn(page, '/policy?version=1', tokens().admin);
  await page.getByRole('button', { name: '恢复到此版本' }).click();
  await expect(page.getByLabel('名称', { exact: true })).toHaveValue('恢复到第 1 版');
  await expect(scalping(page)).toHaveValue('3');
  await simulate(page);
  await page.getByRole('button', { name: `发布为第 ${(await latest(request)) + 1} 版` }).click();
  await expect(page.getByText('恢复到第 1 版').first()).toBeVisible();
  await expect.poll(() => inForce(request)).toBeGreaterThan(before);
  await page.goto(`/policy?compare=1`);
  await expect(page.getByText('没有差异。')).toBeVisible();
});

async function latest(request: APIRequestContext): Promise<number> {
  const { policyTimeline } = await ask<{ policyTimeline: { latest: { version: number } } }>(request, tokens().admin, '{ policyTimeline { latest { version } } }');
  return policyTimeline.latest.version;
}
