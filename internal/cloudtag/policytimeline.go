package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// PolicyTimeline says which version of the policy decides at an instant. A version holds from its place in the log; one
// that names a start holds from then on, and what stands in the log behind it and is of an earlier instant is judged by the
// version that it takes over from. So the log alone tells which version judged an entry: the newest one published before it,
// if it is not withdrawn before it and has started by the entry's time; else the one that was in force when that was
// published, which its entry has as "before". Nothing has to run at the instant of a start.
//
// At most one version waits for its start at a time: versions take over in the order of their numbers.
type PolicyTimeline struct {
	Holds     Policy  // until the scheduled version starts
	Scheduled *Policy // the newest version, if it names a start; it may have started, and it may be withdrawn
}

// PolicyWithdrawal says that a scheduled version never came to hold.
type PolicyWithdrawal struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Always is the timeline of one version that holds at all times.
func (p Policy) Always() *PolicyTimeline { return &PolicyTimeline{Holds: p} }

// At returns the version that decides at an instant.
func (t PolicyTimeline) At(at time.Time) Policy { return *t.at(at) }

func (t *PolicyTimeline) at(at time.Time) *Policy {
	if next := t.Scheduled; next != nil && next.Withdrawn == nil && !at.Before(next.StartsAt) {
		return next
	}
	return &t.Holds
}

// Latest is the number of the newest version, 0 for none.
func (t PolicyTimeline) Latest() int { return t.newest().Version }

func (t PolicyTimeline) newest() Policy {
	if t.Scheduled != nil {
		return *t.Scheduled
	}
	return t.Holds
}

// Waiting returns the version that waits for its start, or nil.
func (t PolicyTimeline) Waiting(now time.Time) *Policy {
	if next := t.Scheduled; next != nil && next.Withdrawn == nil && now.Before(next.StartsAt) {
		return next
	}
	return nil
}

// wantsRecords reports whether a version that may come to decide asks for the records of shops.
func (t *PolicyTimeline) wantsRecords() bool {
	next := t.Scheduled
	return t.Holds.wantsRecords() || next != nil && next.Withdrawn == nil && next.wantsRecords()
}

// Add returns the timeline with a new version, which holds at once, or from its start. CONFLICT unless it is the version
// after the newest one; INVALID_STATE while another version waits for its start.
func (t PolicyTimeline) Add(next Policy) (PolicyTimeline, error) {
	if next.Version != t.Latest()+1 {
		return t, Refuse(CodeConflict, Text{
			ZH: "该版本的策略已存在。", EN: "This version of the policy is stored already.",
		})
	}
	if t.Waiting(next.CreatedAt) != nil {
		return t, errPolicyWaits()
	}
	if next.StartsAt.IsZero() {
		return PolicyTimeline{Holds: next}, nil
	}
	return PolicyTimeline{Holds: t.At(next.CreatedAt), Scheduled: &next}, nil
}

// Withdraw returns the timeline with a version that never comes to hold. INVALID_STATE unless that version waits for its
// start.
func (t PolicyTimeline) Withdraw(version int, withdrawal PolicyWithdrawal) (PolicyTimeline, error) {
	waiting := t.Waiting(withdrawal.At)
	if waiting == nil || waiting.Version != version {
		return t, InvalidState("version")
	}
	withdrawn := *waiting
	withdrawn.Withdrawn = &withdrawal
	return PolicyTimeline{Holds: t.Holds, Scheduled: &withdrawn}, nil
}

func errPolicyWaits() *Error {
	return Refuse(CodeInvalidState, Text{
		ZH: "已有一个版本等待生效，请先等它生效或将其撤回。",
		EN: "A version waits for its start; let it start or withdraw it first.",
	}, "input", "basedOnVersion")
}

// policyReader finds out which version of the policy decides when.
type policyReader interface {
	PolicyTimeline(ctx context.Context) (PolicyTimeline, error)
}

// policyAt returns the version that decides at an instant.
func policyAt(ctx context.Context, store policyReader, at time.Time) (Policy, error) {
	timeline, err := store.PolicyTimeline(ctx)
	if err != nil {
		return Policy{}, fmt.Errorf("find policy: %w", err)
	}
	return timeline.At(at), nil
}
