import { expect, it } from 'vitest';
import { addTexts } from './lateTexts.ts';
import { changeLanguage, loadI18n } from './loadI18n.ts';
import { policyTexts } from './policyTexts.ts';

it('late texts are there in both languages, and keep neither from being loaded', async () => {
  const instance = await loadI18n('zh-CN');
  addTexts(instance, policyTexts);
  addTexts(instance, policyTexts);
  const shown = () => [instance.t('nav.log'), instance.t('policy.save')];
  expect(shown()).toEqual(['日志', '保存草稿']);
  expect(await changeLanguage(instance, 'en')).toBe(true);
  expect(shown()).toEqual(['Log', 'Save draft']);
  await changeLanguage(instance, 'zh-CN');
  expect(shown()).toEqual(['日志', '保存草稿']);
});
