package cloudtag_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestParallelRespectsItsLimit(t *testing.T) {
	var running, most, done atomic.Int64
	Parallel(50, 4, func(int) {
		now := running.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		done.Add(1)
		running.Add(-1)
	})
	if done.Load() != 50 || most.Load() > 4 {
		t.Errorf("%d calls, up to %d at once", done.Load(), most.Load())
	}
}

func TestParallelPanicsInTheCaller(t *testing.T) {
	var ended atomic.Int64
	err := Protected(func() error {
		Parallel(10, 3, func(i int) {
			defer ended.Add(1)
			if i == 4 {
				panic("a fault")
			}
		})
		return nil
	})
	var panicked *PanicError
	if !errors.As(err, &panicked) || panicked.Cause != "a fault" || !strings.Contains(string(panicked.Stack), "parallel_test.go") {
		t.Errorf("%v", err)
	}
	if ended.Load() != 10 {
		t.Errorf("%d of 10 had ended", ended.Load())
	}
}

// faultyAmends panics when one case is amended.
type faultyAmends struct {
	*shelf
	id CaseID
}

func (s faultyAmends) Amend(ctx context.Context, id CaseID, edit func(*CaseFile) error) (Case, error) {
	if id == s.id {
		panic("a fault")
	}
	return s.shelf.Amend(ctx, id, edit)
}

// A panic in one of several decisions is raised in the caller, which can recover it.
func TestDecideAllPanicsInItsCaller(t *testing.T) {
	o := newOffice(t)
	var rulings []CaseRuling
	for _, buyer := range []BuyerID{"bad", "good"} {
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
		id := NewCaseID(testScenario, buyer)
		rulings = append(rulings, CaseRuling{id, Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.store.cases()[id].Version}})
	}
	reviews := NewReviews(faultyAmends{o.store, rulings[0].CaseID}, o.clock, IDFunc(func() string { return "id" }))
	err := Protected(func() error {
		_, err := reviews.DecideAll(t.Context(), person("rita", RoleReviewer), rulings)
		return err
	})
	var panicked *PanicError
	if !errors.As(err, &panicked) || panicked.Cause != "a fault" {
		t.Errorf("%v", err)
	}
	if state := o.store.cases()[rulings[1].CaseID].State; state != CaseRejected {
		t.Errorf("the other case is %s", state)
	}
}
