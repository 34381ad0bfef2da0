package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"cloudtag/internal/cloudtag"
)

// hold keeps the writer busy until the function returned is called.
func hold(t *testing.T, store *Store) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := store.writer.do(context.Background(), "hold", func(*work) error {
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
func submit(ctx context.Context, jobs *sync.WaitGroup, store *Store, run func(*work) error, outcome *error) {
	before := len(store.writer.queue)
	jobs.Go(func() { *outcome = store.writer.do(ctx, "test", run) })
	for len(store.writer.queue) == before {
		select {
		case <-ctx.Done():
			return
		default:
		}
	}
}

func addWord(name string) func(*work) error {
	return func(w *work) error {
		_, err := w.word(name)
		return err
	}
}

func wordsOf(t *testing.T, store *Store, names ...string) (known []bool) {
	t.Helper()
	err := store.read(context.Background(), "words", func(r *reading) error {
		for _, name := range names {
			no, err := wordNumber(r, "SELECT no FROM words WHERE word = ?", name)
			if err != nil {
				return err
			}
			known = append(known, no > 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func TestAGroupOutlivesAJobThatFails(t *testing.T) {
	refusal, failure := errors.New("refused"), errors.New("failed")
	var commits atomic.Int32
	store := openStore(t, Options{Fault: func(step string) error {
		if step == "commit" {
			commits.Add(1)
		}
		return nil
	}})
	tests := []struct {
		name        string
		job         func(*work) error
		want        error
		wantCommits int32
	}{
		{"before it writes", func(*work) error { return refusal }, refusal, 1},
		{"after it wrote", func(w *work) error {
			if err := addWord("half done")(w); err != nil {
				return err
			}
			return failure
		}, failure, 2},
		{"in a panic", func(*work) error { panic("no") }, nil, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			release := hold(t, store)
			commits.Store(0)
			var jobs sync.WaitGroup
			var first, second, third error
			one, two := test.name+" 1", test.name+" 2"
			submit(context.Background(), &jobs, store, addWord(one), &first)
			submit(context.Background(), &jobs, store, test.job, &second)
			submit(context.Background(), &jobs, store, addWord(two), &third)
			release()
			jobs.Wait()
			if first != nil || third != nil {
				t.Errorf("the others failed: %v, %v", first, third)
			}
			if second == nil || test.want != nil && !errors.Is(second, test.want) {
				t.Errorf("got %v, want %v", second, test.want)
			}
			if got := wordsOf(t, store, one, two, "half done"); !got[0] || !got[1] || got[2] {
				t.Errorf("stored: %v, want both words and nothing half done", got)
			}
			if got := commits.Load(); got != test.wantCommits {
				t.Errorf("%d commits, want %d", got, test.wantCommits)
			}
		})
	}
}

func TestAJobIsGivenUpWhileItWaits(t *testing.T) {
	store := openStore(t, Options{})
	release := hold(t, store)
	ctx, cancel := context.WithCancel(context.Background())
	var jobs sync.WaitGroup
	var outcome error
	submit(ctx, &jobs, store, addWord("given up"), &outcome)
	cancel()
	jobs.Wait() // the caller has its answer while the writer is still busy
	release()
	if !errors.Is(outcome, context.Canceled) {
		t.Errorf("got %v, want %v", outcome, context.Canceled)
	}
	if err := store.writer.do(context.Background(), "test", addWord("after")); err != nil {
		t.Fatal(err)
	}
	if got := wordsOf(t, store, "given up", "after"); got[0] || !got[1] {
		t.Errorf("stored: %v, want the second only", got)
	}
}

func TestAppendedComesOncePerCommitAndWhenEntriesCanBeRead(t *testing.T) {
	var calls atomic.Int32
	store := openStore(t, Options{Appended: func() { calls.Add(1) }})
	furnish(t, store, 3)
	release := hold(t, store)
	calls.Store(0)
	var jobs sync.WaitGroup
	outcomes := make([]error, 3)
	for i := range outcomes {
		submission := submissionOf(shop(i), "key", start,
			[]cloudtag.OrderNo{cloudtag.OrderNo(fmt.Sprint("order", i))}, []cloudtag.BuyerID{"buyer"})
		submit(context.Background(), &jobs, store, func(w *work) error {
			_, _, err := record(w, submission, add)
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
	if err := store.writer.do(context.Background(), "test", addWord("no entry")); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want none for a commit without entries", got)
	}
}

func TestCloseAnswersWhatWaits(t *testing.T) {
	store := openStore(t, Options{})
	release := hold(t, store)
	var jobs sync.WaitGroup
	outcomes := make([]error, 10)
	for i := range outcomes {
		submit(context.Background(), &jobs, store, addWord(fmt.Sprint("word", i)), &outcomes[i])
	}
	var closing sync.WaitGroup
	closing.Go(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	<-store.writer.quit
	release()
	jobs.Wait()
	closing.Wait()
	if err := errors.Join(outcomes...); err != nil {
		t.Errorf("jobs that waited failed: %v", err)
	}
	_, err := store.LastSeq(context.Background())
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("reading after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
	err = store.RiskEvaluated(context.Background(), cloudtag.RiskProfile{})
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("writing after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
}

func TestAStoreThatDiedStaysDead(t *testing.T) {
	died := errors.New("died")
	var dying atomic.Bool
	store := openStore(t, Options{Fault: func(string) error {
		if dying.Load() {
			return died
		}
		return nil
	}})
	dying.Store(true)
	if err := store.writer.do(context.Background(), "test", addWord("word")); !errors.Is(err, died) {
		t.Errorf("got %v, want %v", err, died)
	}
	dying.Store(false)
	if err := store.writer.do(context.Background(), "test", addWord("word")); !errors.Is(err, died) {
		t.Errorf("writing later gives %v, want %v", err, died)
	}
	if err := store.Ping(context.Background()); !errors.Is(err, died) {
		t.Errorf("reading later gives %v, want %v", err, died)
	}
}
