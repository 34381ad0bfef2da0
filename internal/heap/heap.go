package heap

import (
	"context"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// ofMemory is the share of the container's or machine's memory that the runtime may use. The rest is for memory that it
	// does not count, such as mapped files.
	ofMemory = 0.9
	// maxFloor is the largest floor, in bytes. Twice as much makes no page faster, but leaves more of a burst in memory.
	maxFloor = 32 << 20
	// floorOf is the fraction of the bound that the floor may take: 14 MB in a container of 128 MB.
	floorOf = 8

	defaultPercent = 100     // as Go's own: at the floor and above, the heap doubles
	goMinimum      = 4 << 20 // the least heap that Go collects at a percentage of 100, in bytes
)

// Pacer sets the collector's pace.
type Pacer struct {
	floor  uint64
	closed atomic.Bool
	stop   context.CancelFunc
	ended  sync.WaitGroup
}

// Start bounds the runtime's memory and sets the collector's pace, for the process, until the pacer is closed or ctx is
// done. Where the available memory is unknown, that is logged and the runtime is not bounded.
func Start(ctx context.Context, log *slog.Logger) *Pacer {
	limit, err := memlimit.Set(memlimit.WithRatio(ofMemory),
		memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Warn("memory is not bounded: the system does not report how much there is", "error", err)
	}
	if _, set := os.LookupEnv("GOGC"); set {
		return &Pacer{stop: func() {}}
	}
	return pace(ctx, floorFor(limit))
}

// floorFor returns the floor for a bound, both in bytes.
func floorFor(limit int64) uint64 { return uint64(min(maxFloor, max(goMinimum, limit/floorOf))) } //nolint:gosec // it is positive

func pace(ctx context.Context, floor uint64) *Pacer {
	ctx, stop := context.WithCancel(ctx)
	p := &Pacer{floor: floor, stop: stop}
	debug.SetGCPercent(percentFor(0, 0, floor))
	p.watch()
	p.ended.Go(func() {
		ticks := time.NewTicker(lookEvery)
		defer ticks.Stop()
		giveBack(ctx, ticks.C)
	})
	return p
}

// cycle is unreachable from the start, so that its cleanup runs after the next collection.
type cycle struct{ of *Pacer }

// watch updates the pace after the next collection, and each one after it.
func (p *Pacer) watch() {
	runtime.AddCleanup(&cycle{of: p}, func(p *Pacer) {
		if !p.closed.Load() {
			live := read(liveBytes)
			debug.SetGCPercent(percentFor(live, live+read(stackBytes)+read(globalBytes), p.floor))
			p.watch()
		}
	}, p)
}

// percentFor returns the GC percentage at which the heap is collected at the floor, or when it has doubled, if that is more.
// Go applies the percentage to the live heap plus the scanned stacks and global variables, and collects no heap below that
// percentage of goMinimum.
func percentFor(live, scanned, floor uint64) int {
	if live >= floor/2 {
		return defaultPercent
	}
	return int(max(defaultPercent, min(percentOf(floor, goMinimum), percentOf(floor-live, scanned)))) //nolint:gosec // it is small
}

func percentOf(part, whole uint64) uint64 { return part * 100 / max(1, whole) }

// Close leaves the pace as it is, and stops returning memory.
func (p *Pacer) Close() {
	p.closed.Store(true)
	p.stop()
	p.ended.Wait()
}

// When memory is returned to the system.
const (
	lookEvery = time.Second
	idleBytes = 1 << 20 // a process that allocates less in lookEvery is idle
	worthIt   = 4 << 20 // less garbage than this stays
)

// giveBack returns garbage to the system at each tick at which the process has been idle, until ctx is done.
func giveBack(ctx context.Context, ticks <-chan time.Time) {
	before := read(allocatedBytes)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		now := read(allocatedBytes)
		if now-before < idleBytes && read(heapBytes) > read(liveBytes)+worthIt {
			debug.FreeOSMemory()
		}
		before = now
	}
}

// Names of the runtime's metrics, in bytes.
const (
	liveBytes      = "/gc/heap/live:bytes" // after the last collection
	stackBytes     = "/gc/scan/stack:bytes"
	globalBytes    = "/gc/scan/globals:bytes"
	heapBytes      = "/memory/classes/heap/objects:bytes"
	allocatedBytes = "/gc/heap/allocs:bytes" // since the start
)

func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
