import type { Decision, RiskLevel } from '../gql/graphql.ts';

/** The facts of a case that reasons depend on. Undefined where the page has not read one: reasons that need it are not offered. */
export interface ReasonFacts {
  /** Votes, and how many confirm. */
  readonly count: number;
  readonly threshold: number;
  readonly riskLevel: RiskLevel;
  /** Whether linked shops are among those that vote. */
  readonly linked: boolean;
  /** Orders of the case with a tag that counts. */
  readonly taggedOrders: number | undefined;
  /** Of the orders in the window, how many are tagged under any scenario. */
  readonly share: { readonly tagged: number; readonly orders: number } | undefined;
}

interface Rule {
  readonly key: ReasonKey;
  /** Undefined for what only the reviewer can know: offered, never preselected. */
  readonly holds?: (facts: ReasonFacts) => boolean;
}

export type ReasonKey =
  | 'confirm.independent'
  | 'confirm.risk'
  | 'confirm.pattern'
  | 'confirm.checked'
  | 'reject.linked'
  | 'reject.single'
  | 'reject.few'
  | 'reject.normal'
  | 'reject.scenario'
  | 'keep.below'
  | 'keep.evidence'
  | 'keep.watch'
  | 'keep.linked';

const risky = ({ riskLevel }: ReasonFacts) => riskLevel === 'HIGH' || riskLevel === 'MEDIUM';
const short = ({ count, threshold }: ReasonFacts) => count < threshold;

const rules: Record<Decision, readonly Rule[]> = {
  CONFIRM: [
    { key: 'confirm.independent', holds: ({ count, linked }) => count >= 2 && !linked },
    { key: 'confirm.risk', holds: risky },
    { key: 'confirm.pattern', holds: ({ taggedOrders }) => (taggedOrders ?? 0) >= 2 },
    { key: 'confirm.checked' },
  ],
  REJECT: [
    { key: 'reject.linked', holds: ({ linked }) => linked },
    { key: 'reject.single', holds: (facts) => facts.count === 1 && !risky(facts) },
    { key: 'reject.few', holds: ({ share }) => share !== undefined && share.orders >= 5 && share.tagged * 5 <= share.orders },
    { key: 'reject.normal' },
    { key: 'reject.scenario' },
  ],
  KEEP_ACCUMULATING: [
    { key: 'keep.below', holds: (facts) => short(facts) && !risky(facts) },
    { key: 'keep.watch', holds: (facts) => short(facts) && risky(facts) },
    { key: 'keep.evidence', holds: short },
    { key: 'keep.linked', holds: ({ linked }) => linked },
  ],
};

export interface ReadyReason {
  readonly key: ReasonKey;
  /** Whether the facts alone make it true. */
  readonly certain: boolean;
}

/** The reasons that can be given for a decision about all of the cases: none that is untrue of one of them. */
export function readyReasons(decision: Decision, cases: readonly ReasonFacts[]): readonly ReadyReason[] {
  return rules[decision]
    .filter(({ holds }) => holds === undefined || (cases.length > 0 && cases.every(holds)))
    .map(({ key, holds }) => ({ key, certain: holds !== undefined }));
}
