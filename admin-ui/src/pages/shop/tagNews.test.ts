import { describe, expect, it } from 'vitest';
import type { ShopTagFragment, TagStatus } from '../../gql/graphql.ts';
import { changedSince, latestChange, newsOf } from './tagNews.ts';
import { visitOf } from './visit.ts';

function tag(orderNo: string, status: TagStatus, statusChangedAt = '2026-05-01T08:00:00Z'): ShopTagFragment {
  return {
    orderNo,
    version: 2,
    status,
    markResult: status === 'SUCCEEDED' ? 'MARK_SUCCEEDED' : 'MARK_FAILED',
    reason: '',
    note: null,
    submittedAt: '2026-05-01T08:00:00Z',
    statusChangedAt,
    handleBy: '2026-05-03T08:00:00Z',
    handledAt: null,
    scenario: { code: 'A', name: 'A' },
  };
}

describe('newsOf', () => {
  it('gathers orders by what their tags came to, and leaves out submissions', () => {
    const news = newsOf([
      { previousStatus: null, tag: tag('1', 'ACCUMULATING') },
      { previousStatus: 'ACCUMULATING', tag: tag('1', 'SUCCEEDED') },
      { previousStatus: 'ACCUMULATING', tag: tag('2', 'SUCCEEDED') },
      { previousStatus: 'ACCUMULATING', tag: tag('3', 'EXPIRED') },
      { previousStatus: null, tag: tag('4', 'SUCCEEDED') },
    ]);
    expect([...news]).toEqual([
      ['SUCCEEDED', ['1', '2']],
      ['EXPIRED', ['3']],
    ]);
  });
});

describe('the digest', () => {
  const tags = [
    tag('1', 'SUCCEEDED', '2026-05-03T08:00:00.5Z'),
    tag('2', 'SUCCEEDED', '2026-05-03T08:00:00Z'),
    tag('3', 'ACCUMULATING', '2026-05-04T08:00:00Z'),
    tag('4', 'REJECTED', '2026-05-02T08:00:00Z'),
  ];

  it.each([
    ['2026-05-01T08:00:00Z', { SUCCEEDED: 2, REJECTED: 1 }],
    ['2026-05-03T08:00:00Z', { SUCCEEDED: 1 }],
    ['2026-05-04T08:00:00Z', {}],
  ])('counts what changed after %s, and no submissions', (since, counts) => {
    expect(changedSince(tags, since)).toEqual(counts);
  });

  it('knows the latest change', () => {
    expect(latestChange(tags)).toBe('2026-05-04T08:00:00Z');
    expect(latestChange([])).toBeUndefined();
  });
});

/** A browser with one tab after the other. */
function browser() {
  const storage = () => {
    const items = new Map<string, string>();
    return {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: string) => void items.set(name, value),
      removeItem: (name: string) => void items.delete(name),
    } as unknown as Storage;
  };
  const localStorage = storage();
  return { tab: () => ({ localStorage, sessionStorage: storage() }) };
}

describe('a visit', () => {
  it('knows nothing the first time', () => {
    expect(visitOf('m-1', browser().tab()).since()).toBeUndefined();
  });

  it('counts from what was seen at the visit before, reloads included', () => {
    const { tab: open } = browser();
    visitOf('m-1', open()).saw('2026-05-01T08:00:00Z');
    const second = open();
    const visit = visitOf('m-1', second);
    visit.saw('2026-05-02T08:00:00Z');
    visit.saw('2026-05-01T12:00:00Z');
    expect(visit.since()).toBe('2026-05-01T08:00:00Z');
    expect(visitOf('m-1', second).since()).toBe('2026-05-01T08:00:00Z');
    expect(visitOf('m-1', open()).since()).toBe('2026-05-02T08:00:00Z');
    expect(visitOf('m-2', open()).since()).toBeUndefined();
  });

  it('counts from now on when its digest was read', () => {
    const { tab: open } = browser();
    visitOf('m-1', open()).saw('2026-05-01T08:00:00Z');
    const second = open();
    const visit = visitOf('m-1', second);
    visit.saw('2026-05-02T08:00:00Z');
    visit.caughtUp();
    expect(visit.since()).toBe('2026-05-02T08:00:00Z');
    expect(visitOf('m-1', second).since()).toBe('2026-05-02T08:00:00Z');
  });
});
