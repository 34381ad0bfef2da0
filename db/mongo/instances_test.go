package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/db/dbtest"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
)

const (
	instShops  = 8
	instBuyers = 6
	instRounds = 12
)

// wantSingles fails the test if an update may match several documents: DocumentDB computes the new documents from what it
// read when the command began, and loses concurrent updates.
func wantSingles(t *testing.T) *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, command *event.CommandStartedEvent) {
		var sent struct {
			Updates []struct {
				Multi bool `bson:"multi"`
			} `bson:"updates"`
		}
		if err := bson.Unmarshal(command.Command, &sent); err != nil {
			t.Errorf("read a command: %v", err)
		}
		for _, update := range sent.Updates {
			if update.Multi {
				t.Errorf("one update of many documents: %s", command.Command)
			}
		}
	}}
}

// instBatch returns a batch of a shop with one order of each buyer, in random order.
func instBatch(shop, round int) cloudtag.Submission {
	random := rand.New(rand.NewPCG(uint64(shop), uint64(round)))
	key := fmt.Sprintf("%d-%d", shop, round)
	var orders []cloudtag.OrderNo
	var buyers []cloudtag.BuyerID
	for _, buyer := range random.Perm(instBuyers) {
		orders = append(orders, cloudtag.OrderNo(fmt.Sprintf("%s-%d", key, buyer)))
		buyers = append(buyers, cloudtag.BuyerID(fmt.Sprint("buyer-", buyer)))
	}
	return dbtest.SubmissionOf(dbtest.Shop(shop), key, dbtest.Start, orders, buyers)
}

// Shops submit every batch through two stores concurrently, with 16 submitters in all, while both stores run recoveries.
// Everything must happen exactly once.
func TestConcurrentInstances(t *testing.T) {
	uri := mongotest.FreshURI(t)
	stores := []opened{openStore(t, uri, Options{monitor: wantSingles(t)}), openStore(t, uri, Options{monitor: wantSingles(t)})}
	dbtest.Seed(t, stores[0].Store, instShops)
	begun, err := stores[0].Store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first, want := submitThroughBoth(t, stores), int64(instShops*instRounds); first != want {
		t.Errorf("%d calls recorded a new batch, want %d", first, want)
	}
	for buyer := range instBuyers {
		submission := instBatch(0, 0)
		id := cloudtag.NewCaseID(submission.Batch.Scenario, cloudtag.BuyerID(fmt.Sprint("buyer-", buyer)))
		cases, err := stores[1].Cases(t.Context(), []cloudtag.CaseID{id})
		if err != nil {
			t.Fatal(err)
		}
		if c := cases[id]; c.Votes != instShops || c.State != cloudtag.CaseConfirmed || c.Version != instShops*instRounds {
			t.Errorf("case %s is %s, %d votes, version %d, want CONFIRMED, %d, %d", id, c.State, c.Votes, c.Version, instShops, instShops*instRounds)
		}
	}
	wantLog(t, stores[0], begun, map[cloudtag.Action]int{
		cloudtag.ActionTagSubmitted: instShops * instRounds * instBuyers, cloudtag.ActionTagSucceeded: instShops * instRounds * instBuyers,
		cloudtag.ActionCaseOpened: instBuyers, cloudtag.ActionCaseConfirmed: instBuyers,
	})
	for _, s := range stores {
		if recovered, err := s.Store.Recover(t.Context()); err != nil || recovered != 0 {
			t.Errorf("recovered %d (%v) after all calls had returned", recovered, err)
		}
	}
}

// submitThroughBoth returns the number of calls that recorded a new batch.
func submitThroughBoth(t *testing.T, stores []opened) int64 {
	t.Helper()
	var first atomic.Int64
	var submitting, recovering sync.WaitGroup
	recovery, stop := context.WithCancel(t.Context())
	for _, s := range stores {
		recovering.Go(func() {
			for recovery.Err() == nil {
				if _, err := s.Store.Recover(recovery); err != nil && recovery.Err() == nil {
					t.Errorf("recover: %v", err)
				}
			}
		})
		for shop := range instShops {
			submitting.Go(func() {
				for round := range instRounds {
					_, repeated, err := s.Record(t.Context(), instBatch(shop, round), dbtest.Add)
					if err != nil {
						t.Errorf("record: %v", err)
					}
					if !repeated {
						first.Add(1)
					}
				}
			})
		}
	}
	submitting.Wait()
	stop()
	recovering.Wait()
	return first.Load()
}

// wantLog checks that the log has no gap, that its hash chain is intact, and how many entries of some actions it has.
func wantLog(t *testing.T, s opened, after int64, want map[cloudtag.Action]int) {
	t.Helper()
	got := make(map[cloudtag.Action]int)
	var before []byte
	for more := true; more; {
		var entries []cloudtag.Entry
		var err error
		entries, more, err = s.LogPage(t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 100, After: &cloudtag.Position{Key: after}})
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if after++; entry.Seq != after {
				t.Fatalf("entry %d follows where %d is expected", entry.Seq, after)
			}
			if before != nil && string(entry.ChainHash(before)) != string(entry.Hash) {
				t.Fatalf("entry %d breaks the hash chain", entry.Seq)
			}
			before = entry.Hash
			got[entry.Action]++
		}
	}
	for action, count := range want {
		if got[action] != count {
			t.Errorf("%s: %d entries, want %d", action, got[action], count)
		}
	}
}

// Entries appended by one store wake the readers of another.
func TestAppendWakesOtherInstances(t *testing.T) {
	uri := mongotest.FreshURI(t)
	woken := make(chan struct{}, 1)
	reader := openStore(t, uri, Options{poll: 1, Appended: func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}})
	writer := openStore(t, uri, Options{})
	for n := int64(1); n <= 3; n++ {
		if err := writer.Update(t.Context(), "test", putOrder(writer, fmt.Sprint(n), 1)); err != nil {
			t.Fatal(err)
		}
		for {
			seq, err := reader.Store.LastSeq(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if seq == n {
				break
			}
			<-woken
		}
		// The notification of this entry may still follow.
	}
}
