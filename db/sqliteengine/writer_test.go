package sqliteengine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// hold keeps the writer busy until the function returned is called.
func hold(t *testing.T, s *opened) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := s.engine.writer.do(context.Background(), "hold", func(store.Tx) error {
			close(held)
			<-let
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	return func() {
		close(let)
		holder.Wait()
	}
}

// submit starts a job behind a held writer and returns when it waits in the queue.
func submit(ctx context.Context, jobs *sync.WaitGroup, s *opened, edit func(store.Tx) error, outcome *error) {
	submitCall(ctx, jobs, s, func() error { return s.engine.Update(ctx, "test", edit) }, outcome)
}

func submitCall(ctx context.Context, jobs *sync.WaitGroup, s *opened, call func() error, outcome *error) {
	before := len(s.engine.writer.queue)
	jobs.Go(func() { *outcome = call() })
	for len(s.engine.writer.queue) == before {
		select {
		case <-ctx.Done():
			return
		default:
		}
	}
}

// addOrder is an edit that stores an order.
func addOrder(kinds *store.Catalogue, number string) func(store.Tx) error {
	return func(tx store.Tx) error {
		tx.Put(kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(number)})
		return nil
	}
}

// addHalf is an edit that fails after some of what it put is written.
func addHalf(kinds *store.Catalogue) func(store.Tx) error {
	return func(tx store.Tx) error {
		for n := range insertSizes()[0] {
			tx.Put(kinds.Orders, &cloudtag.Order{OrderNo: cloudtag.OrderNo(fmt.Sprint("half done ", n))})
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

func TestAGroupOutlivesAJobThatFails(t *testing.T) {
	refusal := errors.New("refused")
	var commits atomic.Int32
	s := openStore(t, Options{Fault: func(step string) error {
		if step == "commit" {
			commits.Add(1)
		}
		return nil
	}})
	tests := []struct {
		name        string
		job         func(store.Tx) error
		want        error
		wantCommits int32
	}{
		{"before it writes", func(store.Tx) error { return refusal }, refusal, 1},
		{"after it put something", func(tx store.Tx) error {
			tx.Put(s.kinds.Orders, &cloudtag.Order{OrderNo: "half done 0"})
			return refusal
		}, refusal, 1},
		{"after it wrote", addHalf(s.kinds), nil, 2},
		{"in a panic", func(store.Tx) error { panic("no") }, nil, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			release := hold(t, s)
			commits.Store(0)
			var jobs sync.WaitGroup
			var first, second, third error
			one, two := test.name+" 1", test.name+" 2"
			submit(context.Background(), &jobs, s, addOrder(s.kinds, one), &first)
			submit(context.Background(), &jobs, s, test.job, &second)
			submit(context.Background(), &jobs, s, addOrder(s.kinds, two), &third)
			release()
			jobs.Wait()
			if first != nil || third != nil {
				t.Errorf("the others failed: %v, %v", first, third)
			}
			if second == nil || test.want != nil && !errors.Is(second, test.want) {
				t.Errorf("got %v, want %v", second, test.want)
			}
			if got := ordersOf(t, s, one, two, "half done 0"); !got[0] || !got[1] || got[2] {
				t.Errorf("stored: %v, want both orders and nothing half done", got)
			}
			if got := commits.Load(); got != test.wantCommits {
				t.Errorf("%d commits, want %d", got, test.wantCommits)
			}
		})
	}
}

func TestAJobIsGivenUpWhileItWaits(t *testing.T) {
	s := openStore(t, Options{})
	release := hold(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	var jobs sync.WaitGroup
	var outcome error
	submit(ctx, &jobs, s, addOrder(s.kinds, "given up"), &outcome)
	cancel()
	jobs.Wait() // the caller has its answer while the writer is still busy
	release()
	if !errors.Is(outcome, context.Canceled) {
		t.Errorf("got %v, want %v", outcome, context.Canceled)
	}
	if err := s.engine.writer.do(context.Background(), "test", addOrder(s.kinds, "after")); err != nil {
		t.Fatal(err)
	}
	if got := ordersOf(t, s, "given up", "after"); got[0] || !got[1] {
		t.Errorf("stored: %v, want the second only", got)
	}
}

func TestAppendedComesOncePerCommitAndWhenEntriesCanBeRead(t *testing.T) {
	var calls atomic.Int32
	s := openStore(t, Options{Appended: func() { calls.Add(1) }})
	furnish(t, s, 3)
	release := hold(t, s)
	calls.Store(0)
	var jobs sync.WaitGroup
	outcomes := make([]error, 3)
	for i := range outcomes {
		submission := submissionOf(shop(i), "key", start,
			[]cloudtag.OrderNo{cloudtag.OrderNo(fmt.Sprint("order", i))}, []cloudtag.BuyerID{"buyer"})
		submitCall(context.Background(), &jobs, s, func() error {
			_, _, err := s.Record(context.Background(), submission, add)
			return err
		}, &outcomes[i])
	}
	release()
	jobs.Wait()
	if err := errors.Join(outcomes...); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want once for one group", got)
	}
	if err := s.engine.writer.do(context.Background(), "test", addOrder(s.kinds, "no entry")); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want none for a commit without entries", got)
	}
}

func TestCloseAnswersWhatWaits(t *testing.T) {
	s := openStore(t, Options{})
	release := hold(t, s)
	var jobs sync.WaitGroup
	outcomes := make([]error, 10)
	for i := range outcomes {
		submit(context.Background(), &jobs, s, addOrder(s.kinds, fmt.Sprint("word", i)), &outcomes[i])
	}
	var closing sync.WaitGroup
	closing.Go(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	<-s.engine.writer.quit
	release()
	jobs.Wait()
	closing.Wait()
	if err := errors.Join(outcomes...); err != nil {
		t.Errorf("jobs that waited failed: %v", err)
	}
	_, err := s.LastSeq(context.Background())
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("reading after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
	err = s.RiskEvaluated(context.Background(), cloudtag.RiskProfile{})
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("writing after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
}

func TestAStoreThatDiedStaysDead(t *testing.T) {
	died := errors.New("died")
	var dying atomic.Bool
	s := openStore(t, Options{Fault: func(string) error {
		if dying.Load() {
			return died
		}
		return nil
	}})
	dying.Store(true)
	if err := s.engine.writer.do(context.Background(), "test", addOrder(s.kinds, "word")); !errors.Is(err, died) {
		t.Errorf("got %v, want %v", err, died)
	}
	dying.Store(false)
	if err := s.engine.writer.do(context.Background(), "test", addOrder(s.kinds, "word")); !errors.Is(err, died) {
		t.Errorf("writing later gives %v, want %v", err, died)
	}
	if err := s.Ping(context.Background()); !errors.Is(err, died) {
		t.Errorf("reading later gives %v, want %v", err, died)
	}
}
