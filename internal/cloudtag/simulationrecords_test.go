package cloudtag_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// The simulation of a market under the guarded policy confirms the same cases as the same market running under that policy.
func TestSimulationAgreesWithTheRealCourse(t *testing.T) {
	told := 0
	for seed := range uint64(5) {
		live := func(preset PresetCode) (o *office, confirmed map[CaseID]bool) {
			random := rand.New(rand.NewPCG(seed, 1))
			o, confirmed = newOffice(t), map[CaseID]bool{}
			o.store.setPolicy(o.store.policy().Preset(preset))
			vettings := NewVettings(o.store, o.clock, IDFunc(func() string { o.ids++; return fmt.Sprint("v", o.ids) }))
			proposal, err := vettings.Propose(t.Context(), person("rev", RoleReviewer), "A", true, "r")
			if err == nil {
				_, err = vettings.Decide(t.Context(), person("adm", RoleAdmin), proposal.ID, true, "r")
			}
			if err != nil {
				t.Fatal(err)
			}
			collusion := NewCollusion(o.store, o.clock)
			for range 60 {
				o.clock.now = o.clock.now.Add(time.Hour)
				o.store.append(Entry{At: o.clock.now, Action: ActionViewSaved}) // tells that the instant before is over
				o.clock.now = o.clock.now.Add(time.Hour)
				if err := collusion.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
				buyer := BuyerID(fmt.Sprintf("b-%d", random.IntN(10)))
				o.submitOne([]MerchantID{"B", "C", "D", "B", "C", "D", "A"}[random.IntN(7)], buyer)
				if id := NewCaseID(testScenario, buyer); o.store.cases()[id].State == CaseConfirmed {
					confirmed[id] = true
				}
			}
			return o, confirmed
		}
		plain, before := live(PresetPlain)
		_, after := live(PresetGuarded)
		proposed := plain.store.policy().Preset(PresetGuarded)
		report, err := NewSimulations(plain.store, plain.policies, NewCalendar(time.UTC), perDay(0)).Run(t.Context(), person("adm", RoleAdmin), SimulationRequest{BasedOn: 1, Policy: proposed}, nil)
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
		told += len(got.Lost)
	}
	if told == 0 {
		t.Error("no policy made a difference: the test shows nothing")
	}
}
