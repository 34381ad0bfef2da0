import { expect, it } from 'vitest';
import { mentionParts } from './mentionParts.ts';

const marked = (text: string, mentions: readonly string[]) => mentionParts(text, mentions).map((part) => (part.mention ? `[${part.text}]` : part.text));

it.each<[string, readonly string[], readonly string[]]>([
  ['look', [], ['look']],
  ['@ann, look', ['ann'], ['[@ann]', ', look']],
  ['请@审核员甲看看 @ann', ['ann', '审核员甲'], ['请', '[@审核员甲]', '看看 ', '[@ann]']],
  ['@annika and @ann', ['ann', 'annika'], ['[@annika]', ' and ', '[@ann]']],
  ['@a.b not @axb', ['a.b'], ['[@a.b]', ' not @axb']],
  ['@x+y@example.com', ['x+y@example.com'], ['[@x+y@example.com]']],
  ['@ben', ['ann'], ['@ben']],
])('%j with %j', (text, mentions, want) => {
  expect(marked(text, mentions)).toEqual(want);
  expect(mentionParts(text, mentions).map((part) => part.text).join('')).toBe(text);
});
