package baseline_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"cloudtag/db/mongo/baseline"
	"cloudtag/db/mongo/mongotest"
)

// Each tag of concurrent writers is stored and counted once, so that measurements are valid.
func TestConcurrentWritesAreComplete(t *testing.T) {
	database, err := baseline.Open(t.Context(), mongotest.FreshURI(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(t.Context()); err != nil {
			t.Log(err)
		}
	})
	const writers, batches, size, buyers = 4, 5, 20, 7
	var running sync.WaitGroup
	for writer := range writers {
		running.Go(func() {
			for n := range batches {
				tags := make([]baseline.Tag, size)
				for i := range tags {
					tags[i] = baseline.Tag{
						Order: fmt.Sprintf("%d-%d-%d", writer, n, i), Scenario: "RETURN_SWAPPED", Merchant: fmt.Sprint("m-", writer),
						Buyer: fmt.Sprint("b-", i%buyers), Status: "ACCUMULATING", SubmittedAt: time.UnixMilli(int64(n)),
					}
				}
				if err := database.Write(t.Context(), tags); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	const all = 1000
	for _, test := range []struct {
		what string
		read func() (int, error)
		want int
	}{
		{"all tags", func() (int, error) { return database.NewestTags(t.Context(), all) }, writers * batches * size},
		{"a page", func() (int, error) { return database.NewestTags(t.Context(), 50) }, 50},
		{"a shop's", func() (int, error) { return database.TagsOfShop(t.Context(), "m-1", all) }, batches * size},
		{"an account's", func() (int, error) { return database.TagsOfBuyer(t.Context(), "b-0", all) }, writers * batches * 3},
		{"votes", func() (int, error) { return database.Votes(t.Context()) }, writers * batches * size},
		{"entries", func() (int, error) { return database.Entries(t.Context()) }, writers * batches * size},
	} {
		got, err := test.read()
		if err != nil || got != test.want {
			t.Errorf("%s: %d, %v; want %d", test.what, got, err, test.want)
		}
	}
	if err := database.Drop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpenDoesNotLeakThePassword(t *testing.T) {
	if _, err := baseline.Open(t.Context(), "mongodb://admin:s3cret@127.0.0.1:1/?authSource=admin"); err == nil || err.Error() != "expected mongodb://HOST:PORT/DATABASE" {
		t.Errorf("%v", err)
	}
}
