//go:build unix

package sqlite

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
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
	"cloudtag/internal/upkeep"
)

// The benchmarks print figures and assert nothing about them. Processor time is printed beside rates, since a busy machine
// distorts it least.
var (
	storedTags  = flag.Int("stored", 0, "BenchmarkRecord, BenchmarkPages: tags stored before the clock starts")
	perCase     = flag.Int64("percase", 1, "BenchmarkRecord, BenchmarkPages: tags per case")
	randomOrder = flag.Bool("random", false, "BenchmarkRecord: order numbers in random order")
	dueCases    = flag.Int("due", 2_000, "BenchmarkSweep: due cases")
)

const (
	benchShops   = 1000
	benchClients = 8
	batchSize    = 20
)

// load generates batches: tag n is of buyer n/percase, so that the tags of one case come from batches far apart.
type load struct{ next atomic.Int64 }

// fill stores shops and tags, and returns a load that continues after them.
func fill(b *testing.B, s *opened) *load {
	b.Helper()
	dbtest.Seed(b, s, benchShops)
	l := &load{}
	l.run(b, s, *storedTags/batchSize)
	return l
}

// scatter is a bijection on 40-bit numbers.
func scatter(n int64) int64 { return (n*0x5DEECE66D + 11) & (1<<40 - 1) }

func (l *load) batch() cloudtag.Submission {
	n := l.next.Add(1) - 1
	orders, buyers := make([]cloudtag.OrderNo, batchSize), make([]cloudtag.BuyerID, batchSize)
	for i := range orders {
		tag := n*batchSize + int64(i)
		order, buyer := 1_000_000_000_000+tag, scatter(tag/(batchSize**perCase)*batchSize+int64(i))
		if *randomOrder {
			order = 1_000_000_000_000 + scatter(tag)
		}
		orders[i], buyers[i] = cloudtag.OrderNo(fmt.Sprint(order)), cloudtag.BuyerID(fmt.Sprintf("b%012d", buyer))
	}
	key := fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(scatter(n)), n)
	at := dbtest.Start.Add(time.Duration(n) * 10 * time.Millisecond)
	return dbtest.SubmissionOf(dbtest.Shop(int(n%benchShops)), key, at, orders, buyers)
}

// run records batches from several clients and returns their durations in ascending order.
func (l *load) run(b *testing.B, s *opened, batches int) []time.Duration {
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
				if _, _, err := s.Record(context.Background(), l.batch(), dbtest.Add); err != nil {
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

// cpuTime returns the processor time of the process.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// procNumber returns a number from a file about this process in /proc, 0 if there is none.
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

// peakMemory returns the largest resident set of the process, in MiB.
func peakMemory(b *testing.B) float64 { return float64(procNumber(b, "status", "VmHWM")) / 1024 }

// BenchmarkRecord has 8 clients record batches of 20. One iteration is one batch.
func BenchmarkRecord(b *testing.B) {
	s := openStore(b, Options{Log: slog.Default()})
	l := fill(b, s)
	cpu, written := cpuTime(b), procNumber(b, "io", "wchar")
	b.ResetTimer()
	took := l.run(b, s, b.N)
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(b.N*batchSize), "cpu-µs/tag")
	b.ReportMetric(float64(procNumber(b, "io", "wchar")-written)/float64(b.N*batchSize)/1024, "written-KB/tag")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(peakMemory(b), "peak-MB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPages reads pages of 50 with many filters, one page after the other.
func BenchmarkPages(b *testing.B) {
	s := openStore(b, Options{Log: slog.Default()})
	fill(b, s)
	last, err := s.TagsByOrder(context.Background(), []cloudtag.OrderNo{"1000000000000"})
	if err != nil {
		b.Fatal(err)
	}
	for _, page := range tagPages(last["1000000000000"]) {
		b.Run("tags/"+page.name, func(b *testing.B) {
			readPages(b, page.order.PositionOf, func(slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
				return s.TagPage(context.Background(), page.filter, page.order, slice)
			})
		})
	}
	for _, page := range casePages() {
		b.Run("cases/"+page.name, func(b *testing.B) {
			readPages(b, page.order.PositionOf, func(slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
				return s.CasePage(context.Background(), page.filter, page.order, slice)
			})
		})
	}
	place := func(entry cloudtag.Entry) cloudtag.Position { return cloudtag.Position{Key: entry.Seq} }
	for name, filter := range logFilters(last["1000000000000"]) {
		b.Run("log/"+name, func(b *testing.B) {
			readPages(b, place, func(slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
				return s.LogPage(context.Background(), filter, slice)
			})
		})
	}
	benchCounts(b, s)
}

func benchCounts(b *testing.B, s *opened) {
	const limit = cloudtag.MaxCount + 1
	ctx := context.Background()
	for name, count := range map[string]func() (int, error){
		"tags":  func() (int, error) { return s.CountTags(ctx, cloudtag.TagFilter{}, limit) },
		"cases": func() (int, error) { return s.CountCases(ctx, cloudtag.CaseFilter{}, limit) },
		"log": func() (int, error) {
			return s.CountLog(ctx, cloudtag.LogFilter{Action: cloudtag.ActionTagSubmitted}, limit)
		},
	} {
		b.Run("count/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := count(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// readPages reads page after page, and starts again at the end of the list.
func readPages[T any](b *testing.B, position func(T) cloudtag.Position, read func(cloudtag.Slice) ([]T, bool, error)) {
	var took []time.Duration
	slice, cpu := cloudtag.Slice{Limit: cloudtag.DefaultPageSize}, cpuTime(b)
	for b.Loop() {
		began := time.Now()
		items, more, err := read(slice)
		took = append(took, time.Since(began))
		if err != nil {
			b.Fatal(err)
		}
		if slice.After = nil; more {
			at := position(items[len(items)-1])
			slice.After = &at
		}
	}
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(len(took)), "cpu-µs/page")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(peakMemory(b), "peak-MB")
}

type orderedTags struct {
	name   string
	filter cloudtag.TagFilter
	order  cloudtag.TagOrder
}

func tagPages(some cloudtag.Tag) []orderedTags {
	succeeded := []cloudtag.TagStatus{cloudtag.TagSucceeded}
	desc, changed := cloudtag.TagsBySubmittedDesc, cloudtag.TagsByStatusChangedDesc
	return []orderedTags{
		{"all", cloudtag.TagFilter{}, desc},
		{"all by change", cloudtag.TagFilter{}, changed},
		{"succeeded", cloudtag.TagFilter{Statuses: succeeded}, desc},
		{"succeeded by change", cloudtag.TagFilter{Statuses: succeeded}, changed},
		{"shop", cloudtag.TagFilter{MerchantID: some.MerchantID}, desc},
		{"shop by change", cloudtag.TagFilter{MerchantID: some.MerchantID}, changed},
		{"buyer", cloudtag.TagFilter{BuyerID: some.BuyerID}, desc},
		{"none", cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}}, desc},
	}
}

type orderedCases struct {
	name   string
	filter cloudtag.CaseFilter
	order  cloudtag.CaseOrder
}

func casePages() []orderedCases {
	var pages []orderedCases
	for _, order := range []cloudtag.CaseOrder{
		cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc,
	} {
		for name, filter := range map[string]cloudtag.CaseFilter{
			"all":          {},
			"pending":      {Handling: cloudtag.HandlingPending},
			"handled":      {Handling: cloudtag.HandlingHandled},
			"confirmed":    {States: []cloudtag.CaseState{cloudtag.CaseConfirmed}},
			"expired":      {States: []cloudtag.CaseState{cloudtag.CaseExpired}},
			"overdue":      {OverdueAt: dbtest.Start},
			"not overdue":  {NotOverdue: dbtest.Start},
			"3 votes":      {MinVotes: 3},
			"5 votes":      {MinVotes: 5},
			"9 votes":      {MinVotes: 9},
			"of high risk": {RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}},
		} {
			pages = append(pages, orderedCases{fmt.Sprintf("%s %s", name, order), filter, order})
		}
	}
	return pages
}

func logFilters(some cloudtag.Tag) map[string]cloudtag.LogFilter {
	return map[string]cloudtag.LogFilter{
		"all":             {},
		"action":          {Action: cloudtag.ActionCaseOpened},
		"actor":           {Actor: "system:engine"},
		"both":            {Action: cloudtag.ActionTagSubmitted, Actor: "system:engine"},
		"shop":            {Subject: cloudtag.MerchantSubject(some.MerchantID)},
		"shop and action": {Subject: cloudtag.MerchantSubject(some.MerchantID), Action: cloudtag.ActionCaseOpened},
		"buyer":           {Subject: cloudtag.BuyerSubject(some.BuyerID)},
		"case":            {Subject: cloudtag.CaseSubject(some.CaseID())},
		"tag":             {Subject: cloudtag.TagSubject(some.OrderNo)},
	}
}

// storePending stores pending cases, with two votes of three, due 10 ms apart.
func storePending(b *testing.B, s *opened, cases int) {
	b.Helper()
	dbtest.Seed(b, s, 2)
	for first := 0; first < cases; first += batchSize {
		for merchant := range 2 {
			var orders []cloudtag.OrderNo
			var buyers []cloudtag.BuyerID
			for n := first; n < min(first+batchSize, cases); n++ {
				orders = append(orders, cloudtag.OrderNo(fmt.Sprintf("%d-%08d", merchant, scatter(int64(n)))))
				buyers = append(buyers, cloudtag.BuyerID(fmt.Sprintf("b%012d", scatter(int64(n)))))
			}
			at := dbtest.Start.Add(time.Duration(first) * 10 * time.Millisecond)
			submission := dbtest.SubmissionOf(dbtest.Shop(merchant), fmt.Sprint("key-", first), at, orders, buyers)
			if _, _, err := s.Record(context.Background(), submission, dbtest.Add); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSweep sweeps all cases after 49 hours of downtime. One iteration is one sweep of a new store.
func BenchmarkSweep(b *testing.B) {
	for range b.N {
		b.StopTimer()
		s := openStore(b, Options{})
		storePending(b, s, *dueCases)
		late := dbtest.Start.Add(49*time.Hour + time.Duration(*dueCases)*10*time.Millisecond)
		cases := upkeep.New(s, cloudtag.SystemClock{})
		cpu := cpuTime(b)
		b.StartTimer()
		report, err := cases.Sweep(context.Background(), late)
		b.StopTimer()
		if err != nil || report.Cases != *dueCases {
			b.Fatalf("swept %d of %d cases: %v", report.Cases, *dueCases, err)
		}
		b.ReportMetric(float64(*dueCases)*float64(b.N)/b.Elapsed().Seconds(), "cases/s")
		b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(*dueCases), "cpu-µs/case")
	}
}
