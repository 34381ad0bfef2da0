import { expect, it } from 'vitest';
import { addressOf, filled, type AddressForm } from './useAddress.ts';

const form: AddressForm<{ readonly a: string | undefined; readonly b: string | undefined }> = {
  read: (params) => ({ a: filled(params.get('a')), b: filled(params.get('b')) }),
  write: addressOf,
};

it.each([
  ['a=1', { b: '2' }, 'a=1&b=2'],
  ['a=1&b=2', { a: undefined }, 'b=2'],
  ['a=1', { a: '  ' }, ''],
  ['', { a: ' x ' }, 'a=x'],
])('%s changed by %o', (before, changes, after) => {
  expect(form.write({ ...form.read(new URLSearchParams(before)), ...changes }).toString()).toBe(after);
});
