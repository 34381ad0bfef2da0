import type { i18n } from 'i18next';
import { languages, type Language } from './language.ts';
import type { FirstTexts, Texts } from './zh-CN.ts';

/** Texts that come with the pages that show them: nobody else loads them. */
export type LateTexts<Part extends Exclude<keyof Texts, keyof FirstTexts>> = Readonly<Record<Language, Pick<Texts, Part>>>;

/** Puts them beside the texts that are there; again changes nothing. */
export function addTexts(instance: i18n, texts: Readonly<Record<Language, object>>): void {
  for (const language of languages) instance.addResourceBundle(language, 'translation', texts[language], true, true);
}
