package feed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"

	"cloudtag/internal/cloudtag"
)

// gatedCases is a store whose cases have the version stored; reads block until the gate opens.
type gatedCases struct {
	Store

	mu      sync.Mutex
	version int
	calls   [][]cloudtag.CaseID
	failure error
	gate    chan struct{} // nil: open
}

func (g *gatedCases) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	g.mu.Lock()
	g.calls = append(g.calls, ids)
	version, failure, gate := g.version, g.failure, g.gate
	g.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if failure != nil {
		return nil, failure
	}
	found := map[cloudtag.CaseID]cloudtag.Case{}
	for _, id := range ids {
		if id != "nobody" {
			found[id] = cloudtag.Case{ID: id, Version: version}
		}
	}
	return found, nil
}

func TestSharedReadsAreAsRecentAsTheEntry(t *testing.T) {
	store := &gatedCases{version: 1}
	shared := &sharedReads{store: store}
	for _, step := range []struct {
		seq, stored, want, calls int
	}{
		{seq: 10, stored: 1, want: 1, calls: 1},
		{seq: 10, stored: 1, want: 1, calls: 1}, // the next subscriber
		{seq: 7, stored: 1, want: 1, calls: 1},  // a slower one
		{seq: 20, stored: 2, want: 2, calls: 2},
		{seq: 10, stored: 2, want: 2, calls: 2}, // never an earlier state
		{seq: 20, stored: 3, want: 2, calls: 2}, // its entry is not in the log yet
		{seq: 21, stored: 3, want: 3, calls: 3},
	} {
		store.version = step.stored
		found, err := shared.through(int64(step.seq)).Cases(t.Context(), []cloudtag.CaseID{"c", "nobody"})
		if err != nil || len(found) != 1 || found["c"].Version != step.want || len(store.calls) != step.calls {
			t.Errorf("%+v: got %v after %d calls: %v", step, found, len(store.calls), err)
		}
		delete(found, "c") // the map belongs to the caller
	}
}

// Concurrent readers wait for the current call's keys, and share the next call for the rest.
func TestSharedReadsAreBatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &gatedCases{gate: make(chan struct{})}
		shared := &sharedReads{store: store}
		var readers sync.WaitGroup
		for i := range 60 {
			readers.Go(func() {
				id := cloudtag.CaseID(fmt.Sprint("case-", i%20))
				found, err := shared.through(1).Cases(t.Context(), []cloudtag.CaseID{id, "all"})
				if err != nil || found[id].ID != id || found["all"].ID != "all" {
					t.Errorf("%v, %v", found, err)
				}
			})
			if i == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		close(store.gate)
		readers.Wait()
		if len(store.calls) != 2 || len(store.calls[0]) != 2 || len(store.calls[1]) != 19 {
			t.Errorf("%d calls: %v", len(store.calls), store.calls)
		}
	})
}

// A subscriber that is cancelled while it reads does not affect the others; an error is returned to all that waited, once.
func TestSharedReadsSurviveCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &gatedCases{gate: make(chan struct{})}
		shared := &sharedReads{store: store}
		leaving, leave := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		ask := func(ctx context.Context, want error) {
			readers.Go(func() {
				if found, err := shared.through(1).Cases(ctx, []cloudtag.CaseID{"c"}); !errors.Is(err, want) || err == nil && len(found) != 1 {
					t.Errorf("%v, %v, want %v", found, err, want)
				}
			})
			synctest.Wait()
		}
		ask(leaving, context.Canceled)
		ask(t.Context(), nil)
		ask(t.Context(), nil)
		leave()
		synctest.Wait()
		close(store.gate)
		readers.Wait()
		if len(store.calls) != 2 {
			t.Errorf("%d calls", len(store.calls))
		}

		failure := errors.New("disk")
		store.calls, store.failure, store.gate = nil, failure, make(chan struct{})
		for range 3 {
			readers.Go(func() {
				if _, err := shared.through(2).Cases(t.Context(), []cloudtag.CaseID{"c"}); !errors.Is(err, failure) {
					t.Errorf("%v", err)
				}
			})
			synctest.Wait()
		}
		close(store.gate)
		readers.Wait()
		if len(store.calls) != 2 { // the first, and the one that the others shared
			t.Errorf("%d calls that fail", len(store.calls))
		}
		store.failure = nil
		ask(t.Context(), nil)
	})
}

func TestSharedReadsAreBounded(t *testing.T) {
	store := &gatedCases{}
	shared := &sharedReads{store: store}
	for seq := range int64(10 * cacheGeneration) {
		if _, err := shared.through(seq).Cases(t.Context(), []cloudtag.CaseID{cloudtag.CaseID(fmt.Sprint(seq))}); err != nil {
			t.Fatal(err)
		}
	}
	kept := maps.Clone(shared.cases.older)
	maps.Copy(kept, shared.cases.recent)
	if len(kept) < cacheGeneration || len(kept) > 2*cacheGeneration {
		t.Errorf("%d cases are kept", len(kept))
	}
	calls := len(store.calls)
	if _, err := shared.through(0).Cases(t.Context(), []cloudtag.CaseID{cloudtag.CaseID(fmt.Sprint(10*cacheGeneration - cacheGeneration))}); err != nil || len(store.calls) != calls {
		t.Errorf("one of the latest %d is read again: %v", cacheGeneration, err)
	}
}
