package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// PolicyTimeline determines which version of the policy is in force at an instant. A version is in force from its position
// in the log on. One with a start is in force from then on; entries that follow it in the log but are of an earlier time are
// subject to the version before it. So the log alone determines which version applied to an entry: the newest one published
// before it, if it was not withdrawn before and had started by the entry's time; otherwise the one that was in force when
// that was published, which its entry has as "before". Nothing has to run at the instant of a start.
//
// At most one version is scheduled at a time, so that versions come into force in the order of their numbers.
type PolicyTimeline struct {
	Holds     Policy  // in force until the scheduled version starts
	Scheduled *Policy // the newest version, if it has a start; it may have started or be withdrawn
}

// PolicyWithdrawal is the withdrawal of a scheduled version before it came into force.
type PolicyWithdrawal struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Always is the timeline of one version that is in force at all times.
func (p Policy) Always() *PolicyTimeline { return &PolicyTimeline{Holds: p} }

// At returns the version in force at an instant.
func (t PolicyTimeline) At(at time.Time) Policy { return *t.at(at) }

func (t *PolicyTimeline) at(at time.Time) *Policy {
	if next := t.Scheduled; next != nil && next.Withdrawn == nil && !at.Before(next.StartsAt) {
		return next
	}
	return &t.Holds
}

// Latest is the number of the newest version, 0 for none.
func (t PolicyTimeline) Latest() int { return t.Newest().Version }

// Newest is the newest version, which may be scheduled or withdrawn.
func (t PolicyTimeline) Newest() Policy {
	if t.Scheduled != nil {
		return *t.Scheduled
	}
	return t.Holds
}

// Waiting returns the scheduled version that has not started yet, or nil.
func (t PolicyTimeline) Waiting(now time.Time) *Policy {
	if next := t.Scheduled; next != nil && next.Withdrawn == nil && now.Before(next.StartsAt) {
		return next
	}
	return nil
}

// wantsRecords reports whether a version that is or may come into force uses the records of shops.
func (t *PolicyTimeline) wantsRecords() bool {
	next := t.Scheduled
	return t.Holds.WantsRecords() || next != nil && next.Withdrawn == nil && next.WantsRecords()
}

// Add returns the timeline with a new version, in force at once or from its start on. CONFLICT unless it is the next version;
// INVALID_STATE while another version is scheduled.
func (t PolicyTimeline) Add(next Policy) (PolicyTimeline, error) {
	if next.Version != t.Latest()+1 {
		return t, Refuse(CodeConflict, Text{
			ZH: "该版本的策略已存在。", EN: "This version of the policy is stored already.",
		})
	}
	if err := t.CheckNoneWaits(next.CreatedAt); err != nil {
		return t, err
	}
	if next.StartsAt.IsZero() {
		return PolicyTimeline{Holds: next}, nil
	}
	return PolicyTimeline{Holds: t.At(next.CreatedAt), Scheduled: &next}, nil
}

// Withdraw returns the timeline with a withdrawn version. INVALID_STATE unless that version is scheduled and has not started.
func (t PolicyTimeline) Withdraw(version int, withdrawal PolicyWithdrawal) (PolicyTimeline, error) {
	waiting := t.Waiting(withdrawal.At)
	if waiting == nil || waiting.Version != version {
		return t, InvalidState("version")
	}
	withdrawn := *waiting
	withdrawn.Withdrawn = &withdrawal
	return PolicyTimeline{Holds: t.Holds, Scheduled: &withdrawn}, nil
}

// CheckNoneWaits returns INVALID_STATE while a version is scheduled that has not started yet.
func (t PolicyTimeline) CheckNoneWaits(now time.Time) error {
	if t.Waiting(now) == nil {
		return nil
	}
	return Refuse(CodeInvalidState, Text{
		ZH: "已有一个版本等待生效，请先等它生效或将其撤回。",
		EN: "A version waits for its start; let it start or withdraw it first.",
	}, "input", "basedOnVersion")
}

// PolicyReader finds out which version of the policy decides when.
type PolicyReader interface {
	PolicyTimeline(ctx context.Context) (PolicyTimeline, error)
}

// PolicyAt returns the version that decides at an instant.
func PolicyAt(ctx context.Context, store PolicyReader, at time.Time) (Policy, error) {
	timeline, err := store.PolicyTimeline(ctx)
	if err != nil {
		return Policy{}, fmt.Errorf("find policy: %w", err)
	}
	return timeline.At(at), nil
}
