//go:build unix

package dbbench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// Benchmarks measure a store of any kind. Its fields are flags of the test binary.
type Benchmarks struct {
	stored  int  // tags that are stored before the clock starts
	perCase int  // tags per case
	random  bool // order numbers in random order
	due     int
	tags    int
}

// NewBenchmarks returns benchmarks with the flags of a test binary.
func NewBenchmarks(flags *flag.FlagSet) *Benchmarks {
	m := &Benchmarks{}
	flags.IntVar(&m.stored, "stored", 0, "BenchmarkRecord: tags that are stored before the clock starts")
	flags.IntVar(&m.perCase, "percase", 1, "BenchmarkRecord: tags per case")
	flags.BoolVar(&m.random, "random", false, "BenchmarkRecord: order numbers in random order")
	flags.IntVar(&m.due, "due", 2_000, "BenchmarkSweep: cases that are due")
	flags.IntVar(&m.tags, "tags", 20_000, "BenchmarkHistory: tags there are")
	return m
}

// fill stores shops and tags, and returns what makes more of them.
func (m *Benchmarks) fill(b *testing.B, store dbtest.Store, tags int) *load {
	b.Helper()
	dbtest.Furnish(b, store, benchShops)
	l := &load{perCase: int64(m.perCase), random: m.random}
	l.run(b, store, tags/batchSize)
	return l
}

const (
	benchShops   = 1000
	benchClients = 8
	batchSize    = 20
)

// load makes batches: tag n is of buyer n/percase, so that the tags of one case come from batches far apart.
type load struct {
	next    atomic.Int64
	perCase int64
	random  bool
}

// scatter is a bijection on 40-bit numbers.
func scatter(n int64) int64 { return (n*0x5DEECE66D + 11) & (1<<40 - 1) }

func (l *load) batch() cloudtag.Submission {
	n := l.next.Add(1) - 1
	orders, buyers := make([]cloudtag.OrderNo, batchSize), make([]cloudtag.BuyerID, batchSize)
	for i := range orders {
		tag := n*batchSize + int64(i)
		order, buyer := 1_000_000_000_000+tag, scatter(tag/(batchSize*l.perCase)*batchSize+int64(i))
		if l.random {
			order = 1_000_000_000_000 + scatter(tag)
		}
		orders[i], buyers[i] = cloudtag.OrderNo(fmt.Sprint(order)), cloudtag.BuyerID(fmt.Sprintf("b%012d", buyer))
	}
	key := fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(scatter(n)), n)
	at := dbtest.Start.Add(time.Duration(n) * 10 * time.Millisecond)
	return dbtest.SubmissionOf(dbtest.Shop(int(n%benchShops)), key, at, orders, buyers)
}

// run lets clients record batches and returns how long each took.
func (l *load) run(b *testing.B, store dbtest.Store, batches int) []time.Duration {
	b.Helper()
	var clients sync.WaitGroup
	took := make([]time.Duration, batches)
	var taken atomic.Int64
	for range benchClients {
		clients.Go(func() {
			for {
				i := int(taken.Add(1)) - 1
				if i >= batches {
					return
				}
				began := time.Now()
				if _, _, err := store.Record(context.Background(), l.batch(), dbtest.Add); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	clients.Wait()
	slices.Sort(took)
	return took
}

// cpuTime is what the process has used of the processors: what a busy machine does not distort.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// procNumber reads a number behind a name in one of the files about this process, 0 where there is no such file.
func procNumber(b *testing.B, file, name string) (number int) {
	b.Helper()
	text, err := os.ReadFile("/proc/self/" + file)
	if err != nil {
		return 0
	}
	if _, after, found := strings.Cut(string(text), name+":"); found {
		if _, err := fmt.Sscan(after, &number); err != nil {
			b.Fatal(err)
		}
	}
	return number
}

// peakMemory is the most memory in MB that the process has had resident.
func peakMemory(b *testing.B) float64 { return float64(procNumber(b, "status", "VmHWM")) / 1024 }

// Record has 8 clients record batches of 20 on disk. One iteration is one batch.
func (m *Benchmarks) Record(b *testing.B, store dbtest.Store) {
	l := m.fill(b, store, m.stored)
	cpu, written := cpuTime(b), procNumber(b, "io", "wchar")
	b.ResetTimer()
	took := l.run(b, store, b.N)
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(b.N*batchSize), "cpu-µs/tag")
	b.ReportMetric(float64(procNumber(b, "io", "wchar")-written)/float64(b.N*batchSize)/1024, "written-KB/tag")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(peakMemory(b), "peak-MB")
	b.ReportMetric(0, "ns/op")
}
