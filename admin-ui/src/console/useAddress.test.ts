// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { addressOf, filled, useAddress, type AddressForm } from './useAddress.ts';

afterEach(cleanup);

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

function renderAddress(address: string) {
  const wrapper = ({ children }: { readonly children: ReactNode }) => createElement(MemoryRouter, { initialEntries: [address] }, children);
  return renderHook(() => ({ ...useAddress(form), location: useLocation() }), { wrapper }).result;
}

it('keeps a change that is not rendered yet when the next one comes', () => {
  const page = renderAddress('/?a=0');
  const { change } = page.current;
  act(() => {
    change({ a: '1' });
    change({ b: '2' });
  });
  expect(page.current.location.search).toBe('?a=1&b=2');
  expect(page.current.search).toEqual({ a: '1', b: '2' });
});

it('begins from an address that came another way', () => {
  const page = renderAddress('/?a=0&b=0');
  act(() => page.current.become('b=3'));
  act(() => page.current.change({ a: '1' }));
  expect(page.current.location.search).toBe('?a=1&b=3');
  act(() => page.current.clear());
  act(() => page.current.change({ b: '2' }));
  expect(page.current.location.search).toBe('?b=2');
});
