package policylab_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
	"cloudtag/internal/policylab"
)

// The simulation of a market under the guarded policy confirms the same cases as the same market running under that policy.
func TestSimulationAgreesWithTheRealCourse(t *testing.T) {
	differences := 0
	for seed := range uint64(5) {
		live := func(preset PresetCode) (o *lab, confirmed map[CaseID]bool) {
			random := rand.New(rand.NewPCG(seed, 1))
			o, confirmed = newLab(t), map[CaseID]bool{}
			o.Store.SetPolicy(o.Store.CurrentPolicy().Preset(preset))
			proposal, err := o.Vettings.Propose(t.Context(), Person("rev", RoleReviewer), "A", true, "r")
			if err == nil {
				_, err = o.Vettings.Decide(t.Context(), Person("adm", RoleAdmin), proposal.ID, true, "r")
			}
			if err != nil {
				t.Fatal(err)
			}
			records := collusion.New(o.Store, o.Clock)
			for range 60 {
				o.Clock.Time = o.Clock.Time.Add(time.Hour)
				o.Store.Append(Entry{At: o.Clock.Time, Action: ActionViewSaved}) // completes the instant before
				o.Clock.Time = o.Clock.Time.Add(time.Hour)
				if err := records.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
				buyer := BuyerID(fmt.Sprintf("b-%d", random.IntN(10)))
				o.SubmitOne([]MerchantID{"B", "C", "D", "B", "C", "D", "A"}[random.IntN(7)], buyer)
				if id := NewCaseID(TestScenario, buyer); o.Store.Case(id).State == CaseConfirmed {
					confirmed[id] = true
				}
			}
			return o, confirmed
		}
		plain, before := live(PresetPlain)
		_, after := live(PresetGuarded)
		proposed := plain.Store.CurrentPolicy().Preset(PresetGuarded)
		report, err := plain.simulations.Run(t.Context(), Person("adm", RoleAdmin), policylab.SimulationRequest{BasedOn: 1, Policy: proposed}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := report.Result
		lost := map[CaseID]bool{}
		for _, id := range got.Lost {
			lost[id] = true
		}
		for id := range before {
			if lost[id] == after[id] {
				t.Errorf("seed %d: %s: simulated to be lost: %t, really confirmed: %t", seed, id, lost[id], after[id])
			}
		}
		if got.Tags != 60 || got.ConfirmedBefore != len(before) || got.ConfirmedAfter != len(after) || len(got.Gained) > 0 {
			t.Errorf("seed %d: %+v; want %d, then %d confirmed", seed, got, len(before), len(after))
		}
		differences += len(got.Lost)
	}
	if differences == 0 {
		t.Error("the policies confirmed the same cases: the test shows nothing")
	}
}
