package dbtest

import (
	"context"
	"testing"

	"cloudtag/internal/cloudtag"
)

// Store is what the suite tests: every port of the domain, and the life cycle of a store.
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
	// Close stops the store and its goroutines, also after an injected fault.
	Close() error
}

// Options configure a store under test.
type Options struct {
	// Fault is called before every physical write, commits included, from any goroutine. An error simulates the death of
	// the process at that point: the step must not be executed, and every later call must fail.
	Fault func(step string) error
	// Appended is called after log entries became durable.
	Appended func()
}

// Factory opens the store of one test.
type Factory interface {
	// Open opens the store of the test, empty at first; after Close it opens the same data again. The suite has one store
	// open at a time.
	Open(t testing.TB, opts Options) Store
}

// NewFactory returns the factory of one test, whose data are deleted when the test ends.
type NewFactory func(t testing.TB) Factory

// Run runs the suite. Every guarantee is tested regardless of flags; -short and the race detector reduce the data sets, and
// the orders in which each combination of filters is paged.
func Run(t *testing.T, newFactory func(t testing.TB) Factory) {
	for _, topic := range topics() {
		t.Run(topic.name, func(t *testing.T) {
			for _, c := range topic.cases {
				t.Run(c.name, func(t *testing.T) { c.run(t, newFactory) })
			}
		})
	}
}

// topic is a group of test cases.
type topic struct {
	name  string
	cases []testCase
}

// testCase is one test, which opens the store it needs.
type testCase struct {
	name string
	run  func(t *testing.T, newFactory NewFactory)
}

// inWorld returns a test case that runs in a new world.
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

// scaled returns the full size of a data set or, with -short, the short one: for stores with a network round trip per write, and
// for the race detector.
func scaled(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}
