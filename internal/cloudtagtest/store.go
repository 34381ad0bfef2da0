package cloudtagtest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// Store is a store in memory that tests can read and write directly.
type Store struct {
	*store.Store
	t      testing.TB
	engine *memory.Engine
	kinds  *store.Catalogue
}

// NewStore returns a store with the default policy.
func NewStore(t testing.TB) *Store {
	t.Helper()
	kinds, engine := store.NewCatalogue(), memory.Open(memory.NewData(), memory.Options{})
	s := &Store{Store: store.New(engine, kinds), t: t, engine: engine, kinds: kinds}
	s.SetPolicy(cloudtag.DefaultPolicy(Start))
	return s
}

func (s *Store) update(change func(store.Tx)) {
	s.t.Helper()
	if err := s.engine.Update(context.Background(), "test", func(tx store.Tx) error { change(tx); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

// put stores a record as it is, without an entry.
func (s *Store) put(kind *store.Kind, value any) {
	s.t.Helper()
	record := kind.New()
	if err := json.Unmarshal(cloudtag.MustJSON(value), record); err != nil {
		s.t.Fatal(err)
	}
	s.update(func(tx store.Tx) { tx.Put(kind, record) })
}

// PutOrder stores an order as it is, without an entry.
func (s *Store) PutOrder(order cloudtag.Order) { s.put(s.kinds.Orders, order) }

// Append appends entries to the log.
func (s *Store) Append(entries ...cloudtag.Entry) {
	s.t.Helper()
	s.update(func(tx store.Tx) { tx.Append(entries...) })
}

// Entries returns the whole log.
func (s *Store) Entries() []cloudtag.Entry {
	s.t.Helper()
	entries, _, err := s.LogPage(context.Background(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1 << 30})
	if err != nil {
		s.t.Fatal(err)
	}
	return entries
}

// Case returns a case; an empty one if it does not exist.
func (s *Store) Case(id cloudtag.CaseID) cloudtag.Case {
	s.t.Helper()
	found, err := s.Cases(context.Background(), []cloudtag.CaseID{id})
	if err != nil {
		s.t.Fatal(err)
	}
	return found[id]
}

// Merchant returns a shop; an empty one if it does not exist.
func (s *Store) Merchant(id cloudtag.MerchantID) cloudtag.Merchant {
	s.t.Helper()
	found, err := s.Merchants(context.Background(), []cloudtag.MerchantID{id})
	if err != nil {
		s.t.Fatal(err)
	}
	return found[id]
}

// Tag returns the tag of an order; an empty one if it has none.
func (s *Store) Tag(number cloudtag.OrderNo) cloudtag.Tag {
	s.t.Helper()
	found, err := s.TagsByOrder(context.Background(), []cloudtag.OrderNo{number})
	if err != nil {
		s.t.Fatal(err)
	}
	return found[number]
}

// AllTags returns the latest 1,000 tags.
func (s *Store) AllTags() []cloudtag.Tag {
	s.t.Helper()
	tags, _, err := s.TagPage(context.Background(), cloudtag.TagFilter{}, cloudtag.TagsBySubmittedDesc, cloudtag.Slice{Limit: 1000})
	if err != nil {
		s.t.Fatal(err)
	}
	return tags
}

// CurrentPolicy returns the policy in force.
func (s *Store) CurrentPolicy() cloudtag.Policy {
	s.t.Helper()
	timeline, err := s.PolicyTimeline(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return timeline.Holds
}

// SetPolicy replaces the policy in force, whatever its number.
func (s *Store) SetPolicy(policy cloudtag.Policy) {
	s.t.Helper()
	for _, name := range []string{"current", "1"} {
		s.put(s.kinds.Policies, struct {
			Name string `json:"name"`
			cloudtag.Policy
		}{name, policy})
	}
}

// ErrDied is returned by a [DyingStore] at the simulated crash.
var ErrDied = errors.New("the process died")

// DyingStore is a store that simulates a crash before its nth write of documents. Before each of the other writes it can act as
// another instance.
type DyingStore struct {
	*Store
	DieAt  int    // from 1; 0: never
	Before func() // may be nil
	writes int
}

// SaveDocument is a write.
func (d *DyingStore) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	return d.SaveDocuments(ctx, []cloudtag.Document{document}, entries)
}

// SaveDocuments is a write.
func (d *DyingStore) SaveDocuments(ctx context.Context, documents []cloudtag.Document, entries []cloudtag.Entry) error {
	d.writes++
	if d.writes == d.DieAt {
		return ErrDied
	}
	if d.Before != nil {
		d.Before()
	}
	return d.Store.SaveDocuments(ctx, documents, entries)
}
