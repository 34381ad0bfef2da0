import { describe, expect, it } from 'vitest';
import type { PolicyFieldsFragment } from '../../gql/graphql.ts';
import { RefusedError } from '../../data/userErrors.ts';
import { inputOf, numbersOf, policyChanges, rebased, refusedFields, withPreset } from './policyDraft.ts';

const base: PolicyFieldsFragment = {
  version: 4, windowDays: 180, handleWithinHours: 48, highRiskFrom: 70, mediumRiskFrom: 40, adjustHigh: -1, adjustMedium: 0, adjustLow: 1,
  maxOrderAgeDays: 90, requireRejectedReport: false, linkedPairsCountOnce: false, holdLinkedPairs: false, holdBursts: false,
  weighVotesByRecord: false, overturnedWeight: 5, minMeanWeight: 75, holdUnanchored: false, anchorFrom: 10, requireApproval: false, secondReviewPercent: 2,
  createdBy: 'boss', createdAt: '2026-05-01T00:00:00.000Z', startsAt: '2026-05-01T00:00:00.000Z', approvedBy: null, withdrawal: null, reason: 'r',
  rules: [{ scenario: 'A', threshold: 3, enabled: true }, { scenario: 'B', threshold: 3, enabled: true }],
};

describe('a draft of a policy', () => {
  it('takes over the switches of a preset and leaves the rest', () => {
    const preset = { code: 'GUARDED' as const, linkedPairsCountOnce: false, holdLinkedPairs: false, holdBursts: false, weighVotesByRecord: true, overturnedWeight: 6, minMeanWeight: 75, holdUnanchored: true, anchorFrom: 10 };
    expect(inputOf(base, withPreset(base, preset), 'why')).toEqual({ basedOnVersion: 4, reason: 'why', weighVotesByRecord: true, overturnedWeight: 6, holdUnanchored: true });
  });

  it('is the same as its base when nothing was changed', () => {
    const same: PolicyFieldsFragment = { ...base, reason: 'another', createdBy: 'x' };
    expect(policyChanges(base, same)).toEqual([]);
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

  it('keeps what it changes, and only that, when it moves to another version', () => {
    const draft = { ...numbersOf(base), windowDays: 90, rules: [{ scenario: 'A', threshold: 3, enabled: true }, { scenario: 'B', threshold: 2, enabled: true }] };
    const onto = { ...numbersOf(base), windowDays: 120, handleWithinHours: 24, rules: [{ scenario: 'A', threshold: 5, enabled: true }, { scenario: 'B', threshold: 4, enabled: false }] };
    expect(rebased(base, draft, onto)).toEqual({ ...onto, windowDays: 90, rules: [{ scenario: 'A', threshold: 5, enabled: true }, { scenario: 'B', threshold: 2, enabled: false }] });
  });

  it('says what was refused beside the field, a scenario, or on its own', () => {
    const refusal = (message: string, field: readonly string[] | null) => ({ code: 'INVALID_POLICY' as const, message, field });
    const { at, rest } = refusedFields(
      new RefusedError([refusal('one', ['input', 'windowDays']), refusal('two', ['input', 'rules', 'A']), refusal('three', ['input', 'basedOnVersion']), refusal('four', null)]),
      ['windowDays', 'A'],
    );
    expect(at).toEqual({ windowDays: 'one', A: 'two' });
    expect((rest as Error).message).toBe('three\nfour');
    const other = new Error('away');
    expect(refusedFields(other, [])).toEqual({ at: {}, rest: other });
  });
});
