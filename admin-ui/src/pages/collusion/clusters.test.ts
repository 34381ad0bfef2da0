import { describe, expect, it } from 'vitest';
import type { PairFragment } from '../../gql/graphql.ts';
import { clustersOf, sharedAccounts, type ShopTag } from './clusters.ts';

const shop = (id: string) => ({ id, name: `Shop ${id}`, entityId: id, permission: 'ACTIVE' as const });
const pair = (a: string, b: string, commonBuyers: number, lift = 20): PairFragment => ({
  a: shop(a), b: shop(b), commonBuyers, buyersOfA: 30, buyersOfB: 30, lift, at: `2026-05-0${commonBuyers % 9 + 1}T00:00:00.000Z`,
});

describe('clustersOf', () => {
  it('puts together what is linked, however the pairs come', () => {
    const pairs = [pair('c', 'd', 6), pair('x', 'y', 9), pair('a', 'b', 5, 12), pair('b', 'c', 7)];
    for (const order of [pairs, pairs.toReversed()]) {
      const clusters = clustersOf(order);
      expect(clusters.map(({ id, shops }) => [id, shops.map((each) => each.id)])).toEqual([
        ['x', ['x', 'y']],
        ['a', ['b', 'c', 'a', 'd']],
      ]);
      expect(clusters[1]).toMatchObject({ common: 7, lift: 12, at: '2026-05-08T00:00:00.000Z' });
      expect(clusters[1]?.pairs.map(({ commonBuyers }) => commonBuyers)).toEqual([7, 6, 5]);
    }
  });

  it('finds none in nothing', () => {
    expect(clustersOf([])).toEqual([]);
  });
});

describe('sharedAccounts', () => {
  const tag = (merchant: string, buyer: string, day: number): ShopTag => ({
    submittedAt: `2026-05-0${day}T00:00:00.000Z`, merchant: { id: merchant }, case: null, order: { buyer: { id: buyer } },
  });

  it('names the accounts that several shops tagged', () => {
    const tags = [tag('a', 'one', 3), tag('a', 'one', 4), tag('a', 'two', 2), tag('b', 'two', 1), tag('a', 'all', 5), tag('b', 'all', 6), tag('c', 'all', 7)];
    expect(sharedAccounts(tags)).toEqual([
      { buyerId: 'all', shops: ['a', 'b', 'c'], from: '2026-05-05T00:00:00.000Z', to: '2026-05-07T00:00:00.000Z' },
      { buyerId: 'two', shops: ['a', 'b'], from: '2026-05-01T00:00:00.000Z', to: '2026-05-02T00:00:00.000Z' },
    ]);
  });
});
