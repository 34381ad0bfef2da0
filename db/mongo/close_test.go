package mongo

import (
	"testing"

	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
)

// TestCloseFinishes: the store is closed while a submission is between its steps; what was begun is done, and later
// calls are refused.
func TestCloseFinishes(t *testing.T) {
	uri := mongotest.FreshURI(t)
	closed := make(chan error, 1)
	var s *Store
	s, err := Open(t.Context(), uri, Options{Fault: func(step string) error {
		if step == "open cases" {
			go func() { closed <- s.Close() }()
			for !s.life.isClosing() {
				continue
			}
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	addFirstPolicy(t, s)
	_, err = s.PutMerchants(t.Context(), []cloudtag.Merchant{{ID: instShop(1), Permission: cloudtag.PermissionActive}}, merchantImported)
	if err != nil {
		t.Fatal(err)
	}
	batch, _, err := s.Record(t.Context(), instBatch(1, 1), submitAll)
	if err != nil || batch.AcceptedCount() != instBuyers {
		t.Errorf("accepted %d (%v), want %d", batch.AcceptedCount(), err, instBuyers)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if err := s.Ping(t.Context()); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("ping of a closed store: %v, want UNAVAILABLE", err)
	}
	again := openAt(t, uri, Options{})
	wantNothingLeft(t, again)
	if recovered, err := again.Recover(t.Context()); err != nil || recovered != 0 {
		t.Errorf("recovered %d (%v), want nothing", recovered, err)
	}
}
