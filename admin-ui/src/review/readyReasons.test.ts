import { describe, expect, it } from 'vitest';
import type { Decision } from '../gql/graphql.ts';
import { readyReasons, type ReasonFacts } from './readyReasons.ts';

const plain: ReasonFacts = { count: 2, threshold: 3, riskLevel: 'UNKNOWN', linked: false, taggedOrders: 2, share: undefined };
const keys = (decision: Decision, ...cases: readonly Partial<ReasonFacts>[]) =>
  readyReasons(decision, cases.map((facts) => ({ ...plain, ...facts }))).map(({ key, certain }) => (certain ? key : `${key}?`));

describe('readyReasons', () => {
  it.each<[Decision, Partial<ReasonFacts>, readonly string[]]>([
    ['CONFIRM', {}, ['confirm.independent', 'confirm.pattern', 'confirm.checked?']],
    ['CONFIRM', { count: 1, taggedOrders: 1 }, ['confirm.checked?']],
    ['CONFIRM', { linked: true, taggedOrders: undefined }, ['confirm.checked?']],
    ['CONFIRM', { count: 1, taggedOrders: 1, riskLevel: 'HIGH' }, ['confirm.risk', 'confirm.checked?']],
    ['REJECT', {}, ['reject.normal?', 'reject.scenario?']],
    ['REJECT', { count: 1 }, ['reject.single', 'reject.normal?', 'reject.scenario?']],
    ['REJECT', { count: 1, riskLevel: 'HIGH' }, ['reject.normal?', 'reject.scenario?']],
    ['REJECT', { linked: true }, ['reject.linked', 'reject.normal?', 'reject.scenario?']],
    ['REJECT', { share: { tagged: 1, orders: 5 } }, ['reject.few', 'reject.normal?', 'reject.scenario?']],
    ['REJECT', { share: { tagged: 1, orders: 4 } }, ['reject.normal?', 'reject.scenario?']],
    ['REJECT', { share: { tagged: 2, orders: 9 } }, ['reject.normal?', 'reject.scenario?']],
    ['KEEP_ACCUMULATING', {}, ['keep.below', 'keep.evidence']],
    ['KEEP_ACCUMULATING', { riskLevel: 'MEDIUM' }, ['keep.watch', 'keep.evidence']],
    ['KEEP_ACCUMULATING', { count: 3, linked: true }, ['keep.linked']],
    ['KEEP_ACCUMULATING', { count: 3 }, []],
  ])('%s of a case with %j: %j', (decision, facts, want) => {
    expect(keys(decision, facts)).toEqual(want);
  });

  it('offers for several only what is true of each', () => {
    expect(keys('CONFIRM', {}, { count: 1, taggedOrders: 1 })).toEqual(['confirm.checked?']);
    expect(keys('REJECT', { count: 1 }, { count: 1 }, {})).toEqual(['reject.normal?', 'reject.scenario?']);
    expect(keys('KEEP_ACCUMULATING', {}, { riskLevel: 'HIGH' })).toEqual(['keep.evidence']);
  });

  it('is certain of nothing without a case', () => {
    expect(keys('CONFIRM')).toEqual(['confirm.checked?']);
  });
});
