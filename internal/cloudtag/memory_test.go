package cloudtag_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// shelf is the store of these tests, over the engine in memory, with what tests look up and set beside the services.
type shelf struct {
	*store.Store
	t            testing.TB
	engine       *memory.Engine
	kinds        *store.Catalogue
	beforeRecord func() // runs once before the next Record, as if another instance had been faster
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	kinds := store.NewCatalogue()
	engine := memory.Open(memory.NewData(), memory.Options{})
	s := &shelf{Store: store.New(engine, kinds), t: t, engine: engine, kinds: kinds}
	s.setPolicy(DefaultPolicy(start))
	return s
}

// Record calls beforeRecord once.
func (s *shelf) Record(ctx context.Context, submission Submission, edit func(*CaseFile, []Tag)) (Batch, bool, error) {
	if run := s.beforeRecord; run != nil {
		s.beforeRecord = nil
		run()
	}
	return s.Store.Record(ctx, submission, edit)
}

// put stores a record without a log entry.
func (s *shelf) put(kind *store.Kind, value any) {
	s.t.Helper()
	record := kind.New()
	s.convert(value, record)
	err := s.engine.Update(s.t.Context(), "put", func(tx store.Tx) error {
		tx.Put(kind, record)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) convert(from, into any) {
	s.t.Helper()
	encoded, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(encoded, into)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// everything returns all records of a kind, by identifier.
func everything[K ~string, V any](s *shelf, kind *store.Kind) map[K]V {
	s.t.Helper()
	records, _, err := s.engine.List(s.t.Context(), store.Query{Kind: kind, Limit: 1 << 30})
	if err != nil {
		s.t.Fatal(err)
	}
	all := make(map[K]V, len(records))
	for _, record := range records {
		var value V
		s.convert(record, &value)
		all[K(kind.ID(record))] = value
	}
	return all
}

func (s *shelf) merchants() map[MerchantID]Merchant {
	return everything[MerchantID, Merchant](s, s.kinds.Merchants)
}
func (s *shelf) orders() map[OrderNo]Order { return everything[OrderNo, Order](s, s.kinds.Orders) }
func (s *shelf) cases() map[CaseID]Case    { return everything[CaseID, Case](s, s.kinds.Cases) }
func (s *shelf) tags() map[OrderNo]Tag     { return everything[OrderNo, Tag](s, s.kinds.Tags) }
func (s *shelf) batches() map[string]Batch { return everything[string, Batch](s, s.kinds.Batches) }

func (s *shelf) log() []Entry {
	s.t.Helper()
	entries, _, err := s.LogPage(s.t.Context(), LogFilter{}, Slice{Limit: 1 << 30})
	if err != nil {
		s.t.Fatal(err)
	}
	return entries
}

// policy returns the policy in force; setPolicy replaces it, whatever its version.
func (s *shelf) policy() Policy {
	s.t.Helper()
	timeline, err := s.PolicyTimeline(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return timeline.Holds
}

func (s *shelf) setPolicy(policy Policy) {
	s.t.Helper()
	for _, name := range []string{"current", "1"} {
		s.put(s.kinds.Policies, struct {
			Name string `json:"name"`
			Policy
		}{name, policy})
	}
}

// stillClock is a clock that tests set.
type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time { return c.now }
