import { subjectParts } from '../console/subjectPath.ts';
import type { LogRowFragment } from '../gql/graphql.ts';

/** What an entry is about, taken from its subjects and the states before and after. */
export interface EntryFacts {
  readonly caseId: string | undefined;
  readonly scenario: string | undefined;
  readonly buyer: string | undefined;
  readonly merchant: string | undefined;
  /** The tagged or otherwise concerned order. */
  readonly order: string | undefined;
  readonly policyVersion: string | undefined;
  readonly decision: string | undefined;
  /** Reviewers whom it concerns, without who did it. */
  readonly people: readonly string[];
  readonly assignee: string | undefined;
  /** What an appeal or a second review came to. */
  readonly verdict: string | undefined;
  readonly votes: number | undefined;
  readonly threshold: number | undefined;
}

export function entryFacts(entry: LogRowFragment): EntryFacts {
  const byKind = new Map(entry.subjects.map((subject) => {
    const { kind, id } = subjectParts(subject);
    return [kind, id] as const;
  }));
  const caseId = byKind.get('case');
  const after = stateOf(entry.after);
  const decision = after['decision'];
  return {
    caseId,
    scenario: caseId === undefined ? undefined : subjectParts(caseId).kind,
    buyer: byKind.get('buyer'),
    merchant: byKind.get('merchant'),
    order: byKind.get('tag') ?? byKind.get('order'),
    policyVersion: byKind.get('policy'),
    decision: isRecord(decision) ? textOf(decision['decision']) : undefined,
    people: entry.subjects.flatMap((subject) => (subject.startsWith('reviewer:') ? [subjectParts(subject).id] : [])),
    assignee: textOf(after['assignedTo']),
    verdict: entry.action === 'appeal.decided' || entry.action === 'second_review.decided' ? textOf(after['state']) : undefined,
    votes: numberOf(after['votes']),
    threshold: numberOf(after['threshold']),
  };
}

/** A state as the log keeps it. What is no object is as if nothing was there. */
export function stateOf(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

export interface FieldChange {
  /** The path of the field, its parts joined by dots. */
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly changed: boolean;
}

/** The fields of both states, changed ones first, each in the order of the states. */
export function fieldChanges(before: string | null, after: string | null): readonly FieldChange[] {
  const old = flatten(stateOf(before));
  const now = flatten(stateOf(after));
  const fields = [...new Set([...now.keys(), ...old.keys()])];
  const changes = fields.map((field) => ({ field, before: old.get(field), after: now.get(field), changed: old.get(field) !== now.get(field) }));
  return [...changes.filter(({ changed }) => changed), ...changes.filter(({ changed }) => !changed)];
}

function flatten(state: Readonly<Record<string, unknown>>, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(state)) {
    if (isRecord(value)) for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text);
    else flat.set(prefix + key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return flat;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
