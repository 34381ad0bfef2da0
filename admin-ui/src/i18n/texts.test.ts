import { describe, expect, it } from 'vitest';
import { deskTexts } from './deskTexts.ts';
import { policyTexts } from './policyTexts.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** Every text by its dotted key. */
function flatten(texts: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

/** What the program puts into a text: {{variables}} and <tags>, in any order. */
function holes(text: string | undefined): readonly string[] {
  return (text?.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? []).toSorted();
}

const sources = Object.entries(
  import.meta.glob<string>(['../**/*.{ts,tsx}', '!../i18n/**', '!../**/*.test.*', '!../gql/**'], { query: '?raw', import: 'default', eager: true }),
);

/** Keys that the program names, and the beginnings of those that it makes up of parts. */
function usedKeys(known: ReadonlySet<string>) {
  const named = new Set<string>();
  const beginnings = new Set<string>();
  for (const [, source] of sources) {
    for (const [, key = ''] of source.matchAll(/['"`]([A-Za-z]\w*(?:\.\w+)+)['"`]/g)) if (known.has(key)) named.add(key);
    for (const [, beginning = ''] of source.matchAll(/`([A-Za-z]\w*(?:\.\w+)*\.)\$\{/g)) beginnings.add(beginning);
    for (const [, beginning = ''] of source.matchAll(/`([A-Za-z]\w*(?:\.\w+)*\.\w*)\$\{/g)) beginnings.add(beginning);
    // Keys of one word, such as t('brand').
    for (const [, key = ''] of source.matchAll(/\bt\('(\w+)'/g)) named.add(key);
  }
  return { named, beginnings: [...beginnings] };
}

describe('the texts', () => {
  const chinese = flatten({ ...zhCN, ...deskTexts['zh-CN'], ...policyTexts['zh-CN'] });
  const english = flatten({ ...en, ...deskTexts.en, ...policyTexts.en });

  it('have the same keys in both languages', () => {
    expect([...english.keys()].toSorted()).toEqual([...chinese.keys()].toSorted());
  });

  it.each([...chinese.keys()])('%s is written and takes the same parts in both languages', (key) => {
    expect(chinese.get(key)?.trim()).not.toBe('');
    expect(english.get(key)?.trim()).not.toBe('');
    expect(holes(english.get(key))).toEqual(holes(chinese.get(key)));
  });

  it('are all used', () => {
    const { named, beginnings } = usedKeys(new Set(chinese.keys()));
    const unused = [...chinese.keys()].filter((key) => !named.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(unused).toEqual([]);
  });

  it('has one for every key that is made up of parts', () => {
    const { beginnings } = usedKeys(new Set());
    const keys = [...chinese.keys()];
    // Addresses and other templates have a slash or a space before the part; only those that look like keys count.
    const orphans = beginnings.filter((beginning) => /^[a-z]+\./.test(beginning) && keys.some((key) => key.startsWith(`${beginning.split('.')[0]}.`)) && !keys.some((key) => key.startsWith(beginning)));
    expect(orphans).toEqual([]);
  });
});
