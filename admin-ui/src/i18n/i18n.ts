import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type Language } from './language.ts';
import type { FirstTexts } from './zh-CN.ts';

/** The interface in one language whose texts are there already: for tests. Pages load them ([loadI18n]). */
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
