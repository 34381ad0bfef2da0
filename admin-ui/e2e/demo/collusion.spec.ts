import { expect } from '@playwright/test';
import { signIn, test, tokens } from '../session.ts';

test('linked shops are walked by keyboard, and a proposal to revoke one has the evidence filled in', async ({ page }) => {
  await signIn(page, '/collusion', tokens().reviewer);
  // The largest cluster of the last 180 days: a ring of ten shops, and nine that tagged the same accounts.
  const shops = page.getByRole('radiogroup').getByRole('radio');
  await expect(shops).toHaveCount(19);
  const chosen = page.getByRole('radio', { checked: true });
  const first = await chosen.textContent();
  await chosen.focus();
  await page.keyboard.press('ArrowRight');
  await expect(chosen).not.toHaveText(first ?? '');
  await expect(chosen).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(chosen).toHaveText(first ?? '');
  await expect(page.getByRole('region', { name: '共同打标的账号' }).getByRole('row')).not.toHaveCount(1);
  await expect(page.getByRole('img', { name: /的 \d+ 个标签，每家店铺一行/ })).toBeVisible();

  await page.getByRole('radio', { name: '店铺 3789', exact: true }).click();
  await page.getByRole('button', { name: '提议取消打标权限' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('证据')).toHaveValue(/共同对 28 个账号打标/);
  await expect(dialog.getByLabel('理由')).toHaveValue(/19 家店铺/);
});
