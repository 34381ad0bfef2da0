/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The state of an appeal. */
export type AppealState =
  /** Waits for a decision by someone other than the person who decided the case. */
  | 'OPEN'
  /** The case was overturned: its tags no longer count, and decisions based on them were updated. */
  | 'ACCEPTED'
  /** The case was upheld. */
  | 'DECLINED';

/** A filter for appeals. Omitted and null fields match everything. */
export type AppealFilter = {
  /** Only those in this state. */
  readonly state?: AppealState | null | undefined;
  /** Only those against this case. */
  readonly caseId?: string | number | null | undefined;
  /** Only those of this account. */
  readonly buyerId?: string | number | null | undefined;
};

/** The decision about an appeal. */
export type DecideAppealInput = {
  /** The appeal's identifier. */
  readonly id: string | number;
  /** Whether the case is overturned. */
  readonly accept: boolean;
  /** The reply for the buyer, 1 to 1,000 characters. */
  readonly reply: string;
};

/** The platform's own assessment of an account. */
export type RiskLevel =
  /** The account has no risk data. */
  | 'UNKNOWN'
  /** Scores below the policy's mediumRiskFrom. */
  | 'LOW'
  /** Scores of at least the policy's mediumRiskFrom. */
  | 'MEDIUM'
  /** Scores of at least the policy's highRiskFrom. */
  | 'HIGH';

/** Reasons that contribute to priorities. */
export type PriorityReason =
  /** The elapsed part of a period of 96 hours before the due time. */
  | 'WAITING'
  /** One vote is missing, or none. */
  | 'ONE_VOTE_SHORT'
  /** The account's risk is high. */
  | 'HIGH_RISK'
  /** The account's risk is medium. */
  | 'MEDIUM_RISK'
  /** A hold of the policy keeps votes from confirming the case, or would. */
  | 'HELD'
  /** A success refuses a payout, so money is pending. */
  | 'PAYOUT'
  /** A success removes the order from the shop's service metrics. */
  | 'METRICS'
  /** A success flags the order's review. */
  | 'REVIEW';

/** The state of a case. */
export type CaseState =
  /** Votes are below the threshold. */
  | 'ACCUMULATING'
  /** Votes reached the threshold, or a reviewer confirmed. */
  | 'CONFIRMED'
  /** A reviewer rejected the tags. */
  | 'REJECTED'
  /** It was confirmed, and the count has dropped since. */
  | 'LAPSED'
  /** Every tag left the window uncounted, or was voided. */
  | 'EXPIRED'
  /** An appeal was accepted. */
  | 'OVERTURNED';

/** Whether a case waits in the review queue. */
export type Handling =
  /** It waits for a reviewer. */
  | 'PENDING'
  /** No review is needed. */
  | 'HANDLED';

/** The possible decisions about a case. */
export type Decision =
  /** The tags in the window succeed. */
  | 'CONFIRM'
  /** The tags in the window are rejected and stop counting. */
  | 'REJECT'
  /** The tags continue to count. */
  | 'KEEP_ACCUMULATING';

/** A filter for cases. Omitted fields, null and empty lists match everything. */
export type CaseFilter = {
  /** Only cases in one of these states. */
  readonly state?: ReadonlyArray<CaseState> | null | undefined;
  /** Only cases that wait for a reviewer (PENDING), or only those that do not (HANDLED). */
  readonly handling?: Handling | null | undefined;
  /** Only cases under this scenario. */
  readonly scenario?: string | number | null | undefined;
  /** Only cases of this account. */
  readonly buyerId?: string | number | null | undefined;
  /** Only cases whose account has one of these risk levels. */
  readonly riskLevel?: ReadonlyArray<RiskLevel> | null | undefined;
  /** Only cases that are overdue now (true), or only those that are not (false). */
  readonly overdue?: boolean | null | undefined;
  /** If true, only cases that the caller has claimed. If false, all. */
  readonly claimedByMe?: boolean | null | undefined;
  /** If true, only cases assigned to the caller. If false, all. */
  readonly assignedToMe?: boolean | null | undefined;
  /** Only cases assigned to this person. */
  readonly assignedTo?: string | null | undefined;
  /** If true, only escalated cases. If false, all. */
  readonly escalated?: boolean | null | undefined;
  /** Only cases that are snoozed now (true), or only those that are not (false). */
  readonly snoozed?: boolean | null | undefined;
  /** If true, only cases that are claimed by anyone. If false, all. */
  readonly claimed?: boolean | null | undefined;
  /** Only cases with at least this number of votes, 0 or more. */
  readonly minVotes?: number | null | undefined;
  /** Only waiting cases that are due at or after this time. */
  readonly dueFrom?: string | null | undefined;
  /** Only waiting cases that are due before this time. */
  readonly dueTo?: string | null | undefined;
};

/** A sort order of cases. Ties are sorted by identifier, in the same direction. */
export type CaseOrder =
  /** Most urgent first. */
  | 'PRIORITY_DESC'
  /** Earliest due time first; cases without one come last. */
  | 'DUE_AT_ASC'
  /** Latest opened first. */
  | 'OPENED_AT_DESC';

/** Claims a case for the caller, or renews the caller's claim. */
export type ClaimCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The token of the caller's claim, to renew it (heartbeat). Omit it for a new claim. */
  readonly token?: string | null | undefined;
};

/** Releases a claim. */
export type ReleaseCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The claim's token. */
  readonly token: string;
};

/** A reviewer's decision about a case. */
export type DecideCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The decision. */
  readonly decision: Decision;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
  /** The version of the case that the reviewer saw. */
  readonly expectedVersion: number;
  /** The token of the caller's claim. Omit it if nobody has claimed the case. */
  readonly token?: string | null | undefined;
};

/** Decisions about several cases. */
export type DecideCasesInput = {
  /** Up to 100 decisions. */
  readonly items: ReadonlyArray<DecideCaseInput>;
};

/** Queues a case for review by request of a person. */
export type QueueCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
  /** The version of the case that the reviewer saw. */
  readonly expectedVersion: number;
};

/** Undoes the caller's own decision. */
export type UndoDecisionInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
};

/** A role of the caller. */
export type Role =
  /** Acts for one shop: tags its orders and reads its own tags. */
  | 'MERCHANT'
  /** Decides cases: reads all tags, cases, accounts and the log. */
  | 'REVIEWER'
  /** Reads what reviewers read, and administers the policy and permissions. */
  | 'ADMIN'
  /** A service of the platform: claims, complaints and data import. */
  | 'PLATFORM'
  /** Reads what reviewers read and changes nothing. */
  | 'AUDITOR';

/**
 * Reasons for a rejection. More may be added: treat an unknown code as a rejection with the given message. Errors that fail
 * an entire request have one of UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED, RATE_LIMITED, RESYNC, UNAVAILABLE
 * or INTERNAL in extensions.code.
 */
export type ErrorCode =
  /** The batch has no order. */
  | 'EMPTY_BATCH'
  /** The batch has more than 20 orders. */
  | 'TOO_MANY_ORDERS'
  /** The scenario does not exist. */
  | 'UNKNOWN_SCENARIO'
  /** The policy has disabled the scenario. */
  | 'SCENARIO_DISABLED'
  /** The shop's permission was revoked permanently. */
  | 'PERMISSION_REVOKED'
  /** The shop's permission is suspended during an investigation. */
  | 'PERMISSION_SUSPENDED'
  /** The note has more than 300 characters. */
  | 'NOTE_TOO_LONG'
  /** The note contains control characters or invalid Unicode. */
  | 'INVALID_NOTE'
  /** The idempotency key is not 1 to 128 visible ASCII characters. */
  | 'INVALID_IDEMPOTENCY_KEY'
  /** The order number is not 1 to 64 letters, digits, hyphens, underscores or dots. */
  | 'INVALID_ORDER_NO'
  /** The shop has no such order. Another shop's order gives the same error. */
  | 'ORDER_NOT_FOUND'
  /** The order is tagged already. Each order can be tagged only once. */
  | 'ALREADY_TAGGED'
  /** The order occurs earlier in the same batch. */
  | 'DUPLICATE_IN_BATCH'
  /** The order is older than the policy allows. */
  | 'ORDER_TOO_OLD'
  /** The order must be reported through the ordinary channel first. */
  | 'REPORT_REQUIRED'
  /** The idempotency key was used with other input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Someone else changed the record after it was read. */
  | 'CONFLICT'
  /** Someone else has claimed the case. */
  | 'CLAIMED_BY_OTHER'
  /** The record does not exist, or the caller may not see it. */
  | 'NOT_FOUND'
  /** Exactly these policy numbers must be simulated first. */
  | 'SIMULATION_REQUIRED'
  /** A reason is missing. */
  | 'REASON_REQUIRED'
  /** The second person must differ from the first. */
  | 'SAME_PERSON'
  /** The record's state does not allow the operation. */
  | 'INVALID_STATE'
  /** A number of the policy is out of range. */
  | 'INVALID_POLICY'
  /** The import has more than 1,000 rows. */
  | 'TOO_MANY_ROWS'
  /** The webhook's address, description, types or overlap is invalid; the message states what is allowed. */
  | 'INVALID_WEBHOOK'
  /** The owner has reached the maximum number of webhooks. */
  | 'TOO_MANY_WEBHOOKS'
  /** The caller has reached the maximum number of saved views. */
  | 'TOO_MANY_VIEWS'
  /** Too many requests; try again later. */
  | 'RATE_LIMITED';

/** What the insurer should do. */
export type FreightInsuranceAnswer =
  /** There is no objection to the payout. */
  | 'PAY'
  /** The payout is refused. */
  | 'REFUSE'
  /** The consumer has complained about the refusal. The outcome of the complaint will prevail. */
  | 'AWAIT_COMPLAINT';

/** The state of a complaint; all but OPEN are final. */
export type ComplaintState =
  /** It is not decided yet. */
  | 'OPEN'
  /** The consumer is right: the payout is made despite the tag. */
  | 'CONSUMER_UPHELD'
  /** The merchant is right: the payout stays refused. */
  | 'MERCHANT_UPHELD'
  /** The consumer withdrew it: the tag prevails. */
  | 'WITHDRAWN';

/** A filter for entries of the log. Omitted and null fields match everything. */
export type LogFilter = {
  /** Only entries about this record, as kind:identifier. */
  readonly subject?: string | null | undefined;
  /** Only entries with this action, such as tag.submitted. */
  readonly action?: string | null | undefined;
  /** Only entries with one of these actions; all when empty. */
  readonly actions?: ReadonlyArray<string> | null | undefined;
  /** Only entries of this actor. */
  readonly actor?: string | null | undefined;
  /** Only entries about cases of this scenario, and their tags. */
  readonly scenario?: string | number | null | undefined;
};

/** A filter for shops. Omitted and null fields match everything. */
export type MerchantFilter = {
  /** Only shops whose identifier or name contains this text, at most 200 characters. ASCII letters match in either case. */
  readonly search?: string | null | undefined;
  /** Only shops with this permission. */
  readonly permission?: Permission | null | undefined;
};

/** A shop's permission to tag. */
export type Permission =
  /** The shop may tag its orders. */
  | 'ACTIVE'
  /** The shop may not tag during an investigation. */
  | 'SUSPENDED'
  /** The shop may never tag again, and its tags do not count as votes. */
  | 'REVOKED';

/** A figure of a tally. */
export type FigureName =
  /** Tags submitted. */
  | 'TAGS'
  /** Tags that succeeded. */
  | 'SUCCEEDED'
  /** Cases that entered the queue. */
  | 'QUEUED'
  /** Decisions about cases: by reviewers, by rules and by the deadline. */
  | 'DECISIONS'
  /** Cases that reviewers decided. */
  | 'HANDLED'
  /** Cases that a reviewer confirmed. */
  | 'CONFIRMED'
  /** Cases that a reviewer rejected. */
  | 'REJECTED'
  /** Cases that a reviewer left accumulating. */
  | 'KEPT'
  /** Waiting cases that votes confirmed. */
  | 'BY_VOTES'
  /** Cases that were closed without a reviewer; see `Tally.byRule`. */
  | 'BY_RULE'
  /** Waiting cases that were left without live tags. */
  | 'SETTLED'
  /** Waiting cases that missed their deadline. */
  | 'MISSED'
  /** Cases that left the queue by their deadline. */
  | 'IN_TIME'
  /** Cases that left the queue after their deadline, without missed ones. */
  | 'LATE'
  /** Confirmations by votes that `Tally.consensus` counts. */
  | 'CONSENSUS'
  /** Appeals that were accepted. */
  | 'APPEALS_ACCEPTED'
  /** Declined appeals. */
  | 'APPEALS_DECLINED'
  /** Second reviews that were decided. */
  | 'SECOND_REVIEWS'
  /** Second reviews that agreed. */
  | 'AGREED'
  /** Second reviews that disagreed. */
  | 'DISAGREED'
  /** Second reviews of reviewers' confirmations that were decided. */
  | 'SECOND_REVIEWS_OF_REVIEWERS'
  /** Second reviews that disagreed with a reviewer's confirmation. */
  | 'DISAGREED_WITH_REVIEWERS'
  /** Second reviews of confirmations by votes that were decided. */
  | 'SECOND_REVIEWS_OF_RULES'
  /** Second reviews that disagreed with a confirmation by votes. */
  | 'DISAGREED_WITH_RULES';

/** Selects a figure, to list exactly the log entries that it counts. */
export type FigureInput = {
  /** The figure. */
  readonly name: FigureName;
  /** Only entries of this scenario. */
  readonly scenario?: string | number | null | undefined;
  /** Only entries of this reviewer's work. Other reviewers than the caller are for ADMIN and AUDITOR. */
  readonly reviewer?: string | null | undefined;
  /** Only durations of at least this many seconds; for HANDLED and CONSENSUS. */
  readonly tookFromSeconds?: number | null | undefined;
  /** Only durations below this many seconds; for HANDLED and CONSENSUS. */
  readonly tookToSeconds?: number | null | undefined;
};

/** The outcome of the ordinary report about an order. Tags are the fallback after a rejected report. */
export type ReportOutcome =
  /** There was no report. */
  | 'NONE'
  /** The report is not decided yet. */
  | 'PENDING'
  /** The report was approved. */
  | 'APPROVED'
  /** The report was rejected. */
  | 'REJECTED'
  /** The report was rejected for lack of evidence. */
  | 'INSUFFICIENT_EVIDENCE';

/** A filter for untagged orders. Omitted fields, null and empty lists match everything. */
export type UntaggedOrderFilter = {
  /** Only orders whose number contains this text, at most 64 characters. */
  readonly search?: string | null | undefined;
  /** Only orders placed after this time, exclusive. */
  readonly placedAfter?: string | null | undefined;
  /** Only orders placed before this time, exclusive. */
  readonly placedBefore?: string | null | undefined;
  /** Only orders whose report has one of these outcomes. */
  readonly reportOutcome?: ReadonlyArray<ReportOutcome> | null | undefined;
};

/** The state of a draft. */
export type PolicyDraftState =
  /** It is being edited. */
  | 'OPEN'
  /** It waits for a second administrator's approval. */
  | 'PROPOSED'
  /** It was published as a version. */
  | 'PUBLISHED'
  /** It was discarded. */
  | 'DISCARDED';

/** The available presets. */
export type PresetCode =
  /** Votes alone decide: all switches are off. */
  | 'PLAIN'
  /** Cases in which untrusted shops, or shops with overturned reports, agree go to a reviewer. */
  | 'GUARDED';

/** The rule about one scenario. Omitted and null fields stay as in the base version. */
export type PolicyRuleInput = {
  /** The scenario's code. */
  readonly scenario: string | number;
  /** Votes needed to confirm a case, before the adjustment by risk, 2 to 100. */
  readonly threshold?: number | null | undefined;
  /** Whether new tags are accepted. */
  readonly enabled?: boolean | null | undefined;
};

/** A policy as a difference from its base version. Omitted fields stay as in the base version. */
export type PolicyInput = {
  /** The base version, which must be the one in force. */
  readonly basedOnVersion: number;
  /** Length of the window in which a tag counts, in days of 24 hours, 1 to 3650. */
  readonly windowDays?: number | null | undefined;
  /** Hours within which the platform must handle a tag, 1 to 720. */
  readonly handleWithinHours?: number | null | undefined;
  /** The rules that differ, each scenario at most once. Other scenarios keep their rules. */
  readonly rules?: ReadonlyArray<PolicyRuleInput> | null | undefined;
  /** The lowest risk score of the level HIGH, 0 to 101. */
  readonly highRiskFrom?: number | null | undefined;
  /** The lowest risk score of the level MEDIUM, 0 to highRiskFrom. */
  readonly mediumRiskFrom?: number | null | undefined;
  /** Added to the threshold for an account of HIGH risk, -10 to 10. */
  readonly adjustHigh?: number | null | undefined;
  /** Added to the threshold for an account of MEDIUM risk, -10 to 10. */
  readonly adjustMedium?: number | null | undefined;
  /** Added to the threshold for an account of LOW risk, -10 to 10. */
  readonly adjustLow?: number | null | undefined;
  /** The maximum age of an order to be tagged, in days, 1 to 3650; null or 0 for no limit. If omitted, it stays unchanged. */
  readonly maxOrderAgeDays?: number | null | undefined;
  /** Whether an order can be tagged only after its ordinary report was rejected or lacked evidence. */
  readonly requireRejectedReport?: boolean | null | undefined;
  /** Whether shops that are a linked pair count as one vote. */
  readonly linkedPairsCountOnce?: boolean | null | undefined;
  /** Whether a linked pair prevents confirmation by votes. */
  readonly holdLinkedPairs?: boolean | null | undefined;
  /** Whether a burst prevents confirmation by votes. */
  readonly holdBursts?: boolean | null | undefined;
  /** Whether too low a weight of votes prevents confirmation by votes. */
  readonly weighVotesByRecord?: boolean | null | undefined;
  /** The weight of an overturned account relative to a corroborated one, 0 to 100. */
  readonly overturnedWeight?: number | null | undefined;
  /** The minimum mean weight of votes that confirm a case without a reviewer, in per cent, 0 to 100. */
  readonly minMeanWeight?: number | null | undefined;
  /** Whether the lack of a trusted shop prevents confirmation by votes. */
  readonly holdUnanchored?: boolean | null | undefined;
  /** The minimum trust of a shop that anchors the votes of others, in per cent, 0 to 95. */
  readonly anchorFrom?: number | null | undefined;
  /** The percentage of confirmations, including those by votes, that are sampled for a second review, 0 to 100. */
  readonly secondReviewPercent?: number | null | undefined;
  /** Whether a version needs a second administrator's approval. */
  readonly requireApproval?: boolean | null | undefined;
  /** An earlier version to return to. Its numbers replace those of the base version before the other fields of this input are applied. */
  readonly numbersOfVersion?: number | null | undefined;
  /** The scheduled start, within a year; null for immediately. */
  readonly startsAt?: string | null | undefined;
  /** The draft to publish, with the revision that the caller saw. */
  readonly draft?: PolicyDraftInput | null | undefined;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** A revision of a draft. */
export type PolicyDraftInput = {
  /** The draft. */
  readonly id: string | number;
  /** Its revision. */
  readonly revision: number;
};

/** A draft to save. */
export type SavePolicyDraftInput = {
  /** The draft; null for a new one. */
  readonly id?: string | number | null | undefined;
  /** The revision that the caller saw. */
  readonly revision?: number | null | undefined;
  /** Its name, 1 to 60 characters. */
  readonly name: string;
  /** Its numbers as a difference from its base version, which need not be in force any more. `reason` and `startsAt` are not saved. */
  readonly policy: PolicyInput;
};

/** A second administrator's decision about a draft. */
export type DecidePolicyDraftInput = {
  /** The draft. */
  readonly id: string | number;
  /** Whether to publish it as proposed. Otherwise it is open again. */
  readonly approve: boolean;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** The withdrawal of a scheduled version. */
export type WithdrawPolicyInput = {
  /** The scheduled version. */
  readonly version: number;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** What a restriction prevents. */
export type RestrictionMode =
  /** Placing orders. */
  | 'NO_ORDERING'
  /** Cash on delivery. */
  | 'NO_CASH_ON_DELIVERY'
  /** Payment by company transfer. */
  | 'NO_COMPANY_TRANSFER'
  /** The usual time for payment; a shorter one applies. */
  | 'SHORT_PAYMENT_WINDOW';

/** The state of a restriction. */
export type RestrictionState =
  /** The platform has not reviewed it yet; it has no effect. */
  | 'PENDING_REVIEW'
  /** It is in effect. */
  | 'ACTIVE'
  /** The platform declined it. */
  | 'DECLINED'
  /** The shop lifted it or withdrew its request. */
  | 'LIFTED';

/** A filter for restrictions. Omitted and null fields match everything. */
export type RestrictionFilter = {
  /** Only those of this shop. A merchant sees only its own shop's; another shop is FORBIDDEN. */
  readonly merchantId?: string | number | null | undefined;
  /** Only of this account; FORBIDDEN for merchants. */
  readonly buyerId?: string | number | null | undefined;
  /** Only those in this state. */
  readonly state?: RestrictionState | null | undefined;
};

/** A restriction to request. */
export type RestrictBuyerInput = {
  /** One of the shop's orders, which identifies the buyer. */
  readonly orderNo: string | number;
  /** At least one mode. */
  readonly modes: ReadonlyArray<RestrictionMode>;
  /** What happened, 1 to 500 characters, visible to the platform only. */
  readonly description: string;
};

/** The platform's review of a restriction. */
export type DecideRestrictionInput = {
  /** The restriction's identifier. */
  readonly id: string | number;
  /** Whether it takes effect. */
  readonly approve: boolean;
  /** The reason, 1 to 1,000 characters, visible to the shop. */
  readonly reason: string;
};

/** A restriction to lift. */
export type LiftRestrictionInput = {
  /** The restriction's identifier. */
  readonly id: string | number;
};

/** A violation that costs a shop its permission. */
export type ViolationKind =
  /** The shop reported an event that did not happen. */
  | 'FALSE_REPORT'
  /** The shop deliberately chose a wrong scenario. */
  | 'WRONG_SCENARIO'
  /** The shop disclosed the tag to the buyer. */
  | 'LEAKED_TO_BUYER'
  /** The shop threatened the buyer with a tag. */
  | 'THREATENED_BUYER';

/** The state of a revocation. */
export type RevocationState =
  /** Waits for a decision by a second person. */
  | 'PROPOSED'
  /** The permission is revoked; every case in which the shop has a vote is recounted. */
  | 'APPROVED'
  /** The shop keeps its permission. */
  | 'DECLINED';

/** A filter for revocations. Omitted and null fields match everything. */
export type RevocationFilter = {
  /** Only those in this state. */
  readonly state?: RevocationState | null | undefined;
  /** Only those of this shop. */
  readonly merchantId?: string | number | null | undefined;
  /** Only those for this violation. */
  readonly kind?: ViolationKind | null | undefined;
  /** Only those proposed by this person (subject of the token). */
  readonly proposedBy?: string | null | undefined;
};

/** A revocation to propose. */
export type ProposeRevocationInput = {
  /** The shop's identifier. */
  readonly merchantId: string | number;
  /** The shop's violation. */
  readonly kind: ViolationKind;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
  /** The evidence: 1 to 20 items of 1 to 1,000 characters. */
  readonly evidence: ReadonlyArray<string>;
  /** Whether to suspend the shop until the proposal is decided. Default: false. */
  readonly suspend?: boolean | null | undefined;
};

/** The decision about a proposed revocation. */
export type DecideRevocationInput = {
  /** The revocation's identifier. */
  readonly id: string | number;
  /** Whether to revoke the permission permanently. */
  readonly approve: boolean;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** The part of a purchase that a scenario is about. */
export type ScenarioCategory =
  /** Placing and receiving orders. */
  | 'ORDER'
  /** Sending goods back. */
  | 'RETURN'
  /** Refunds, compensation and complaints. */
  | 'CLAIM'
  /** Reviews of goods and shops. */
  | 'REVIEW';

/** The effect of a success on the platform's other services. None restricts an account. */
export type ScenarioEffect =
  /** Freight insurance refuses to pay for the order. */
  | 'REFUSE_FREIGHT_INSURANCE'
  /** The order does not count in the shop's service metrics. */
  | 'EXCLUDE_FROM_METRICS'
  /** The review of the order is flagged. */
  | 'FLAG_REVIEW'
  /** The label only. */
  | 'LABEL_ONLY';

/** The state of a second review. */
export type SecondReviewState =
  /** Waits for a second reviewer. */
  | 'OPEN'
  /** The second reviewer agreed. */
  | 'AGREED'
  /** The second reviewer disagreed; the case was queued for a third person. */
  | 'DISAGREED'
  /** The confirmation was undone before the second review. */
  | 'DROPPED';

/** A filter for second reviews. Omitted and null fields match everything. */
export type SecondReviewFilter = {
  /** Only those in this state. */
  readonly state?: SecondReviewState | null | undefined;
  /** Only those of cases under this scenario. */
  readonly scenario?: string | number | null | undefined;
  /** Only those of this case. */
  readonly caseId?: string | number | null | undefined;
  /** Only those of this account. */
  readonly buyerId?: string | number | null | undefined;
  /** Only decided ones of this person's confirmations, or of confirmations by votes for `system:engine`. Persons other than the caller are for ADMIN and AUDITOR. */
  readonly firstBy?: string | null | undefined;
};

/** A second reviewer's verdict. */
export type DecideSecondReviewInput = {
  /** The second review's identifier. */
  readonly id: string | number;
  /** Whether the second reviewer would have confirmed the case as well. */
  readonly agree: boolean;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** The state of a tag. */
export type TagStatus =
  /** Recorded; the threshold is not met. */
  | 'ACCUMULATING'
  /** Confirmed. It stays confirmed if the count drops later. */
  | 'SUCCEEDED'
  /** It left the window uncounted. */
  | 'EXPIRED'
  /** A reviewer rejected the case. */
  | 'REJECTED'
  /** An appeal overturned the confirmation. */
  | 'OVERTURNED'
  /** Removed from the count: a mistake, or the shop's permission was revoked. */
  | 'VOIDED';

/** The label shown to merchants. */
export type MarkResult =
  /** 标记失败: recorded, threshold not met (or no longer). It does not mean that the submission failed. */
  | 'MARK_FAILED'
  /** 标记成功: confirmed. */
  | 'MARK_SUCCEEDED';

/** A filter for tags. Omitted fields, null and empty lists match everything. */
export type TagFilter = {
  /** Only tags of these orders. */
  readonly orderNos?: ReadonlyArray<string | number> | null | undefined;
  /** Only tags of this shop. A merchant sees only its own shop's; another shop is FORBIDDEN. */
  readonly merchantId?: string | number | null | undefined;
  /** Only tags of this account's orders; FORBIDDEN for merchants. */
  readonly buyerId?: string | number | null | undefined;
  /** Only tags under this scenario. */
  readonly scenario?: string | number | null | undefined;
  /** Only tags with one of these statuses. */
  readonly status?: ReadonlyArray<TagStatus> | null | undefined;
  /** Only tags submitted after this time, exclusive. */
  readonly submittedAfter?: string | null | undefined;
  /** Only tags submitted before this time, exclusive. */
  readonly submittedBefore?: string | null | undefined;
  /** Only tags created by this submission; imported tags belong to none. */
  readonly batchId?: string | number | null | undefined;
};

/** A sort order of tags. Ties are sorted by order number, in the same direction. */
export type TagOrder =
  /** Latest submission first. */
  | 'SUBMITTED_AT_DESC'
  /** Earliest submission first. */
  | 'SUBMITTED_AT_ASC'
  /** Latest change of status first. */
  | 'STATUS_CHANGED_AT_DESC';

/** A submission of a shop. */
export type SubmitTagsInput = {
  /** 1 to 20 order numbers of the shop. The payload has one result for each, in this order. */
  readonly orderNos: ReadonlyArray<string | number>;
  /** The one scenario for all of them. */
  readonly scenario: string | number;
  /** A note for all of them, at most 300 characters. Line breaks and tabs are allowed, other control characters are not. */
  readonly note?: string | null | undefined;
  /** 1 to 128 visible ASCII characters that the client generates once per submission. The same key with the same input returns the stored results and changes nothing. */
  readonly idempotencyKey: string;
};

/** A note to add to a case. */
export type AddCaseNoteInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The text, 1 to 1,000 characters. `@` followed by a reviewer's name mentions that person. */
  readonly text: string;
};

/** A note to withdraw. */
export type WithdrawCaseNoteInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The note's identifier. */
  readonly noteId: string | number;
};

/** Assigns cases to a reviewer. */
export type AssignCasesInput = {
  /** The identifiers of up to 100 cases. */
  readonly caseIds: ReadonlyArray<string | number>;
  /** The reviewer: one of `reviewers`, or the caller; null to remove the assignment. */
  readonly to?: string | null | undefined;
};

/** A case to take over. */
export type TakeOverCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
};

/** A case to snooze. */
export type SnoozeCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The end of the snooze: in the future, and before the case is due. */
  readonly until: string;
  /** The reason, at most 1,000 characters; optional. */
  readonly reason?: string | null | undefined;
};

/** A case to wake. */
export type WakeCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
};

/** A case to escalate. */
export type EscalateCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** Hands an escalated case back to the reviewers. */
export type HandBackCaseInput = {
  /** The case's identifier. */
  readonly caseId: string | number;
  /** The reason, 1 to 1,000 characters. The person who escalated it finds it in the inbox. */
  readonly reason: string;
};

/** The caller's read position of the inbox. */
export type ReadInboxInput = {
  /** The number of the last entry that was read. */
  readonly through: string | number;
};

/** Kinds of unusual facts: a share above a limit, with a probability of at most 1 in 1,000. */
export type ShopSignalKind =
  /** The shop tags more than half of its orders. */
  | 'TAGS_PER_ORDER'
  /** The shop's reports were overturned on appeal for more than one in ten of the accounts that it reported. */
  | 'OVERTURNED';

/** The state of a vetting proposal. */
export type VettingState =
  /** Waits for a decision by a second person. */
  | 'PROPOSED'
  /** The proposal was approved and has taken effect. */
  | 'APPROVED'
  /** The proposal was declined; nothing changed. */
  | 'DECLINED';

/** A vetting proposal. */
export type ProposeVettingInput = {
  /** The shop's identifier. */
  readonly merchantId: string | number;
  /** Whether to vet the shop (true) or to end its vetting (false). */
  readonly vetted: boolean;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** The decision about a proposal. */
export type DecideVettingInput = {
  /** The proposal's identifier. */
  readonly id: string | number;
  /** Whether the proposal takes effect. */
  readonly approve: boolean;
  /** The reason, 1 to 1,000 characters. */
  readonly reason: string;
};

/** A view to save. */
export type SaveViewInput = {
  /** The view to change; null or omitted for a new one. */
  readonly id?: string | number | null | undefined;
  /** The page of the console that it belongs to, 1 to 60 visible ASCII characters. */
  readonly page: string;
  /** Its name, 1 to 60 characters. */
  readonly name: string;
  /** The filter, as the page's query string of up to 1,000 characters. */
  readonly search: string;
  /** Whether all callers who may see cases should see it. */
  readonly shared: boolean;
};

/** A view to delete. */
export type DeleteViewInput = {
  /** The view's identifier. */
  readonly id: string | number;
};

/** The state of an endpoint. In every state, no event is lost. */
export type WebhookState =
  /** Events are delivered. */
  | 'ACTIVE'
  /** Deliveries were paused by a person. */
  | 'PAUSED'
  /** Deliveries were stopped by the product. */
  | 'DISABLED';

/** Why the product disabled an endpoint. */
export type WebhookDisabledReason =
  /** One event was rejected for three days. */
  | 'FAILING'
  /** The endpoint returned 410 Gone. */
  | 'GONE'
  /** Its shop's permission was revoked. */
  | 'PERMISSION_REVOKED';

/** The state of a delivery. */
export type WebhookDeliveryState =
  /** Not sent yet, or rejected so far and to be retried. */
  | 'PENDING'
  /** The receiver returned 2xx. */
  | 'DELIVERED'
  /** Skipped by a person. */
  | 'SKIPPED'
  /** Rejected and not retried: a ping. */
  | 'FAILED';

/** Why an attempt failed. */
export type WebhookFailure =
  /** The receiver returned a status other than 2xx. */
  | 'STATUS'
  /** The receiver returned a redirect, which is not followed. */
  | 'REDIRECT'
  /** No response within 10 seconds. */
  | 'TIMEOUT'
  /** The connection failed or was closed. */
  | 'UNREACHABLE'
  /** The host name could not be resolved. */
  | 'UNKNOWN_HOST'
  /** The TLS certificate is invalid. */
  | 'TLS'
  /** The address is not a public internet address. */
  | 'ADDRESS_REFUSED';

/** A filter for endpoints. Omitted and null fields match everything. */
export type WebhookEndpointFilter = {
  /** Only endpoints in this state. */
  readonly state?: WebhookState | null | undefined;
  /** Only endpoints of this shop. */
  readonly merchantId?: string | number | null | undefined;
};

/** A filter for deliveries. Omitted and null fields match everything. */
export type WebhookDeliveryFilter = {
  /** Only deliveries in one of these states. */
  readonly states?: ReadonlyArray<WebhookDeliveryState> | null | undefined;
  /** Only events of this type. */
  readonly type?: string | null | undefined;
  /** Only events of this subject, as kind:identifier. */
  readonly subject?: string | null | undefined;
};

/** An endpoint to create. */
export type CreateWebhookEndpointInput = {
  /** The URL: https, publicly reachable, without user name and fragment, at most 2,048 characters. */
  readonly url: string;
  /** The description, at most 200 characters. */
  readonly description?: string | null | undefined;
  /** The types of events, from `webhookTypes`. Default, and if empty: all. */
  readonly types?: ReadonlyArray<string> | null | undefined;
};

/** Changes of an endpoint. Omitted and null fields stay unchanged. */
export type UpdateWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
  /** The URL. */
  readonly url?: string | null | undefined;
  /** The description, at most 200 characters. */
  readonly description?: string | null | undefined;
  /** The types of events; all for an empty list. */
  readonly types?: ReadonlyArray<string> | null | undefined;
};

/** An endpoint to pause. */
export type PauseWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
};

/** An endpoint to resume. */
export type ResumeWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
  /** Whether to skip the failing events, one of each pending subject, instead of retrying them. */
  readonly skipRefused?: boolean;
};

/** An endpoint whose secret is to be rotated. */
export type RotateWebhookSecretInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
  /** Hours during which messages are additionally signed with the previous secret, 0 to 168. */
  readonly overlapHours?: number;
};

/** An endpoint to delete. */
export type DeleteWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
};

/** An endpoint to test. */
export type PingWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
};

/** The start of a replay: exactly one of seq and time. */
export type ReplayWebhookEndpointInput = {
  /** The endpoint's identifier. */
  readonly id: string | number;
  /** The number of a log entry, from 1, in decimal digits. For a shop's endpoint only ADMIN may use it. */
  readonly seq?: string | number | null | undefined;
  /** A time, at most 366 days ago. */
  readonly time?: string | null | undefined;
};

export type SignedInQueryVariables = Exact<{ [key: string]: never; }>;


export type SignedInQuery = { readonly viewer: { readonly id: string, readonly roles: ReadonlyArray<Role>, readonly merchant: { readonly id: string, readonly name: string } | null } };

export type ConsoleViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleViewerQuery = { readonly timeZone: string, readonly viewer: { readonly id: string, readonly roles: ReadonlyArray<Role>, readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission } | null, readonly can: { readonly submitTags: boolean, readonly restrictBuyers: boolean, readonly seeCases: boolean, readonly seeBuyers: boolean, readonly readLog: boolean, readonly decide: boolean, readonly administrate: boolean, readonly lead: boolean, readonly shareViews: boolean, readonly seeWebhooks: boolean, readonly manageWebhooks: boolean } } };

export type LogMovesSubscriptionVariables = Exact<{
  filter?: LogFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type LogMovesSubscription = { readonly logAppended: { readonly cursor: string } };

export type LiveCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type LiveCursorQuery = { readonly liveCursor: string };

export type RefusalFragment = { readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null };

export type ScenarioNamesQueryVariables = Exact<{ [key: string]: never; }>;


export type ScenarioNamesQuery = { readonly scenarios: ReadonlyArray<{ readonly code: string, readonly name: string }> };

export type AppealRowFragment = { readonly id: string, readonly state: AppealState, readonly statement: string, readonly filedAt: string, readonly filedBy: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly reply: string | null, readonly canDecide: boolean, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } | null };

export type AppealTagFragment = { readonly orderNo: string, readonly status: TagStatus, readonly note: string | null, readonly submittedAt: string, readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission } };

export type AppealGroundsFragment = { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly policyVersion: number, readonly holds: ReadonlyArray<string>, readonly text: string };

export type AppealsPageQueryVariables = Exact<{
  filter?: AppealFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AppealsPageQuery = { readonly appealConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: AppealState, readonly statement: string, readonly filedAt: string, readonly filedBy: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly reply: string | null, readonly canDecide: boolean, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type AppealDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type AppealDetailQuery = { readonly appeal: { readonly id: string, readonly state: AppealState, readonly statement: string, readonly filedAt: string, readonly filedBy: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly reply: string | null, readonly canDecide: boolean, readonly facts: { readonly state: CaseState, readonly version: number, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly reasonText: string, readonly at: string } | null, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly policyVersion: number, readonly holds: ReadonlyArray<string>, readonly text: string }, readonly tags: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly note: string | null, readonly submittedAt: string, readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission } }> } | null, readonly case: { readonly version: number, readonly id: string, readonly state: CaseState, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly reasonText: string, readonly at: string } | null, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly policyVersion: number, readonly holds: ReadonlyArray<string>, readonly text: string }, readonly tags: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly note: string | null, readonly submittedAt: string, readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission } }> }, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } | null } | null };

export type DecideAppealMutationVariables = Exact<{
  input: DecideAppealInput;
}>;


export type DecideAppealMutation = { readonly decideAppeal: { readonly appeal: { readonly id: string, readonly state: AppealState, readonly statement: string, readonly filedAt: string, readonly filedBy: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly reply: string | null, readonly canDecide: boolean, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type BuyerRecordQueryVariables = Exact<{
  id: string | number;
}>;


export type BuyerRecordQuery = { readonly buyer: { readonly id: string, readonly cases: ReadonlyArray<{ readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null }>, readonly complaints: ReadonlyArray<{ readonly id: string, readonly orderNo: string, readonly state: ComplaintState, readonly openedAt: string, readonly decidedAt: string | null }>, readonly restrictions: ReadonlyArray<{ readonly id: string, readonly buyerId: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly decidedBy: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } }>, readonly appeals: ReadonlyArray<{ readonly id: string, readonly state: AppealState, readonly statement: string, readonly filedAt: string, readonly filedBy: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly reply: string | null, readonly canDecide: boolean, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } | null }>, readonly tags: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly merchant: { readonly id: string, readonly name: string } }> }, readonly risk: { readonly score: number, readonly level: RiskLevel, readonly updatedAt: string, readonly signals: ReadonlyArray<{ readonly code: string, readonly label: string, readonly value: number, readonly unit: string | null, readonly weight: number }> } | null, readonly exposure: { readonly orders: number, readonly merchants: number, readonly taggedOrders: number | null } } | null };

export type BuyerTagFragment = { readonly orderNo: string, readonly status: TagStatus, readonly version: number, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly scenario: { readonly effect: ScenarioEffect, readonly name: string }, readonly merchant: { readonly id: string, readonly name: string }, readonly order: { readonly freightInsured: boolean, readonly amountCents: number, readonly currency: string }, readonly case: { readonly id: string, readonly buyer: { readonly id: string } } | null };

export type BuyerTagsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type BuyerTagsQuery = { readonly buyer: { readonly tags: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly version: number, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly scenario: { readonly effect: ScenarioEffect, readonly name: string }, readonly merchant: { readonly id: string, readonly name: string }, readonly order: { readonly freightInsured: boolean, readonly amountCents: number, readonly currency: string }, readonly case: { readonly id: string, readonly buyer: { readonly id: string } } | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } | null };

export type FreightInsuranceAnswerQueryVariables = Exact<{
  orderNo: string | number;
}>;


export type FreightInsuranceAnswerQuery = { readonly freightInsuranceDecision: { readonly orderNo: string, readonly answer: FreightInsuranceAnswer, readonly grounds: string, readonly decidedAt: string, readonly version: number } };

export type CaseTagFragment = { readonly orderNo: string, readonly status: TagStatus, readonly markResult: MarkResult, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly merchant: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly orders: number, readonly taggedOrders: number, readonly orderDays: number } | null }, readonly order: { readonly placedAt: string, readonly amountCents: number, readonly currency: string, readonly freightInsured: boolean, readonly reportOutcome: ReportOutcome } };

export type BuyerRiskFragment = { readonly risk: { readonly score: number, readonly level: RiskLevel, readonly updatedAt: string, readonly signals: ReadonlyArray<{ readonly code: string, readonly label: string, readonly value: number, readonly unit: string | null, readonly weight: number }> } | null, readonly exposure: { readonly orders: number, readonly merchants: number, readonly taggedOrders: number | null } };

export type CollusionFragment = { readonly burst: { readonly entities: number, readonly from: string, readonly to: string } | null, readonly linkedPairs: ReadonlyArray<{ readonly commonBuyers: number, readonly buyersOfA: number, readonly buyersOfB: number, readonly lift: number, readonly a: { readonly id: string, readonly name: string }, readonly b: { readonly id: string, readonly name: string } }>, readonly shops: ReadonlyArray<{ readonly id: string, readonly name: string, readonly record: { readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null }> };

export type CaseDetailQueryVariables = Exact<{
  id: string | number;
  timeZone?: string | null | undefined;
}>;


export type CaseDetailQuery = { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly scenario: { readonly code: string, readonly name: string, readonly definition: string, readonly category: ScenarioCategory, readonly effect: ScenarioEffect }, readonly explanation: { readonly scenarioThreshold: number, readonly riskAdjustment: number, readonly windowStart: string, readonly nextExpiryAt: string | null, readonly policyVersion: number, readonly text: string, readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly votes: ReadonlyArray<{ readonly entityId: string, readonly tags: number, readonly lastTagAt: string, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> }>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly buyer: { readonly id: string, readonly appeals: ReadonlyArray<{ readonly id: string, readonly state: AppealState, readonly case: { readonly id: string } | null }>, readonly cases: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly handling: Handling, readonly dueAt: string | null, readonly decision: { readonly decision: Decision } | null, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number } }>, readonly risk: { readonly score: number, readonly level: RiskLevel, readonly updatedAt: string, readonly signals: ReadonlyArray<{ readonly code: string, readonly label: string, readonly value: number, readonly unit: string | null, readonly weight: number }> } | null, readonly exposure: { readonly orders: number, readonly merchants: number, readonly taggedOrders: number | null } }, readonly decision: { readonly policyVersion: number, readonly reasonText: string, readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null, readonly priorityParts: ReadonlyArray<{ readonly reason: PriorityReason, readonly hours: number }>, readonly evidence: { readonly orders: number, readonly note: string | null, readonly otherCases: number, readonly amounts: ReadonlyArray<{ readonly cents: number, readonly currency: string }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> }, readonly signals: { readonly burst: { readonly entities: number, readonly from: string, readonly to: string } | null, readonly linkedPairs: ReadonlyArray<{ readonly commonBuyers: number, readonly buyersOfA: number, readonly buyersOfB: number, readonly lift: number, readonly a: { readonly id: string, readonly name: string }, readonly b: { readonly id: string, readonly name: string } }>, readonly shops: ReadonlyArray<{ readonly id: string, readonly name: string, readonly record: { readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null }> }, readonly tags: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly markResult: MarkResult, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly merchant: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly orders: number, readonly taggedOrders: number, readonly orderDays: number } | null }, readonly order: { readonly placedAt: string, readonly amountCents: number, readonly currency: string, readonly freightInsured: boolean, readonly reportOutcome: ReportOutcome } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null } | null };

export type CaseTimelineQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type CaseTimelineQuery = { readonly case: { readonly timeline: { readonly nodes: ReadonlyArray<{ readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reasonText: string | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } } | null };

export type CaseChangesSubscriptionVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type CaseChangesSubscription = { readonly caseChanged: { readonly cursor: string, readonly action: string, readonly case: { readonly id: string, readonly version: number } } };

export type CaseViewersSubscriptionVariables = Exact<{
  caseId: string | number;
}>;


export type CaseViewersSubscription = { readonly caseViewers: ReadonlyArray<{ readonly id: string, readonly since: string }> };

export type PairFragment = { readonly commonBuyers: number, readonly buyersOfA: number, readonly buyersOfB: number, readonly lift: number, readonly at: string, readonly a: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission }, readonly b: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission } };

export type PairedShopFragment = { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission };

export type LinkedPairsQueryVariables = Exact<{ [key: string]: never; }>;


export type LinkedPairsQuery = { readonly linkedPairs: ReadonlyArray<{ readonly commonBuyers: number, readonly buyersOfA: number, readonly buyersOfB: number, readonly lift: number, readonly at: string, readonly a: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission }, readonly b: { readonly id: string, readonly name: string, readonly entityId: string | null, readonly permission: Permission } }> };

export type ShopStandingQueryVariables = Exact<{
  id: string | number;
}>;


export type ShopStandingQuery = { readonly merchant: { readonly record: { readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null } | null };

export type TagsOfShopQueryVariables = Exact<{
  merchantId: string | number;
}>;


export type TagsOfShopQuery = { readonly tags: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly submittedAt: string, readonly status: TagStatus, readonly merchant: { readonly id: string }, readonly case: { readonly id: string } | null, readonly order: { readonly buyer: { readonly id: string } | null } }> } };

export type AgreementFieldsFragment = { readonly agreedWithReviewers: number, readonly disagreedWithReviewers: number, readonly agreedWithRules: number, readonly disagreedWithRules: number };

export type HistogramFieldsFragment = { readonly count: number, readonly meanSeconds: number | null, readonly buckets: ReadonlyArray<{ readonly fromSeconds: number, readonly toSeconds: number | null, readonly count: number }> };

export type DashboardQueryVariables = Exact<{
  from: string;
  to: string;
  scenario?: string | number | null | undefined;
}>;


export type DashboardQuery = { readonly metrics: { readonly behind: number, readonly countedAt: string | null, readonly days: ReadonlyArray<{ readonly day: string, readonly end: string, readonly tally: { readonly tags: number, readonly inTime: number, readonly late: number, readonly missed: number } }>, readonly scenarios: ReadonlyArray<{ readonly scenario: { readonly code: string, readonly name: string }, readonly tally: { readonly tags: number, readonly succeeded: number, readonly agreedWithReviewers: number, readonly disagreedWithReviewers: number, readonly agreedWithRules: number, readonly disagreedWithRules: number } }>, readonly total: { readonly tags: number, readonly succeeded: number, readonly queued: number, readonly confirmed: number, readonly rejected: number, readonly kept: number, readonly byVotes: number, readonly missed: number, readonly inTime: number, readonly late: number, readonly appealsAccepted: number, readonly appealsDeclined: number, readonly agreedWithReviewers: number, readonly disagreedWithReviewers: number, readonly agreedWithRules: number, readonly disagreedWithRules: number, readonly handling: { readonly count: number, readonly meanSeconds: number | null, readonly buckets: ReadonlyArray<{ readonly fromSeconds: number, readonly toSeconds: number | null, readonly count: number }> }, readonly consensus: { readonly count: number, readonly meanSeconds: number | null, readonly buckets: ReadonlyArray<{ readonly fromSeconds: number, readonly toSeconds: number | null, readonly count: number }> } } }, readonly reviewerTallies: ReadonlyArray<{ readonly reviewer: string, readonly medianHandlingSeconds: number | null, readonly tally: { readonly confirmed: number, readonly rejected: number, readonly kept: number, readonly appealsAccepted: number, readonly appealsDeclined: number, readonly agreedWithReviewers: number, readonly disagreedWithReviewers: number, readonly agreedWithRules: number, readonly disagreedWithRules: number } }> };

export type DashboardQueueQueryVariables = Exact<{ [key: string]: never; }>;


export type DashboardQueueQuery = { readonly queueAges: ReadonlyArray<{ readonly fromSeconds: number | null, readonly toSeconds: number | null, readonly dueFrom: string | null, readonly dueTo: string | null, readonly cases: number }>, readonly cases: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly dueAt: string | null, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> } };

export type LogRowFragment = { readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reasonText: string | null, readonly before: string | null, readonly after: string | null };

export type LogPageQueryVariables = Exact<{
  subject?: string | null | undefined;
  action?: string | null | undefined;
  actor?: string | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
  figure?: FigureInput | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  count?: boolean;
}>;


export type LogPageQuery = { readonly log: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reasonText: string | null, readonly before: string | null, readonly after: string | null }>, readonly pageInfo: { readonly startCursor: string | null, readonly hasPreviousPage: boolean } } };

export type LogEntryDetailQueryVariables = Exact<{
  seq: string | number;
}>;


export type LogEntryDetailQuery = { readonly logEntry: { readonly hash: string, readonly intact: boolean, readonly entry: { readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reasonText: string | null, readonly before: string | null, readonly after: string | null } } | null };

export type LogAppendedSubscriptionVariables = Exact<{
  filter?: LogFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type LogAppendedSubscription = { readonly logAppended: { readonly cursor: string, readonly node: { readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly subjects: ReadonlyArray<string>, readonly reasonText: string | null, readonly before: string | null, readonly after: string | null } } };

export type MerchantRowFragment = { readonly id: string, readonly name: string, readonly permission: Permission, readonly entityId: string | null, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly vetted: boolean, readonly trust: number, readonly weight: number, readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null };

export type ShopShareFragment = { readonly orders: number, readonly taggedOrders: number, readonly orderDays: number };

export type ShopSignalsFragment = { readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> };

export type MerchantsPageQueryVariables = Exact<{
  filter?: MerchantFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  count?: boolean;
}>;


export type MerchantsPageQuery = { readonly merchants: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly permission: Permission, readonly entityId: string | null, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly vetted: boolean, readonly trust: number, readonly weight: number, readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type RevocationRowFragment = { readonly id: string, readonly kind: ViolationKind, readonly state: RevocationState, readonly reason: string, readonly evidence: ReadonlyArray<string>, readonly suspended: boolean, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly casesToRecount: number, readonly casesRecounted: number, readonly completedAt: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } };

export type RevocationsPageQueryVariables = Exact<{
  filter?: RevocationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RevocationsPageQuery = { readonly revocationConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: ViolationKind, readonly state: RevocationState, readonly reason: string, readonly evidence: ReadonlyArray<string>, readonly suspended: boolean, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly casesToRecount: number, readonly casesRecounted: number, readonly completedAt: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type MerchantRecordQueryVariables = Exact<{
  id: string | number;
}>;


export type MerchantRecordQuery = { readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission, readonly entityId: string | null, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly accounts: number, readonly credit: number, readonly overturnedAccounts: number, readonly rejectedAccounts: number, readonly vetted: boolean, readonly trust: number, readonly weight: number, readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null } | null };

export type MerchantDetailFragment = { readonly id: string, readonly name: string, readonly permission: Permission, readonly entityId: string | null, readonly tagCount: number, readonly succeededCount: number, readonly overturnedCount: number | null, readonly record: { readonly accounts: number, readonly credit: number, readonly overturnedAccounts: number, readonly rejectedAccounts: number, readonly vetted: boolean, readonly trust: number, readonly weight: number, readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null };

export type ShopsStandingOutQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopsStandingOutQuery = { readonly shopsStandingOut: ReadonlyArray<{ readonly id: string, readonly name: string, readonly record: { readonly orders: number, readonly taggedOrders: number, readonly orderDays: number, readonly signals: ReadonlyArray<{ readonly kind: ShopSignalKind, readonly text: string }> } | null }> };

export type ReportedAccountsQueryVariables = Exact<{
  merchantId: string | number;
}>;


export type ReportedAccountsQuery = { readonly reportedAccounts: ReadonlyArray<{ readonly buyerId: string, readonly at: string, readonly credit: number, readonly otherShops: number, readonly overturned: boolean, readonly rejected: boolean, readonly borneOutBy: ReadonlyArray<{ readonly id: string, readonly name: string }> }> };

export type VettingRowFragment = { readonly id: string, readonly vetted: boolean, readonly state: VettingState, readonly reason: string, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } };

export type VettingsQueryVariables = Exact<{
  state?: VettingState | null | undefined;
  merchantId?: string | number | null | undefined;
}>;


export type VettingsQuery = { readonly vettings: ReadonlyArray<{ readonly id: string, readonly vetted: boolean, readonly state: VettingState, readonly reason: string, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } }> };

export type ProposeVettingMutationVariables = Exact<{
  input: ProposeVettingInput;
}>;


export type ProposeVettingMutation = { readonly proposeVetting: { readonly vetting: { readonly id: string, readonly vetted: boolean, readonly state: VettingState, readonly reason: string, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DecideVettingMutationVariables = Exact<{
  input: DecideVettingInput;
}>;


export type DecideVettingMutation = { readonly decideVetting: { readonly vetting: { readonly id: string, readonly vetted: boolean, readonly state: VettingState, readonly reason: string, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type MerchantTagFragment = { readonly orderNo: string, readonly status: TagStatus, readonly version: number, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly scenario: { readonly name: string }, readonly case: { readonly id: string, readonly buyer: { readonly id: string } } | null };

export type MerchantTagsQueryVariables = Exact<{
  filter?: TagFilter | null | undefined;
  orderBy?: TagOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  count?: boolean;
}>;


export type MerchantTagsQuery = { readonly tags: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly status: TagStatus, readonly version: number, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly scenario: { readonly name: string }, readonly case: { readonly id: string, readonly buyer: { readonly id: string } } | null }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type ProposeRevocationMutationVariables = Exact<{
  input: ProposeRevocationInput;
}>;


export type ProposeRevocationMutation = { readonly proposeRevocation: { readonly revocation: { readonly id: string, readonly kind: ViolationKind, readonly state: RevocationState, readonly reason: string, readonly evidence: ReadonlyArray<string>, readonly suspended: boolean, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly casesToRecount: number, readonly casesRecounted: number, readonly completedAt: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DecideRevocationMutationVariables = Exact<{
  input: DecideRevocationInput;
}>;


export type DecideRevocationMutation = { readonly decideRevocation: { readonly revocation: { readonly id: string, readonly kind: ViolationKind, readonly state: RevocationState, readonly reason: string, readonly evidence: ReadonlyArray<string>, readonly suspended: boolean, readonly proposedBy: string, readonly proposedAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null, readonly casesToRecount: number, readonly casesRecounted: number, readonly completedAt: string | null, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type PolicyFieldsFragment = { readonly version: number, readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly createdBy: string, readonly createdAt: string, readonly startsAt: string, readonly approvedBy: string | null, readonly reason: string, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }>, readonly withdrawal: { readonly by: string, readonly at: string, readonly reason: string } | null };

export type NumbersFieldsFragment = { readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }> };

export type PolicyStandingQueryVariables = Exact<{ [key: string]: never; }>;


export type PolicyStandingQuery = { readonly policyTimeline: { readonly inForce: { readonly version: number, readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly createdBy: string, readonly createdAt: string, readonly startsAt: string, readonly approvedBy: string | null, readonly reason: string, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }>, readonly withdrawal: { readonly by: string, readonly at: string, readonly reason: string } | null }, readonly scheduled: { readonly version: number, readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly createdBy: string, readonly createdAt: string, readonly startsAt: string, readonly approvedBy: string | null, readonly reason: string, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }>, readonly withdrawal: { readonly by: string, readonly at: string, readonly reason: string } | null } | null, readonly latest: { readonly version: number } } };

export type PolicyVersionQueryVariables = Exact<{
  version?: number | null | undefined;
}>;


export type PolicyVersionQuery = { readonly policy: { readonly version: number, readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly createdBy: string, readonly createdAt: string, readonly startsAt: string, readonly approvedBy: string | null, readonly reason: string, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }>, readonly withdrawal: { readonly by: string, readonly at: string, readonly reason: string } | null } };

export type PresetFieldsFragment = { readonly code: PresetCode, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number };

export type PolicyPresetsQueryVariables = Exact<{ [key: string]: never; }>;


export type PolicyPresetsQuery = { readonly policyPresets: ReadonlyArray<{ readonly code: PresetCode, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number }> };

export type PolicyProgressQueryVariables = Exact<{
  version: number;
}>;


export type PolicyProgressQuery = { readonly policyRollout: { readonly evaluated: number, readonly cases: number, readonly completedAt: string | null } | null };

export type ChangedCasesFragment = { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> };

export type EffectFieldsFragment = { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number };

export type SimulationFieldsFragment = { readonly by: string, readonly at: string, readonly tags: number, readonly cases: number, readonly handledPerDay: number | null, readonly overturned: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly succeededBefore: number, readonly succeededAfter: number, readonly before: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly after: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly scenarios: ReadonlyArray<{ readonly cases: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly gained: number, readonly lost: number, readonly scenario: { readonly code: string, readonly name: string } }>, readonly gained: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> }, readonly lost: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> } };

export type DraftLineFragment = { readonly id: string, readonly revision: number, readonly name: string, readonly state: PolicyDraftState, readonly basedOnVersion: number, readonly changedBy: string, readonly changedAt: string };

export type DraftFieldsFragment = { readonly canDecide: boolean, readonly publishedAs: number | null, readonly id: string, readonly revision: number, readonly name: string, readonly state: PolicyDraftState, readonly basedOnVersion: number, readonly changedBy: string, readonly changedAt: string, readonly numbers: { readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }> }, readonly proposal: { readonly by: string, readonly at: string, readonly reason: string, readonly startsAt: string | null, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null } | null };

export type PolicyDraftsQueryVariables = Exact<{ [key: string]: never; }>;


export type PolicyDraftsQuery = { readonly policyDrafts: ReadonlyArray<{ readonly id: string, readonly revision: number, readonly name: string, readonly state: PolicyDraftState, readonly basedOnVersion: number, readonly changedBy: string, readonly changedAt: string }> };

export type PolicyDraftQueryVariables = Exact<{
  id: string | number;
}>;


export type PolicyDraftQuery = { readonly policyDraft: { readonly canDecide: boolean, readonly publishedAs: number | null, readonly id: string, readonly revision: number, readonly name: string, readonly state: PolicyDraftState, readonly basedOnVersion: number, readonly changedBy: string, readonly changedAt: string, readonly simulation: { readonly by: string, readonly at: string, readonly tags: number, readonly cases: number, readonly handledPerDay: number | null, readonly overturned: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly succeededBefore: number, readonly succeededAfter: number, readonly before: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly after: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly scenarios: ReadonlyArray<{ readonly cases: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly gained: number, readonly lost: number, readonly scenario: { readonly code: string, readonly name: string } }>, readonly gained: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> }, readonly lost: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> } } | null, readonly numbers: { readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }> }, readonly proposal: { readonly by: string, readonly at: string, readonly reason: string, readonly startsAt: string | null, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null } | null } | null };

export type PolicyDraftChangesQueryVariables = Exact<{
  subject: string;
}>;


export type PolicyDraftChangesQuery = { readonly log: { readonly nodes: ReadonlyArray<{ readonly seq: number, readonly at: string, readonly actor: string, readonly action: string, readonly before: string | null, readonly after: string | null }> } };

export type PolicySimulatedSubscriptionVariables = Exact<{
  input: PolicyInput;
  handledPerDay?: number | null | undefined;
}>;


export type PolicySimulatedSubscription = { readonly policySimulated: { readonly done: number, readonly of: number, readonly simulation: { readonly by: string, readonly at: string, readonly tags: number, readonly cases: number, readonly handledPerDay: number | null, readonly overturned: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly succeededBefore: number, readonly succeededAfter: number, readonly before: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly after: { readonly queued: number, readonly queuedPerDay: number | null, readonly peak: number, readonly peakDay: string | null, readonly missed: number | null, readonly overturnedConfirmed: number, readonly overturnedHeld: number }, readonly scenarios: ReadonlyArray<{ readonly cases: number, readonly confirmedBefore: number, readonly confirmedAfter: number, readonly gained: number, readonly lost: number, readonly scenario: { readonly code: string, readonly name: string } }>, readonly gained: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> }, readonly lost: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> } } | null } };

export type SavePolicyDraftMutationVariables = Exact<{
  input: SavePolicyDraftInput;
}>;


export type SavePolicyDraftMutation = { readonly savePolicyDraft: { readonly draft: { readonly canDecide: boolean, readonly publishedAs: number | null, readonly id: string, readonly revision: number, readonly name: string, readonly state: PolicyDraftState, readonly basedOnVersion: number, readonly changedBy: string, readonly changedAt: string, readonly numbers: { readonly windowDays: number, readonly handleWithinHours: number, readonly highRiskFrom: number, readonly mediumRiskFrom: number, readonly adjustHigh: number, readonly adjustMedium: number, readonly adjustLow: number, readonly maxOrderAgeDays: number | null, readonly requireRejectedReport: boolean, readonly linkedPairsCountOnce: boolean, readonly holdLinkedPairs: boolean, readonly holdBursts: boolean, readonly weighVotesByRecord: boolean, readonly overturnedWeight: number, readonly minMeanWeight: number, readonly holdUnanchored: boolean, readonly anchorFrom: number, readonly requireApproval: boolean, readonly secondReviewPercent: number, readonly rules: ReadonlyArray<{ readonly scenario: string, readonly threshold: number, readonly enabled: boolean }> }, readonly proposal: { readonly by: string, readonly at: string, readonly reason: string, readonly startsAt: string | null, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly decisionReason: string | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DiscardPolicyDraftMutationVariables = Exact<{
  input: PolicyDraftInput;
}>;


export type DiscardPolicyDraftMutation = { readonly discardPolicyDraft: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DecidePolicyDraftMutationVariables = Exact<{
  input: DecidePolicyDraftInput;
}>;


export type DecidePolicyDraftMutation = { readonly decidePolicyDraft: { readonly policy: { readonly version: number } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type WithdrawPolicyMutationVariables = Exact<{
  input: WithdrawPolicyInput;
}>;


export type WithdrawPolicyMutation = { readonly withdrawPolicy: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type PublishPolicyMutationVariables = Exact<{
  input: PolicyInput;
}>;


export type PublishPolicyMutation = { readonly updatePolicy: { readonly policy: { readonly version: number, readonly startsAt: string } | null, readonly draft: { readonly id: string, readonly state: PolicyDraftState } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type QueueRowFragment = { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null };

export type ListEvidenceFragment = { readonly priorityParts: ReadonlyArray<{ readonly reason: PriorityReason, readonly hours: number }>, readonly evidence: { readonly orders: number, readonly note: string | null, readonly otherCases: number, readonly amounts: ReadonlyArray<{ readonly cents: number, readonly currency: string }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> }, readonly buyer: { readonly risk: { readonly score: number, readonly strongest: { readonly label: string, readonly value: number, readonly unit: string | null } | null } | null } };

export type EvidenceFragment = { readonly orders: number, readonly note: string | null, readonly otherCases: number, readonly amounts: ReadonlyArray<{ readonly cents: number, readonly currency: string }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> };

export type QueuePageQueryVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  orderBy?: CaseOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  evidence?: boolean;
  count?: boolean;
}>;


export type QueuePageQuery = { readonly cases: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } & { readonly priorityParts?: ReadonlyArray<{ readonly reason: PriorityReason, readonly hours: number }>, readonly evidence?: { readonly orders: number, readonly note: string | null, readonly otherCases: number, readonly amounts: ReadonlyArray<{ readonly cents: number, readonly currency: string }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> }, readonly buyer?: { readonly risk: { readonly score: number, readonly strongest: { readonly label: string, readonly value: number, readonly unit: string | null } | null } | null } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type QueueChangesSubscriptionVariables = Exact<{
  filter?: CaseFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type QueueChangesSubscription = { readonly caseChanged: { readonly cursor: string, readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string, readonly risk: { readonly score: number, readonly strongest: { readonly label: string, readonly value: number, readonly unit: string | null } | null } | null }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null, readonly priorityParts: ReadonlyArray<{ readonly reason: PriorityReason, readonly hours: number }>, readonly evidence: { readonly orders: number, readonly note: string | null, readonly otherCases: number, readonly amounts: ReadonlyArray<{ readonly cents: number, readonly currency: string }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }> } } } };

export type QueueNumbersFragment = { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly snoozed: number, readonly escalated: number, readonly handledToday: number, readonly handledByMeToday: number, readonly handledByReviewersToday: number, readonly handledByRuleToday: number, readonly missedToday: number };

export type QueueFiguresQueryVariables = Exact<{ [key: string]: never; }>;


export type QueueFiguresQuery = { readonly queueStats: { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly snoozed: number, readonly escalated: number, readonly handledToday: number, readonly handledByMeToday: number, readonly handledByReviewersToday: number, readonly handledByRuleToday: number, readonly missedToday: number } };

export type QueueFigureChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type QueueFigureChangesSubscription = { readonly queueStats: { readonly pending: number, readonly overdue: number, readonly dueWithin4h: number, readonly dueWithin12h: number, readonly claimed: number, readonly snoozed: number, readonly escalated: number, readonly handledToday: number, readonly handledByMeToday: number, readonly handledByReviewersToday: number, readonly handledByRuleToday: number, readonly missedToday: number } };

export type OwnViewsQueryVariables = Exact<{
  page: string;
}>;


export type OwnViewsQuery = { readonly savedViews: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean }> } };

export type SharedViewsQueryVariables = Exact<{
  page: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SharedViewsQuery = { readonly savedViews: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type SavedViewFieldsFragment = { readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean };

export type SaveViewMutationVariables = Exact<{
  input: SaveViewInput;
}>;


export type SaveViewMutation = { readonly saveView: { readonly view: { readonly id: string, readonly page: string, readonly name: string, readonly search: string, readonly shared: boolean, readonly createdBy: string, readonly canEdit: boolean } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DeleteViewMutationVariables = Exact<{
  input: DeleteViewInput;
}>;


export type DeleteViewMutation = { readonly deleteView: { readonly deletedId: string | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type RestrictionRowFragment = { readonly id: string, readonly buyerId: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly decidedBy: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } };

export type RestrictionsPageQueryVariables = Exact<{
  filter?: RestrictionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RestrictionsPageQuery = { readonly restrictionConnection: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly buyerId: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly decidedBy: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type RestrictionDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type RestrictionDetailQuery = { readonly restriction: { readonly id: string, readonly buyerId: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly decidedBy: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null };

export type DecideRestrictionMutationVariables = Exact<{
  input: DecideRestrictionInput;
}>;


export type DecideRestrictionMutation = { readonly decideRestriction: { readonly restriction: { readonly id: string, readonly buyerId: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly decidedBy: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string, readonly canDecide: boolean, readonly merchant: { readonly id: string, readonly name: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SecondReviewRowFragment = { readonly id: string, readonly state: SecondReviewState, readonly confirmedAt: string, readonly drawnAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly canDecide: boolean, readonly first: { readonly by: string, readonly automatic: boolean } | null, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } };

export type SecondReviewsPageQueryVariables = Exact<{
  filter?: SecondReviewFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  count?: boolean;
}>;


export type SecondReviewsPageQuery = { readonly secondReviews: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly state: SecondReviewState, readonly confirmedAt: string, readonly drawnAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly canDecide: boolean, readonly first: { readonly by: string, readonly automatic: boolean } | null, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type SecondReviewDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type SecondReviewDetailQuery = { readonly secondReview: { readonly reason: string | null, readonly id: string, readonly state: SecondReviewState, readonly confirmedAt: string, readonly drawnAt: string, readonly decidedBy: string | null, readonly decidedAt: string | null, readonly canDecide: boolean, readonly first: { readonly reasonText: string, readonly at: string, readonly by: string, readonly automatic: boolean } | null, readonly case: { readonly id: string, readonly state: CaseState, readonly scenario: { readonly code: string, readonly name: string }, readonly buyer: { readonly id: string } } } | null };

export type DecideSecondReviewMutationVariables = Exact<{
  input: DecideSecondReviewInput;
}>;


export type DecideSecondReviewMutation = { readonly decideSecondReview: { readonly secondReview: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ShopTagFragment = { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } };

export type ShopScenariosQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopScenariosQuery = { readonly scenarios: ReadonlyArray<{ readonly code: string, readonly name: string, readonly definition: string, readonly notMeant: string, readonly example: string, readonly category: ScenarioCategory, readonly effect: ScenarioEffect, readonly enabled: boolean }> };

export type ShopTagsQueryVariables = Exact<{
  filter?: TagFilter | null | undefined;
  orderBy?: TagOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  count?: boolean;
}>;


export type ShopTagsQuery = { readonly tags: { readonly totalCount?: number, readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type ShopUntaggedOrdersQueryVariables = Exact<{
  filter?: UntaggedOrderFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopUntaggedOrdersQuery = { readonly untaggedOrders: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly placedAt: string, readonly amountCents: number, readonly currency: string, readonly reportOutcome: ReportOutcome }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type ShopOverviewQueryVariables = Exact<{
  id: string | number;
  news: number;
}>;


export type ShopOverviewQuery = { readonly merchant: { readonly id: string, readonly name: string, readonly permission: Permission, readonly tagCount: number, readonly succeededCount: number } | null, readonly tags: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } }> } };

export type SubmitTagsMutationVariables = Exact<{
  input: SubmitTagsInput;
}>;


export type SubmitTagsMutation = { readonly submitTags: { readonly batchId: string | null, readonly acceptedCount: number, readonly results: ReadonlyArray<{ readonly index: number, readonly orderNo: string, readonly accepted: boolean, readonly tag: { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } } | null, readonly error: { readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null } | null }>, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ShopTagChangesSubscriptionVariables = Exact<{
  filter?: TagFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopTagChangesSubscription = { readonly tagStatusChanged: { readonly cursor: string, readonly previousStatus: TagStatus | null, readonly tag: { readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly scenario: { readonly code: string, readonly name: string } } } };

export type ShopInsuranceQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopInsuranceQuery = { readonly tags: { readonly nodes: ReadonlyArray<{ readonly orderNo: string, readonly version: number, readonly status: TagStatus, readonly markResult: MarkResult, readonly reason: string, readonly note: string | null, readonly submittedAt: string, readonly statusChangedAt: string, readonly handleBy: string, readonly handledAt: string | null, readonly order: { readonly freightInsured: boolean, readonly freightInsurance: { readonly answer: FreightInsuranceAnswer, readonly grounds: string, readonly decidedAt: string } | null }, readonly scenario: { readonly code: string, readonly name: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type ShopRecordQueryVariables = Exact<{
  id: string | number;
}>;


export type ShopRecordQuery = { readonly merchant: { readonly id: string, readonly permission: Permission, readonly revokedFor: ViolationKind | null, readonly tagCount: number, readonly succeededCount: number, readonly tagQuota: { readonly limit: number, readonly remaining: number, readonly resetAt: string } | null } | null, readonly expired: { readonly totalCount: number }, readonly rejected: { readonly totalCount: number }, readonly overturned: { readonly totalCount: number }, readonly voided: { readonly totalCount: number } };

export type ShopRestrictionFragment = { readonly id: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string };

export type ShopRestrictionsQueryVariables = Exact<{
  filter?: RestrictionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ShopRestrictionsQuery = { readonly restrictionConnection: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type RestrictBuyerMutationVariables = Exact<{
  input: RestrictBuyerInput;
}>;


export type RestrictBuyerMutation = { readonly restrictBuyer: { readonly restriction: { readonly id: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type LiftRestrictionMutationVariables = Exact<{
  input: LiftRestrictionInput;
}>;


export type LiftRestrictionMutation = { readonly liftRestriction: { readonly restriction: { readonly id: string, readonly orderNo: string, readonly modes: ReadonlyArray<RestrictionMode>, readonly description: string | null, readonly state: RestrictionState, readonly requestedAt: string, readonly decideBy: string, readonly decidedAt: string | null, readonly reason: string | null, readonly liftedAt: string | null, readonly buyerNotice: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type WebhookRowFragment = { readonly id: string, readonly merchantId: string | null, readonly url: string, readonly description: string | null, readonly types: ReadonlyArray<string>, readonly state: WebhookState, readonly disabledReason: WebhookDisabledReason | null, readonly createdBy: string, readonly createdAt: string, readonly overlapUntil: string | null, readonly canManage: boolean, readonly canOperate: boolean, readonly standing: { readonly waiting: number, readonly nextAttemptAt: string | null, readonly failingSince: string | null } };

export type WebhookDeliveryRowFragment = { readonly id: string, readonly messageId: string, readonly seq: number | null, readonly type: string, readonly subject: string, readonly at: string, readonly state: WebhookDeliveryState, readonly tries: number, readonly nextAttemptAt: string | null, readonly attempts: ReadonlyArray<{ readonly at: string, readonly tookMs: number, readonly status: number | null, readonly failure: WebhookFailure | null }> };

export type WebhookEndpointsQueryVariables = Exact<{
  filter?: WebhookEndpointFilter | null | undefined;
}>;


export type WebhookEndpointsQuery = { readonly webhookEndpoints: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly merchantId: string | null, readonly url: string, readonly description: string | null, readonly types: ReadonlyArray<string>, readonly state: WebhookState, readonly disabledReason: WebhookDisabledReason | null, readonly createdBy: string, readonly createdAt: string, readonly overlapUntil: string | null, readonly canManage: boolean, readonly canOperate: boolean, readonly standing: { readonly waiting: number, readonly nextAttemptAt: string | null, readonly failingSince: string | null } }> } };

export type WebhookTypesQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhookTypesQuery = { readonly webhookTypes: ReadonlyArray<string> };

export type WebhookEndpointDetailQueryVariables = Exact<{
  id: string | number;
  filter?: WebhookDeliveryFilter | null | undefined;
}>;


export type WebhookEndpointDetailQuery = { readonly webhookEndpoint: { readonly id: string, readonly merchantId: string | null, readonly url: string, readonly description: string | null, readonly types: ReadonlyArray<string>, readonly state: WebhookState, readonly disabledReason: WebhookDisabledReason | null, readonly createdBy: string, readonly createdAt: string, readonly overlapUntil: string | null, readonly canManage: boolean, readonly canOperate: boolean, readonly deliveries: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly messageId: string, readonly seq: number | null, readonly type: string, readonly subject: string, readonly at: string, readonly state: WebhookDeliveryState, readonly tries: number, readonly nextAttemptAt: string | null, readonly attempts: ReadonlyArray<{ readonly at: string, readonly tookMs: number, readonly status: number | null, readonly failure: WebhookFailure | null }> }> }, readonly standing: { readonly waiting: number, readonly nextAttemptAt: string | null, readonly failingSince: string | null } } | null };

export type WebhookPingsQueryVariables = Exact<{
  id: string | number;
}>;


export type WebhookPingsQuery = { readonly webhookEndpoint: { readonly deliveries: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly messageId: string, readonly seq: number | null, readonly type: string, readonly subject: string, readonly at: string, readonly state: WebhookDeliveryState, readonly tries: number, readonly nextAttemptAt: string | null, readonly attempts: ReadonlyArray<{ readonly at: string, readonly tookMs: number, readonly status: number | null, readonly failure: WebhookFailure | null }> }> } } | null };

export type CreateWebhookEndpointMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateWebhookEndpointMutation = { readonly createWebhookEndpoint: { readonly signingSecret: string | null, readonly endpoint: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type UpdateWebhookEndpointMutationVariables = Exact<{
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateWebhookEndpointMutation = { readonly updateWebhookEndpoint: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type PauseWebhookEndpointMutationVariables = Exact<{
  input: PauseWebhookEndpointInput;
}>;


export type PauseWebhookEndpointMutation = { readonly pauseWebhookEndpoint: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ResumeWebhookEndpointMutationVariables = Exact<{
  input: ResumeWebhookEndpointInput;
}>;


export type ResumeWebhookEndpointMutation = { readonly resumeWebhookEndpoint: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { readonly rotateWebhookSecret: { readonly signingSecret: string | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DeleteWebhookEndpointMutationVariables = Exact<{
  input: DeleteWebhookEndpointInput;
}>;


export type DeleteWebhookEndpointMutation = { readonly deleteWebhookEndpoint: { readonly deletedId: string | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type PingWebhookEndpointMutationVariables = Exact<{
  input: PingWebhookEndpointInput;
}>;


export type PingWebhookEndpointMutation = { readonly pingWebhookEndpoint: { readonly delivery: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ReplayWebhookEndpointMutationVariables = Exact<{
  input: ReplayWebhookEndpointInput;
}>;


export type ReplayWebhookEndpointMutation = { readonly replayWebhookEndpoint: { readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type FindQueryVariables = Exact<{
  prefix: string;
}>;


export type FindQuery = { readonly find: { readonly buyers: ReadonlyArray<{ readonly id: string, readonly cases: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }> }>, readonly cases: ReadonlyArray<{ readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } }>, readonly merchants: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly orders: ReadonlyArray<{ readonly orderNo: string, readonly buyer: { readonly id: string } | null, readonly merchant: { readonly name: string }, readonly tag: { readonly case: { readonly id: string } | null } | null }> } };

export type FoundCaseFragment = { readonly id: string, readonly state: CaseState, readonly scenario: { readonly name: string }, readonly buyer: { readonly id: string } };

export type FindOwnOrderQueryVariables = Exact<{
  orderNo: string | number;
}>;


export type FindOwnOrderQuery = { readonly order: { readonly orderNo: string, readonly tag: { readonly scenario: { readonly name: string } } | null } | null };

export type ClaimCaseMutationVariables = Exact<{
  input: ClaimCaseInput;
}>;


export type ClaimCaseMutation = { readonly claimCase: { readonly token: string | null, readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ReleaseCaseMutationVariables = Exact<{
  input: ReleaseCaseInput;
}>;


export type ReleaseCaseMutation = { readonly releaseCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type DecideCasesMutationVariables = Exact<{
  input: DecideCasesInput;
}>;


export type DecideCasesMutation = { readonly decideCases: { readonly results: ReadonlyArray<{ readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> }> } };

export type UndoDecisionMutationVariables = Exact<{
  input: UndoDecisionInput;
}>;


export type UndoDecisionMutation = { readonly undoDecision: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type QueueCaseMutationVariables = Exact<{
  input: QueueCaseInput;
}>;


export type QueueCaseMutation = { readonly queueCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type InboxQueryVariables = Exact<{ [key: string]: never; }>;


export type InboxQuery = { readonly inbox: { readonly subject: string, readonly readThrough: string, readonly unread: number } };

export type ReadInboxMutationVariables = Exact<{
  input: ReadInboxInput;
}>;


export type ReadInboxMutation = { readonly readInbox: { readonly inbox: { readonly subject: string, readonly readThrough: string, readonly unread: number } } };

export type ReviewersQueryVariables = Exact<{ [key: string]: never; }>;


export type ReviewersQuery = { readonly reviewers: ReadonlyArray<string> };

export type CaseNotesQueryVariables = Exact<{
  id: string | number;
}>;


export type CaseNotesQuery = { readonly case: { readonly notes: ReadonlyArray<{ readonly id: string, readonly at: string, readonly by: string, readonly text: string | null, readonly mentions: ReadonlyArray<string>, readonly withdrawnAt: string | null, readonly withdrawnBy: string | null, readonly canWithdraw: boolean }> } | null };

export type ReviewerNoteFragment = { readonly id: string, readonly at: string, readonly by: string, readonly text: string | null, readonly mentions: ReadonlyArray<string>, readonly withdrawnAt: string | null, readonly withdrawnBy: string | null, readonly canWithdraw: boolean };

export type AddCaseNoteMutationVariables = Exact<{
  input: AddCaseNoteInput;
}>;


export type AddCaseNoteMutation = { readonly addCaseNote: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type WithdrawCaseNoteMutationVariables = Exact<{
  input: WithdrawCaseNoteInput;
}>;


export type WithdrawCaseNoteMutation = { readonly withdrawCaseNote: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type AssignCasesMutationVariables = Exact<{
  input: AssignCasesInput;
}>;


export type AssignCasesMutation = { readonly assignCases: { readonly results: ReadonlyArray<{ readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> }> } };

export type TakeOverCaseMutationVariables = Exact<{
  input: TakeOverCaseInput;
}>;


export type TakeOverCaseMutation = { readonly takeOverCase: { readonly token: string | null, readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type SnoozeCaseMutationVariables = Exact<{
  input: SnoozeCaseInput;
}>;


export type SnoozeCaseMutation = { readonly snoozeCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type WakeCaseMutationVariables = Exact<{
  input: WakeCaseInput;
}>;


export type WakeCaseMutation = { readonly wakeCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type EscalateCaseMutationVariables = Exact<{
  input: EscalateCaseInput;
}>;


export type EscalateCaseMutation = { readonly escalateCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type HandBackCaseMutationVariables = Exact<{
  input: HandBackCaseInput;
}>;


export type HandBackCaseMutation = { readonly handBackCase: { readonly case: { readonly id: string, readonly version: number, readonly state: CaseState, readonly handling: Handling, readonly openedAt: string, readonly dueAt: string | null, readonly priority: number, readonly canDecide: boolean, readonly canUndo: boolean, readonly undoUntil: string | null, readonly noteCount: number, readonly buyer: { readonly id: string }, readonly scenario: { readonly code: string, readonly name: string }, readonly explanation: { readonly count: number, readonly threshold: number, readonly riskLevel: RiskLevel, readonly holds: ReadonlyArray<string>, readonly onHold: ReadonlyArray<{ readonly code: string, readonly label: string }> }, readonly claim: { readonly by: string, readonly until: string, readonly takenFrom: string | null } | null, readonly assignment: { readonly to: string, readonly by: string, readonly at: string } | null, readonly snooze: { readonly until: string, readonly by: string, readonly reason: string | null } | null, readonly escalation: { readonly by: string, readonly at: string, readonly reason: string } | null, readonly decision: { readonly decision: Decision, readonly by: string, readonly automatic: boolean, readonly at: string, readonly reason: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

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
export const RefusalFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Refusal on UserError {
  code
  message
  field
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const AppealRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AppealRow on Appeal {
  id
  state
  statement
  filedAt
  filedBy
  decidedBy
  decidedAt
  reply
  canDecide
  case {
    id
    state
    scenario {
      code
      name
    }
    buyer {
      id
    }
  }
}
    `, {"fragmentName":"AppealRow"}) as unknown as TypedDocumentString<AppealRowFragment, unknown>;
export const AppealTagFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AppealTag on Tag {
  orderNo
  status
  note
  submittedAt
  merchant {
    id
    name
    permission
  }
}
    `, {"fragmentName":"AppealTag"}) as unknown as TypedDocumentString<AppealTagFragment, unknown>;
export const AppealGroundsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AppealGrounds on Explanation {
  count
  threshold
  riskLevel
  policyVersion
  holds
  text
}
    `, {"fragmentName":"AppealGrounds"}) as unknown as TypedDocumentString<AppealGroundsFragment, unknown>;
export const MerchantTagFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment MerchantTag on Tag {
  orderNo
  status
  version
  note
  submittedAt
  statusChangedAt
  scenario {
    name
  }
  case {
    id
    buyer {
      id
    }
  }
}
    `, {"fragmentName":"MerchantTag"}) as unknown as TypedDocumentString<MerchantTagFragment, unknown>;
export const BuyerTagFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment BuyerTag on Tag {
  ...MerchantTag
  scenario {
    effect
  }
  merchant {
    id
    name
  }
  order {
    freightInsured
    amountCents
    currency
  }
}
    fragment MerchantTag on Tag {
  orderNo
  status
  version
  note
  submittedAt
  statusChangedAt
  scenario {
    name
  }
  case {
    id
    buyer {
      id
    }
  }
}`, {"fragmentName":"BuyerTag"}) as unknown as TypedDocumentString<BuyerTagFragment, unknown>;
export const ShopShareFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ShopShare on ShopRecord {
  orders
  taggedOrders
  orderDays
}
    `, {"fragmentName":"ShopShare"}) as unknown as TypedDocumentString<ShopShareFragment, unknown>;
export const CaseTagFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
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
    succeededCount
    overturnedCount
    record {
      ...ShopShare
    }
  }
  order {
    placedAt
    amountCents
    currency
    freightInsured
    reportOutcome
  }
}
    fragment ShopShare on ShopRecord {
  orders
  taggedOrders
  orderDays
}`, {"fragmentName":"CaseTag"}) as unknown as TypedDocumentString<CaseTagFragment, unknown>;
export const BuyerRiskFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment BuyerRisk on Buyer {
  risk {
    score
    level
    updatedAt
    signals {
      code
      label
      value
      unit
      weight
    }
  }
  exposure {
    orders
    merchants
    taggedOrders
  }
}
    `, {"fragmentName":"BuyerRisk"}) as unknown as TypedDocumentString<BuyerRiskFragment, unknown>;
export const ShopSignalsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ShopSignals on ShopRecord {
  signals {
    kind
    text
  }
}
    `, {"fragmentName":"ShopSignals"}) as unknown as TypedDocumentString<ShopSignalsFragment, unknown>;
export const CollusionFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Collusion on CaseSignals {
  burst {
    entities
    from
    to
  }
  linkedPairs {
    a {
      id
      name
    }
    b {
      id
      name
    }
    commonBuyers
    buyersOfA
    buyersOfB
    lift
  }
  shops {
    id
    name
    record {
      ...ShopSignals
    }
  }
}
    fragment ShopSignals on ShopRecord {
  signals {
    kind
    text
  }
}`, {"fragmentName":"Collusion"}) as unknown as TypedDocumentString<CollusionFragment, unknown>;
export const PairedShopFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment PairedShop on Merchant {
  id
  name
  entityId
  permission
}
    `, {"fragmentName":"PairedShop"}) as unknown as TypedDocumentString<PairedShopFragment, unknown>;
export const PairFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Pair on LinkedPair {
  a {
    ...PairedShop
  }
  b {
    ...PairedShop
  }
  commonBuyers
  buyersOfA
  buyersOfB
  lift
  at
}
    fragment PairedShop on Merchant {
  id
  name
  entityId
  permission
}`, {"fragmentName":"Pair"}) as unknown as TypedDocumentString<PairFragment, unknown>;
export const AgreementFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AgreementFields on Tally {
  agreedWithReviewers
  disagreedWithReviewers
  agreedWithRules
  disagreedWithRules
}
    `, {"fragmentName":"AgreementFields"}) as unknown as TypedDocumentString<AgreementFieldsFragment, unknown>;
export const HistogramFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment HistogramFields on Histogram {
  count
  meanSeconds
  buckets {
    fromSeconds
    toSeconds
    count
  }
}
    `, {"fragmentName":"HistogramFields"}) as unknown as TypedDocumentString<HistogramFieldsFragment, unknown>;
export const LogRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment LogRow on LogEntry {
  seq
  at
  actor
  action
  subjects
  reasonText
  before
  after
}
    `, {"fragmentName":"LogRow"}) as unknown as TypedDocumentString<LogRowFragment, unknown>;
export const RevocationRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment RevocationRow on Revocation {
  id
  kind
  state
  reason
  evidence
  suspended
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  casesToRecount
  casesRecounted
  completedAt
  canDecide
  merchant {
    id
    name
  }
}
    `, {"fragmentName":"RevocationRow"}) as unknown as TypedDocumentString<RevocationRowFragment, unknown>;
export const MerchantRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment MerchantRow on Merchant {
  id
  name
  permission
  entityId
  tagCount
  succeededCount
  overturnedCount
  record {
    ...ShopShare
    ...ShopSignals
    vetted
    trust
    weight
  }
}
    fragment ShopShare on ShopRecord {
  orders
  taggedOrders
  orderDays
}
fragment ShopSignals on ShopRecord {
  signals {
    kind
    text
  }
}`, {"fragmentName":"MerchantRow"}) as unknown as TypedDocumentString<MerchantRowFragment, unknown>;
export const MerchantDetailFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment MerchantDetail on Merchant {
  ...MerchantRow
  record {
    accounts
    credit
    overturnedAccounts
    rejectedAccounts
  }
}
    fragment MerchantRow on Merchant {
  id
  name
  permission
  entityId
  tagCount
  succeededCount
  overturnedCount
  record {
    ...ShopShare
    ...ShopSignals
    vetted
    trust
    weight
  }
}
fragment ShopShare on ShopRecord {
  orders
  taggedOrders
  orderDays
}
fragment ShopSignals on ShopRecord {
  signals {
    kind
    text
  }
}`, {"fragmentName":"MerchantDetail"}) as unknown as TypedDocumentString<MerchantDetailFragment, unknown>;
export const VettingRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment VettingRow on Vetting {
  id
  vetted
  state
  reason
  proposedBy
  proposedAt
  decidedBy
  decidedAt
  decisionReason
  canDecide
  merchant {
    id
    name
  }
}
    `, {"fragmentName":"VettingRow"}) as unknown as TypedDocumentString<VettingRowFragment, unknown>;
export const PolicyFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment PolicyFields on Policy {
  version
  windowDays
  handleWithinHours
  rules {
    scenario
    threshold
    enabled
  }
  highRiskFrom
  mediumRiskFrom
  adjustHigh
  adjustMedium
  adjustLow
  maxOrderAgeDays
  requireRejectedReport
  linkedPairsCountOnce
  holdLinkedPairs
  holdBursts
  weighVotesByRecord
  overturnedWeight
  minMeanWeight
  holdUnanchored
  anchorFrom
  requireApproval
  secondReviewPercent
  createdBy
  createdAt
  startsAt
  approvedBy
  withdrawal {
    by
    at
    reason
  }
  reason
}
    `, {"fragmentName":"PolicyFields"}) as unknown as TypedDocumentString<PolicyFieldsFragment, unknown>;
export const PresetFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment PresetFields on PolicyPreset {
  code
  linkedPairsCountOnce
  holdLinkedPairs
  holdBursts
  weighVotesByRecord
  overturnedWeight
  minMeanWeight
  holdUnanchored
  anchorFrom
}
    `, {"fragmentName":"PresetFields"}) as unknown as TypedDocumentString<PresetFieldsFragment, unknown>;
export const EffectFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment EffectFields on SimulatedEffect {
  queued
  queuedPerDay
  peak
  peakDay
  missed
  overturnedConfirmed
  overturnedHeld
}
    `, {"fragmentName":"EffectFields"}) as unknown as TypedDocumentString<EffectFieldsFragment, unknown>;
export const ChangedCasesFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ChangedCases on CaseConnection {
  totalCount
  nodes {
    id
    state
    scenario {
      name
    }
    buyer {
      id
    }
  }
}
    `, {"fragmentName":"ChangedCases"}) as unknown as TypedDocumentString<ChangedCasesFragment, unknown>;
export const SimulationFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment SimulationFields on PolicySimulation {
  by
  at
  tags
  cases
  handledPerDay
  overturned
  confirmedBefore
  confirmedAfter
  succeededBefore
  succeededAfter
  before {
    ...EffectFields
  }
  after {
    ...EffectFields
  }
  scenarios {
    scenario {
      code
      name
    }
    cases
    confirmedBefore
    confirmedAfter
    gained
    lost
  }
  gained: changedCases(first: 100, change: GAINED) {
    ...ChangedCases
  }
  lost: changedCases(first: 100, change: LOST) {
    ...ChangedCases
  }
}
    fragment ChangedCases on CaseConnection {
  totalCount
  nodes {
    id
    state
    scenario {
      name
    }
    buyer {
      id
    }
  }
}
fragment EffectFields on SimulatedEffect {
  queued
  queuedPerDay
  peak
  peakDay
  missed
  overturnedConfirmed
  overturnedHeld
}`, {"fragmentName":"SimulationFields"}) as unknown as TypedDocumentString<SimulationFieldsFragment, unknown>;
export const DraftLineFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment DraftLine on PolicyDraft {
  id
  revision
  name
  state
  basedOnVersion
  changedBy
  changedAt
}
    `, {"fragmentName":"DraftLine"}) as unknown as TypedDocumentString<DraftLineFragment, unknown>;
export const NumbersFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment NumbersFields on PolicyNumbers {
  windowDays
  handleWithinHours
  rules {
    scenario
    threshold
    enabled
  }
  highRiskFrom
  mediumRiskFrom
  adjustHigh
  adjustMedium
  adjustLow
  maxOrderAgeDays
  requireRejectedReport
  linkedPairsCountOnce
  holdLinkedPairs
  holdBursts
  weighVotesByRecord
  overturnedWeight
  minMeanWeight
  holdUnanchored
  anchorFrom
  requireApproval
  secondReviewPercent
}
    `, {"fragmentName":"NumbersFields"}) as unknown as TypedDocumentString<NumbersFieldsFragment, unknown>;
export const DraftFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment DraftFields on PolicyDraft {
  ...DraftLine
  canDecide
  publishedAs
  numbers {
    ...NumbersFields
  }
  proposal {
    by
    at
    reason
    startsAt
    decidedBy
    decidedAt
    decisionReason
  }
}
    fragment NumbersFields on PolicyNumbers {
  windowDays
  handleWithinHours
  rules {
    scenario
    threshold
    enabled
  }
  highRiskFrom
  mediumRiskFrom
  adjustHigh
  adjustMedium
  adjustLow
  maxOrderAgeDays
  requireRejectedReport
  linkedPairsCountOnce
  holdLinkedPairs
  holdBursts
  weighVotesByRecord
  overturnedWeight
  minMeanWeight
  holdUnanchored
  anchorFrom
  requireApproval
  secondReviewPercent
}
fragment DraftLine on PolicyDraft {
  id
  revision
  name
  state
  basedOnVersion
  changedBy
  changedAt
}`, {"fragmentName":"DraftFields"}) as unknown as TypedDocumentString<DraftFieldsFragment, unknown>;
export const QueueRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment QueueRow on Case {
  id
  version
  state
  handling
  openedAt
  dueAt
  priority
  canDecide
  canUndo
  undoUntil
  buyer {
    id
  }
  scenario {
    code
    name
  }
  explanation {
    count
    threshold
    riskLevel
    holds
    onHold {
      code
      label
    }
  }
  claim {
    by
    until
    takenFrom
  }
  assignment {
    to
    by
    at
  }
  snooze {
    until
    by
    reason
  }
  escalation {
    by
    at
    reason
  }
  noteCount
  decision {
    decision
    by
    automatic
    at
    reason
  }
}
    `, {"fragmentName":"QueueRow"}) as unknown as TypedDocumentString<QueueRowFragment, unknown>;
export const EvidenceFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Evidence on CaseEvidence {
  orders
  amounts {
    cents
    currency
  }
  merchants {
    id
    name
  }
  note
  otherCases
}
    `, {"fragmentName":"Evidence"}) as unknown as TypedDocumentString<EvidenceFragment, unknown>;
export const ListEvidenceFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ListEvidence on Case {
  priorityParts {
    reason
    hours
  }
  evidence {
    ...Evidence
  }
  buyer {
    risk {
      score
      strongest {
        label
        value
        unit
      }
    }
  }
}
    fragment Evidence on CaseEvidence {
  orders
  amounts {
    cents
    currency
  }
  merchants {
    id
    name
  }
  note
  otherCases
}`, {"fragmentName":"ListEvidence"}) as unknown as TypedDocumentString<ListEvidenceFragment, unknown>;
export const QueueNumbersFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment QueueNumbers on QueueStats {
  pending
  overdue
  dueWithin4h
  dueWithin12h
  claimed
  snoozed
  escalated
  handledToday
  handledByMeToday
  handledByReviewersToday
  handledByRuleToday
  missedToday
}
    `, {"fragmentName":"QueueNumbers"}) as unknown as TypedDocumentString<QueueNumbersFragment, unknown>;
export const SavedViewFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
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
export const RestrictionRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment RestrictionRow on Restriction {
  id
  buyerId
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  decidedBy
  reason
  liftedAt
  buyerNotice
  canDecide
  merchant {
    id
    name
  }
}
    `, {"fragmentName":"RestrictionRow"}) as unknown as TypedDocumentString<RestrictionRowFragment, unknown>;
export const SecondReviewRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment SecondReviewRow on SecondReview {
  id
  state
  confirmedAt
  drawnAt
  decidedBy
  decidedAt
  canDecide
  first {
    by
    automatic
  }
  case {
    id
    state
    scenario {
      code
      name
    }
    buyer {
      id
    }
  }
}
    `, {"fragmentName":"SecondReviewRow"}) as unknown as TypedDocumentString<SecondReviewRowFragment, unknown>;
export const ShopTagFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
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
export const ShopRestrictionFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ShopRestriction on Restriction {
  id
  orderNo
  modes
  description
  state
  requestedAt
  decideBy
  decidedAt
  reason
  liftedAt
  buyerNotice
}
    `, {"fragmentName":"ShopRestriction"}) as unknown as TypedDocumentString<ShopRestrictionFragment, unknown>;
export const WebhookRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment WebhookRow on WebhookEndpoint {
  id
  merchantId
  url
  description
  types
  state
  disabledReason
  createdBy
  createdAt
  overlapUntil
  canManage
  canOperate
  standing {
    waiting
    nextAttemptAt
    failingSince
  }
}
    `, {"fragmentName":"WebhookRow"}) as unknown as TypedDocumentString<WebhookRowFragment, unknown>;
export const WebhookDeliveryRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment WebhookDeliveryRow on WebhookDelivery {
  id
  messageId
  seq
  type
  subject
  at
  state
  tries
  nextAttemptAt
  attempts {
    at
    tookMs
    status
    failure
  }
}
    `, {"fragmentName":"WebhookDeliveryRow"}) as unknown as TypedDocumentString<WebhookDeliveryRowFragment, unknown>;
export const FoundCaseFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment FoundCase on Case {
  id
  state
  scenario {
    name
  }
  buyer {
    id
  }
}
    `, {"fragmentName":"FoundCase"}) as unknown as TypedDocumentString<FoundCaseFragment, unknown>;
export const ReviewerNoteFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ReviewerNote on CaseNote {
  id
  at
  by
  text
  mentions
  withdrawnAt
  withdrawnBy
  canWithdraw
}
    `, {"fragmentName":"ReviewerNote"}) as unknown as TypedDocumentString<ReviewerNoteFragment, unknown>;
