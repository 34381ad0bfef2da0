package dbtest

import (
	"context"
	"testing"

	"cloudtag/internal/cloudtag"
)

// Store is what the suite tests: every port of the domain, and a life cycle.
type Store interface {
	cloudtag.CaseWriter
	cloudtag.Recoverer
	cloudtag.BatchReader
	cloudtag.TagReader
	cloudtag.CaseReader
	cloudtag.Finder
	cloudtag.MerchantStore
	cloudtag.TagShareReader
	cloudtag.OrderStore
	cloudtag.RiskStore
	cloudtag.PolicyStore
	cloudtag.LogReader
	cloudtag.DocumentStore
	// TrimLog appends an entry, then deletes the entries below a number; DropLog only deletes them.
	TrimLog(ctx context.Context, entry cloudtag.Entry, below int64) error
	DropLog(ctx context.Context, below int64) error
	// Ping reports whether the data can be reached.
	Ping(ctx context.Context) error
	// Close ends the store and everything it runs. It also ends a store that died of a fault.
	Close() error
}

// Options are what the suite asks of a store beyond its data.
type Options struct {
	// Fault is called before every single physical write, commit included, from any goroutine. An error means that
	// the process died there: the step must not happen, and every later call on that store must fail.
	Fault func(step string) error
	// Appended is called after entries of the log became durable.
	Appended func()
}

// Factory opens the store of one test.
type Factory interface {
	// Open opens the store of this test, empty at first; calling it again after Close opens the same data. The
	// suite has one store open at a time.
	Open(t testing.TB, opts Options) Store
}

// NewFactory makes the factory of one test, with data of its own that end with the test.
type NewFactory func(t testing.TB) Factory

// Run runs the suite. Every promise is tested whatever the flags; -short and the race detector make the data sets
// smaller, and let each combination of filters be paged in one order instead of all.
func Run(t *testing.T, newFactory func(t testing.TB) Factory) {
	for _, topic := range topics() {
		t.Run(topic.name, func(t *testing.T) {
			for _, c := range topic.cases {
				t.Run(c.name, func(t *testing.T) { c.run(t, newFactory) })
			}
		})
	}
}

// topic is a part of the suite.
type topic struct {
	name  string
	cases []testCase
}

// testCase is one test: it makes the store it needs.
type testCase struct {
	name string
	run  func(t *testing.T, newFactory NewFactory)
}

// inWorld makes a test case of a check that wants a fresh world.
func inWorld(name string, check func(w *world)) testCase {
	return testCase{name: name, run: func(t *testing.T, newFactory NewFactory) { check(newWorld(t, newFactory(t))) }}
}

func topics() []topic {
	return []topic{
		{"Merchants", merchantCases()},
		{"Orders", orderCases()},
		{"Risks", riskCases()},
		{"Policies", policyCases()},
		{"Record", recordCases()},
		{"Amend", amendCases()},
		{"Lookups", lookupCases()},
		{"Values", valueCases()},
		{"Log", logCases()},
		{"Paging", pagingCases()},
		{"MovingPages", movingCases()},
		{"Concurrency", concurrencyCases()},
		{"LogOrder", logOrderCases()},
		{"Crash", crashCases()},
		{"Contexts", contextCases()},
		{"BuyerDocuments", buyerDocumentCases()},
		{"Documents", documentCases()},
		{"Reviews", reviewCases()},
		{"ShopRecords", shopRecordCases()},
		{"Counts", countCases()},
		{"Chain", chainCases()},
		{"Metrics", metricsCases()},
		{"SecondReviews", secondReviewCases()},
		{"Downtime", downtimeCases()},
	}
}

// scaled is a size of the suite: full, or the short one under -short, for stores where each write is a round trip
// over a network.
func scaled(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}

// scaledQuiet is a size of a check that makes one call after the other: the race detector finds nothing in many of
// those, and makes them ten times slower, so that they are short under it too.
func scaledQuiet(full, short int) int {
	if raceDetector {
		return short
	}
	return scaled(full, short)
}
