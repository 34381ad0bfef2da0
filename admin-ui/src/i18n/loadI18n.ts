import { createInstance, type BackendModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isLanguage, languages, type Language } from './language.ts';

const texts: Record<Language, () => Promise<object>> = {
  'zh-CN': async () => (await import('./zh-CN.ts')).zhCN,
  en: async () => (await import('./en.ts')).en,
};

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  // Of two parameters, not three: it answers by its promise.
  async read(language: string, _namespace: string) {
    if (!isLanguage(language)) throw new Error(`no texts in ${language}`);
    return { ...(await texts[language]()) };
  },
};

/** The interface's texts in one language; another one is loaded when it is chosen. Both have every text, so neither needs the other. */
export async function loadI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  await instance
    .use(initReactI18next)
    .use(backend)
    // React escapes what it renders, and nothing is rendered before its texts are there.
    .init({ lng: language, supportedLngs: languages, load: 'currentOnly', fallbackLng: false, interpolation: { escapeValue: false }, react: { useSuspense: false } });
  return instance;
}

/** Changes the language, unless its texts can't be loaded: then it stays. */
export async function changeLanguage(instance: i18n, language: Language): Promise<boolean> {
  await instance.loadLanguages(language);
  if (!instance.hasResourceBundle(language, 'translation')) return false;
  await instance.changeLanguage(language);
  return true;
}
