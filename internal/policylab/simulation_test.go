package policylab_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/policylab"
)

func TestSimulationReportsChangedCases(t *testing.T) {
	o, ctx := newLab(t), context.Background()
	for _, shop := range []MerchantID{"A", "B", "C"} {
		o.SubmitOne(shop, "three")
	}
	for _, shop := range []MerchantID{"A", "B"} {
		o.SubmitOne(shop, "two")
	}
	next := DefaultPolicy(Start)
	next.Reason = "what if"
	for i := range next.Rules {
		next.Rules[i].Threshold = 2
	}
	simulations := o.simulations
	logged := len(o.Store.Entries())
	request := policylab.SimulationRequest{BasedOn: 1, Policy: next}
	report, err := simulations.Run(ctx, Person("boss", RoleAdmin), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := report.Result
	if got.Tags != 5 || got.Cases != 2 || got.ConfirmedBefore != 1 || got.ConfirmedAfter != 2 || got.SucceededBefore != 3 || got.SucceededAfter != 5 {
		t.Errorf("%+v", got)
	}
	if len(got.Changed) != 1 || got.Changed[0] != NewCaseID(TestScenario, "two") {
		t.Errorf("changed %v", got.Changed)
	}
	if want := (policylab.SimulatedScenario{Cases: 2, ConfirmedBefore: 1, ConfirmedAfter: 2, Gained: 1}); got.Scenarios[TestScenario] != want {
		t.Errorf("scenarios %+v, want %+v", got.Scenarios, want)
	}
	for change, want := range map[policylab.SimulatedChange]int{"": 1, policylab.SimulatedGain: 1, policylab.SimulatedLoss: 0} {
		if ids, count := change.Of(got); len(ids) != want || count != want {
			t.Errorf("change %q: %v, %d", change, ids, count)
		}
	}
	if entries := o.Store.Entries()[logged:]; len(entries) != 1 || entries[0].Action != ActionPolicySimulated || entries[0].Actor != "boss" || o.Store.CurrentPolicy().Version != 1 {
		t.Errorf("the log has %+v", entries)
	}
	logged = len(o.Store.Entries())
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := simulations.Run(cancelled, Person("boss", RoleAdmin), request, nil); err == nil || len(o.Store.Entries()) != logged {
		t.Error("a cancelled simulation went on to the end")
	}
}

// Two votes of three queue a case; an appeal overturned a confirmed one.
func TestSimulationReportsQueueLoadAndOverturnedCases(t *testing.T) {
	o := newLab(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		o.SubmitOne(shop, "wrong")
	}
	id := NewCaseID(TestScenario, "wrong")
	service := Caller{Subject: "svc", Roles: []Role{RolePlatform}}
	appeal, err := o.Appeals.File(t.Context(), service, id, "it was not me")
	if err == nil {
		_, err = o.Appeals.Decide(t.Context(), Person("rev", RoleReviewer), appeal.ID, true, "indeed")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		buyer := BuyerID(fmt.Sprint("two-", i))
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
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
	simulations := o.simulations
	var steps [][2]int
	slow, err := simulations.Run(t.Context(), Person("boss", RoleAdmin), policylab.SimulationRequest{BasedOn: 1, Policy: more, HandledPerDay: 1}, func(done, of int) {
		steps = append(steps, [2]int{done, of})
	})
	if err != nil || slow.Result.Before.Queue.Missed != 2 || slow.Result.After.Queue.Missed != 0 {
		t.Errorf("one a day: %+v, %v", slow.Result, err)
	}
	if len(steps) == 0 || steps[len(steps)-1] != [2]int{9, 9} {
		t.Errorf("steps %v", steps)
	}
	if found, err := simulations.Report(t.Context(), Person("rev", RoleReviewer), 1, more); err != nil || found.Result.HandledPerDay != 1 || found.By != "boss" || found.Version != 2 {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := simulations.Run(t.Context(), Person("boss", RoleAdmin), policylab.SimulationRequest{BasedOn: 1, Policy: more, HandledPerDay: -1}, nil); CodeOf(err) != CodeBadInput {
		t.Errorf("a rate below nothing: %v", err)
	}
}

func TestAnUnknownChangeSelectsNoCase(t *testing.T) {
	simulation := policylab.Simulation{Changed: []CaseID{"x"}, ChangedCount: 1}
	if cases, count := policylab.SimulatedChange("gained").Of(simulation); len(cases) > 0 || count > 0 {
		t.Errorf("an unknown change selects %v, %d", cases, count)
	}
}
