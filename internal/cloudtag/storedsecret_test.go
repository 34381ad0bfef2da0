package cloudtag_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	. "cloudtag/internal/cloudtag"
)

// lateStore finds nothing at first, like an instance that starts concurrently with another.
type lateStore struct {
	*shelf
	finds int
}

func (s *lateStore) Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error) {
	if s.finds++; s.finds == 1 {
		return nil, nil
	}
	return s.shelf.Documents(ctx, kind, ids)
}

func TestCursorSecretIsGeneratedOnce(t *testing.T) {
	m, ctx := newMarket(t), t.Context()
	secret := func(text string) func() []byte { return func() []byte { return []byte(text) } }
	first, err := CursorSecret(ctx, m.store, secret("first"))
	if err != nil || !bytes.Equal(first, []byte("first")) {
		t.Fatalf("%q, %v", first, err)
	}
	for name, store := range map[string]DocumentStore{"after a restart": m.store, "another instance at once": &lateStore{shelf: m.store}} {
		if got, err := CursorSecret(ctx, store, secret("second")); err != nil || !bytes.Equal(got, first) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if len(m.store.log()) != 0 {
		t.Errorf("the log has it: %v", m.store.log())
	}
}

// brokenStore fails every call.
type brokenStore struct{ DocumentStore }

var errBroken = errors.New("disk on fire")

func (brokenStore) Documents(context.Context, DocumentKind, []string) (map[string]Document, error) {
	return nil, errBroken
}

func TestCursorSecretOfABrokenStore(t *testing.T) {
	if _, err := CursorSecret(t.Context(), brokenStore{}, func() []byte { return nil }); !errors.Is(err, errBroken) {
		t.Errorf("%v, want the store's failure", err)
	}
}
