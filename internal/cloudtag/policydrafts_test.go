package cloudtag_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// simulate runs a simulation, which publishing requires.
func (o *office) simulate(basedOn int, policy Policy) SimulationReport {
	o.t.Helper()
	report, err := NewSimulations(o.store, o.policies, NewCalendar(time.UTC), perDay(0)).Run(context.Background(), person("boss", RoleAdmin), SimulationRequest{BasedOn: basedOn, Policy: policy}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return report
}

// wantedPolicy is the policy in force with another window and a reason.
func (o *office) wantedPolicy(windowDays int) Policy {
	policy := o.inForce()
	policy.WindowDays, policy.Reason = windowDays, "shorter"
	return policy
}

func (o *office) inForce() Policy {
	o.t.Helper()
	policy, err := o.policies.Find(context.Background(), person("boss", RoleAdmin), 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return policy
}

func (o *office) publish(by string, publication Publication) (Published, error) {
	return o.drafts.Publish(context.Background(), person(by, RoleAdmin), publication)
}

func TestPublishRequiresASimulationOfTheSameNumbers(t *testing.T) {
	o := newOffice(t)
	wanted := o.wantedPolicy(90)
	publication := Publication{BasedOn: 1, Policy: wanted}
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
		"a reviewer":      {person("rev", RoleReviewer), 1, func(*Policy) {}, CodeForbidden, ""},
		"another version": {person("boss", RoleAdmin), 2, func(*Policy) {}, CodeConflict, "basedOnVersion"},
		"no reason":       {person("boss", RoleAdmin), 1, func(p *Policy) { p.Reason = "" }, CodeReasonRequired, "reason"},
		"a start now":     {person("boss", RoleAdmin), 1, func(p *Policy) { p.StartsAt = o.clock.now }, CodeInvalidPolicy, "startsAt"},
		"a start in years": {
			person("boss", RoleAdmin), 1, func(p *Policy) { p.StartsAt = o.clock.now.AddDate(1, 0, 1) }, CodeInvalidPolicy, "startsAt",
		},
	} {
		changed := wanted
		test.change(&changed)
		_, err := o.drafts.Publish(t.Context(), test.by, Publication{BasedOn: test.basedOn, Policy: changed})
		if CodeOf(err) != test.code || fieldOf(err) != test.field {
			t.Errorf("%s: %v, want %s at %q", name, err, test.code, test.field)
		}
	}
	published, err := o.publish("boss", publication)
	if err != nil || published.Policy.Version != 2 || o.inForce().WindowDays != 90 {
		t.Fatalf("%+v, %v", published, err)
	}
	// A simulation based on version 1 does not count for version 2.
	if _, err := o.publish("boss", Publication{BasedOn: 2, Policy: wanted}); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("in the place of another version: %v", err)
	}
}

// fieldsOf returns the fields of joined errors.
func fieldsOf(err error) (fields []string) {
	joined, several := err.(interface{ Unwrap() []error })
	if !several {
		return []string{fieldOf(err)}
	}
	for _, each := range joined.Unwrap() {
		fields = append(fields, fieldsOf(each)...)
	}
	return fields
}

func TestPublishNamesEveryInvalidField(t *testing.T) {
	policy := DefaultPolicy(start)
	policy.Reason, policy.WindowDays, policy.MediumRiskFrom, policy.Rules[3].Threshold = "", 0, 71, 1
	if got, want := fieldsOf(policy.Check()), []string{"reason", "windowDays", "mediumRiskFrom", "RETURN_FALSE_LOGISTICS"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}

func TestDraftsDetectConcurrentChanges(t *testing.T) {
	o := newOffice(t)
	ann, ben := person("ann", RoleAdmin), person("ben", RoleAdmin)
	save := func(by Caller, id string, version int, name string, windowDays int) (PolicyDraft, error) {
		return o.drafts.Save(t.Context(), by, DraftChange{ID: id, Version: version, Name: name, BasedOn: 1, Policy: o.wantedPolicy(windowDays)})
	}
	first, err := save(ann, "", 0, "shorter", 90)
	if err != nil || first.Version != 1 || first.State != DraftOpen || first.CreatedBy != "ann" {
		t.Fatalf("%+v, %v", first, err)
	}
	o.clock.now = o.clock.now.Add(time.Minute)
	second, err := save(ben, first.ID, 1, "shorter still", 60)
	if err != nil || second.Version != 2 || second.ChangedBy != "ben" || !second.ChangedAt.Equal(o.clock.now) || second.CreatedBy != "ann" {
		t.Fatalf("%+v, %v", second, err)
	}
	stale, err := save(ann, first.ID, 1, "shorter", 30)
	if CodeOf(err) != CodeConflict || stale.Policy.WindowDays != 60 || stale.ChangedBy != "ben" {
		t.Errorf("%+v, %v; want what ben saved", stale, err)
	}
	if _, err := o.publish("ann", Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 1}); CodeOf(err) != CodeSimulationRequired {
		t.Errorf("not simulated: %v", err)
	}
	o.simulate(1, o.wantedPolicy(90))
	if _, err := o.publish("ann", Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 1}); CodeOf(err) != CodeConflict {
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
		"a reviewer":     {person("rev", RoleReviewer), first.ID, "x", 2, 90, CodeForbidden},
		"no such draft":  {ann, "none", "x", 2, 90, CodeNotFound},
		"no name":        {ann, first.ID, " ", 2, 90, CodeInvalidPolicy},
		"a long name":    {ann, first.ID, strings.Repeat("x", 61), 2, 90, CodeInvalidPolicy},
		"a wrong number": {ann, first.ID, "x", 2, 0, CodeInvalidPolicy},
	} {
		if _, err := save(test.by, test.id, test.version, test.name, test.window); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	published, err := o.publish("ann", Publication{BasedOn: 1, Policy: o.wantedPolicy(90), DraftID: first.ID, DraftVersion: 2})
	if err != nil || published.Draft.State != DraftPublished || published.Draft.PublishedAs != 2 {
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
	if got, err := o.drafts.Discard(t.Context(), ben, third.ID, 1); err != nil || got.State != DraftDiscarded {
		t.Errorf("%+v, %v", got, err)
	}
	if listed, err := o.drafts.List(t.Context(), ann); err != nil || len(listed) != 0 {
		t.Errorf("%+v, %v", listed, err)
	}
	var told []string
	for _, entry := range o.store.log() {
		if id := entry.Subject("policy_draft"); id == first.ID {
			told = append(told, fmt.Sprint(entry.Actor, " ", entry.Action))
		}
	}
	if want := []string{"ann policy.draft_saved", "ben policy.draft_saved", "ann policy.created"}; !slices.Equal(told, want) {
		t.Errorf("the log tells %v, want %v", told, want)
	}
}

// One person can require approval; it takes two to stop requiring it.
func TestApprovalNeedsASecondPerson(t *testing.T) {
	o := newOffice(t)
	ann, ben := person("ann", RoleAdmin), person("ben", RoleAdmin)
	on := o.inForce()
	on.RequireApproval, on.Reason = true, "two pairs of eyes"
	o.simulate(1, on)
	if got, err := o.publish("ann", Publication{BasedOn: 1, Policy: on}); err != nil || got.Policy == nil || got.Draft != nil {
		t.Fatalf("%+v, %v", got, err)
	}
	off := o.inForce()
	off.RequireApproval, off.Reason = false, "one is enough"
	o.simulate(2, off)
	proposed, err := o.publish("ann", Publication{BasedOn: 2, Policy: off})
	if err != nil || proposed.Policy != nil || proposed.Draft.State != DraftProposed || proposed.Draft.Name != "one is enough" || !o.inForce().RequireApproval {
		t.Fatalf("%+v, %v", proposed, err)
	}
	id := proposed.Draft.ID
	decide := func(by Caller, approve bool, reason string) (Published, error) {
		return o.drafts.Decide(t.Context(), by, id, approve, reason)
	}
	for name, test := range map[string]struct {
		by     Caller
		id     string
		reason string
		code   Code
	}{
		"the proposer": {ann, id, "r", CodeSamePerson},
		"a reviewer":   {person("rev", RoleReviewer), id, "r", CodeForbidden},
		"no reason":    {ben, id, "", CodeReasonRequired},
		"no draft":     {ben, "none", "r", CodeNotFound},
	} {
		if _, err := o.drafts.Decide(t.Context(), test.by, test.id, true, test.reason); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if _, err := o.drafts.Save(t.Context(), ann, DraftChange{ID: id, Version: 1, Name: "x", BasedOn: 2, Policy: on}); CodeOf(err) != CodeInvalidState {
		t.Errorf("changes what is proposed: %v", err)
	}
	declined, err := decide(ben, false, "no")
	if err != nil || declined.Draft.State != DraftOpen || declined.Draft.DecidedBy != "ben" || declined.Draft.DecisionReason != "no" {
		t.Fatalf("%+v, %v", declined, err)
	}
	if _, err := decide(ben, true, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("approves what is not proposed: %v", err)
	}
	propose := func() {
		t.Helper()
		draft, err := o.drafts.Find(t.Context(), ann, id)
		if err == nil {
			_, err = o.publish("ann", Publication{BasedOn: 2, Policy: off, DraftID: id, DraftVersion: draft.Version})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	propose()
	if got, err := decide(ann, false, "a mistake"); err != nil || got.Draft.State != DraftOpen {
		t.Errorf("the proposer can't take it back: %+v, %v", got, err)
	}
	propose()
	before := len(o.store.log())
	approved, err := decide(ben, true, "yes")
	if err != nil || approved.Policy.Version != 3 || approved.Policy.CreatedBy != "ann" || approved.Policy.ApprovedBy != "ben" || approved.Draft.PublishedAs != 3 {
		t.Fatalf("%+v, %v", approved, err)
	}
	var actions []Action
	for _, entry := range o.store.log()[before:] {
		actions = append(actions, entry.Action)
	}
	if !slices.Equal(actions, []Action{ActionPolicyDecided, ActionPolicyCreated}) || o.inForce().RequireApproval {
		t.Errorf("%v, %+v", actions, o.inForce())
	}
}

func TestOutdatedProposalsCannotBeApproved(t *testing.T) {
	o := newOffice(t)
	on := o.inForce()
	on.RequireApproval, on.Reason = true, "r"
	o.simulate(1, on)
	if _, err := o.publish("ann", Publication{BasedOn: 1, Policy: on}); err != nil {
		t.Fatal(err)
	}
	propose := func(windowDays int, startsAt time.Time) string {
		t.Helper()
		wanted := o.wantedPolicy(windowDays)
		wanted.StartsAt = startsAt
		o.simulate(2, wanted)
		got, err := o.publish("ann", Publication{BasedOn: 2, Policy: wanted})
		if err != nil {
			t.Fatal(err)
		}
		return got.Draft.ID
	}
	approve := func(id string) error {
		_, err := o.drafts.Decide(t.Context(), person("ben", RoleAdmin), id, true, "r")
		return err
	}
	late, later, now := propose(100, o.clock.now.Add(time.Hour)), propose(110, o.clock.now.Add(3*time.Hour)), propose(120, time.Time{})
	o.clock.now = o.clock.now.Add(time.Hour)
	if err := approve(late); CodeOf(err) != CodeInvalidPolicy || fieldOf(err) != "startsAt" {
		t.Errorf("its start has gone by: %v", err)
	}
	if err := approve(later); err != nil {
		t.Fatal(err)
	}
	if err := approve(now); CodeOf(err) != CodeInvalidState {
		t.Errorf("another one waits: %v", err)
	}
	if _, err := o.policies.Withdraw(t.Context(), person("ben", RoleAdmin), 3, "r"); err != nil {
		t.Fatal(err)
	}
	if err := approve(now); err != nil || o.inForce().Version != 4 {
		t.Errorf("after the withdrawal: %v, %+v", err, o.inForce())
	}
}

// The process is down when the version starts.
func TestAScheduledVersionIsRolledOutFromItsStart(t *testing.T) {
	o := newOffice(t)
	order := o.submitOne("A", "b")
	o.submitOne("B", "b")
	next := o.inForce()
	next.Reason, next.StartsAt = "fewer votes", o.clock.now.Add(time.Hour)
	next.Rules = slices.Clone(next.Rules)
	for i := range next.Rules {
		next.Rules[i].Threshold = 2
	}
	o.simulate(1, next)
	if _, err := o.publish("boss", Publication{BasedOn: 1, Policy: next}); err != nil {
		t.Fatal(err)
	}
	boss := person("boss", RoleAdmin)
	standing, err := o.policies.Standing(t.Context(), boss)
	if err != nil || standing.InForce.Version != 1 || standing.Waiting.Version != 2 || standing.Latest.Version != 2 {
		t.Errorf("%+v, %v", standing, err)
	}
	other := o.wantedPolicy(30)
	o.simulate(1, other)
	if _, err := o.publish("boss", Publication{BasedOn: 1, Policy: other}); CodeOf(err) != CodeInvalidState {
		t.Errorf("another version while one waits: %v", err)
	}
	carry := func(want TagStatus) {
		t.Helper()
		if err := NewRollouts(o.store, o.upkeep, o.clock).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.store.tags()[order].Status; got != want {
			t.Errorf("at %v the tag is %s, want %s", o.clock.now, got, want)
		}
	}
	o.clock.now = next.StartsAt.Add(-time.Millisecond)
	carry(TagAccumulating)
	o.clock.now = next.StartsAt.Add(5 * time.Hour)
	if o.inForce().Version != 2 {
		t.Errorf("version %d is in force", o.inForce().Version)
	}
	carry(TagSucceeded)
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
	if got, err := o.publish("boss", Publication{BasedOn: 2, Policy: back}); err != nil || got.Policy.Version != 3 || got.Policy.Digest(0) != DefaultPolicy(start).Digest(0) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWithdrawnVersionsNeverComeIntoForce(t *testing.T) {
	o := newOffice(t)
	next := o.wantedPolicy(30)
	next.StartsAt = o.clock.now.Add(time.Hour)
	o.simulate(1, next)
	if _, err := o.publish("boss", Publication{BasedOn: 1, Policy: next}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		by      Caller
		version int
		reason  string
		code    Code
	}{
		"a reviewer": {person("rev", RoleReviewer), 2, "r", CodeForbidden},
		"no reason":  {person("ann", RoleAdmin), 2, "", CodeReasonRequired},
		"version 1":  {person("ann", RoleAdmin), 1, "r", CodeInvalidState},
		"version 9":  {person("ann", RoleAdmin), 9, "r", CodeInvalidState},
	} {
		if _, err := o.policies.Withdraw(t.Context(), test.by, test.version, test.reason); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %q", name, err, test.code)
		}
	}
	if _, err := o.policies.Withdraw(t.Context(), person("ann", RoleAdmin), 2, "not now"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.policies.Withdraw(t.Context(), person("ann", RoleAdmin), 2, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("twice: %v", err)
	}
	withdrawn, err := o.policies.Find(t.Context(), person("ann", RoleAdmin), 2)
	if err != nil || withdrawn.Withdrawn == nil || withdrawn.Withdrawn.By != "ann" || withdrawn.Withdrawn.Reason != "not now" {
		t.Errorf("%+v, %v", withdrawn, err)
	}
	o.clock.now = o.clock.now.Add(2 * time.Hour)
	if o.inForce().Version != 1 {
		t.Errorf("version %d is in force", o.inForce().Version)
	}
	next = o.wantedPolicy(20)
	o.simulate(1, next)
	if got, err := o.publish("boss", Publication{BasedOn: 1, Policy: next}); err != nil || got.Policy.Version != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

// Two votes of three queue a case; an appeal overturned a confirmed one.
func TestSimulationReportsQueueLoadAndOverturnedCases(t *testing.T) {
	o := newOffice(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		o.submitOne(shop, "wrong")
	}
	id := NewCaseID(testScenario, "wrong")
	service := Caller{Subject: "svc", Roles: []Role{RolePlatform}}
	appeal, err := o.appeals.File(t.Context(), service, id, "it was not me")
	if err == nil {
		_, err = o.appeals.Decide(t.Context(), person("rev", RoleReviewer), appeal.ID, true, "indeed")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		buyer := BuyerID(fmt.Sprint("two-", i))
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
	}
	more := o.inForce()
	more.Rules = slices.Clone(more.Rules)
	for i := range more.Rules {
		more.Rules[i].Threshold = 4
	}
	got := o.simulate(1, more).Result
	// Under three votes the second tag queues each of the four cases; under four votes it is the third tag of one.
	if got.Overturned != 1 || got.Before.OverturnedConfirmed != 1 || got.After.OverturnedConfirmed != 0 || got.Before.Queue.Cases != 4 || got.After.Queue.Cases != 1 {
		t.Errorf("%+v", got)
	}
	if got.Before.Queue.Peak != 4 || got.HandledPerDay != 0 || got.Before.Queue.Missed != 0 {
		t.Errorf("%+v", got.Before.Queue)
	}
	guarded := o.inForce().Preset(PresetGuarded)
	if got := o.simulate(1, guarded).Result; got.After.OverturnedConfirmed != 0 || got.After.OverturnedHeld != 1 || got.Before.OverturnedConfirmed != 1 || got.Before.Queue.Cases != 4 {
		t.Errorf("%+v", got)
	}
	simulations := NewSimulations(o.store, o.policies, NewCalendar(time.UTC), perDay(0))
	var steps [][2]int
	slow, err := simulations.Run(t.Context(), person("boss", RoleAdmin), SimulationRequest{BasedOn: 1, Policy: more, HandledPerDay: 1}, func(done, of int) {
		steps = append(steps, [2]int{done, of})
	})
	if err != nil || slow.Result.Before.Queue.Missed != 2 || slow.Result.After.Queue.Missed != 0 {
		t.Errorf("one a day: %+v, %v", slow.Result, err)
	}
	if len(steps) == 0 || steps[len(steps)-1] != [2]int{9, 9} {
		t.Errorf("steps %v", steps)
	}
	if found, err := simulations.Report(t.Context(), person("rev", RoleReviewer), 1, more); err != nil || found.Result.HandledPerDay != 1 || found.By != "boss" || found.Version != 2 {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := simulations.Run(t.Context(), person("boss", RoleAdmin), SimulationRequest{BasedOn: 1, Policy: more, HandledPerDay: -1}, nil); CodeOf(err) != CodeBadInput {
		t.Errorf("a rate below nothing: %v", err)
	}
}
