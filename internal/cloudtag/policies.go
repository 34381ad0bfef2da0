package cloudtag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Policies reads and withdraws versions of the policy; [PolicyDrafts] publishes them.
type Policies struct {
	store policyStore
	clock Clock
}

type policyStore interface {
	PolicyStore
	DocumentStore
}

// NewPolicies returns the service over a store.
func NewPolicies(store policyStore, clock Clock) *Policies {
	return &Policies{store: store, clock: clock}
}

// EnsureDefault stores version 1 if there is no policy yet. Several instances may do so concurrently.
func (p *Policies) EnsureDefault(ctx context.Context) error {
	_, err := p.store.PolicyTimeline(ctx)
	if CodeOf(err) != CodeNotFound {
		return err
	}
	policy := DefaultPolicy(p.clock.Now())
	err = p.store.AddPolicy(ctx, policy, []Entry{policyEntry(nil, policy)})
	if CodeOf(err) == CodeConflict {
		return nil
	}
	return err
}

// Find returns a version; 0 is the one in force. Errors: FORBIDDEN, NOT_FOUND.
func (p *Policies) Find(ctx context.Context, caller Caller, version int) (Policy, error) {
	if !caller.MaySeeCases() {
		return Policy{}, Forbidden()
	}
	if version == 0 {
		return PolicyAt(ctx, p.store, p.clock.Now())
	}
	return p.store.Policy(ctx, version)
}

// Standing is the versions of the policy that matter now.
type Standing struct {
	InForce Policy
	Waiting *Policy // scheduled, not started yet; may be nil
	Latest  Policy  // the newest version, which may be withdrawn
}

// Standing returns the versions that matter now. FORBIDDEN unless the caller reviews.
func (p *Policies) Standing(ctx context.Context, caller Caller) (Standing, error) {
	if !caller.MaySeeCases() {
		return Standing{}, Forbidden()
	}
	timeline, err := p.store.PolicyTimeline(ctx)
	if err != nil {
		return Standing{}, fmt.Errorf("find policy: %w", err)
	}
	now := p.clock.Now()
	return Standing{InForce: timeline.At(now), Waiting: timeline.Waiting(now), Latest: timeline.newest()}, nil
}

// as returns the policy as a version that is published at a time.
func (p Policy) as(version int, by string, at time.Time) Policy {
	p.Version, p.CreatedBy, p.CreatedAt, p.ApprovedBy, p.Withdrawn = version, by, at, "", nil
	if p.StartsAt = normalTime(p.StartsAt); p.StartsAt.IsZero() {
		p.StartsAt = time.Time{}
	}
	return p
}

// Withdraw cancels a scheduled version. One person can do so, since the version in force does not change. Errors: FORBIDDEN
// unless the caller is an administrator, REASON_REQUIRED, INVALID_STATE unless the version has not started yet.
func (p *Policies) Withdraw(ctx context.Context, caller Caller, version int, reason string) (Policy, error) {
	if !caller.Has(RoleAdmin) {
		return Policy{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Policy{}, err
	}
	withdrawal := PolicyWithdrawal{By: caller.Subject, At: p.clock.Now(), Reason: reason}
	err := p.store.WithdrawPolicy(ctx, version, withdrawal, Entry{
		At: withdrawal.At, Actor: caller.Subject, Action: ActionPolicyWithdrawn, Reason: reason,
		Subjects: []Subject{PolicySubject(version)}, After: MustJSON(withdrawal),
	})
	if err != nil {
		return Policy{}, err
	}
	return p.store.Policy(ctx, version)
}

// proposed checks a policy that an administrator proposes, and returns the version that it is based on.
func (p *Policies) proposed(ctx context.Context, caller Caller, basedOn int, wanted Policy, now time.Time) (Policy, error) {
	if !caller.Has(RoleAdmin) {
		return Policy{}, Forbidden()
	}
	if err := wanted.check(); err != nil {
		return Policy{}, err
	}
	current, err := PolicyAt(ctx, p.store, now)
	if err != nil {
		return current, err
	}
	if current.Version != basedOn {
		return current, errPolicyConflict()
	}
	return current, nil
}

func errPolicyConflict() *Error {
	return Refuse(CodeConflict, Text{
		ZH: "策略已被他人更新，请基于当前版本重新修改。",
		EN: "Someone else has changed the policy; base your change on the current version.",
	}, "input", "basedOnVersion")
}

func policyEntry(before *Policy, after Policy) Entry {
	entry := Entry{
		At: after.CreatedAt, Actor: after.CreatedBy, Action: ActionPolicyCreated, Reason: after.Reason,
		Subjects: []Subject{PolicySubject(after.Version)}, After: MustJSON(after),
	}
	if before != nil {
		entry.Before = MustJSON(*before)
	}
	return entry
}

// maxStartAhead is how far ahead a version can be scheduled.
const maxStartAhead = 365 * 24 * time.Hour

// checkStart checks that a start is in the future, within maxStartAhead; zero means at once.
func checkStart(start, now time.Time) error {
	if start.IsZero() || start.After(now) && !start.After(now.Add(maxStartAhead)) {
		return nil
	}
	return invalidPolicy("须为将来一年以内的时间。", "must be a time to come, within a year.", "startsAt")
}

// The limits of a policy's numbers.
const (
	maxWindowDays        = 3650
	maxHandleWithinHours = 720
	maxThreshold         = 100
	maxAdjustment        = 10
	maxOverturnedWeight  = 100
	maxReasonLength      = 1000
)

// check validates the numbers and the reason; it returns the errors of all fields, joined.
func (p Policy) check() error { return errors.Join(CheckReason(p.Reason, "reason"), p.checkNumbers()) }

// checkNumbers validates the numbers; it returns the errors of all fields, joined.
func (p Policy) checkNumbers() error {
	ranges := []struct {
		field         string
		value, lo, hi int
	}{
		{"windowDays", p.WindowDays, 1, maxWindowDays},
		{"handleWithinHours", p.HandleWithinHours, 1, maxHandleWithinHours},
		{"highRiskFrom", p.HighRiskFrom, 0, MaxRiskScore + 1},
		{"mediumRiskFrom", p.MediumRiskFrom, 0, p.HighRiskFrom},
		{"adjustHigh", p.AdjustHigh, -maxAdjustment, maxAdjustment},
		{"adjustMedium", p.AdjustMedium, -maxAdjustment, maxAdjustment},
		{"adjustLow", p.AdjustLow, -maxAdjustment, maxAdjustment},
		{"maxOrderAgeDays", p.MaxOrderAgeDays, 0, maxWindowDays},
		{"overturnedWeight", p.OverturnedWeight, 0, maxOverturnedWeight},
		{"minMeanWeight", p.MinMeanWeight, 0, 100},
		{"anchorFrom", p.AnchorFrom, 0, 95},
		{"secondReviewPercent", p.SecondReviewPercent, 0, 100},
	}
	var problems []error
	for _, r := range ranges {
		if r.value < r.lo || r.value > r.hi {
			problems = append(problems, invalidPolicy(fmt.Sprintf("须为 %d 至 %d。", r.lo, r.hi), fmt.Sprintf("must be %d to %d.", r.lo, r.hi), r.field))
		}
	}
	return errors.Join(append(problems, p.checkRules()...)...)
}

func (p Policy) checkRules() []error {
	var seen []ScenarioCode
	var problems []error
	for _, rule := range p.Rules {
		field := []string{"rules", string(rule.Scenario)}
		if _, known := FindScenario(rule.Scenario); !known || slices.Contains(seen, rule.Scenario) {
			problems = append(problems, invalidPolicy("每个场景须存在且只出现一次。", "each scenario must exist and occur once.", field...))
		}
		seen = append(seen, rule.Scenario)
		if rule.Threshold < MinThreshold || rule.Threshold > maxThreshold {
			problems = append(problems, invalidPolicy(fmt.Sprintf("门槛须为 %d 至 %d。", MinThreshold, maxThreshold),
				fmt.Sprintf("a threshold must be %d to %d.", MinThreshold, maxThreshold), field...))
		}
	}
	return problems
}

func invalidPolicy(zh, en string, field ...string) error {
	return Refuse(CodeInvalidPolicy, Text{ZH: zh, EN: en}, append([]string{"input"}, field...)...)
}
