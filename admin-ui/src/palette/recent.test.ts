// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest';
import { forgetWork } from '../storage/browserStorage.ts';
import type { PaletteEntry } from './entries.ts';
import { recentEntries, rememberEntry } from './recent.ts';

const entry = (n: number): PaletteEntry => ({ kind: 'buyer', path: `/buyers/b-${n}`, name: `b-${n}`, hint: '' });

beforeEach(() => window.localStorage.clear());

it('keeps the latest eight of a person, each once, until they sign out', () => {
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 3]) rememberEntry('ann', entry(n));
  expect(recentEntries('ann').map(({ name }) => name)).toEqual(['b-3', 'b-9', 'b-8', 'b-7', 'b-6', 'b-5', 'b-4', 'b-2']);
  expect(recentEntries('bob')).toEqual([]);
  forgetWork(() => window.localStorage);
  expect(recentEntries('ann')).toEqual([]);
});

it.each(['{', '{}', '[1,null,{"path":"//elsewhere"},{"path":"https://elsewhere","name":"","hint":""}]'])('makes nothing of %s', (stored) => {
  window.localStorage.setItem('cloudtag.work.recent.ann', stored);
  expect(recentEntries('ann')).toEqual([]);
});
