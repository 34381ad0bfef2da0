import { RefusedError } from '../../data/userErrors.ts';
import type { NumbersFieldsFragment, PolicyFieldsFragment, PolicyInput, PresetFieldsFragment } from '../../gql/graphql.ts';

/** What a policy says, be it a version or a draft. */
export type Numbers = NumbersFieldsFragment;

export const numberFields = ['windowDays', 'handleWithinHours', 'highRiskFrom', 'mediumRiskFrom', 'adjustHigh', 'adjustMedium', 'adjustLow', 'overturnedWeight', 'minMeanWeight', 'anchorFrom', 'secondReviewPercent'] as const;
export const switchFields = ['requireRejectedReport', 'linkedPairsCountOnce', 'holdLinkedPairs', 'holdBursts', 'weighVotesByRecord', 'holdUnanchored', 'requireApproval'] as const;
export type NumberField = (typeof numberFields)[number];
export type SwitchField = (typeof switchFields)[number];

/** One thing that differs between two policies. */
export interface PolicyChange {
  readonly field: NumberField | SwitchField | 'maxOrderAgeDays' | 'threshold' | 'enabled';
  /** For what is about one scenario. */
  readonly scenario: string | undefined;
  readonly before: number | boolean | null;
  readonly after: number | boolean | null;
}

export function policyChanges(before: Numbers, after: Numbers): readonly PolicyChange[] {
  const fields = [...numberFields, 'maxOrderAgeDays' as const, ...switchFields];
  const changes: PolicyChange[] = fields.map((field) => ({ field, scenario: undefined, before: before[field], after: after[field] }));
  for (const rule of after.rules) {
    const old = before.rules.find(({ scenario }) => scenario === rule.scenario);
    changes.push({ field: 'threshold', scenario: rule.scenario, before: old?.threshold ?? null, after: rule.threshold });
    changes.push({ field: 'enabled', scenario: rule.scenario, before: old?.enabled ?? null, after: rule.enabled });
  }
  return changes.filter((change) => change.before !== change.after);
}

/** The numbers of a version. */
export function numbersOf({ version: _version, createdBy: _by, createdAt: _at, startsAt: _start, approvedBy: _approved, withdrawal: _withdrawal, reason: _reason, ...numbers }: PolicyFieldsFragment): Numbers {
  return numbers;
}

/** What a preset makes of a draft: its switches and the numbers that go with them. */
export function withPreset(draft: Numbers, preset: PresetFieldsFragment): Numbers {
  const { code: _, ...fields } = preset;
  return { ...draft, ...fields };
}

/** What a draft changes about the version it is based on, as changes of another version. */
export function rebased(base: Numbers, draft: Numbers, onto: Numbers): Numbers {
  const changes = policyChanges(base, draft);
  const kept = (of: Numbers, wanted: (change: PolicyChange) => boolean) => Object.fromEntries(changes.filter(wanted).map(({ field, after }) => [field, after])) as Partial<typeof of>;
  return {
    ...onto,
    ...kept(onto, ({ scenario }) => scenario === undefined),
    rules: onto.rules.map((rule) => ({ ...rule, ...kept(onto, ({ scenario }) => scenario === rule.scenario) })),
  };
}

/** The draft as the API takes it: what differs from the version it is based on, and nothing else. */
export function inputOf(base: PolicyFieldsFragment, draft: Numbers, reason: string): PolicyInput {
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

/** What the server finds wrong, by the field at fault: a number's name, a scenario, `name`, `reason` or `startsAt`. */
export type Problems = Readonly<Record<string, string>>;

export interface Refused {
  readonly at: Problems;
  /** What no field says; undefined when the fields say all of it. */
  readonly rest: unknown;
}

/** Sorts what a draft was refused for by the fields of the page. */
export function refusedFields(error: unknown, shown: readonly string[]): Refused {
  if (!(error instanceof RefusedError)) return { at: {}, rest: error };
  const at: Record<string, string> = {};
  const rest: typeof error.refusals[number][] = [];
  for (const refusal of error.refusals) {
    const name = refusal.field?.[1] === 'rules' ? refusal.field[2] : refusal.field?.[1];
    if (name === undefined || !shown.includes(name)) rest.push(refusal);
    else at[name] = at[name] === undefined ? refusal.message : `${at[name]}\n${refusal.message}`;
  }
  return { at, rest: rest.length === 0 ? undefined : new RefusedError(rest) };
}
