import { describe, expect, it } from 'vitest';
import type { ShopTagFragment } from '../../gql/graphql.ts';
import { compareTags } from '../../list/tagOrder.ts';
import { filterOf, filtersIn, matchesTag, tagAddress, type TagSearch } from './tagSearch.ts';

const nothing = tagAddress.read(new URLSearchParams());

function tag(changes: Partial<ShopTagFragment> = {}): ShopTagFragment {
  return {
    orderNo: '1001',
    version: 1,
    status: 'ACCUMULATING',
    markResult: 'MARK_FAILED',
    reason: '',
    note: null,
    submittedAt: new Date(2026, 4, 1, 12).toISOString(),
    statusChangedAt: new Date(2026, 4, 1, 12).toISOString(),
    handleBy: new Date(2026, 4, 3, 12).toISOString(),
    handledAt: null,
    scenario: { code: 'A', name: 'A' },
    ...changes,
  };
}

describe('the address of the tags', () => {
  it.each(['', 'orders=1001&status=EXPIRED&scenario=A&from=2026-05-01&to=2026-05-02&sort=STATUS_CHANGED_AT_DESC'])('%j is read and written', (text) => {
    expect(tagAddress.write(tagAddress.read(new URLSearchParams(text))).toString()).toBe(text);
  });

  it('leaves out what it cannot make sense of', () => {
    expect(tagAddress.read(new URLSearchParams('status=GONE&sort=NAME&from=yesterday'))).toEqual(nothing);
  });
});

describe('filterOf', () => {
  it('takes whole days of the person’s own time zone', () => {
    expect(filterOf({ ...nothing, from: '2026-05-01', to: '2026-05-02' }, undefined)).toEqual({
      submittedAfter: new Date(new Date(2026, 4, 1).getTime() - 1).toISOString(),
      submittedBefore: new Date(2026, 4, 3).toISOString(),
    });
  });

  it.each([
    ['订单号：1001，1002', ['1001', '1002']],
    ['张三', ['张三']],
  ])('looks for %j as %j', (orders, orderNos) => {
    expect(filterOf({ ...nothing, orders }, undefined)).toEqual({ orderNos });
    expect(filtersIn({ ...nothing, orders })).toBe(1);
  });
});

const searches: readonly [Partial<TagSearch>, boolean][] = [
  [{}, true],
  [{ orders: '1001 1002' }, true],
  [{ orders: '1002' }, false],
  [{ status: 'ACCUMULATING' }, true],
  [{ status: 'SUCCEEDED' }, false],
  [{ scenario: 'B' }, false],
  [{ from: '2026-05-01', to: '2026-05-01' }, true],
  [{ from: '2026-05-02' }, false],
  [{ to: '2026-04-30' }, false],
];

it.each(searches)('a tag under %j: %j', (search, belongs) => {
  expect(matchesTag(tag(), { ...nothing, ...search }, undefined)).toBe(belongs);
});

it('orders tags as the API does', () => {
  const early = tag({ orderNo: '1', submittedAt: '2026-05-01T08:00:00Z', statusChangedAt: '2026-05-04T08:00:00Z' });
  const late = tag({ orderNo: '2', submittedAt: '2026-05-01T08:00:00.5Z', statusChangedAt: '2026-05-03T08:00:00Z' });
  const same = tag({ ...late, orderNo: '3' });
  expect([early, late, same].toSorted((a, b) => compareTags(a, b, 'SUBMITTED_AT_DESC'))).toEqual([same, late, early]);
  expect([late, same, early].toSorted((a, b) => compareTags(a, b, 'SUBMITTED_AT_ASC'))).toEqual([early, late, same]);
  expect([late, early].toSorted((a, b) => compareTags(a, b, 'STATUS_CHANGED_AT_DESC'))).toEqual([early, late]);
});
