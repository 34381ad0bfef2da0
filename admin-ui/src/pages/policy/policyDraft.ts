import type { PolicyFieldsFragment, PolicyInput, PresetFieldsFragment } from '../../gql/graphql.ts';

export const numberFields = ['windowDays', 'handleWithinHours', 'highRiskFrom', 'mediumRiskFrom', 'adjustHigh', 'adjustMedium', 'adjustLow', 'overturnedWeight', 'minMeanWeight', 'anchorFrom', 'secondReviewPercent'] as const;
export const switchFields = ['requireRejectedReport', 'linkedPairsCountOnce', 'holdLinkedPairs', 'holdBursts', 'weighVotesByRecord', 'holdUnanchored'] as const;
export type NumberField = (typeof numberFields)[number];
export type SwitchField = (typeof switchFields)[number];

/** What each number may be, as the API has it. */
export const limits: Readonly<Record<NumberField | 'maxOrderAgeDays' | 'threshold', readonly [number, number]>> = {
  windowDays: [1, 3650],
  handleWithinHours: [1, 720],
  highRiskFrom: [0, 101],
  mediumRiskFrom: [0, 101],
  adjustHigh: [-10, 10],
  adjustMedium: [-10, 10],
  adjustLow: [-10, 10],
  overturnedWeight: [0, 100],
  minMeanWeight: [0, 100],
  anchorFrom: [0, 95],
  secondReviewPercent: [0, 100],
  maxOrderAgeDays: [1, 3650],
  threshold: [2, 100],
};

/** One thing that differs between two policies. */
export interface PolicyChange {
  readonly field: NumberField | SwitchField | 'maxOrderAgeDays' | 'threshold' | 'enabled';
  /** For what is about one scenario. */
  readonly scenario: string | undefined;
  readonly before: number | boolean | null;
  readonly after: number | boolean | null;
}

export function policyChanges(before: PolicyFieldsFragment, after: PolicyFieldsFragment): readonly PolicyChange[] {
  const fields = [...numberFields, 'maxOrderAgeDays' as const, ...switchFields];
  const changes: PolicyChange[] = fields.map((field) => ({ field, scenario: undefined, before: before[field], after: after[field] }));
  for (const rule of after.rules) {
    const old = before.rules.find(({ scenario }) => scenario === rule.scenario);
    changes.push({ field: 'threshold', scenario: rule.scenario, before: old?.threshold ?? null, after: rule.threshold });
    changes.push({ field: 'enabled', scenario: rule.scenario, before: old?.enabled ?? null, after: rule.enabled });
  }
  return changes.filter((change) => change.before !== change.after);
}

/** What a preset makes of a draft: its switches and the numbers that go with them. */
export function withPreset(draft: PolicyFieldsFragment, preset: PresetFieldsFragment): PolicyFieldsFragment {
  const { code: _, ...fields } = preset;
  return { ...draft, ...fields };
}

/** The draft as the API takes it: what differs from the version it is based on, and nothing else. */
export function inputOf(base: PolicyFieldsFragment, draft: PolicyFieldsFragment, reason: string): PolicyInput {
  const changes = policyChanges(base, draft);
  const rules = draft.rules.filter(({ scenario }) => changes.some((change) => change.scenario === scenario));
  const numbers = numberFields.filter((field) => base[field] !== draft[field]);
  const switches = switchFields.filter((field) => base[field] !== draft[field]);
  return {
    basedOnVersion: base.version,
    reason,
    ...(rules.length === 0 ? {} : { rules: rules.map(({ scenario, threshold, enabled }) => ({ scenario, threshold, enabled })) }),
    ...Object.fromEntries([...numbers, ...switches].map((field) => [field, draft[field]])),
    ...(base.maxOrderAgeDays === draft.maxOrderAgeDays ? {} : { maxOrderAgeDays: draft.maxOrderAgeDays }),
  };
}
