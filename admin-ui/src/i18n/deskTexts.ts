import { deskTexts as deskInEnglish } from './en/desk.ts';
import { shopTexts as shopInEnglish } from './en/shop.ts';
import type { LateTexts } from './lateTexts.ts';
import { deskTexts as deskInChinese } from './zh-CN/desk.ts';
import { shopTexts as shopInChinese } from './zh-CN/shop.ts';

/** The texts of a shop's desk. */
export const deskTexts: LateTexts<'shop' | 'desk'> = {
  'zh-CN': { ...shopInChinese, ...deskInChinese },
  en: { ...shopInEnglish, ...deskInEnglish },
};
