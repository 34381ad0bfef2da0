import { describe, expect, it } from 'vitest';
import type { PolicyFieldsFragment } from '../../gql/graphql.ts';
import { inputOf, policyChanges, withPreset } from './policyDraft.ts';

const base: PolicyFieldsFragment = {
  version: 4, windowDays: 180, handleWithinHours: 48, highRiskFrom: 70, mediumRiskFrom: 40, adjustHigh: -1, adjustMedium: 0, adjustLow: 1,
  maxOrderAgeDays: 90, requireRejectedReport: false, linkedPairsCountOnce: false, holdLinkedPairs: false, holdBursts: false,
  weighVotesByRecord: false, overturnedWeight: 5, minMeanWeight: 75, holdUnanchored: false, anchorFrom: 10, secondReviewPercent: 2,
  createdBy: 'boss', createdAt: '2026-05-01T00:00:00.000Z', reason: 'r',
  rules: [{ scenario: 'A', threshold: 3, enabled: true }, { scenario: 'B', threshold: 3, enabled: true }],
};

describe('a draft of a policy', () => {
  it('takes over the switches of a preset and leaves the rest', () => {
    const preset = { code: 'GUARDED' as const, linkedPairsCountOnce: false, holdLinkedPairs: false, holdBursts: false, weighVotesByRecord: true, overturnedWeight: 6, minMeanWeight: 75, holdUnanchored: true, anchorFrom: 10 };
    expect(inputOf(base, withPreset(base, preset), 'why')).toEqual({ basedOnVersion: 4, reason: 'why', weighVotesByRecord: true, overturnedWeight: 6, holdUnanchored: true });
  });

  it('is the same as its base when nothing was changed', () => {
    expect(policyChanges(base, { ...base, reason: 'another', createdBy: 'x' })).toEqual([]);
    expect(inputOf(base, base, 'r')).toEqual({ basedOnVersion: 4, reason: 'r' });
  });

  it('names what differs and nothing else', () => {
    const draft = { ...base, windowDays: 90, holdBursts: true, maxOrderAgeDays: null, rules: [{ scenario: 'A', threshold: 3, enabled: true }, { scenario: 'B', threshold: 2, enabled: true }] };
    expect(policyChanges(base, draft).map(({ field, scenario, before, after }) => [field, scenario, before, after])).toEqual([
      ['windowDays', undefined, 180, 90],
      ['maxOrderAgeDays', undefined, 90, null],
      ['holdBursts', undefined, false, true],
      ['threshold', 'B', 3, 2],
    ]);
    expect(inputOf(base, draft, 'why')).toEqual({
      basedOnVersion: 4, reason: 'why', windowDays: 90, holdBursts: true, maxOrderAgeDays: null, rules: [{ scenario: 'B', threshold: 2, enabled: true }],
    });
  });
});
