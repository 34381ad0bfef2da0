package policylab_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/policylab"
)

func TestANewPolicyIsRolledOutToExistingCases(t *testing.T) {
	o, ctx := newLab(t), context.Background()
	var orders []OrderNo
	for i := range 600 {
		buyer := BuyerID(fmt.Sprintf("b-%03d", i))
		orders = append(orders, o.SubmitOne("A", buyer))
		o.SubmitOne("B", buyer)
	}
	next := DefaultPolicy(Start)
	next.Reason = "fewer votes"
	for i := range next.Rules {
		next.Rules[i].Threshold = 2
	}
	admin := Person("boss", RoleAdmin)
	o.simulate(1, next)
	if got, err := o.drafts.Publish(ctx, admin, policylab.Publication{BasedOn: 1, Policy: next}); err != nil || got.Policy.Version != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for range 2 {
		if err := o.rollouts.Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range o.statuses(orders...) {
		if got != TagSucceeded {
			t.Fatalf("%s: %s", orders[i], got)
		}
	}
	if got, err := o.rollouts.Find(ctx, admin, 2); err != nil || got.Evaluated != 600 || got.CompletedAt.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
}

// The process is down when the version starts.
func TestAScheduledVersionIsRolledOutFromItsStart(t *testing.T) {
	o := newLab(t)
	order := o.SubmitOne("A", "b")
	o.SubmitOne("B", "b")
	next := o.inForce()
	next.Reason, next.StartsAt = "fewer votes", o.Clock.Time.Add(time.Hour)
	next.Rules = slices.Clone(next.Rules)
	for i := range next.Rules {
		next.Rules[i].Threshold = 2
	}
	o.simulate(1, next)
	if _, err := o.publish("boss", policylab.Publication{BasedOn: 1, Policy: next}); err != nil {
		t.Fatal(err)
	}
	boss := Person("boss", RoleAdmin)
	standing, err := o.policies.Standing(t.Context(), boss)
	if err != nil || standing.InForce.Version != 1 || standing.Waiting.Version != 2 || standing.Latest.Version != 2 {
		t.Errorf("%+v, %v", standing, err)
	}
	other := o.wantedPolicy(30)
	o.simulate(1, other)
	if _, err := o.publish("boss", policylab.Publication{BasedOn: 1, Policy: other}); CodeOf(err) != CodeInvalidState {
		t.Errorf("another version while one waits: %v", err)
	}
	rollOut := func(want TagStatus) {
		t.Helper()
		if err := o.rollouts.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.statuses(order)[0]; got != want {
			t.Errorf("at %v the tag is %s, want %s", o.Clock.Time, got, want)
		}
	}
	o.Clock.Time = next.StartsAt.Add(-time.Millisecond)
	rollOut(TagAccumulating)
	o.Clock.Time = next.StartsAt.Add(5 * time.Hour)
	if o.inForce().Version != 2 {
		t.Errorf("version %d is in force", o.inForce().Version)
	}
	rollOut(TagSucceeded)
	if _, err := o.policies.Withdraw(t.Context(), boss, 2, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("withdraws what holds: %v", err)
	}
	// Back to the numbers of version 1, as a new version.
	back, err := o.policies.Find(t.Context(), boss, 1)
	if err != nil {
		t.Fatal(err)
	}
	back.Reason = "back to version 1"
	o.simulate(2, back)
	if got, err := o.publish("boss", policylab.Publication{BasedOn: 2, Policy: back}); err != nil || got.Policy.Version != 3 || policylab.Digest(*got.Policy, 0) != policylab.Digest(DefaultPolicy(Start), 0) {
		t.Errorf("%+v, %v", got, err)
	}
}
