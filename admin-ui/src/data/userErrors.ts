import type { ErrorCode, RefusalFragment } from '../gql/graphql.ts';

/** A mutation that the server refused. Its messages are in the person's language. */
export class RefusedError extends Error {
  readonly refusals: readonly RefusalFragment[];

  constructor(refusals: readonly RefusalFragment[]) {
    super(refusals.map(({ message }) => message).join('\n'));
    this.name = 'RefusedError';
    this.refusals = refusals;
  }

  has(code: ErrorCode): boolean {
    return this.refusals.some((refusal) => refusal.code === code);
  }
}

/** The payload of a mutation that succeeded; throws RefusedError for one that was refused. */
export function settled<Payload extends { readonly userErrors: readonly RefusalFragment[] }>(payload: Payload): Payload {
  if (payload.userErrors.length > 0) throw new RefusedError(payload.userErrors);
  return payload;
}

/** The messages of a failure by field, and those that concern no field. */
export interface FieldProblems<Name extends string> {
  readonly at: Readonly<Partial<Record<Name, string>>>;
  /** Undefined when every message belongs to a field. */
  readonly rest: unknown;
}

/** Groups the refusals of a change by field, named as in its input. */
export function fieldProblems<Name extends string>(error: unknown, names: readonly Name[]): FieldProblems<Name> {
  const at: Partial<Record<Name, string>> = {};
  if (!(error instanceof RefusedError)) return { at, rest: error };
  const rest: RefusalFragment[] = [];
  for (const refusal of error.refusals) {
    const name = names.find((each) => each === refusal.field?.[1]);
    if (name === undefined) rest.push(refusal);
    else at[name] = at[name] === undefined ? refusal.message : `${at[name]}\n${refusal.message}`;
  }
  return { at, rest: rest.length === 0 ? undefined : new RefusedError(rest) };
}
