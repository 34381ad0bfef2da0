package policylab

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Policies reads and withdraws versions of the policy; [Drafts] publishes them.
type Policies struct {
	store policyStore
	clock cloudtag.Clock
}

type policyStore interface {
	cloudtag.PolicyStore
	cloudtag.DocumentStore
}

// NewPolicies returns the service over a store.
func NewPolicies(store policyStore, clock cloudtag.Clock) *Policies {
	return &Policies{store: store, clock: clock}
}

// EnsureDefault stores version 1 if there is no policy yet. Several instances may do so concurrently.
func (p *Policies) EnsureDefault(ctx context.Context) error {
	_, err := p.store.PolicyTimeline(ctx)
	if cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return err
	}
	policy := cloudtag.DefaultPolicy(p.clock.Now())
	err = p.store.AddPolicy(ctx, policy, []cloudtag.Entry{policyEntry(nil, policy)})
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return nil
	}
	return err
}

// Find returns a version; 0 is the one in force. Errors: FORBIDDEN, NOT_FOUND.
func (p *Policies) Find(ctx context.Context, caller cloudtag.Caller, version int) (cloudtag.Policy, error) {
	if !caller.MaySeeCases() {
		return cloudtag.Policy{}, cloudtag.Forbidden()
	}
	if version == 0 {
		return cloudtag.PolicyAt(ctx, p.store, p.clock.Now())
	}
	return p.store.Policy(ctx, version)
}

// Standing is the versions of the policy that matter now.
type Standing struct {
	InForce cloudtag.Policy
	Waiting *cloudtag.Policy // scheduled, not started yet; may be nil
	Latest  cloudtag.Policy  // the newest version, which may be withdrawn
}

// Standing returns the versions that matter now. FORBIDDEN unless the caller reviews.
func (p *Policies) Standing(ctx context.Context, caller cloudtag.Caller) (Standing, error) {
	if !caller.MaySeeCases() {
		return Standing{}, cloudtag.Forbidden()
	}
	timeline, err := p.store.PolicyTimeline(ctx)
	if err != nil {
		return Standing{}, fmt.Errorf("find policy: %w", err)
	}
	now := p.clock.Now()
	return Standing{InForce: timeline.At(now), Waiting: timeline.Waiting(now), Latest: timeline.Newest()}, nil
}

// Withdraw cancels a scheduled version. One person can do so, since the version in force does not change. Errors: FORBIDDEN
// unless the caller is an administrator, REASON_REQUIRED, INVALID_STATE unless the version has not started yet.
func (p *Policies) Withdraw(ctx context.Context, caller cloudtag.Caller, version int, reason string) (cloudtag.Policy, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return cloudtag.Policy{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return cloudtag.Policy{}, err
	}
	withdrawal := cloudtag.PolicyWithdrawal{By: caller.Subject, At: p.clock.Now(), Reason: reason}
	err := p.store.WithdrawPolicy(ctx, version, withdrawal, cloudtag.Entry{
		At: withdrawal.At, Actor: caller.Subject, Action: cloudtag.ActionPolicyWithdrawn, Reason: reason,
		Subjects: []cloudtag.Subject{cloudtag.PolicySubject(version)}, After: cloudtag.MustJSON(withdrawal),
	})
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return p.store.Policy(ctx, version)
}

// proposed checks a policy that an administrator proposes, and returns the version that it is based on.
func (p *Policies) proposed(ctx context.Context, caller cloudtag.Caller, basedOn int, wanted cloudtag.Policy, now time.Time) (cloudtag.Policy, error) {
	if !caller.Has(cloudtag.RoleAdmin) {
		return cloudtag.Policy{}, cloudtag.Forbidden()
	}
	if err := wanted.Check(); err != nil {
		return cloudtag.Policy{}, err
	}
	current, err := cloudtag.PolicyAt(ctx, p.store, now)
	if err != nil {
		return current, err
	}
	if current.Version != basedOn {
		return current, errPolicyConflict()
	}
	return current, nil
}

func errPolicyConflict() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "策略已被他人更新，请基于当前版本重新修改。",
		EN: "Someone else has changed the policy; base your change on the current version.",
	}, "input", "basedOnVersion")
}

func policyEntry(before *cloudtag.Policy, after cloudtag.Policy) cloudtag.Entry {
	entry := cloudtag.Entry{
		At: after.CreatedAt, Actor: after.CreatedBy, Action: cloudtag.ActionPolicyCreated, Reason: after.Reason,
		Subjects: []cloudtag.Subject{cloudtag.PolicySubject(after.Version)}, After: cloudtag.MustJSON(after),
	}
	if before != nil {
		entry.Before = cloudtag.MustJSON(*before)
	}
	return entry
}
