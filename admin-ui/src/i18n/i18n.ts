import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type Language } from './language.ts';
import type { FirstTexts } from './zh-CN.ts';

/** The interface's texts in a language, which is loaded when it is needed. */
export async function textsOf(language: Language): Promise<FirstTexts> {
  return language === 'en' ? (await import('./en.ts')).en : (await import('./zh-CN.ts')).zhCN;
}

/** The interface in a language, whose texts are there. */
export function createI18n(language: Language, texts: FirstTexts): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    supportedLngs: languages,
    fallbackLng: false,
    resources: { [language]: { translation: texts } },
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  });
  return instance;
}

/** Goes on in another language. */
export async function speak(instance: i18n, language: Language): Promise<void> {
  instance.addResourceBundle(language, 'translation', await textsOf(language), true, true);
  await instance.changeLanguage(language);
}
