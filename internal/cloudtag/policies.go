package cloudtag

import (
	"context"
	"fmt"
	"slices"
)

// Policies reads and changes the policy.
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

// EnsureDefault stores version 1 where there is no policy yet. Several instances may do so at once.
func (p *Policies) EnsureDefault(ctx context.Context) error {
	_, err := p.store.Policy(ctx, 0)
	if CodeOf(err) != CodeNotFound {
		return err
	}
	policy := DefaultPolicy(p.clock.Now())
	err = p.store.AddPolicy(ctx, policy, policyEntry(nil, policy))
	if CodeOf(err) == CodeConflict {
		return nil
	}
	return err
}

// Find returns a version, the current one for 0. Errors: FORBIDDEN, NOT_FOUND.
func (p *Policies) Find(ctx context.Context, caller Caller, version int) (Policy, error) {
	if !caller.MaySeeCases() {
		return Policy{}, errForbidden()
	}
	return p.store.Policy(ctx, version)
}

// Update stores the policy as the version after the one it is based on; an administrator's act, with a reason. From
// then on every evaluation uses it, and [Rollout] brings the cases there are up to it. Errors:
// FORBIDDEN, REASON_REQUIRED, INVALID_POLICY with the field, CONFLICT when basedOn is not the current version.
func (p *Policies) Update(ctx context.Context, caller Caller, basedOn int, next Policy) (Policy, error) {
	current, next, err := p.propose(ctx, caller, basedOn, next)
	if err != nil {
		return Policy{}, err
	}
	next.CreatedBy, next.CreatedAt = caller.Subject, p.clock.Now()
	if err := p.store.AddPolicy(ctx, next, policyEntry(&current, next)); err != nil {
		if CodeOf(err) == CodeConflict {
			return Policy{}, errPolicyConflict()
		}
		return Policy{}, fmt.Errorf("store policy: %w", err)
	}
	return next, startRollout(ctx, p.store, next)
}

// propose checks a policy that an administrator wants, and makes it the version after the current one.
func (p *Policies) propose(ctx context.Context, caller Caller, basedOn int, wanted Policy) (current, next Policy, err error) {
	if !caller.Has(RoleAdmin) {
		return current, next, errForbidden()
	}
	if err := wanted.check(); err != nil {
		return current, next, err
	}
	if current, err = p.store.Policy(ctx, 0); err != nil {
		return current, next, fmt.Errorf("find policy: %w", err)
	}
	if current.Version != basedOn {
		return current, next, errPolicyConflict()
	}
	next = wanted
	next.Version = current.Version + 1
	return current, next, nil
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
		Subjects: []Subject{PolicySubject(after.Version)}, After: mustJSON(after),
	}
	if before != nil {
		entry.Before = mustJSON(*before)
	}
	return entry
}

// The ranges that a policy's numbers must keep.
const (
	maxWindowDays        = 3650
	maxHandleWithinHours = 720
	maxThreshold         = 100
	maxAdjustment        = 10
	maxOverturnedWeight  = 100
	maxReasonLength      = 1000
)

// check says what is wrong with the numbers, by field.
func (p Policy) check() error {
	if !saysSomething(p.Reason, maxReasonLength) {
		return Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请填写理由（1 至 %d 个字）。", maxReasonLength),
			EN: fmt.Sprintf("Give a reason of 1 to %d characters.", maxReasonLength),
		}, "input", "reason")
	}
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
	for _, r := range ranges {
		if r.value < r.lo || r.value > r.hi {
			return policyFault(fmt.Sprintf("须为 %d 至 %d。", r.lo, r.hi), fmt.Sprintf("must be %d to %d.", r.lo, r.hi), r.field)
		}
	}
	return p.checkRules()
}

func (p Policy) checkRules() error {
	var seen []ScenarioCode
	for _, rule := range p.Rules {
		if _, known := FindScenario(rule.Scenario); !known || slices.Contains(seen, rule.Scenario) {
			return policyFault("每个场景须存在且只出现一次。", "each scenario must exist and occur once.", "rules")
		}
		seen = append(seen, rule.Scenario)
		if rule.Threshold < MinThreshold || rule.Threshold > maxThreshold {
			return policyFault(fmt.Sprintf("门槛须为 %d 至 %d。", MinThreshold, maxThreshold),
				fmt.Sprintf("a threshold must be %d to %d.", MinThreshold, maxThreshold), "rules")
		}
	}
	return nil
}

func policyFault(zh, en, field string) error {
	return Refuse(CodeInvalidPolicy, Text{ZH: field + "：" + zh, EN: field + ": " + en}, "input", field)
}
