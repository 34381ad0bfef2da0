import { describe, expect, it } from 'vitest';
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

describe('the texts', () => {
  const chinese = flatten(zhCN);
  const english = flatten(en);

  it('have the same keys in both languages', () => {
    expect([...english.keys()].toSorted()).toEqual([...chinese.keys()].toSorted());
  });

  it.each([...chinese.keys()])('%s is written and takes the same parts in both languages', (key) => {
    expect(chinese.get(key)?.trim()).not.toBe('');
    expect(english.get(key)?.trim()).not.toBe('');
    expect(holes(english.get(key))).toEqual(holes(chinese.get(key)));
  });
});
