package mongo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
)

func TestInspectReportsMissingIndexesAndCollections(t *testing.T) {
	uri := mongotest.FreshURI(t)
	facts, err := Inspect(t.Context(), uri)
	if err != nil || facts.Found || facts.Version == "" || facts.ClockAhead == nil || facts.ClockAhead.Abs() > time.Minute {
		t.Fatalf("an empty database: %+v, %v", facts, err)
	}
	s := openAt(t, uri, Options{})
	facts, err = Inspect(t.Context(), uri)
	if err != nil || !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) != 0 {
		t.Errorf("%+v, %v", facts, err)
	}
	if err := s.meta.Database().Collection("documents").Indexes().DropOne(t.Context(), "wake"); err != nil {
		t.Fatal(err)
	}
	if err := s.meta.Database().Collection("claims").Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	facts, err = Inspect(t.Context(), uri)
	if want := []string{"index documents.wake", "collection claims"}; err != nil || !slices.Equal(facts.Missing, want) {
		t.Errorf("missing %q, want %q, %v", facts.Missing, want, err)
	}
}

func TestInspectDoesNotLeakThePassword(t *testing.T) {
	facts, err := Inspect(t.Context(), "mongodb://li:hunter2@127.0.0.1:1/x?serverSelectionTimeoutMS=100")
	if err == nil || strings.Contains(err.Error()+facts.Place, "hunter2") || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("%+v, %v", facts, err)
	}
}
