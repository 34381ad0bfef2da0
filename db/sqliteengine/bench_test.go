//go:build unix

package sqliteengine

import (
	"flag"
	"log/slog"
	"testing"

	"cloudtag/db/dbbench"
	"cloudtag/db/dbtest"
)

var benchmarks = dbbench.NewBenchmarks(flag.CommandLine)

func BenchmarkRecord(b *testing.B) { benchmarks.Record(b, openStore(b, Options{Log: slog.Default()})) }

func BenchmarkPages(b *testing.B) { benchmarks.Pages(b, openStore(b, Options{Log: slog.Default()})) }

func BenchmarkOrdersOf(b *testing.B) {
	benchmarks.OrdersOf(b, openStore(b, Options{Log: slog.Default()}))
}

func BenchmarkHistory(b *testing.B) { benchmarks.History(b, openStore(b, Options{})) }

func BenchmarkSweep(b *testing.B) {
	benchmarks.Sweep(b, func() dbtest.Store { return openStore(b, Options{}) })
}
