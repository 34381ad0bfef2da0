//go:build unix

package dbbench

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// queued stores cases with two votes of three, which wait for a reviewer, each submitted 10 ms after the one before.
func queued(b *testing.B, store dbtest.Store, cases int) {
	b.Helper()
	dbtest.Furnish(b, store, 2)
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
			if _, _, err := store.Record(context.Background(), submission, dbtest.Add); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// Sweep brings everything up to date after 49 hours of downtime. One iteration is one sweep of all, in a store of its own.
func (m *Benchmarks) Sweep(b *testing.B, open func() dbtest.Store) {
	for range b.N {
		b.StopTimer()
		store := open()
		queued(b, store, m.due)
		late := dbtest.Start.Add(49*time.Hour + time.Duration(m.due)*10*time.Millisecond)
		upkeep := cloudtag.NewUpkeep(store, cloudtag.SystemClock{})
		cpu := cpuTime(b)
		b.StartTimer()
		report, err := upkeep.Sweep(context.Background(), late)
		b.StopTimer()
		if err != nil || report.Cases != m.due {
			b.Fatalf("swept %d of %d cases: %v", report.Cases, m.due, err)
		}
		b.ReportMetric(float64(m.due)*float64(b.N)/b.Elapsed().Seconds(), "cases/s")
		b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(m.due), "cpu-µs/case")
	}
}

// History reads all tags there are: hands them over, and replays them under another policy. One iteration is
// once through all.
func (m *Benchmarks) History(b *testing.B, store dbtest.Store) {
	m.fill(b, store, m.tags)
	total := m.tags / batchSize * batchSize
	b.Run("TagsByCase", func(b *testing.B) {
		cpu := cpuTime(b)
		for range b.N {
			tags := 0
			err := store.TagsByCase(context.Background(), func(_ cloudtag.CaseID, of []cloudtag.Tag, _ *cloudtag.RiskProfile) error {
				tags += len(of)
				return nil
			})
			if err != nil || tags != total {
				b.Fatalf("%d tags: %v", tags, err)
			}
		}
		b.ReportMetric(float64(total)*float64(b.N)/b.Elapsed().Seconds(), "tags/s")
		b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(total*b.N), "cpu-µs/tag")
	})
	b.Run("Simulate", func(b *testing.B) { benchSimulate(b, store, total) })
}

func benchSimulate(b *testing.B, store dbtest.Store, total int) {
	simulations := cloudtag.NewSimulations(store, cloudtag.NewPolicies(store, cloudtag.SystemClock{}), cloudtag.NewCalendar(time.UTC))
	caller := cloudtag.Caller{Subject: "admin", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	request := cloudtag.SimulationRequest{BasedOn: 1, Policy: cloudtag.DefaultPolicy(dbtest.Start)}
	proposed := &request.Policy
	for i := range proposed.Rules {
		proposed.Rules[i].Threshold = 4
	}
	var most uint64
	next := 0
	watch := func(tags, _ int) {
		if tags < next {
			return
		}
		next = tags + total/100
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		most = max(most, memory.HeapInuse+memory.StackInuse)
	}
	cpu := cpuTime(b)
	b.ResetTimer()
	for range b.N {
		next = 0
		report, err := simulations.Run(context.Background(), caller, request, watch)
		if err != nil || report.Result.Tags != total {
			b.Fatalf("%d tags: %v", report.Result.Tags, err)
		}
	}
	b.ReportMetric(float64(total)*float64(b.N)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64(most>>20), "heap-MiB")
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(total*b.N), "cpu-µs/tag")
}
