/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  PolicyStandingQuery,
  PolicyStandingQueryVariables,
  PolicyVersionQuery,
  PolicyVersionQueryVariables,
  PolicyPresetsQuery,
  PolicyPresetsQueryVariables,
  PolicyProgressQuery,
  PolicyProgressQueryVariables,
  PolicyDraftsQuery,
  PolicyDraftsQueryVariables,
  PolicyDraftQuery,
  PolicyDraftQueryVariables,
  PolicyDraftChangesQuery,
  PolicyDraftChangesQueryVariables,
  PolicySimulatedSubscription,
  PolicySimulatedSubscriptionVariables,
  SavePolicyDraftMutation,
  SavePolicyDraftMutationVariables,
  DiscardPolicyDraftMutation,
  DiscardPolicyDraftMutationVariables,
  DecidePolicyDraftMutation,
  DecidePolicyDraftMutationVariables,
  WithdrawPolicyMutation,
  WithdrawPolicyMutationVariables,
  PublishPolicyMutation,
  PublishPolicyMutationVariables,
} from './types.ts';

export const PolicyStandingDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyStanding {
  policyTimeline {
    inForce {
      ...PolicyFields
    }
    scheduled {
      ...PolicyFields
    }
    latest {
      version
    }
  }
}
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
}`) as unknown as TypedDocumentString<PolicyStandingQuery, PolicyStandingQueryVariables>;
export const PolicyVersionDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyVersion($version: Int) {
  policy(version: $version) {
    ...PolicyFields
  }
}
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
}`) as unknown as TypedDocumentString<PolicyVersionQuery, PolicyVersionQueryVariables>;
export const PolicyPresetsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyPresets {
  policyPresets {
    ...PresetFields
  }
}
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
}`) as unknown as TypedDocumentString<PolicyPresetsQuery, PolicyPresetsQueryVariables>;
export const PolicyProgressDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyProgress($version: Int!) {
  policyRollout(version: $version) {
    evaluated
    cases
    completedAt
  }
}
    `) as unknown as TypedDocumentString<PolicyProgressQuery, PolicyProgressQueryVariables>;
export const PolicyDraftsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyDrafts {
  policyDrafts {
    ...DraftLine
  }
}
    fragment DraftLine on PolicyDraft {
  id
  revision
  name
  state
  basedOnVersion
  changedBy
  changedAt
}`) as unknown as TypedDocumentString<PolicyDraftsQuery, PolicyDraftsQueryVariables>;
export const PolicyDraftDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyDraft($id: ID!) {
  policyDraft(id: $id) {
    ...DraftFields
    simulation {
      ...SimulationFields
    }
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
}
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
fragment DraftLine on PolicyDraft {
  id
  revision
  name
  state
  basedOnVersion
  changedBy
  changedAt
}
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
}`) as unknown as TypedDocumentString<PolicyDraftQuery, PolicyDraftQueryVariables>;
export const PolicyDraftChangesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PolicyDraftChanges($subject: String!) {
  log(subject: $subject, last: 100) {
    nodes {
      seq
      at
      actor
      action
      before
      after
    }
  }
}
    `) as unknown as TypedDocumentString<PolicyDraftChangesQuery, PolicyDraftChangesQueryVariables>;
export const PolicySimulatedDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription PolicySimulated($input: PolicyInput!, $handledPerDay: Int) {
  policySimulated(input: $input, handledPerDay: $handledPerDay) {
    done
    of
    simulation {
      ...SimulationFields
    }
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
}
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
}`) as unknown as TypedDocumentString<PolicySimulatedSubscription, PolicySimulatedSubscriptionVariables>;
export const SavePolicyDraftDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SavePolicyDraft($input: SavePolicyDraftInput!) {
  savePolicyDraft(input: $input) {
    draft {
      ...DraftFields
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
}
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
}`) as unknown as TypedDocumentString<SavePolicyDraftMutation, SavePolicyDraftMutationVariables>;
export const DiscardPolicyDraftDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DiscardPolicyDraft($input: PolicyDraftInput!) {
  discardPolicyDraft(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<DiscardPolicyDraftMutation, DiscardPolicyDraftMutationVariables>;
export const DecidePolicyDraftDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DecidePolicyDraft($input: DecidePolicyDraftInput!) {
  decidePolicyDraft(input: $input) {
    policy {
      version
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
}`) as unknown as TypedDocumentString<DecidePolicyDraftMutation, DecidePolicyDraftMutationVariables>;
export const WithdrawPolicyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation WithdrawPolicy($input: WithdrawPolicyInput!) {
  withdrawPolicy(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<WithdrawPolicyMutation, WithdrawPolicyMutationVariables>;
export const PublishPolicyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation PublishPolicy($input: PolicyInput!) {
  updatePolicy(input: $input) {
    policy {
      version
      startsAt
    }
    draft {
      id
      state
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
}`) as unknown as TypedDocumentString<PublishPolicyMutation, PublishPolicyMutationVariables>;
