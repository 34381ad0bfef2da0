import { describe, expect, it } from 'vitest';
import type { FindQuery } from '../gql/graphql.ts';
import { entriesFound, ownOrder, pagesNamed } from './entries.ts';

const pages = [
  { path: '/queue', name: 'Review queue' },
  { path: '/merchants', name: 'Merchants' },
];

describe('pagesNamed', () => {
  it.each([
    ['QUEUE', ['/queue']],
    ['e', ['/queue', '/merchants']],
    ['', []],
    ['x', []],
  ])('%j', (text, paths) => {
    expect(pagesNamed(text, pages).map(({ path }) => path)).toEqual(paths);
  });
});

const oneCase = (id: string, buyer: string): FindQuery['find']['cases'][number] => ({ id, state: 'CONFIRMED', scenario: { name: 'Swapped' }, buyer: { id: buyer } });

describe('entriesFound', () => {
  it('leads each kind to its page, an order to its case or its account, and names a case once', () => {
    const found: FindQuery['find'] = {
      buyers: [{ id: 'b 1', cases: [oneCase('S:b 1', 'b 1'), oneCase('T:b 1', 'b 1')] }, { id: 'b 11', cases: [oneCase('S:b 11', 'b 11')] }],
      cases: [oneCase('S:b 1', 'b 1')],
      merchants: [{ id: 'm-1', name: 'Shop 1' }],
      orders: [
        { orderNo: '1', buyer: { id: 'b/2' }, merchant: { name: 'Shop 1' }, tag: null },
        { orderNo: '2', buyer: { id: 'b/2' }, merchant: { name: 'Shop 1' }, tag: { case: { id: 'S:b/2' } } },
      ],
    };
    expect(entriesFound(found, (state) => state).map(({ kind, path, name, hint }) => [kind, path, name, hint])).toEqual([
      ['case', '/cases/S%3Ab%201', 'Swapped b 1', 'CONFIRMED'],
      ['case', '/cases/T%3Ab%201', 'Swapped b 1', 'CONFIRMED'],
      ['buyer', '/buyers/b%201', 'b 1', ''],
      ['buyer', '/buyers/b%2011', 'b 11', ''],
      ['merchant', '/merchants/m-1', 'Shop 1', 'm-1'],
      ['order', '/buyers/b%2F2', '1', 'Shop 1'],
      ['order', '/cases/S%3Ab%2F2', '2', 'Shop 1'],
    ]);
  });
});

describe('ownOrder', () => {
  it('leads to a tagged order in the shop’s list', () => {
    expect(ownOrder({ orderNo: '7', tag: { scenario: { name: 'Swapped' } } })).toEqual([{ kind: 'order', path: '/shop?orders=7', name: '7', hint: 'Swapped' }]);
    expect(ownOrder({ orderNo: '7', tag: null })).toEqual([]);
    expect(ownOrder(null)).toEqual([]);
  });
});
