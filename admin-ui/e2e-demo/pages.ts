import type { Page } from '@playwright/test';
import { market } from './market.ts';

const casePath = () => `/cases/${encodeURIComponent(market().caseId)}`;

/** Every page that somebody who reviews and administrates can open. */
export const reviewerPages = (): readonly (readonly [name: string, path: string])[] => [
  ['queue', '/queue'],
  ['queue without a match', '/queue?buyer=nobody'],
  ['case', casePath()],
  ['inbox', '/inbox'],
  ['no such case', '/cases/none'],
  ['buyers', '/buyers'],
  ['buyer', `/buyers/${market().buyerId}`],
  ['merchants', '/merchants'],
  ['merchant', `/merchants/${market().merchantId}`],
  ['appeals', '/appeals'],
  ['appeal', `/appeals/${market().appealId}`],
  ['second reviews', '/second-reviews'],
  ['restrictions', '/restrictions'],
  ['rows of a number', '/log?range=custom&from=2020-01-01&to=2020-02-01&figure=IN_TIME'],
  ['collusion', '/collusion'],
  ['dashboard', '/dashboard'],
  ['policy', '/policy'],
  ['policy versions', '/policy?version=1&compare=2'],
  ['policy draft', `/policy?draft=${market().draftId}`],
  ['policy drafts', `/policy?draft=${market().draftId}&against=${market().otherDraftId}`],
  ['policy proposal', `/policy?draft=${market().proposalId}`],
  ['activity', '/activity'],
  ['log', '/log'],
  ['webhooks', '/webhooks'],
  ['webhook', `/webhooks/${market().webhookId}`],
  ['start', '/start'],
  ['no such page', '/nowhere'],
];

/** What opens over a page or within it. */
export interface Opened {
  readonly name: string;
  readonly path: string;
  /** Opens it; the page is Chinese. */
  readonly open: (page: Page) => Promise<void>;
}

/** Dialogs, with what opens them. Escape closes each and gives the focus back. */
export const dialogs = (): readonly Opened[] => [
  { name: 'all keys', path: '/queue', open: (page) => page.keyboard.press('?') },
  { name: 'decide', path: '/queue', open: (page) => page.keyboard.press('2') },
  {
    name: 'decide several',
    path: '/queue',
    open: async (page) => {
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+J');
      await page.keyboard.press('1');
    },
  },
  { name: 'assign', path: '/queue', open: (page) => page.keyboard.press('a') },
  { name: 'snooze', path: casePath(), open: (page) => page.locator('.case-actions').getByRole('button', { name: '推迟' }).press('Enter') },
  { name: 'escalate', path: casePath(), open: (page) => page.locator('.case-actions').getByRole('button', { name: '上报' }).press('Enter') },
  { name: 'columns', path: '/queue', open: (page) => page.locator('.toolbar').getByRole('button', { name: '列设置', exact: true }).press('Enter') },
  { name: 'saved views', path: '/queue', open: (page) => page.locator('.views').getByRole('button').press('Enter') },
  { name: 'propose revocation of a linked shop', path: '/collusion', open: (page) => page.getByRole('button', { name: '提议取消打标权限' }).press('Enter') },
  { name: 'propose revocation', path: `/merchants/${market().otherMerchantId}`, open: (page) => page.getByRole('button', { name: '提议取消打标权限' }).press('Enter') },
  { name: 'propose to vouch', path: `/merchants/${market().otherMerchantId}`, open: (page) => page.getByRole('button', { name: '提议担保', exact: true }).press('Enter') },
  {
    name: 'review of a restriction',
    path: '/restrictions',
    open: async (page) => {
      await page.getByRole('grid').focus();
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'entry of the log',
    path: '/log',
    open: async (page) => {
      await page.getByRole('grid').focus();
      await page.keyboard.press('Enter');
    },
  },
  { name: 'new webhook', path: '/webhooks', open: (page) => page.getByRole('button', { name: '新建推送' }).press('Enter') },
  { name: 'change of a webhook', path: `/webhooks/${market().webhookId}`, open: (page) => page.getByRole('button', { name: '修改' }).press('Enter') },
  { name: 'deletion of a webhook', path: `/webhooks/${market().webhookId}`, open: (page) => page.getByRole('button', { name: '删除' }).press('Enter') },
];

/** What unfolds within a page. */
export const unfolded = (): readonly Opened[] => [
  { name: 'palette', path: '/queue', open: (page) => page.keyboard.press('Control+k') },
  {
    name: 'palette with what it found',
    path: '/queue',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(market().buyerId);
      await page.getByRole('option', { name: market().buyerId }).first().waitFor();
    },
  },
  { name: 'shops and accounts as a table', path: '/collusion', open: async (page) => openSharedAccounts(page) },
  { name: 'choices of a filter', path: '/queue', open: (page) => page.getByRole('combobox', { name: '风险' }).click() },
  { name: 'decision on a case', path: casePath(), open: (page) => page.keyboard.press('3') },
  {
    name: 'a colleague to mention',
    path: casePath(),
    open: async (page) => {
      await page.keyboard.press('m');
      await page.keyboard.type('@');
      await page.locator('.ant-mentions-dropdown-menu-item').first().waitFor();
    },
  },
  { name: 'appeal without a reply', path: `/appeals/${market().appealId}`, open: (page) => page.getByRole('button', { name: '推翻案件' }).click() },
  { name: 'revocation without a reason', path: `/merchants/${market().merchantId}`, open: (page) => page.getByRole('button', { name: '批准取消打标权限' }).click() },
  { name: 'vouching without a reason', path: '/merchants/m-35', open: (page) => page.getByRole('button', { name: '批准', exact: true }).click() },
  {
    name: 'restriction without a reason',
    path: `/restrictions?open=${market().restrictionId}`,
    open: (page) => page.getByRole('dialog').getByRole('button', { name: '同意限制' }).click(),
  },
  { name: 'raw states of an entry of the log', path: '/log?entry=9000', open: (page) => page.getByRole('dialog').locator('summary').click() },
  { name: 'own range of the log', path: '/log?range=custom', open: async () => undefined },
  {
    name: 'policy, edited and simulated',
    path: '/policy',
    open: async (page) => {
      await page.locator('.page-head').getByRole('button').click();
      await page.getByLabel('退货调包', { exact: true }).fill('2');
      await page.getByLabel('退货调包', { exact: true }).blur();
      await page.getByRole('button', { name: '开始模拟' }).click();
      await page.locator('.policy-result').waitFor();
      await page.locator('.policy-result summary').first().click();
    },
  },
];

/** The rest of a shop's desk, with what opens there. */
export const shopParts = (): readonly Opened[] => [
  { name: 'restrictions of a shop', path: '/shop/restrictions', open: async (page) => page.locator('.desk-entry').first().waitFor() },
  {
    name: 'restriction to ask for',
    path: '/shop/restrictions?order=1',
    open: (page) => page.getByRole('dialog').getByRole('button', { name: '提交审核' }).click(),
  },
  { name: 'end of a restriction', path: '/shop/restrictions', open: (page) => page.getByRole('button', { name: /^(?:解除限制|撤回申请)$/ }).first().press('Enter') },
  { name: 'insurance answers of a shop', path: '/shop/insurance', open: async () => undefined },
  { name: 'record of a shop', path: '/shop/record', open: async () => undefined },
  { name: 'orders to pick', path: '/shop', open: (page) => page.getByRole('button', { name: '从近期订单选择' }).press('Enter') },
  { name: 'all scenarios', path: '/shop', open: (page) => page.getByRole('button', { name: '全部场景说明' }).press('Enter') },
  {
    name: 'column of a file',
    path: '/shop',
    open: (page) => page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('订单号,备注\n2910000001,空包\n') }),
  },
];

// A case whose shops are several has a picture of them.
async function openSharedAccounts(page: Page): Promise<void> {
  await page.locator('.cluster-accounts tbody a').first().click();
  const picture = page.locator('.shops-accounts');
  await picture.scrollIntoViewIfNeeded();
  await picture.locator('summary').click();
  await picture.getByRole('table').waitFor();
}
