import { describe, expect, it } from 'vitest';
import { preferredLanguage, rememberLanguage } from './language.ts';

function browser(languages: readonly string[], stored: Record<string, string>): Window {
  const items = new Map(Object.entries(stored));
  const localStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  return { navigator: { languages }, localStorage } as unknown as Window;
}

describe('preferredLanguage', () => {
  it.each([
    [['zh-CN', 'en'], {}, 'zh-CN'],
    [['zh-Hant-TW'], {}, 'zh-CN'],
    [['en-GB', 'zh'], {}, 'en'],
    [['fr', 'zh-HK', 'en'], {}, 'zh-CN'],
    [['fr-FR'], {}, 'en'],
    [[], {}, 'en'],
    [['zh-CN'], { 'cloudtag.language': 'en' }, 'en'],
    [['zh-CN'], { 'cloudtag.language': 'klingon' }, 'zh-CN'],
  ])('of a browser set to %j with %j stored is %s', (languages, stored, language) => {
    expect(preferredLanguage(browser(languages, stored))).toBe(language);
  });

  it('is the one chosen last', () => {
    const page = browser(['zh-CN'], {});
    rememberLanguage(page, 'en');
    expect(preferredLanguage(page)).toBe('en');
  });
});
