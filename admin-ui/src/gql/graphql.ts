/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Role =
  | 'MERCHANT'
  | 'REVIEWER'
  | 'ADMIN'
  | 'PLATFORM'
  | 'AUDITOR';

export type ScenarioCategory =
  | 'ORDER'
  | 'RETURN'
  | 'CLAIM'
  | 'REVIEW';

export type ScenarioEffect =
  | 'REFUSE_FREIGHT_INSURANCE'
  | 'EXCLUDE_FROM_METRICS'
  | 'FLAG_REVIEW'
  | 'LABEL_ONLY';

export type TagStatus =
  | 'ACCUMULATING'
  | 'SUCCEEDED'
  | 'EXPIRED'
  | 'REJECTED'
  | 'OVERTURNED'
  | 'VOIDED';

export type MarkResult =
  | 'MARK_FAILED'
  | 'MARK_SUCCEEDED';

export type CaseState =
  | 'ACCUMULATING'
  | 'CONFIRMED'
  | 'REJECTED'
  | 'LAPSED'
  | 'EXPIRED'
  | 'OVERTURNED';

export type Handling =
  | 'PENDING'
  | 'HANDLED';

export type Decision =
  | 'CONFIRM'
  | 'REJECT'
  | 'KEEP_ACCUMULATING';

export type RiskLevel =
  | 'UNKNOWN'
  | 'LOW'
  | 'MEDIUM'
  | 'HIGH';

export type Permission =
  | 'ACTIVE'
  | 'SUSPENDED'
  | 'REVOKED';

export type ReportOutcome =
  | 'NONE'
  | 'PENDING'
  | 'APPROVED'
  | 'REJECTED'
  | 'INSUFFICIENT_EVIDENCE';

export type ErrorCode =
  | 'EMPTY_BATCH'
  | 'TOO_MANY_ORDERS'
  | 'UNKNOWN_SCENARIO'
  | 'SCENARIO_DISABLED'
  | 'PERMISSION_REVOKED'
  | 'PERMISSION_SUSPENDED'
  | 'NOTE_TOO_LONG'
  | 'INVALID_ORDER_NO'
  | 'ORDER_NOT_FOUND'
  | 'ALREADY_TAGGED'
  | 'DUPLICATE_IN_BATCH'
  | 'INVALID_NOTE'
  | 'INVALID_IDEMPOTENCY_KEY'
  | 'INVALID_POLICY'
  | 'TOO_MANY_ROWS'
  | 'ORDER_TOO_OLD'
  | 'REPORT_REQUIRED'
  | 'IDEMPOTENCY_CONFLICT'
  | 'CONFLICT'
  | 'CLAIMED_BY_OTHER'
  | 'NOT_FOUND'
  | 'REASON_REQUIRED'
  | 'SAME_PERSON'
  | 'INVALID_STATE'
  | 'RATE_LIMITED';

export type TagFilter = {
  readonly orderNos?: ReadonlyArray<string | number> | null | undefined;
  readonly merchantId?: string | number | null | undefined;
  readonly buyerId?: string | number | null | undefined;
  readonly scenario?: string | number | null | undefined;
  readonly status?: ReadonlyArray<TagStatus> | null | undefined;
  readonly submittedAfter?: string | null | undefined;
  readonly submittedBefore?: string | null | undefined;
};

export type CaseFilter = {
  readonly state?: ReadonlyArray<CaseState> | null | undefined;
  readonly handling?: Handling | null | undefined;
  readonly scenario?: string | number | null | undefined;
  readonly buyerId?: string | number | null | undefined;
  readonly riskLevel?: ReadonlyArray<RiskLevel> | null | undefined;
  readonly overdue?: boolean | null | undefined;
  readonly claimedByMe?: boolean | null | undefined;
  readonly minVotes?: number | null | undefined;
};

export type TagOrder =
  | 'SUBMITTED_AT_DESC'
  | 'SUBMITTED_AT_ASC'
  | 'STATUS_CHANGED_AT_DESC';

export type CaseOrder =
  | 'PRIORITY_DESC'
  | 'DUE_AT_ASC'
  | 'OPENED_AT_DESC';

export type SaveViewInput = {
  readonly id?: string | number | null | undefined;
  readonly page: string;
  readonly name: string;
  readonly search: string;
  readonly shared: boolean;
};

export type DeleteViewInput = {
  readonly id: string | number;
};

export type UndoDecisionInput = {
  readonly caseId: string | number;
};

export type SubmitTagsInput = {
  readonly orderNos: ReadonlyArray<string | number>;
  readonly scenario: string | number;
  readonly note?: string | null | undefined;
  readonly idempotencyKey: string;
};

export type ClaimCaseInput = {
  readonly caseId: string | number;
  readonly token?: string | null | undefined;
};

export type ReleaseCaseInput = {
  readonly caseId: string | number;
  readonly token: string;
};

export type DecideCaseInput = {
  readonly caseId: string | number;
  readonly decision: Decision;
  readonly reason: string;
  readonly expectedVersion: number;
  readonly token?: string | null | undefined;
};

export type DecideCasesInput = {
  readonly items: ReadonlyArray<DecideCaseInput>;
};

export type ConsoleViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleViewerQuery = { readonly viewer: { readonly id: string, readonly roles: ReadonlyArray<Role>, readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission } | null, readonly can: { readonly submitTags: boolean, readonly restrictBuyers: boolean, readonly seeCases: boolean, readonly seeBuyers: boolean, readonly readLog: boolean, readonly decide: boolean, readonly administrate: boolean, readonly shareViews: boolean } } };

export type LiveCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type LiveCursorQuery = { readonly liveCursor: string };

export type RefusalFragment = { readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null };

export type CaseTagFragment = { readonly orderNo: string, readonly status: TagStatus, readonly markResult: MarkResult, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly merchant: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission, readonly tagCount: number, readonly overturnedCount: number | null }, readonly order: { readonly placedAt: string, readonly amountCents: number, readonly currency: string, readonly freightInsured: boolean, readonly reportOutcome: ReportOutcome } };

export type CaseDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type CaseDetailQuery = { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly scenario: { readonly code: string, readonly name: string, readonly definition: string, readonly category: ScenarioCategory, readonly effect: ScenarioEffect }, readonly explanation: { readonly scenarioThreshold: number, readonly riskAdjustment: number, readonly windowStart: string, readonly policyVersion: number, readonly text: string, readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string>, readonly votes: ReadonlyArray<{ readonly entityId: string, readonly tags: number, readonly lastTagAt: string, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> }> }, readonly buyer: { readonly id: string, readonly risk: { readonly score: number, readonly level: RiskLevel, readonly updatedAt: string, readonly signals: ReadonlyArray<{ readonly code: string, readonly label: string, readonly value: number, readonly weight: number }> } | null, readonly exposure: { readonly orders: number, readonly merchants: number }, readonly cases: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly handling: Handling, readonly dueAt: string | null, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number } }> }, readonly decision: { readonly policyVersion: number, readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null, readonly tags: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly markResult: MarkResult, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly merchant: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission, readonly tagCount: number, readonly overturnedCount: number | null }, readonly order: { readonly placedAt: string, readonly amountCents: number, readonly currency: string, readonly freightInsured: boolean, readonly reportOutcome: ReportOutcome } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } }, readonly claim: { readonly by: string, readonly until: string } | null } | null };

export type CaseTimelineQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type CaseTimelineQuery = { readonly case: { readonly timeline: { readonly nodes: ReadonlyArray<{ readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reason: string | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } | null };

export type CaseChangesSubscriptionVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type CaseChangesSubscription = { readonly caseChanged: { readonly cursor: string, readonly action: string, readonly case: { readonly id: string, readonly version: number } } };

export type CaseViewersSubscriptionVariables = Exact<{
  caseId: string | number;
}>;


export type CaseViewersSubscription = { readonly caseViewers: ReadonlyArray<{ readonly id: string, readonly since: string }> };

export type QueueRowFragment = { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null };

export type QueuePageQueryVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  orderBy?: CaseOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type QueuePageQuery = { readonly cases: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type QueueChangesSubscriptionVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type QueueChangesSubscription = { readonly caseChanged: { readonly cursor: string, readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } } };

export type QueueNumbersFragment = { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly handledToday: number, readonly missedToday: number };

export type QueueFiguresQueryVariables = Exact<{ [key: string]: never; }>;


export type QueueFiguresQuery = { readonly queueStats: { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly handledToday: number, readonly missedToday: number } };

export type QueueFigureChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type QueueFigureChangesSubscription = { readonly queueStats: { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly handledToday: number, readonly missedToday: number } };

export type SavedViewsQueryVariables = Exact<{
  page: string;
}>;


export type SavedViewsQuery = { readonly savedViews: ReadonlyArray<{ readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean }> };

export type SavedViewFieldsFragment = { readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean };

export type SaveViewMutationVariables = Exact<{
  input: SaveViewInput;
}>;


export type SaveViewMutation = { readonly saveView: { readonly view: { readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DeleteViewMutationVariables = Exact<{
  input: DeleteViewInput;
}>;


export type DeleteViewMutation = { readonly deleteView: { readonly deletedId: string | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ShopTagFragment = { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } };

export type ShopScenariosQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopScenariosQuery = { readonly scenarios: ReadonlyArray<{ readonly code: string, readonly name: string, readonly definition: string, readonly category: ScenarioCategory, readonly effect: ScenarioEffect, readonly enabled: boolean }> };

export type ShopTagsQueryVariables = Exact<{
  filter?: TagFilter | null | undefined;
  orderBy?: TagOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopTagsQuery = { readonly tags: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type ShopFiguresQueryVariables = Exact<{
  id: string | number;
}>;


export type ShopFiguresQuery = { readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission, readonly tagCount: number, readonly succeededCount: number } | null };

export type SubmitTagsMutationVariables = Exact<{
  input: SubmitTagsInput;
}>;


export type SubmitTagsMutation = { readonly submitTags: { readonly batchId: string | null, readonly acceptedCount: number, readonly results: ReadonlyArray<{ readonly index: number, readonly orderNo: string, readonly accepted: boolean, readonly tag: { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } } | null, readonly error: { readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null } | null }>, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ShopTagChangesSubscriptionVariables = Exact<{
  filter?: TagFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopTagChangesSubscription = { readonly tagStatusChanged: { readonly cursor: string, readonly previousStatus: TagStatus | null, readonly tag: { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } } } };

export type ClaimCaseMutationVariables = Exact<{
  input: ClaimCaseInput;
}>;


export type ClaimCaseMutation = { readonly claimCase: { readonly token: string | null, readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ReleaseCaseMutationVariables = Exact<{
  input: ReleaseCaseInput;
}>;


export type ReleaseCaseMutation = { readonly releaseCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DecideCasesMutationVariables = Exact<{
  input: DecideCasesInput;
}>;


export type DecideCasesMutation = { readonly decideCases: { readonly results: ReadonlyArray<{ readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> }> } };

export type UndoDecisionMutationVariables = Exact<{
  input: UndoDecisionInput;
}>;


export type UndoDecisionMutation = { readonly undoDecision: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly overdue: boolean, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly buyer: { readonly id: string, readonly risk: { readonly score: number } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly nextExpiryAt: string | null, readonly holds: ReadonlyArray<string> }, readonly claim: { readonly by: string, readonly until: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on UserError {
  code
  message
  field
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const CaseTagFragmentDoc = new TypedDocumentString(`
    fragment CaseTag on Tag {
  orderNo
  status
  markResult
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  merchant {
    id
    name
    entityId
    permission
    tagCount
    overturnedCount
  }
  order {
    placedAt
    amountCents
    currency
    freightInsured
    reportOutcome
  }
}
    `, {"fragmentName":"CaseTag"}) as unknown as TypedDocumentString<CaseTagFragment, unknown>;
export const QueueRowFragmentDoc = new TypedDocumentString(`
    fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}
    `, {"fragmentName":"QueueRow"}) as unknown as TypedDocumentString<QueueRowFragment, unknown>;
export const QueueNumbersFragmentDoc = new TypedDocumentString(`
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  handledToday
  missedToday
}
    `, {"fragmentName":"QueueNumbers"}) as unknown as TypedDocumentString<QueueNumbersFragment, unknown>;
export const SavedViewFieldsFragmentDoc = new TypedDocumentString(`
    fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}
    `, {"fragmentName":"SavedViewFields"}) as unknown as TypedDocumentString<SavedViewFieldsFragment, unknown>;
export const ShopTagFragmentDoc = new TypedDocumentString(`
    fragment ShopTag on Tag {
  orderNo
  version
  status
  markResult
  reason
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  scenario {
    code
    name
  }
}
    `, {"fragmentName":"ShopTag"}) as unknown as TypedDocumentString<ShopTagFragment, unknown>;
export const ConsoleViewerDocument = new TypedDocumentString(`
    query ConsoleViewer {
  viewer {
    id
    roles
    merchant {
      id
      name
      permission
    }
    can {
      submitTags
      restrictBuyers
      seeCases
      seeBuyers
      readLog
      decide
      administrate
      shareViews
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleViewerQuery, ConsoleViewerQueryVariables>;
export const LiveCursorDocument = new TypedDocumentString(`
    query LiveCursor {
  liveCursor
}
    `) as unknown as TypedDocumentString<LiveCursorQuery, LiveCursorQueryVariables>;
export const CaseDetailDocument = new TypedDocumentString(`
    query CaseDetail($id: ID!) {
  case(id: $id) {
    ...QueueRow
    scenario {
      code
      name
      definition
      category
      effect
    }
    explanation {
      scenarioThreshold
      riskAdjustment
      windowStart
      policyVersion
      text
      votes {
        entityId
        tags
        lastTagAt
        merchants {
          id
          name
        }
      }
    }
    buyer {
      id
      risk {
        score
        level
        updatedAt
        signals {
          code
          label
          value
          weight
        }
      }
      exposure {
        orders
        merchants
      }
      cases {
        id
        state
        handling
        dueAt
        scenario {
          code
          name
        }
        explanation {
          count
          threshold
        }
      }
    }
    decision {
      policyVersion
    }
    tags(first: 100) {
      nodes {
        ...CaseTag
      }
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment CaseTag on Tag {
  orderNo
  status
  markResult
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  merchant {
    id
    name
    entityId
    permission
    tagCount
    overturnedCount
  }
  order {
    placedAt
    amountCents
    currency
    freightInsured
    reportOutcome
  }
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<CaseDetailQuery, CaseDetailQueryVariables>;
export const CaseTimelineDocument = new TypedDocumentString(`
    query CaseTimeline($id: ID!, $after: Cursor) {
  case(id: $id) {
    timeline(first: 100, after: $after) {
      nodes {
        seq
        at
        actor
        action
        subjects
        reason
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CaseTimelineQuery, CaseTimelineQueryVariables>;
export const CaseChangesDocument = new TypedDocumentString(`
    subscription CaseChanges($filter: CaseFilter, $after: Cursor) {
  caseChanged(filter: $filter, after: $after) {
    cursor
    action
    case {
      id
      version
    }
  }
}
    `) as unknown as TypedDocumentString<CaseChangesSubscription, CaseChangesSubscriptionVariables>;
export const CaseViewersDocument = new TypedDocumentString(`
    subscription CaseViewers($caseId: ID!) {
  caseViewers(caseId: $caseId) {
    id
    since
  }
}
    `) as unknown as TypedDocumentString<CaseViewersSubscription, CaseViewersSubscriptionVariables>;
export const QueuePageDocument = new TypedDocumentString(`
    query QueuePage($filter: CaseFilter, $orderBy: CaseOrder, $first: Int, $after: Cursor) {
  cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...QueueRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
  }
}
    fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<QueuePageQuery, QueuePageQueryVariables>;
export const QueueChangesDocument = new TypedDocumentString(`
    subscription QueueChanges($filter: CaseFilter, $after: Cursor) {
  caseChanged(filter: $filter, after: $after) {
    cursor
    case {
      ...QueueRow
    }
  }
}
    fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<QueueChangesSubscription, QueueChangesSubscriptionVariables>;
export const QueueFiguresDocument = new TypedDocumentString(`
    query QueueFigures {
  queueStats {
    ...QueueNumbers
  }
}
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  handledToday
  missedToday
}`) as unknown as TypedDocumentString<QueueFiguresQuery, QueueFiguresQueryVariables>;
export const QueueFigureChangesDocument = new TypedDocumentString(`
    subscription QueueFigureChanges {
  queueStats {
    ...QueueNumbers
  }
}
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  handledToday
  missedToday
}`) as unknown as TypedDocumentString<QueueFigureChangesSubscription, QueueFigureChangesSubscriptionVariables>;
export const SavedViewsDocument = new TypedDocumentString(`
    query SavedViews($page: String!) {
  savedViews(page: $page) {
    ...SavedViewFields
  }
}
    fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}`) as unknown as TypedDocumentString<SavedViewsQuery, SavedViewsQueryVariables>;
export const SaveViewDocument = new TypedDocumentString(`
    mutation SaveView($input: SaveViewInput!) {
  saveView(input: $input) {
    view {
      ...SavedViewFields
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment SavedViewFields on SavedView {
  id
  page
  name
  search
  shared
  createdBy
  canEdit
}`) as unknown as TypedDocumentString<SaveViewMutation, SaveViewMutationVariables>;
export const DeleteViewDocument = new TypedDocumentString(`
    mutation DeleteView($input: DeleteViewInput!) {
  deleteView(input: $input) {
    deletedId
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<DeleteViewMutation, DeleteViewMutationVariables>;
export const ShopScenariosDocument = new TypedDocumentString(`
    query ShopScenarios {
  scenarios {
    code
    name
    definition
    category
    effect
    enabled
  }
}
    `) as unknown as TypedDocumentString<ShopScenariosQuery, ShopScenariosQueryVariables>;
export const ShopTagsDocument = new TypedDocumentString(`
    query ShopTags($filter: TagFilter, $orderBy: TagOrder, $first: Int, $after: Cursor) {
  tags(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...ShopTag
    }
    pageInfo {
      endCursor
      hasNextPage
    }
    totalCount
  }
}
    fragment ShopTag on Tag {
  orderNo
  version
  status
  markResult
  reason
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  scenario {
    code
    name
  }
}`) as unknown as TypedDocumentString<ShopTagsQuery, ShopTagsQueryVariables>;
export const ShopFiguresDocument = new TypedDocumentString(`
    query ShopFigures($id: ID!) {
  merchant(id: $id) {
    id
    name
    permission
    tagCount
    succeededCount
  }
}
    `) as unknown as TypedDocumentString<ShopFiguresQuery, ShopFiguresQueryVariables>;
export const SubmitTagsDocument = new TypedDocumentString(`
    mutation SubmitTags($input: SubmitTagsInput!) {
  submitTags(input: $input) {
    batchId
    acceptedCount
    results {
      index
      orderNo
      accepted
      tag {
        ...ShopTag
      }
      error {
        ...Refusal
      }
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment ShopTag on Tag {
  orderNo
  version
  status
  markResult
  reason
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  scenario {
    code
    name
  }
}`) as unknown as TypedDocumentString<SubmitTagsMutation, SubmitTagsMutationVariables>;
export const ShopTagChangesDocument = new TypedDocumentString(`
    subscription ShopTagChanges($filter: TagFilter, $after: Cursor) {
  tagStatusChanged(filter: $filter, after: $after) {
    cursor
    previousStatus
    tag {
      ...ShopTag
    }
  }
}
    fragment ShopTag on Tag {
  orderNo
  version
  status
  markResult
  reason
  note
  submittedAt
  statusChangedAt
  handleBy
  handledAt
  scenario {
    code
    name
  }
}`) as unknown as TypedDocumentString<ShopTagChangesSubscription, ShopTagChangesSubscriptionVariables>;
export const ClaimCaseDocument = new TypedDocumentString(`
    mutation ClaimCase($input: ClaimCaseInput!) {
  claimCase(input: $input) {
    case {
      ...QueueRow
    }
    token
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<ClaimCaseMutation, ClaimCaseMutationVariables>;
export const ReleaseCaseDocument = new TypedDocumentString(`
    mutation ReleaseCase($input: ReleaseCaseInput!) {
  releaseCase(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<ReleaseCaseMutation, ReleaseCaseMutationVariables>;
export const DecideCasesDocument = new TypedDocumentString(`
    mutation DecideCases($input: DecideCasesInput!) {
  decideCases(input: $input) {
    results {
      case {
        ...QueueRow
      }
      userErrors {
        ...Refusal
      }
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<DecideCasesMutation, DecideCasesMutationVariables>;
export const UndoDecisionDocument = new TypedDocumentString(`
    mutation UndoDecision($input: UndoDecisionInput!) {
  undoDecision(input: $input) {
    case {
      ...QueueRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}
fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  overdue
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
    risk {
      score
    }
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    nextExpiryAt
    holds
  }
  claim {
    by
    until
  }
  decision {
    decision
    by
    automatic
    at
    reason
  }
}`) as unknown as TypedDocumentString<UndoDecisionMutation, UndoDecisionMutationVariables>;