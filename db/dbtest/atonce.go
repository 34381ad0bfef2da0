package dbtest

import (
	"context"
	"sync"
	"testing"

	"cloudtag/internal/cloudtag"
)

// StartAtOnce opens four stores on one empty database concurrently, and records batches through all of them.
func StartAtOnce(t *testing.T, open func() (Store, error)) {
	stores := make([]Store, 4)
	var starts sync.WaitGroup
	for i := range stores {
		starts.Go(func() {
			var err error
			if stores[i], err = open(); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
	if t.Failed() {
		return
	}
	Seed(t, stores[0], len(stores))
	var writers sync.WaitGroup
	for i, store := range stores {
		defer func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		}()
		writers.Go(func() {
			for n := range 10 {
				order := cloudtag.OrderNo(string(Shop(i)) + string(rune('a'+n)))
				submission := SubmissionOf(Shop(i), string(order), Start, []cloudtag.OrderNo{order, "shared"},
					[]cloudtag.BuyerID{"buyer", "buyer"})
				if _, _, err := store.Record(context.Background(), submission, Add); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	checkShared(t, stores)
}

// checkShared checks the result: each of 4 stores tagged 10 orders, and one of them an order that all submitted.
func checkShared(t *testing.T, stores []Store) {
	t.Helper()
	ctx := context.Background()
	for _, store := range stores {
		cases, err := store.CasesOfBuyers(ctx, []cloudtag.BuyerID{"buyer"})
		if err != nil {
			t.Fatal(err)
		}
		if len(cases["buyer"]) != 1 || cases["buyer"][0].Votes != 4 || cases["buyer"][0].State != cloudtag.CaseConfirmed {
			t.Errorf("cases are %+v, want one confirmed by 4 votes", cases["buyer"])
		}
		tags, err := store.CountTags(ctx, cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}}, 100)
		if err != nil || tags != 41 {
			t.Errorf("%d tags succeeded (%v), want 41", tags, err)
		}
		last, err := store.LastSeq(ctx)
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: int(last) + 1})
		if err != nil || len(entries) != int(last) || entries[last-1].Seq != last {
			t.Errorf("the log has %d entries up to %d (%v)", len(entries), last, err)
		}
	}
}
