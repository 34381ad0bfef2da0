import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { ask, openCase, signIn, test, tokens } from './session.ts';

const casePath = (id: string) => `/cases/${encodeURIComponent(id)}`;

/** Has a reviewer do something about a case, and waits until the server knows who works here. */
async function meet(request: APIRequestContext, token: string, name: string, caseId: string): Promise<void> {
  await ask(request, token, 'mutation($input: AddCaseNoteInput!) { addCaseNote(input: $input) { userErrors { message } } }', { input: { caseId, text: '先看一眼。' } });
  await expect.poll(async () => (await ask<{ reviewers: readonly string[] }>(request, token, '{ reviewers }')).reviewers).toContain(name);
}

async function snoozeFor(request: APIRequestContext, caseId: string, milliseconds: number): Promise<void> {
  const { snoozeCase } = await ask<{ snoozeCase: object }>(
    request,
    tokens().rita,
    'mutation($input: SnoozeCaseInput!) { snoozeCase(input: $input) { userErrors { message } } }',
    { input: { caseId, until: new Date(Date.now() + milliseconds).toISOString(), reason: '等物流凭证' } },
  );
  expect(snoozeCase).toEqual({ userErrors: [] });
}

/** Asks to assign, by keyboard, and chooses a person once she is among those offered. */
async function chooseRita(page: Page): Promise<void> {
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog').getByLabel('由谁处理')).toBeFocused();
  await page.keyboard.type('rit');
  await expect(page.locator('.ant-select-item-option-active').filter({ hasText: 'rita' })).toBeVisible();
  await page.keyboard.press('Enter');
}

const note = (page: Page) => page.getByLabel('写备注', { exact: true });
const notes = (page: Page) => page.locator('.note-list > li');
const strip = (page: Page) => page.locator('.case-work');

test('a note that mentions a colleague is there at once, and in her inbox', { tag: '@live' }, async ({ page, another, request }) => {
  const id = await openCase(request, 230, 'REVIEW_FALSE');
  await meet(request, tokens().rita, 'rita', id);
  const rita = await another(casePath(id), tokens().rita);
  await expect(notes(rita)).toHaveCount(1);
  await signIn(page, casePath(id), tokens().reviewer);
  await expect(page.getByRole('heading', { name: '审核备注（1）' })).toBeVisible();

  // By keyboard alone: the field, a name to choose, the text.
  await page.keyboard.press('m');
  await expect(note(page)).toBeFocused();
  await page.keyboard.type('请 @ri');
  await expect(page.getByRole('option', { name: 'rita' }).or(page.locator('.ant-mentions-dropdown-menu-item').filter({ hasText: 'rita' })).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('看看物流单号');
  await expect(note(page)).toHaveValue('请 @rita 看看物流单号');
  await page.keyboard.press('Control+Enter');
  await expect(note(page)).toHaveValue('');

  await expect(notes(rita)).toHaveCount(2);
  await expect(notes(rita).first()).toContainText('请 @rita 看看物流单号');
  await expect(notes(rita).first().locator('b')).toHaveText('@rita');
  await expect(notes(rita).first().getByRole('button', { name: '撤下' })).toHaveCount(0);

  const nav = rita.getByRole('navigation', { name: '页面' });
  await expect(nav.getByText('1 条未读')).toBeAttached();
  await rita.keyboard.press('g');
  await rita.keyboard.press('f');
  const entry = rita.getByRole('list', { name: '与我有关' }).getByRole('listitem').first();
  await expect(entry).toContainText('请 @rita 看看物流单号');
  await expect(entry).toContainText('未读');
  await expect(nav.getByText(/条未读/)).toHaveCount(0);
  await entry.getByRole('link').first().click();

  await notes(page).first().getByRole('button', { name: '撤下' }).click();
  await expect(notes(rita).first()).toContainText(/^reviewer.*已由 reviewer 于 .* 撤下。$/);
  await expect(rita.getByText('请 @rita 看看物流单号', { exact: true })).toHaveCount(0);
});

test('a lead takes a claim over and assigns cases; who loses one sees by whom', { tag: '@live' }, async ({ page, another, request }) => {
  const scenario = 'RETURN_FALSE_LOGISTICS';
  const id = await openCase(request, 231, scenario);
  const others = [await openCase(request, 232, scenario), await openCase(request, 233, scenario)];
  await meet(request, tokens().rita, 'rita', others[0] ?? '');
  await signIn(page, casePath(id), tokens().reviewer);
  await expect(page.getByText('尚未有人认领。')).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByText('由您认领。')).toBeVisible();
  await expect(page.getByRole('button', { name: '指派' })).toHaveCount(0);

  const adam = await another(casePath(id), tokens().admin);
  await expect(adam.getByText(/^由 reviewer 认领/)).toBeVisible();
  await adam.keyboard.press('t');
  await expect(adam.getByText('由您认领。')).toBeVisible();
  await expect(page.getByText('adam 已接管您认领的案件。')).toBeVisible();
  await expect(page.getByRole('group', { name: '决定' })).toHaveCount(0);

  const dialog = adam.getByRole('dialog');
  await chooseRita(adam);
  await dialog.getByRole('button', { name: '指派 1 件' }).click();
  await expect(dialog).toBeHidden();
  await expect(strip(page)).toContainText('由 rita 处理（adam 指派）');

  // Several at once, from the queue.
  await adam.goto(`/queue?scenario=${scenario}`);
  await expect(adam.getByText('共 3 件')).toBeVisible();
  await expect(adam.getByRole('grid', { name: '审核队列' })).toBeFocused();
  await adam.keyboard.press('Control+a');
  await expect(adam.getByText('已选 3 件')).toBeVisible();
  await chooseRita(adam);
  await dialog.getByRole('button', { name: '指派 3 件' }).click();
  await expect(dialog).toBeHidden();
  const rita = await another(`/queue?scenario=${scenario}&assigned=1`, tokens().rita);
  await expect(rita.getByText('共 3 件')).toBeVisible();
  await expect(rita.getByRole('row').filter({ hasText: 'b-232' })).toContainText('→ rita');
});

test('a snoozed case leaves the list, and comes back by itself', { tag: '@live' }, async ({ page, request }) => {
  const scenario = 'RETURN_EMPTY_OR_SHORT';
  const id = await openCase(request, 234, scenario);
  await signIn(page, `/queue?scenario=${scenario}`, tokens().reviewer);
  await expect(page.getByText('共 1 件')).toBeVisible();
  await page.goto(casePath(id));
  await expect(page.getByRole('button', { name: '推迟' })).toBeVisible();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog');
  const until = dialog.getByLabel(/^推迟到/);
  await expect(until).toBeFocused();
  // Beyond the due time it can't be sent; the server would refuse it, too.
  await until.fill('2199-01-01T00:00');
  await expect(dialog.getByText(/^须为现在之后、期限 .* 之前的时间。$/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: '推迟', exact: true })).toBeDisabled();
  await dialog.getByRole('button', { name: '4 小时后' }).click();
  await dialog.getByLabel('原因（可不填）').fill('等店铺答复');
  await page.keyboard.press('Enter');
  // The last one of the list: what follows is the queue, without it.
  await expect(page).toHaveURL(new RegExp(`/queue\\?scenario=${scenario}$`));
  await expect(page.getByText('没有符合筛选条件的案件。')).toBeVisible();

  await page.goto(`/queue?scenario=${scenario}&snoozed=1`);
  await page.getByRole('row').filter({ hasText: 'b-234' }).dblclick();
  await expect(strip(page)).toContainText(/^已推迟.*推迟到 .*（reviewer）.*等店铺答复/);
  await page.getByRole('button', { name: '取消推迟' }).click();
  await expect(strip(page)).toBeEmpty();

  // Somebody else snoozes it for a moment, while this list is open.
  await page.goto(`/queue?scenario=${scenario}`);
  await expect(page.getByText('共 1 件')).toBeVisible();
  await snoozeFor(request, id, 4000);
  await page.reload();
  await expect(page.getByText('没有符合筛选条件的案件。')).toBeVisible();
  await page.getByRole('button', { name: '1 条新内容，点击显示' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'b-234' })).toBeVisible();
});

test('an escalated case waits for a lead, who hands it back', { tag: '@live' }, async ({ page, another, request }) => {
  const id = await openCase(request, 235, 'REFUND_ONLY_RECEIVED');
  await signIn(page, casePath(id), tokens().reviewer);
  await expect(page.getByRole('group', { name: '决定' })).toBeVisible();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('理由', { exact: true }).fill('三家店同一地址，金额大。');
  await page.keyboard.press('Control+Enter');
  await expect(strip(page)).toContainText('由 reviewer 上报');
  await expect(strip(page)).toContainText('三家店同一地址，金额大。');
  await expect(page.getByRole('group', { name: '决定' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: '认领' })).toBeDisabled();

  const adam = await another('/queue?escalated=1&scenario=REFUND_ONLY_RECEIVED', tokens().admin);
  await adam.getByRole('row').filter({ hasText: 'b-235' }).dblclick();
  await expect(adam.getByRole('group', { name: '决定' })).toBeVisible();
  await strip(adam).getByRole('button', { name: '退回' }).click();
  await adam.getByRole('dialog').getByLabel('理由', { exact: true }).fill('先问店铺。');
  await adam.keyboard.press('Control+Enter');
  await expect(strip(page)).toBeEmpty();
  await expect(page.getByRole('group', { name: '决定' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await expect(page.getByRole('list', { name: '与我有关' }).getByRole('listitem').first()).toContainText('先问店铺。');
});
