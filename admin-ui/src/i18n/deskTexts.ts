import type { i18n } from 'i18next';
import { deskTexts as deskInEnglish } from './en/desk.ts';
import { shopTexts as shopInEnglish } from './en/shop.ts';
import { languages, type Language } from './language.ts';
import type { Texts } from './zh-CN.ts';
import { deskTexts as deskInChinese } from './zh-CN/desk.ts';
import { shopTexts as shopInChinese } from './zh-CN/shop.ts';

/** The texts of a shop's desk, which come with its pages: who reviews never loads them. */
export const deskTexts: Record<Language, Pick<Texts, 'shop' | 'desk'>> = {
  'zh-CN': { ...shopInChinese, ...deskInChinese },
  en: { ...shopInEnglish, ...deskInEnglish },
};

/** Puts them beside the texts that are there; again changes nothing. */
export function addDeskTexts(instance: i18n): void {
  for (const language of languages) instance.addResourceBundle(language, 'translation', deskTexts[language], true, true);
}
