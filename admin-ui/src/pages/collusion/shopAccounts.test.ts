import { expect, it } from 'vitest';
import type { ShopTag } from './clusters.ts';
import { shopAccounts } from './shopAccounts.ts';

const shop = (id: string) => ({ id, name: `Shop ${id}` });
const tag = (merchant: string, buyer: string): ShopTag => ({ submittedAt: '2026-05-01T00:00:00Z', merchant: { id: merchant }, case: null, order: { buyer: { id: buyer } } });

it('has the account first, then those that most of its shops tagged', () => {
  const tags = [tag('a', 'x'), tag('b', 'x'), tag('a', 'two'), tag('b', 'two'), tag('a', 'all'), tag('b', 'all'), tag('c', 'all'), tag('a', 'alone'), tag('elsewhere', 'two')];
  const picture = shopAccounts('x', [shop('a'), shop('b'), shop('a'), shop('c')], tags);
  expect(picture.shops.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(picture.accounts.map(({ buyerId, shops }) => [buyerId, ...shops])).toEqual([['x', 'a', 'b', 'c'], ['all', 'a', 'b', 'c'], ['two', 'a', 'b']]);
  expect(picture.others).toBe(2);
});

it('has room for six shops and seven accounts', () => {
  const shops = Array.from({ length: 9 }, (_, n) => shop(`s${n}`));
  const tags = Array.from({ length: 10 }, (_, n) => [tag('s0', `b${n}`), tag('s1', `b${n}`)]).flat();
  const picture = shopAccounts('x', shops, tags);
  expect([picture.shops.length, picture.accounts.length, picture.others]).toEqual([6, 7, 10]);
});
