import { expect, it } from 'vitest';
import { withChanges } from './useAddress.ts';

it.each([
  ['a=1', { b: '2' }, 'a=1&b=2'],
  ['a=1&b=2', { a: undefined }, 'b=2'],
  ['a=1', { a: '  ' }, ''],
  ['', { a: ' x ' }, 'a=x'],
])('%s changed by %o', (before, changes, after) => {
  expect(withChanges(new URLSearchParams(before), changes).toString()).toBe(after);
});
