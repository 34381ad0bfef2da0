package heap

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"
)

func TestFloorFor(t *testing.T) {
	for _, test := range []struct {
		limit int64
		want  uint64
	}{
		{0, 4 << 20},
		{64 << 20, 8 << 20},
		{256 << 20, 32 << 20},
		{1 << 30, 32 << 20},
		{24 << 30, 32 << 20},
		{1<<63 - 1, 32 << 20},
	} {
		if got := floorFor(test.limit); got != test.want {
			t.Errorf("under %d bytes the floor is %d, want %d", test.limit, got, test.want)
		}
	}
}

func TestPercentFor(t *testing.T) {
	for _, test := range []struct {
		live, scanned, floor uint64
		want                 int
	}{
		{0, 0, 64 << 20, 1600},              // Go's least heap is 4 MB at 100
		{1 << 20, 3 << 20, 64 << 20, 1600},  // so that more would be beyond the floor
		{8 << 20, 8 << 20, 64 << 20, 700},   // 8 MB may grow by 7 times 8
		{8 << 20, 14 << 20, 64 << 20, 400},  // by 4 times 14
		{30 << 20, 40 << 20, 64 << 20, 100}, // never less than Go's own pace
		{32 << 20, 32 << 20, 64 << 20, 100},
		{1 << 30, 1 << 30, 64 << 20, 100},
	} {
		if got := percentFor(test.live, test.scanned, test.floor); got != test.want {
			t.Errorf("of %d bytes, %d of them live, under a floor of %d: %d %%, want %d", test.scanned, test.live, test.floor, got, test.want)
		}
	}
}

// The heap is collected at the floor while little of it lives, and when it has doubled once much does; the pace follows
// what the last collection has found.
func TestPaceFollowsTheLiveHeap(t *testing.T) {
	const floor = 64 << 20
	before := debug.SetGCPercent(-1)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	p := pace(t.Context(), floor)
	defer p.Close()
	waitForGoal(t, "with a small heap", floor)
	kept := make([]byte, 2*floor)
	waitForGoal(t, "with twice the floor alive", 2*uint64(len(kept)))
	runtime.KeepAlive(kept)
	waitForGoal(t, "with a small heap again", floor)
}

// waitForGoal collects until the goal is about what is wanted: the pace is set after a collection, by a goroutine of the
// runtime.
func waitForGoal(t *testing.T, when string, want uint64) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		runtime.GC()
		goal := read("/gc/heap/goal:bytes")
		if goal > want*9/10 && goal < want*12/10 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s the heap is collected at %d bytes, want about %d", when, goal, want)
		}
	}
}

// Garbage goes back to the system once the process allocates nothing any more, and not before.
func TestGiveBackWhenIdle(t *testing.T) {
	before := debug.SetGCPercent(-1) // nothing else collects
	t.Cleanup(func() { debug.SetGCPercent(before) })
	ticks := make(chan time.Time)
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { giveBack(ctx, ticks) })
	tick := func() { ticks <- time.Time{} } // each is taken when the one before has been dealt with
	runtime.GC()
	tick()
	for range 64 {
		garbage = make([]byte, 1<<20)
	}
	garbage = nil
	tick() // 64 MB were allocated since: the process is busy
	tick() // none were: it is idle
	stop()
	ended.Wait()
	if left := read(heapBytes); left > 32<<20 {
		t.Errorf("%d bytes of garbage are still there when the process is idle", left)
	}
}

var garbage []byte // what escapes is allocated
