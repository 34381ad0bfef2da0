import type { ErrorCode, RefusalFragment } from '../gql/graphql.ts';

/** A mutation that the server understood and refused. The messages are for the person, in their language. */
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

/** The payload of a mutation that was carried out; throws RefusedError for one that was refused. */
export function settled<Payload extends { readonly userErrors: readonly RefusalFragment[] }>(payload: Payload): Payload {
  if (payload.userErrors.length > 0) throw new RefusedError(payload.userErrors);
  return payload;
}
