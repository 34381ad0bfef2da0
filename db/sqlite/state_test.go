package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// addOrder returns an edit that stores an order.
func addOrder(kinds *store.Catalogue, number string) func(store.Tx) error {
	return func(tx store.Tx) error {
		tx.Put(kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(number)})
		return nil
	}
}

// addPartly returns an edit that fails after some of its records were written.
func addPartly(kinds *store.Catalogue) func(store.Tx) error {
	return func(tx store.Tx) error {
		for n := range insertSizes()[0] {
			tx.Put(kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(fmt.Sprint("partly written ", n))})
		}
		tx.Put(kinds.Documents, &cloudtag.Document{Body: []byte("{")}) // no JSON
		return nil
	}
}

func ordersOf(t *testing.T, s *opened, numbers ...string) (known []bool) {
	t.Helper()
	for _, number := range numbers {
		orders, err := s.Orders(context.Background(), []cloudtag.OrderNo{cloudtag.OrderNo(number)})
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, len(orders) == 1)
	}
	return known
}

// A failed edit stores nothing, even if some of its records were written.
func TestFailedEditStoresNothing(t *testing.T) {
	refusal := errors.New("refused")
	s := openStore(t, Options{})
	for _, test := range []struct {
		name string
		edit func(store.Tx) error
		want error
	}{
		{"before it puts", func(store.Tx) error { return refusal }, refusal},
		{"after it put something", func(tx store.Tx) error {
			tx.Put(s.kinds.Orders, &cloudtag.Order{OrderNo: "partly written 0"})
			return refusal
		}, refusal},
		{"after it wrote", addPartly(s.kinds), nil},
		{"in a panic", func(store.Tx) error { panic("no") }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := s.engine.Update(t.Context(), "test", test.edit)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if err := s.engine.Update(t.Context(), "test", addOrder(s.kinds, test.name)); err != nil {
				t.Fatal(err)
			}
			if got := ordersOf(t, s, test.name, "partly written 0"); !got[0] || got[1] {
				t.Errorf("stored: %v, want only the order of the next edit", got)
			}
		})
	}
}

// Records evicted from the writer's cache are updated, not inserted again.
func TestRecordsBeyondTheCacheAreUpdated(t *testing.T) {
	s := openStore(t, Options{})
	const count = 3 * writerCacheSize
	put := func(amount int64) func(store.Tx) error {
		return func(tx store.Tx) error {
			for n := range count {
				tx.Put(s.kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(fmt.Sprint(n)), AmountCents: amount})
			}
			return nil
		}
	}
	for amount := range int64(2) {
		if err := s.engine.Update(t.Context(), "test", put(amount)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range count {
		number := cloudtag.OrderNo(fmt.Sprint(n))
		orders, err := s.Orders(t.Context(), []cloudtag.OrderNo{number})
		if err != nil || orders[number].AmountCents != 1 {
			t.Fatalf("order %s: %+v, %v", number, orders, err)
		}
	}
}

func TestAppendedIsCalledForEntriesOnly(t *testing.T) {
	var calls atomic.Int32
	s := openStore(t, Options{Appended: func() { calls.Add(1) }})
	dbtest.Seed(t, s, 1)
	calls.Store(0)
	submission := dbtest.SubmissionOf(dbtest.Shop(0), "key", dbtest.Start, []cloudtag.OrderNo{"order"}, []cloudtag.BuyerID{"buyer"})
	if _, _, err := s.Record(t.Context(), submission, dbtest.Add); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times for a batch, want once", got)
	}
	if err := s.engine.Update(t.Context(), "test", addOrder(s.kinds, "no entry")); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times in all, want no call for a commit without entries", got)
	}
}
