import { describe, expect, it } from 'vitest';
import { queueRow } from '../../testing/rows.ts';
import { compareBy, filterOf, liveFilterOf, matchesSearch, readSearch, writeSearch } from './queueSearch.ts';

const now = Date.parse('2026-05-02T00:00:00Z');

describe('the address', () => {
  it.each([
    '',
    'handling=ALL&state=CONFIRMED%2CLAPSED&scenario=RETURN_SWAPPED&buyer=b1&risk=HIGH&overdue=1&mine=1&assigned=1&escalated=1&snoozed=1&votes=2&sort=DUE_AT_ASC',
    'handling=HANDLED',
    'claimed=1&dueFrom=2026-05-02T00%3A00%3A00.000Z&dueTo=2026-05-03T00%3A00%3A00.000Z',
  ])('%j reads and writes the same', (text) => {
    expect(writeSearch(readSearch(text))).toBe(text);
  });

  it.each(['handling=odd', 'state=odd,', 'votes=-1', 'votes=1.5', 'sort=odd', 'buyer=%20', 'dueFrom=soon', 'unknown=1'])('%s is as if it was not there', (text) => {
    expect(writeSearch(readSearch(text))).toBe('');
  });

  it('says the same whatever the order of what was chosen', () => {
    expect(writeSearch(readSearch('state=LAPSED,CONFIRMED'))).toBe(writeSearch(readSearch('state=CONFIRMED,LAPSED')));
  });
});

describe('the filter', () => {
  it('is for waiting cases unless the address says otherwise', () => {
    expect(filterOf(readSearch(''))).toEqual({ handling: 'PENDING', snoozed: false });
    expect(filterOf(readSearch('handling=ALL'))).toEqual({});
    expect(filterOf(readSearch('handling=ALL&snoozed=1&assigned=1&escalated=1'))).toEqual({ snoozed: true, assignedToMe: true, escalated: true });
  });

  it('of events keeps to what can’t change', () => {
    expect(liveFilterOf(readSearch('scenario=A&buyer=b&risk=HIGH&overdue=1'))).toEqual({ scenario: 'A', buyerId: 'b' });
  });
});

describe('matchesSearch', () => {
  it.each([
    ['', {}, true],
    ['', { handling: 'HANDLED' as const }, false],
    ['handling=ALL', { handling: 'HANDLED' as const }, true],
    ['state=CONFIRMED', {}, false],
    ['scenario=RETURN_SWAPPED', {}, true],
    ['buyer=b2', {}, false],
    ['risk=LOW,MEDIUM', {}, false],
    ['overdue=1', {}, false],
    ['overdue=1', { dueAt: '2026-05-02T00:00:00.000Z' }, true],
    ['mine=1', {}, false],
    ['mine=1', { claim: { by: 'me', until: '2026-05-02T00:01:00.000Z', takenFrom: null } }, true],
    ['mine=1', { claim: { by: 'me', until: '2026-05-01T23:59:00.000Z', takenFrom: null } }, false],
    ['mine=1', { claim: { by: 'you', until: '2026-05-02T00:01:00.000Z', takenFrom: null } }, false],
    ['assigned=1', {}, false],
    ['assigned=1', { assignment: { to: 'me', by: 'lead', at: '2026-05-01T00:00:00.000Z' } }, true],
    ['assigned=1', { assignment: { to: 'you', by: 'lead', at: '2026-05-01T00:00:00.000Z' } }, false],
    ['escalated=1', {}, false],
    ['escalated=1', { escalation: { by: 'you', at: '2026-05-01T00:00:00.000Z', reason: 'r' } }, true],
    ['', { snooze: { until: '2026-05-02T00:00:01.000Z', by: 'you', reason: null } }, false],
    ['', { snooze: { until: '2026-05-02T00:00:00.000Z', by: 'you', reason: null } }, true],
    ['handling=ALL', { snooze: { until: '2026-05-02T00:00:01.000Z', by: 'you', reason: null } }, true],
    ['snoozed=1', { snooze: { until: '2026-05-02T00:00:01.000Z', by: 'you', reason: null } }, true],
    ['snoozed=1', { snooze: { until: '2026-05-02T00:00:00.000Z', by: 'you', reason: null } }, false],
    ['snoozed=1', {}, false],
    ['claimed=1', { claim: { by: 'you', until: '2026-05-02T00:01:00.000Z', takenFrom: null }, snooze: { until: '2026-05-02T00:00:01.000Z', by: 'you', reason: null } }, true],
    ['claimed=1', {}, false],
    ['claimed=1', { claim: { by: 'you', until: '2026-05-02T00:01:00.000Z', takenFrom: null } }, true],
    ['dueFrom=2026-05-02T00:00:00Z', { dueAt: '2026-05-02T00:00:00.000Z' }, true],
    ['dueTo=2026-05-02T00:00:00Z', { dueAt: '2026-05-02T00:00:00.000Z' }, false],
    ['dueTo=2026-05-02T00:00:01Z', { dueAt: '2026-05-02T00:00:00.000Z' }, true],
    ['dueFrom=2026-05-02T00:00:00Z', { dueAt: null }, false],
    ['votes=2', {}, true],
    ['votes=3', {}, false],
  ])('%j with %j: %s', (text, changes, matches) => {
    expect(matchesSearch(queueRow(changes), readSearch(text), now, 'me')).toBe(matches);
  });
});

describe('compareBy', () => {
  const early = queueRow({ id: 'a', priority: 10, dueAt: '2026-05-03T00:00:00.000Z', openedAt: '2026-05-01T00:00:00.000Z' });
  const late = queueRow({ id: 'b', priority: 20, dueAt: null, openedAt: '2026-05-02T00:00:00.000Z' });

  it.each([
    ['PRIORITY_DESC' as const, [late, early]],
    ['DUE_AT_ASC' as const, [early, late]],
    ['OPENED_AT_DESC' as const, [late, early]],
  ])('%s', (order, sorted) => {
    expect([early, late].toSorted((a, b) => compareBy(order, a, b))).toEqual(sorted);
    expect([late, early].toSorted((a, b) => compareBy(order, a, b))).toEqual(sorted);
  });
});
