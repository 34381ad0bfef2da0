package faulty

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"
)

func openSQLite(t *testing.T) db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "cloudtag.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// TestEveryCallMeetsItsFault calls every method of the ports: one that is only embedded never fails.
func TestEveryCallMeetsItsFault(t *testing.T) {
	inner := openSQLite(t)
	methods := reflect.TypeFor[db.Store]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		if name == "Close" {
			continue // the end is no call
		}
		plan := NewPlan(1, 0)
		method := reflect.ValueOf(Wrap(inner, plan)).MethodByName(name)
		arguments := make([]reflect.Value, method.Type().NumIn())
		for n := range arguments {
			arguments[n] = reflect.Zero(method.Type().In(n))
		}
		arguments[0] = reflect.ValueOf(t.Context())
		method.Call(arguments)
		if plan.Drawn(None) != 1 {
			t.Errorf("%s meets no faults: add it to calls.go", name)
		}
	}
}

// oneCall is a store with one call that counts how often it was made.
type oneCall struct {
	db.Store
	made int
}

func (s *oneCall) LastSeq(ctx context.Context) (int64, error) {
	s.made++
	<-ctx.Done()
	return 0, ctx.Err()
}

func (s *oneCall) CountLog(context.Context, cloudtag.LogFilter, int) (int, error) {
	s.made++
	return 42, nil
}

func TestWhatTheFaultsDo(t *testing.T) {
	seen := map[Fault]bool{}
	for seed := uint64(0); len(seen) < faults-1; seed++ {
		plan := NewPlan(seed, 1)
		fault, _ := plan.draw() // what the same seed draws next time
		seen[fault] = true
		inner := &oneCall{}
		store := Wrap(inner, NewPlan(seed, 1))
		if fault == Cut {
			_, err := store.LastSeq(t.Context())
			if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable || inner.made != 1 {
				t.Errorf("%s: %v, made %d times", fault, err, inner.made)
			}
			continue
		}
		got, err := store.CountLog(t.Context(), cloudtag.LogFilter{}, 1)
		fails, made := fault == Fail || fault == Half, 1
		if fault == Fail {
			made = 0
		}
		if fails != (cloudtag.CodeOf(err) == cloudtag.CodeUnavailable) || fails == (got == 42) || inner.made != made {
			t.Errorf("%s: %d, %v, made %d times", fault, got, err, inner.made)
		}
	}
}
