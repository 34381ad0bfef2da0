import { expect, type Page } from '@playwright/test';
import { decide, openCase, signIn, test, tokens } from './session.ts';

/** Opens the queue with the cases of one scenario: a test's own. */
async function openQueue(page: Page, scenario: string, token: string, cases: number): Promise<void> {
  await signIn(page, `/queue?scenario=${scenario}`, token);
  await expect(page.getByText(`共 ${cases} 件`)).toBeVisible();
  await expect(page.getByRole('grid', { name: '审核队列' })).toBeFocused();
}

/** Does something while the page's first request that decides is on its way. */
async function beforeDeciding(page: Page, action: () => Promise<void>): Promise<void> {
  let done = false;
  await page.route('**/graphql', async (route) => {
    if (!done && route.request().postData()?.includes('decideCases(') === true) {
      done = true;
      await action();
    }
    await route.continue();
  });
}

/** What a decision rests on is within the window, and nothing lies over it: the strip, a tag with its amount, and the risk data. */
async function expectEvidenceInSight(page: Page): Promise<void> {
  const dock = await page.locator('.case-dock').boundingBox();
  expect(dock).not.toBeNull();
  expect((dock?.y ?? 0) + (dock?.height ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
  const evidence = [page.locator('.case-strip'), page.locator('.tag-list > li').first(), page.locator('.tag-amount').first(), page.locator('.case-evidence .card').nth(1).locator('.facts dd').first()];
  for (const part of evidence) {
    const box = await part.boundingBox();
    expect(box).not.toBeNull();
    expect((box?.y ?? 0) + (box?.height ?? 0), `${await part.textContent()} above the decision`).toBeLessThanOrEqual(dock?.y ?? 0);
    expect(box?.y ?? -1).toBeGreaterThanOrEqual(0);
  }
}

const numberOf = async (page: Page) => page.getByRole('grid').getByRole('row').count();

test('a reviewer clears ten cases by keyboard alone', async ({ page, request }) => {
  const scenario = 'REFUND_NOT_RETURNED';
  for (let n = 100; n < 110; n += 1) await openCase(request, n, scenario);
  await openQueue(page, scenario, tokens().reviewer, 10);
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };
  const heading = page.getByRole('heading', { level: 1 });

  // Three at once: the first, the second and, past one, the fourth.
  await keys('x', 'j', 'x', 'j', 'j', 'k', 'j', 'x');
  await expect(page.getByText('已选 3 件')).toBeVisible();
  await keys('1');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('2 个独立主体的标签将成功')).toHaveCount(3);
  // Ready-made reasons are before the field.
  await expect(dialog.getByLabel('理由', { exact: true })).toBeFocused();
  await expect(dialog.getByLabel('理由', { exact: true })).toHaveValue('');
  await keys('Shift+Tab');
  await expect(dialog.getByRole('button', { name: '订单与商家备注核对无误，属于滥用。' })).toBeFocused();
  await keys('Shift+Tab', 'Enter', 'Tab', 'Tab');
  await expect(dialog.getByLabel('理由', { exact: true })).toHaveValue('多笔订单呈现重复的滥用模式。');
  await keys('Control+Enter');
  await expect(dialog.getByText('成功 3 件，未成功 0 件。')).toBeVisible();
  await keys('Escape');
  await expect(dialog).toBeHidden();
  await keys('r');
  await expect(page.getByText('共 7 件')).toBeVisible();

  // One by one, each decision followed by the next case.
  await keys('j', 'Enter');
  await expect(heading).toHaveText('闪退后拒绝退回');
  await keys('c');
  await expect(page.getByText('由您认领。')).toBeVisible();
  const decideShown = async (key: string) => {
    const shown = page.url();
    const buyer = decodeURIComponent(shown).split(':').at(-1) ?? '';
    await expect(page.getByRole('link', { name: `买家账号 ${buyer}`, exact: true })).toBeVisible();
    await expect(page.getByRole('group', { name: '决定' })).toBeVisible();
    await expectEvidenceInSight(page);
    await keys(key);
    await expect(page.getByLabel('理由', { exact: true })).toBeFocused();
    await expectEvidenceInSight(page);
    await keys('Alt+1', 'Control+Enter');
    await expect(page).not.toHaveURL(shown);
  };
  await decideShown('2');
  const lastDecided = page.url();
  await decideShown('3');
  await expect(page.getByText(/秒内可撤回/)).toBeVisible();

  // The last one was a mistake: it is shown again.
  await keys('u');
  await expect(page.getByText('决定已撤回')).toBeVisible();
  await expect(page).toHaveURL((url) => url.href === lastDecided);
  // The way back is before the heading, which has the focus.
  await expect(heading).toBeFocused();
  await keys('Shift+Tab', 'Enter');
  await expect(heading).toHaveText('审核队列');
  await expect(page).toHaveURL(new RegExp(`scenario=${scenario}`));
  await expect(page.getByText('共 6 件')).toBeVisible();

  await keys('k', 'Enter');
  await expect(heading).toHaveText('闪退后拒绝退回');
  for (const key of ['1', '2', '3', '1', '2', '1']) await decideShown(key);
  // After the last case comes the queue.
  await expect(heading).toHaveText('审核队列');
  await expect(page.getByText('没有符合筛选条件的案件。')).toBeVisible();
  await keys('?');
  await expect(page.getByRole('dialog', { name: '键盘快捷键' })).toContainText('撤回最近的决定');
});

test('of several decisions one is stale: each row says so, and that one stays selected', async ({ page, request }) => {
  const scenario = 'REMOTE_RETURN';
  const cases: string[] = [];
  for (let n = 120; n < 123; n += 1) cases.push(await openCase(request, n, scenario));
  await openQueue(page, scenario, tokens().reviewer, 3);
  await page.keyboard.press('Control+a');
  await expect(page.getByText('已选 3 件')).toBeVisible();
  await page.keyboard.press('1');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('2 个独立主体的标签将成功')).toHaveCount(3);
  // Rita is faster, after the page has put its versions into the request.
  await beforeDeciding(page, async () => decide(request, tokens().rita, cases[1] ?? '', 'REJECT', '标签与所选场景不符。'));
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Control+Enter');
  await expect(dialog.getByText('成功 2 件，未成功 1 件。未成功的仍保持选中。')).toBeVisible();
  await expect(dialog.getByRole('row').filter({ hasText: 'b-121' })).toContainText('✗');
  await expect(dialog.getByRole('row').filter({ hasText: 'b-120' })).toContainText('✓ 已确认');
  await expect(dialog.getByRole('row').filter({ hasText: 'b-122' })).toContainText('✓ 已确认');
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(page.getByText('已选 1 件')).toBeVisible();
  const failed = page.getByRole('row').filter({ hasText: 'b-121' });
  await expect(failed).toHaveAttribute('aria-selected', 'true');
  await expect(failed).toContainText('已驳回');
  expect(await numberOf(page)).toBeGreaterThan(1);
});

test('two reviewers on one case see each other, the claim, and who was faster', { tag: ['@live', '@store'] }, async ({ page, another, request }) => {
  const id = await openCase(request, 130, 'BULK_SCALPER_RETURN');
  const path = `/cases/${encodeURIComponent(id)}`;
  await signIn(page, path, tokens().reviewer);
  const rita = await another(path, tokens().rita);
  await expect(page.getByText('同时查看：rita')).toBeVisible();
  await expect(rita.getByText('同时查看：reviewer')).toBeVisible();

  await page.getByRole('button', { name: '认领' }).click();
  await expect(page.getByText('由您认领。')).toBeVisible();
  await expect(rita.getByText(/^由 reviewer 认领/)).toBeVisible();
  await expect(rita.getByRole('button', { name: '认领' })).toBeDisabled();
  await expect(rita.getByRole('group', { name: '决定' })).toHaveCount(0);
  await page.getByRole('button', { name: '释放' }).click();
  await expect(rita.getByText('尚未有人认领。')).toBeVisible();

  // Both decide; the other's request is on its way when the first one's is applied.
  await rita.getByRole('button', { name: '确认', exact: false }).first().click();
  await beforeDeciding(rita, async () => decide(request, tokens().reviewer, id, 'REJECT', '属于正常的购物或售后行为。'));
  await rita.getByRole('button', { name: '提交并打开下一件' }).click();
  await expect(rita.getByText(/已驳回 · reviewer/)).toBeVisible();
  await expect(rita.getByRole('alert').filter({ hasText: /案件/ })).toBeVisible();
  // What Rita had written is still there.
  await expect(rita.getByLabel('理由', { exact: true })).toHaveValue('多家独立商家的标签相互印证。');
  await expect(rita).toHaveURL(new RegExp(`${encodeURIComponent(id)}$`));
  await expect(page.getByText(/已驳回 · reviewer/)).toBeVisible();
  await rita.context().close();
  await expect(page.getByText('同时查看：rita')).toBeHidden();
});
