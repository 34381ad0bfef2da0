import { expect, test } from 'vitest';
import { reviewer } from '../testing/renderConsole.tsx';
import { consolePages } from './pages.ts';
import type { ConsoleViewer } from './ViewerContext.ts';

const nothing: ConsoleViewer['can'] = {
  submitTags: false,
  restrictBuyers: false,
  seeCases: false,
  seeBuyers: false,
  readLog: false,
  decide: false,
  administrate: false,
  lead: false,
  shareViews: false,
  seeWebhooks: false,
  manageWebhooks: false,
};

const shop: ConsoleViewer['merchant'] = { id: 'm-1', name: '店铺 1', permission: 'ACTIVE' };

const starts: readonly [who: string, viewer: ConsoleViewer, path: string][] = [
  ['a reviewer at the queue', reviewer, '/queue'],
  ['a shop where it tags', { ...reviewer, merchant: shop, can: { ...nothing, submitTags: true, seeWebhooks: true, manageWebhooks: true } }, '/shop'],
  ['a shop that may tag no more with its tags', { ...reviewer, merchant: shop, can: nothing }, '/shop'],
  ['a service at its webhooks', { ...reviewer, can: { ...nothing, seeWebhooks: true } }, '/webhooks'],
  ['anybody else at what they may do', { ...reviewer, can: nothing }, '/start'],
];

test.each(starts)('%s', (_who, viewer, path) => {
  expect(consolePages.find((page) => page.may(viewer))?.path).toBe(path);
});

test('every letter leads to one page', () => {
  const letters = consolePages.map(({ letter }) => letter);
  expect(new Set(letters).size).toBe(letters.length);
});
