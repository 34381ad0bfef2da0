package faulty

import (
	"context"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// callsOf returns all calls of an engine except Close.
func callsOf(engine store.Engine) map[string]func(context.Context) error {
	tags := store.NewCatalogue().Tags
	return map[string]func(context.Context) error{
		"Update": func(ctx context.Context) error {
			return engine.Update(ctx, "nothing", func(store.Tx) error { return nil })
		},
		"Get": func(ctx context.Context) error {
			_, err := engine.Get(ctx, nil)
			return err
		},
		"List": func(ctx context.Context) error {
			_, _, err := engine.List(ctx, store.Query{Kind: tags, Limit: 1})
			return err
		},
		"Count": func(ctx context.Context) error {
			_, err := engine.Count(ctx, store.Query{Kind: tags, Limit: 1})
			return err
		},
		"Log": func(ctx context.Context) error {
			_, _, err := engine.Log(ctx, store.LogQuery{Limit: 1})
			return err
		},
		"CountLog": func(ctx context.Context) error {
			_, err := engine.CountLog(ctx, store.LogQuery{Limit: 1})
			return err
		},
		"LastSeq": func(ctx context.Context) error {
			_, err := engine.LastSeq(ctx)
			return err
		},
		"Recover": func(ctx context.Context) error {
			_, err := engine.Recover(ctx)
			return err
		},
		"Ping": engine.Ping,
	}
}

func TestFaultsAreInjectedIntoEveryCall(t *testing.T) {
	inner := memory.Open(memory.NewData(), memory.Options{})
	for name := range callsOf(inner) {
		for fault, fails := range map[Fault]bool{None: false, Delay: false, Fail: true, Half: true} {
			plan := planOf(fault)
			err := callsOf(Wrap(inner, plan))[name](t.Context())
			if plan.Drawn(fault) != 1 || fails != (cloudtag.CodeOf(err) == cloudtag.CodeUnavailable) {
				t.Errorf("%s with %s: %v, drawn %d times", name, fault, err, plan.Drawn(fault))
			}
		}
	}
}

// planOf returns a plan whose first fault is the given one.
func planOf(want Fault) *Plan {
	if want == None {
		return NewPlan(0, 0)
	}
	for seed := uint64(0); ; seed++ {
		if fault, _ := NewPlan(seed, 1).draw(); fault == want {
			return NewPlan(seed, 1)
		}
	}
}

// oneCall is an engine that counts its calls.
type oneCall struct {
	store.Engine
	made int
}

func (e *oneCall) Ping(ctx context.Context) error {
	e.made++
	<-ctx.Done()
	return ctx.Err()
}

func (e *oneCall) LastSeq(context.Context) (int64, error) {
	e.made++
	return 42, nil
}

func TestEffectOfEachFault(t *testing.T) {
	tests := map[Fault]struct {
		fails bool
		made  int
	}{
		None: {false, 1}, Delay: {false, 1}, Fail: {true, 0}, Half: {true, 1}, Cut: {false, 1},
	}
	for fault, want := range tests {
		inner := &oneCall{}
		got, err := Wrap(inner, planOf(fault)).LastSeq(t.Context())
		if want.fails != (cloudtag.CodeOf(err) == cloudtag.CodeUnavailable) || want.fails == (got == 42) || inner.made != want.made {
			t.Errorf("%s: %d, %v, made %d times", fault, got, err, inner.made)
		}
	}
	inner := &oneCall{}
	if err := Wrap(inner, planOf(Cut)).Ping(t.Context()); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable || inner.made != 1 {
		t.Errorf("cut while it runs: %v, made %d times", err, inner.made)
	}
}

// An edit whose read fails stores nothing.
func TestFaultsInReadsOfAnEdit(t *testing.T) {
	inner, kinds, plan := memory.Open(memory.NewData(), memory.Options{}), store.NewCatalogue(), NewPlan(0, 0)
	read := func(tx store.Tx) error {
		tx.Append(cloudtag.Entry{Action: cloudtag.ActionTagSubmitted})
		plan.Break(1)
		defer plan.Clear()
		for plan.Drawn(Fail)+plan.Drawn(Half)+plan.Drawn(Cut) == 0 { // some are only slow
			if _, err := tx.Get(store.Ref{Kind: kinds.Tags, ID: "1"}); err != nil {
				return err
			}
		}
		return nil
	}
	err := Wrap(inner, plan).Update(t.Context(), "read", read)
	last, failed := inner.LastSeq(t.Context())
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable || last != 0 || failed != nil {
		t.Errorf("the edit ends with %v, the log at %d, %v", err, last, failed)
	}
}
