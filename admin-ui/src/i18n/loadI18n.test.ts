import { expect, it } from 'vitest';
import { changeLanguage, loadI18n } from './loadI18n.ts';

it('has the texts of its language at once, and others when they are chosen', async () => {
  const i18n = await loadI18n('zh-CN');
  expect(i18n.t('nav.queue')).toBe('审核队列');
  expect(i18n.hasResourceBundle('en', 'translation')).toBe(false);
  expect(await changeLanguage(i18n, 'en')).toBe(true);
  expect(i18n.t('nav.queue')).toBe('Review queue');
});

it('stays in its language when another can’t be loaded', async () => {
  const i18n = await loadI18n('en');
  // A language without texts stands for one whose file did not come.
  expect(await changeLanguage(i18n, 'fr' as 'en')).toBe(false);
  expect(i18n.language).toBe('en');
  expect(i18n.t('nav.queue')).toBe('Review queue');
});
