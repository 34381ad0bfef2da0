import type { i18n } from 'i18next';
import { languages, type Language } from './language.ts';
import type { FirstTexts, Texts } from './zh-CN.ts';

/** Texts that come with the pages that show them: nobody else loads them. */
export type LateTexts<Part extends Exclude<keyof Texts, keyof FirstTexts>> = Readonly<Record<Language, Pick<Texts, Part>>>;

/**
 * Adds them to those of each language, once that has been loaded: a language with some texts counts as loaded, and would never
 * get the others. Adding them again changes nothing.
 */
export function addTexts(instance: i18n, texts: Readonly<Record<Language, object>>): void {
  for (const language of languages) {
    const add = () => void instance.addResourceBundle(language, 'translation', texts[language], true, true);
    const addLater = (added: string) => {
      if (added !== language) return;
      instance.store.off('added', addLater);
      add();
    };
    if (instance.hasResourceBundle(language, 'translation')) add();
    else instance.store.on('added', addLater);
  }
}
