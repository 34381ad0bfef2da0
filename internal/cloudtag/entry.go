package cloudtag

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Action is the kind of change that a log entry records.
type Action string

// The actions. Those that begin with "tag." change a tag, those with "case." a case.
const (
	ActionTagSubmitted  Action = "tag.submitted"
	ActionTagSucceeded  Action = "tag.succeeded"
	ActionTagExpired    Action = "tag.expired"
	ActionTagVoided     Action = "tag.voided"
	ActionTagReassigned Action = "tag.reassigned" // the shop's entity changed
	ActionTagDiscounted Action = "tag.discounted" // succeeded, but no longer a vote: the shop's permission was revoked

	ActionTagRejected   Action = "tag.rejected"
	ActionTagOverturned Action = "tag.overturned"
	ActionTagRestored   Action = "tag.restored" // to its state before a decision that was undone

	ActionCaseOpened    Action = "case.opened"
	ActionCaseConfirmed Action = "case.confirmed"
	ActionCaseLapsed    Action = "case.lapsed"
	ActionCaseExpired   Action = "case.expired"
	ActionCaseReopened  Action = "case.reopened" // accumulates again after it had ended
	ActionCaseQueued    Action = "case.queued"
	ActionCaseHandled   Action = "case.handled"
	ActionCaseMissed    Action = "case.missed"   // no decision within 48 hours (rule 9)
	ActionCaseAdjusted  Action = "case.adjusted" // risk level or threshold changed, nothing else

	ActionCaseClaimed    Action = "case.claimed"
	ActionCaseReleased   Action = "case.released"
	ActionCaseDecided    Action = "case.decided" // by a reviewer
	ActionCaseUndone     Action = "case.undone"  // the reviewer undid the decision
	ActionCaseWarned     Action = "case.warned"  // 36 or 44 of the 48 hours have passed
	ActionCaseOverturned Action = "case.overturned"
	ActionCaseDisputed   Action = "case.disputed" // a second reviewer disagreed, and the case was not queued for it

	ActionCaseTakenOver     Action = "case.taken_over" // a claim, by a lead
	ActionCaseAssigned      Action = "case.assigned"
	ActionCaseUnassigned    Action = "case.unassigned"
	ActionCaseSnoozed       Action = "case.snoozed"
	ActionCaseWoken         Action = "case.woken" // a snooze ended
	ActionCaseEscalated     Action = "case.escalated"
	ActionCaseHandedBack    Action = "case.handed_back" // by a lead
	ActionCaseNoted         Action = "case.noted"
	ActionCaseNoteWithdrawn Action = "case.note_withdrawn"

	ActionMerchantImported Action = "merchant.imported"
	ActionOrdersImported   Action = "orders.imported" // one entry for the new orders of one import call
	ActionOrderChanged     Action = "order.changed"
	ActionRiskImported     Action = "risk.imported"
	ActionPolicyCreated    Action = "policy.created"

	ActionFreightAnswered      Action = "freight_insurance.answered"
	ActionComplaintOpened      Action = "complaint.opened"
	ActionComplaintDecided     Action = "complaint.decided"
	ActionRestrictionRequested Action = "restriction.requested"
	ActionRestrictionDecided   Action = "restriction.decided"
	ActionRestrictionLifted    Action = "restriction.lifted"
	ActionRevocationProposed   Action = "revocation.proposed"
	ActionRevocationDecided    Action = "revocation.decided"
	ActionRevocationCompleted  Action = "revocation.completed"
	ActionPermissionChanged    Action = "merchant.permission_changed"
	ActionVettingProposed      Action = "vetting.proposed"
	ActionVettingDecided       Action = "vetting.decided"
	ActionAppealFiled          Action = "appeal.filed"
	ActionAppealDecided        Action = "appeal.decided"
	ActionSecondReviewDrawn    Action = "second_review.drawn"
	ActionSecondReviewDecided  Action = "second_review.decided"
	ActionSecondReviewDropped  Action = "second_review.dropped" // the decision was undone
	ActionPolicyRolledOut      Action = "policy.rolled_out"
	ActionPolicyDraftSaved     Action = "policy.draft_saved"
	ActionPolicyDraftDiscarded Action = "policy.draft_discarded"
	ActionPolicySimulated      Action = "policy.simulated"
	ActionPolicyProposed       Action = "policy.proposed" // to a second administrator
	ActionPolicyDecided        Action = "policy.decided"  // by the second administrator
	ActionPolicyWithdrawn      Action = "policy.withdrawn"
	ActionViewSaved            Action = "view.saved"
	ActionViewDeleted          Action = "view.deleted"
	ActionTokensRevoked        Action = "tokens.revoked"
	ActionLogTrimmed           Action = "log.trimmed" // its oldest entries were archived, see auditlog.Start

	ActionWebhookCreated  Action = "webhook.created"
	ActionWebhookUpdated  Action = "webhook.updated"
	ActionWebhookPaused   Action = "webhook.paused"
	ActionWebhookResumed  Action = "webhook.resumed"
	ActionWebhookRotated  Action = "webhook.rotated" // its secret
	ActionWebhookReplayed Action = "webhook.replayed"
	ActionWebhookDisabled Action = "webhook.disabled" // automatically
	ActionWebhookDeleted  Action = "webhook.deleted"
)

// isWork reports whether the action is about how work on a case is shared, which does not affect decisions.
func (a Action) isWork() bool {
	switch a {
	case ActionCaseClaimed, ActionCaseReleased, ActionCaseTakenOver, ActionCaseAssigned, ActionCaseUnassigned, ActionCaseSnoozed,
		ActionCaseWoken, ActionCaseEscalated, ActionCaseHandedBack, ActionCaseNoted, ActionCaseNoteWithdrawn:
		return true
	default:
		return false
	}
}

// Subject is what an entry is about, as kind and identifier, such as "tag:1000000001".
type Subject string

// TagSubject returns the subject of an order's tag.
func TagSubject(id OrderNo) Subject { return "tag:" + Subject(id) }

// OrderSubject returns the subject of an order.
func OrderSubject(id OrderNo) Subject { return "order:" + Subject(id) }

// CaseSubject returns the subject of a case.
func CaseSubject(id CaseID) Subject { return "case:" + Subject(id) }

// MerchantSubject returns the subject of a shop.
func MerchantSubject(id MerchantID) Subject { return "merchant:" + Subject(id) }

// BuyerSubject returns the subject of an account.
func BuyerSubject(id BuyerID) Subject { return "buyer:" + Subject(id) }

// PolicySubject returns the subject of a version of the policy.
func PolicySubject(version int) Subject { return "policy:" + Subject(strconv.Itoa(version)) }

// Entry is one change in the append-only log (rule 16). The store assigns its sequence number when it is appended. Numbers
// start at 1 and have no gaps, and an entry never becomes visible after one with a higher number.
type Entry struct {
	Seq      int64
	At       time.Time
	Actor    string
	Action   Action
	Subjects []Subject
	Reason   string
	Before   json.RawMessage // nil for a new record
	After    json.RawMessage
	Hash     []byte // see [Entry.ChainHash]; the store sets it together with the sequence number
}

// Subject returns the identifier of the entry's subject of a kind ("tag", "case", "merchant", …), "" if there is none.
func (e Entry) Subject(kind string) string {
	for _, subject := range e.Subjects {
		if name, id, found := strings.Cut(string(subject), ":"); found && name == kind {
			return id
		}
	}
	return ""
}
