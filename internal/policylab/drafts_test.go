package policylab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/policylab"
)

func TestPublishRequiresASimulationOfTheSameNumbers(t *testing.T) {
	o := newLab(t)
	wanted := o.wantedPolicy(90)
	publication := policylab.Publication{BasedOn: 1, Policy: wanted}
	if _, err := o.publish("boss", publication); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("never simulated: %v", err)
	}
	other := wanted
	other.WindowDays = 91
	o.simulate(1, other)
	if _, err := o.publish("boss", publication); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("other numbers were simulated: %v", err)
	}
	reordered := wanted
	reordered.Rules = slices.Clone(wanted.Rules)
	slices.Reverse(reordered.Rules)
	reordered.Reason = "another reason"
	o.simulate(1, reordered)
	for name, test := range map[string]struct {
		by      Caller
		basedOn int
		change  func(*Policy)
		code    Code
		field   string
	}{
		"a reviewer":      {Person("rev", RoleReviewer), 1, func(*Policy) {}, CodeForbidden, ""},
		"another version": {Person("boss", RoleAdmin), 2, func(*Policy) {}, CodeConflict, "basedOnVersion"},
		"no reason":       {Person("boss", RoleAdmin), 1, func(p *Policy) { p.Reason = "" }, CodeReasonRequired, "reason"},
		"a start now":     {Person("boss", RoleAdmin), 1, func(p *Policy) { p.StartsAt = o.Clock.Time }, CodeInvalidPolicy, "startsAt"},
		"a start in years": {
			Person("boss", RoleAdmin), 1, func(p *Policy) { p.StartsAt = o.Clock.Time.AddDate(1, 0, 1) }, CodeInvalidPolicy, "startsAt",
		},
	} {
		changed := wanted
		test.change(&changed)
		_, err := o.drafts.Publish(t.Context(), test.by, policylab.Publication{BasedOn: test.basedOn, Policy: changed})
		if CodeOf(err) != test.code || fieldOf(err) != test.field {
			t.Errorf("%s: %v, want %s at %q", name, err, test.code, test.field)
		}
	}
	published, err := o.publish("boss", publication)
	if err != nil || published.Policy.Version != 2 || o.inForce().WindowDays != 90 {
		t.Fatalf("%+v, %v", published, err)
	}
	// A simulation based on version 1 does not count for version 2.
	if _, err := o.publish("boss", policylab.Publication{BasedOn: 2, Policy: wanted}); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("in the place of another version: %v", err)
	}
}

func TestDraftsDetectConcurrentChanges(t *testing.T) {
	o := newLab(t)
	ann, ben := Person("ann", RoleAdmin), Person("ben", RoleAdmin)
	save := func(by Caller, id string, version int, name string, windowDays int) (policylab.Draft, error) {
		return o.drafts.Save(t.Context(), by, policylab.DraftChange{ID: id, Version: version, Name: name, BasedOn: 1, Policy: o.wantedPolicy(windowDays)})
	}
	first, err := save(ann, "", 0, "shorter", 90)
	if err != nil || first.Version != 1 || first.State != policylab.DraftOpen || first.CreatedBy != "ann" {
		t.Fatalf("%+v, %v", first, err)
	}
	o.Clock.Time = o.Clock.Time.Add(time.Minute)
	second, err := save(ben, first.ID, 1, "shorter still", 60)
	if err != nil || second.Version != 2 || second.ChangedBy != "ben" || !second.ChangedAt.Equal(o.Clock.Time) || second.CreatedBy != "ann" {
		t.Fatalf("%+v, %v", second, err)
	}
	stale, err := save(ann, first.ID, 1, "shorter", 30)
	if CodeOf(err) != CodeConflict || stale.Policy.WindowDays != 60 || stale.ChangedBy != "ben" {
		t.Errorf("%+v, %v; want what ben saved", stale, err)
	}
	if _, err := o.publish("ann", policylab.Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 1}); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("not simulated: %v", err)
	}
	o.simulate(1, o.wantedPolicy(90))
	if _, err := o.publish("ann", policylab.Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 1}); CodeOf(err) != CodeConflict {
		t.Errorf("publishes what ben has changed: %v", err)
	}
	for name, test := range map[string]struct {
		by      Caller
		id      string
		name    string
		version int
		window  int
		code    Code
	}{
		"a reviewer":     {Person("rev", RoleReviewer), first.ID, "x", 2, 90, CodeForbidden},
		"no such draft":  {ann, "none", "x", 2, 90, CodeNotFound},
		"no name":        {ann, first.ID, " ", 2, 90, CodeInvalidPolicy},
		"a long name":    {ann, first.ID, strings.Repeat("x", 61), 2, 90, CodeInvalidPolicy},
		"a wrong number": {ann, first.ID, "x", 2, 0, CodeInvalidPolicy},
	} {
		if _, err := save(test.by, test.id, test.version, test.name, test.window); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	published, err := o.publish("ann", policylab.Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 2})
	if err != nil || published.Draft.State != policylab.DraftPublished || published.Draft.PublishedAs != 2 {
		t.Fatalf("%+v, %v", published, err)
	}
	if _, err := o.drafts.Discard(t.Context(), ann, first.ID, 3); CodeOf(err) != CodeInvalidState {
		t.Errorf("discards what is published: %v", err)
	}
	third, err := save(ben, "", 0, "another", 10)
	if err != nil {
		t.Fatal(err)
	}
	if listed, err := o.drafts.List(t.Context(), ann); err != nil || len(listed) != 1 || listed[0].ID != third.ID {
		t.Errorf("%+v, %v", listed, err)
	}
	if got, err := o.drafts.Discard(t.Context(), ben, third.ID, 1); err != nil || got.State != policylab.DraftDiscarded {
		t.Errorf("%+v, %v", got, err)
	}
	if listed, err := o.drafts.List(t.Context(), ann); err != nil || len(listed) != 0 {
		t.Errorf("%+v, %v", listed, err)
	}
	var logged []string
	for _, entry := range o.Store.Entries() {
		if id := entry.Subject("policy_draft"); id == first.ID {
			logged = append(logged, fmt.Sprint(entry.Actor, " ", entry.Action))
		}
	}
	if want := []string{"ann policy.draft_saved", "ben policy.draft_saved", "ann policy.created"}; !slices.Equal(logged, want) {
		t.Errorf("the log has %v, want %v", logged, want)
	}
}

// One person can require approval; it takes two to stop requiring it.
func TestApprovalNeedsASecondPerson(t *testing.T) {
	o := newLab(t)
	ann, ben := Person("ann", RoleAdmin), Person("ben", RoleAdmin)
	on := o.inForce()
	on.RequireApproval, on.Reason = true, "two pairs of eyes"
	o.simulate(1, on)
	if got, err := o.publish("ann", policylab.Publication{BasedOn: 1, Policy: on}); err != nil || got.Policy == nil || got.Draft != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	off := o.inForce()
	off.RequireApproval, off.Reason = false, "one is enough"
	o.simulate(2, off)
	proposed, err := o.publish("ann", policylab.Publication{BasedOn: 2, Policy: off})
	if err != nil || proposed.Policy != nil || proposed.Draft.State != policylab.DraftProposed || proposed.Draft.Name != "one is enough" || !o.inForce().RequireApproval {
		t.Fatalf("%+v, %v", proposed, err)
	}
	id := proposed.Draft.ID
	decide := func(by Caller, approve bool, reason string) (policylab.Published, error) {
		return o.drafts.Decide(t.Context(), by, id, approve, reason)
	}
	for name, test := range map[string]struct {
		by     Caller
		id     string
		reason string
		code   Code
	}{
		"the proposer": {ann, id, "r", CodeSamePerson},
		"a reviewer":   {Person("rev", RoleReviewer), id, "r", CodeForbidden},
		"no reason":    {ben, id, "", CodeReasonRequired},
		"no draft":     {ben, "none", "r", CodeNotFound},
	} {
		if _, err := o.drafts.Decide(t.Context(), test.by, test.id, true, test.reason); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if _, err := o.drafts.Save(t.Context(), ann, policylab.DraftChange{ID: id, Version: 1, Name: "x", BasedOn: 2, Policy: on}); CodeOf(err) != CodeInvalidState {
		t.Errorf("changes what is proposed: %v", err)
	}
	declined, err := decide(ben, false, "no")
	if err != nil || declined.Draft.State != policylab.DraftOpen || declined.Draft.DecidedBy != "ben" || declined.Draft.DecisionReason != "no" {
		t.Fatalf("%+v, %v", declined, err)
	}
	if _, err := decide(ben, true, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("approves what is not proposed: %v", err)
	}
	propose := func() {
		t.Helper()
		draft, err := o.drafts.Find(t.Context(), ann, id)
		if err == nil {
			_, err = o.publish("ann", policylab.Publication{BasedOn: 2, Policy: off, DraftID: id, DraftVersion: draft.Version})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	propose()
	if got, err := decide(ann, false, "a mistake"); err != nil || got.Draft.State != policylab.DraftOpen {
		t.Errorf("the proposer can't take it back: %+v, %v", got, err)
	}
	propose()
	before := len(o.Store.Entries())
	approved, err := decide(ben, true, "yes")
	if err != nil || approved.Policy.Version != 3 || approved.Policy.CreatedBy != "ann" || approved.Policy.ApprovedBy != "ben" || approved.Draft.PublishedAs != 3 {
		t.Fatalf("%+v, %v", approved, err)
	}
	var actions []Action
	for _, entry := range o.Store.Entries()[before:] {
		actions = append(actions, entry.Action)
	}
	if !slices.Equal(actions, []Action{ActionPolicyDecided, ActionPolicyCreated}) || o.inForce().RequireApproval {
		t.Errorf("%v, %+v", actions, o.inForce())
	}
}

func TestOutdatedProposalsCannotBeApproved(t *testing.T) {
	o := newLab(t)
	on := o.inForce()
	on.RequireApproval, on.Reason = true, "r"
	o.simulate(1, on)
	if _, err := o.publish("ann", policylab.Publication{BasedOn: 1, Policy: on}); err != nil {
		t.Fatal(err)
	}
	propose := func(windowDays int, startsAt time.Time) string {
		t.Helper()
		wanted := o.wantedPolicy(windowDays)
		wanted.StartsAt = startsAt
		o.simulate(2, wanted)
		got, err := o.publish("ann", policylab.Publication{BasedOn: 2, Policy: wanted})
		if err != nil {
			t.Fatal(err)
		}
		return got.Draft.ID
	}
	approve := func(id string) error {
		_, err := o.drafts.Decide(t.Context(), Person("ben", RoleAdmin), id, true, "r")
		return err
	}
	late, later, now := propose(100, o.Clock.Time.Add(time.Hour)), propose(110, o.Clock.Time.Add(3*time.Hour)), propose(120, time.Time{})
	o.Clock.Time = o.Clock.Time.Add(time.Hour)
	if err := approve(late); CodeOf(err) != CodeInvalidPolicy || fieldOf(err) != "startsAt" {
		t.Errorf("its start has passed: %v", err)
	}
	if err := approve(later); err != nil {
		t.Fatal(err)
	}
	if err := approve(now); CodeOf(err) != CodeInvalidState {
		t.Errorf("another one waits: %v", err)
	}
	if _, err := o.policies.Withdraw(t.Context(), Person("ben", RoleAdmin), 3, "r"); err != nil {
		t.Fatal(err)
	}
	if err := approve(now); err != nil || o.inForce().Version != 4 {
		t.Errorf("after the withdrawal: %v, %+v", err, o.inForce())
	}
}
