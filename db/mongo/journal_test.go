package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/db/dbtest"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// putOrder returns an edit that stores a record of a given size, and an entry.
func putOrder(o opened, id string, size int) func(store.Tx) error {
	return func(tx store.Tx) error {
		if _, err := tx.Get(store.Ref{Kind: o.kinds.Orders, ID: id}); err != nil {
			return err
		}
		tx.Put(o.kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(id), Currency: strings.Repeat("x", size)})
		tx.Append(cloudtag.Entry{At: dbtest.Start, Action: "test"})
		return nil
	}
}

func orderCount(t *testing.T, o opened) int {
	t.Helper()
	count, err := o.Count(t.Context(), store.Query{Kind: o.kinds.Orders, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// An insert whose answer was lost is retried, and recognizes its own block.
func TestRetriedInsertRecognizesItsBlock(t *testing.T) {
	o := openStore(t, mongotest.FreshURI(t), Options{})
	b := &block{by: "one attempt"}
	if err := b.assign(0, store.Chain{}, []cloudtag.Entry{{At: dbtest.Start, Action: "test"}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if others, err := o.insert(t.Context(), b); err != nil || len(others) > 0 {
			t.Fatalf("%d blocks of others (%v), want the attempt's own", len(others), err)
		}
	}
	late := &block{by: "another attempt"}
	if err := late.assign(0, store.Chain{}, nil); err != nil {
		t.Fatal(err)
	}
	if others, err := o.insert(t.Context(), late); err != nil || len(others) != 1 || others[0].by != b.by {
		t.Errorf("%d blocks of others (%v), want the one that was first", len(others), err)
	}
}

// A group that exceeds the size of a document is committed as several blocks.
func TestLargeGroupIsSplit(t *testing.T) {
	const jobs, bytes = 6, 5 << 20
	o := openStore(t, mongotest.FreshURI(t), Options{})
	var running sync.WaitGroup
	for n := range jobs {
		running.Go(func() {
			if err := o.Update(t.Context(), "test", putOrder(o, fmt.Sprint("order-", n), bytes)); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if got := orderCount(t, o); got != jobs {
		t.Errorf("%d orders are stored, want %d", got, jobs)
	}
}

// One instance dies between its commit and the first write that applies it. Another one applies the block, and returns no
// later entry before.
func TestAbandonedBlockIsAppliedByAnotherInstance(t *testing.T) {
	uri := mongotest.FreshURI(t)
	healthy := openStore(t, uri, Options{})
	var dies atomic.Bool
	dying := openStore(t, uri, Options{Fault: func(step string) error {
		if dies.Load() && strings.HasPrefix(step, "apply") {
			return errors.New("killed")
		}
		return nil
	}})
	dies.Store(true)
	if err := dying.Update(t.Context(), "test", putOrder(dying, "abandoned", 1)); err == nil {
		t.Fatal("the update succeeded")
	}
	if err := healthy.Update(t.Context(), "test", putOrder(healthy, "later", 1)); err != nil {
		t.Fatal(err)
	}
	if seq, err := healthy.Engine.LastSeq(t.Context()); err != nil || seq == 2 && orderCount(t, healthy) < 2 {
		t.Errorf("entry %d (%v) is returned before its order", seq, err)
	}
	m := &maintainer{engine: healthy.Engine}
	for range abandonedAfter + 2 {
		if err := m.round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if seq, err := healthy.Engine.LastSeq(t.Context()); err != nil || seq != 2 || orderCount(t, healthy) != 2 {
		t.Errorf("the log ends with %d (%v) and %d orders are stored, want 2 and 2", seq, err, orderCount(t, healthy))
	}
	if recovered, err := healthy.Engine.Recover(t.Context()); err != nil || recovered != 0 {
		t.Errorf("recovered %d (%v), want none", recovered, err)
	}
}

// Applied blocks older than an hour are deleted, and commits continue after them, also by an instance opened later.
func TestOldBlocksAreDeleted(t *testing.T) {
	uri := mongotest.FreshURI(t)
	clock := &movedClock{}
	o := openStore(t, uri, Options{clock: clock})
	for n := range 3 {
		if err := o.Update(t.Context(), "test", putOrder(o, fmt.Sprint(n), 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.saveProgress(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		age  time.Duration
		want int64
	}{{keepBlocks - time.Minute, 3}, {keepBlocks + time.Minute, 1}} {
		clock.ahead.Store(int64(c.age))
		if err := o.trim(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if left, err := o.journal.CountDocuments(t.Context(), bson.D{}); err != nil || left != c.want {
			t.Errorf("%d blocks are left after %s (%v), want %d", left, c.age, err, c.want)
		}
	}
	again := openStore(t, uri, Options{})
	for _, store := range []opened{again, o} {
		if err := store.Update(t.Context(), "test", putOrder(store, fmt.Sprintf("%p", store.Engine), 1)); err != nil {
			t.Fatal(err)
		}
	}
	if seq, err := o.Engine.LastSeq(t.Context()); err != nil || seq != 5 || orderCount(t, o) != 5 {
		t.Errorf("the log ends with %d (%v) and %d orders are stored, want 5 and 5", seq, err, orderCount(t, o))
	}
}

type movedClock struct{ ahead atomic.Int64 }

func (c *movedClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// An instance that was suspended for longer than blocks are kept reverts a commit under a number that was used before.
func TestStaleInstanceRevertsItsCommit(t *testing.T) {
	o := openStore(t, mongotest.FreshURI(t), Options{})
	if err := o.Update(t.Context(), "test", putOrder(o, "order", 1)); err != nil {
		t.Fatal(err)
	}
	if err := o.saveProgress(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		suspended time.Duration
		want      error
		left      int64
	}{{maxStaleness - time.Minute, nil, 1}, {maxStaleness + time.Minute, errStale, 0}} {
		stale := newCommitter(o.Engine)
		stale.known = wallTime().Add(-c.suspended)
		if err := stale.checkFresh(t.Context(), &block{number: 1}); !errors.Is(err, c.want) {
			t.Errorf("after %s: %v, want %v", c.suspended, err, c.want)
		}
		if left, err := o.journal.CountDocuments(t.Context(), bson.D{}); err != nil || left != c.left {
			t.Errorf("after %s %d blocks are left (%v), want %d", c.suspended, left, err, c.left)
		}
	}
}

// Close waits for a commit that is being applied; later calls fail.
func TestCloseCompletesRunningCommit(t *testing.T) {
	uri := mongotest.FreshURI(t)
	closed := make(chan error, 1)
	var o opened
	var once sync.Once
	kinds := store.NewCatalogue()
	engine, err := Open(t.Context(), uri, kinds, Options{Fault: func(step string) error {
		if step == "apply orders" {
			once.Do(func() {
				go func() { closed <- o.Engine.Close() }()
				for !o.isClosed() {
					continue
				}
			})
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	o = opened{engine, store.New(engine, kinds), kinds}
	if err := o.Update(t.Context(), "test", putOrder(o, "order", 1)); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if err := engine.Ping(context.Background()); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("ping of a closed store: %v, want UNAVAILABLE", err)
	}
	again := openStore(t, uri, Options{})
	if recovered, err := again.Engine.Recover(t.Context()); err != nil || recovered != 0 || orderCount(t, again) != 1 {
		t.Errorf("recovered %d (%v), want none", recovered, err)
	}
}
