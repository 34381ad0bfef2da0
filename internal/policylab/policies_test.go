package policylab_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/policylab"
)

func TestWithdrawnVersionsNeverComeIntoForce(t *testing.T) {
	o := newLab(t)
	next := o.wantedPolicy(30)
	next.StartsAt = o.Clock.Time.Add(time.Hour)
	o.simulate(1, next)
	if _, err := o.publish("boss", policylab.Publication{BasedOn: 1, Policy: next}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		by      Caller
		version int
		reason  string
		code    Code
	}{
		"a reviewer": {Person("rev", RoleReviewer), 2, "r", CodeForbidden},
		"no reason":  {Person("ann", RoleAdmin), 2, "", CodeReasonRequired},
		"version 1":  {Person("ann", RoleAdmin), 1, "r", CodeInvalidState},
		"version 9":  {Person("ann", RoleAdmin), 9, "r", CodeInvalidState},
	} {
		if _, err := o.policies.Withdraw(t.Context(), test.by, test.version, test.reason); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %q", name, err, test.code)
		}
	}
	if _, err := o.policies.Withdraw(t.Context(), Person("ann", RoleAdmin), 2, "not now"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.policies.Withdraw(t.Context(), Person("ann", RoleAdmin), 2, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("twice: %v", err)
	}
	withdrawn, err := o.policies.Find(t.Context(), Person("ann", RoleAdmin), 2)
	if err != nil || withdrawn.Withdrawn == nil || withdrawn.Withdrawn.By != "ann" || withdrawn.Withdrawn.Reason != "not now" {
		t.Errorf("%+v, %v", withdrawn, err)
	}
	o.Clock.Time = o.Clock.Time.Add(2 * time.Hour)
	if o.inForce().Version != 1 {
		t.Errorf("version %d is in force", o.inForce().Version)
	}
	next = o.wantedPolicy(20)
	o.simulate(1, next)
	if got, err := o.publish("boss", policylab.Publication{BasedOn: 1, Policy: next}); err != nil || got.Policy.Version != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
