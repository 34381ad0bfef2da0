import { readItem, writeItem } from '../storage/browserStorage.ts';

export const languages = ['zh-CN', 'en'] as const;

export type Language = (typeof languages)[number];

const storageKey = 'cloudtag.language';

/** The language chosen before, else the first of the browser's languages that is spoken here, else English. */
export function preferredLanguage(page: Window): Language {
  const chosen = readItem(() => page.localStorage, storageKey);
  if (isLanguage(chosen)) return chosen;
  for (const tag of page.navigator.languages) {
    const language = spoken(tag);
    if (language !== undefined) return language;
  }
  return 'en';
}

export function rememberLanguage(page: Window, language: Language): void {
  writeItem(() => page.localStorage, storageKey, language);
}

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

function spoken(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}
