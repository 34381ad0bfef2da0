package sqlitefile

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
func hold(t *testing.T, file *File) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		err := file.Write(context.Background(), "hold", func() error {
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
func submit(ctx context.Context, jobs *sync.WaitGroup, file *File, run func() error, outcome *error) {
	before := len(file.writer.queue)
	jobs.Go(func() { *outcome = file.Write(ctx, "test", run) })
	for len(file.writer.queue) == before {
		select {
		case <-ctx.Done():
			return
		default:
		}
	}
}

func TestAGroupOutlivesAJobThatFails(t *testing.T) {
	refusal, failure := errors.New("refused"), errors.New("failed")
	var commits atomic.Int32
	file, store := openStore(t, Options{Fault: func(step string) error {
		if step == "commit" {
			commits.Add(1)
		}
		return nil
	}})
	tests := []struct {
		name        string
		job         func() error
		want        error
		wantCommits int32
		wantForgot  int // the group's transaction, and the job's own
	}{
		{"before it writes", func() error { return refusal }, refusal, 1, 0},
		{"after it wrote", func() error {
			if err := store.add("half done")(); err != nil {
				return err
			}
			return failure
		}, failure, 2, 2},
		{"in a panic", func() error { panic("no") }, nil, 1, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			release := hold(t, file)
			commits.Store(0)
			store.forgot = 0
			var jobs sync.WaitGroup
			var first, second, third error
			one, two := test.name+" 1", test.name+" 2"
			submit(context.Background(), &jobs, file, store.add(one), &first)
			submit(context.Background(), &jobs, file, test.job, &second)
			submit(context.Background(), &jobs, file, store.add(two), &third)
			release()
			jobs.Wait()
			if first != nil || third != nil {
				t.Errorf("the others failed: %v, %v", first, third)
			}
			if second == nil || test.want != nil && !errors.Is(second, test.want) {
				t.Errorf("got %v, want %v", second, test.want)
			}
			if got := known(t, file, one, two, "half done"); !got[0] || !got[1] || got[2] {
				t.Errorf("stored: %v, want both words and nothing half done", got)
			}
			if got := commits.Load(); got != test.wantCommits {
				t.Errorf("%d commits, want %d", got, test.wantCommits)
			}
			if store.forgot != test.wantForgot {
				t.Errorf("%d transactions were forgotten, want %d", store.forgot, test.wantForgot)
			}
		})
	}
}

func TestAJobIsGivenUpWhileItWaits(t *testing.T) {
	file, store := openStore(t, Options{})
	release := hold(t, file)
	ctx, cancel := context.WithCancel(context.Background())
	var jobs sync.WaitGroup
	var outcome error
	submit(ctx, &jobs, file, store.add("given up"), &outcome)
	cancel()
	jobs.Wait() // the caller has its answer while the writer is still busy
	release()
	if !errors.Is(outcome, context.Canceled) {
		t.Errorf("got %v, want %v", outcome, context.Canceled)
	}
	if err := file.Write(context.Background(), "test", store.add("after")); err != nil {
		t.Fatal(err)
	}
	if got := known(t, file, "given up", "after"); got[0] || !got[1] {
		t.Errorf("stored: %v, want the second only", got)
	}
}

func TestAppendedComesOncePerCommitAndWhenEntriesCanBeRead(t *testing.T) {
	var calls atomic.Int32
	file, store := openStore(t, Options{Appended: func() { calls.Add(1) }})
	release := hold(t, file)
	var jobs sync.WaitGroup
	outcomes := make([]error, 3)
	for i, word := range []string{"entry 1", "entry 2", "entry 3"} {
		submit(context.Background(), &jobs, file, store.add(word), &outcomes[i])
	}
	release()
	jobs.Wait()
	if err := errors.Join(outcomes...); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want once for one group", got)
	}
	if err := file.Write(context.Background(), "test", store.add("no entry")); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want none for a commit without entries", got)
	}
}

func TestCloseAnswersWhatWaits(t *testing.T) {
	file, store := openStore(t, Options{})
	release := hold(t, file)
	var jobs sync.WaitGroup
	outcomes := make([]error, 10)
	for i := range outcomes {
		submit(context.Background(), &jobs, file, store.add(fmt.Sprint("word", i)), &outcomes[i])
	}
	var closing sync.WaitGroup
	closing.Go(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	<-file.writer.quit
	release()
	jobs.Wait()
	closing.Wait()
	if err := errors.Join(outcomes...); err != nil {
		t.Errorf("jobs that waited failed: %v", err)
	}
	err := file.Read(context.Background(), "read", func(*Session) error { return nil })
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("reading after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
	err = file.Write(context.Background(), "write", store.add("late"))
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("writing after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
}

func TestAStoreThatDiedStaysDead(t *testing.T) {
	died := errors.New("died")
	var dying atomic.Bool
	file, store := openStore(t, Options{Fault: func(string) error {
		if dying.Load() {
			return died
		}
		return nil
	}})
	dying.Store(true)
	if err := file.Write(context.Background(), "test", store.add("word")); !errors.Is(err, died) {
		t.Errorf("got %v, want %v", err, died)
	}
	dying.Store(false)
	if err := file.Write(context.Background(), "test", store.add("word")); !errors.Is(err, died) {
		t.Errorf("writing later gives %v, want %v", err, died)
	}
	if err := file.Ping(context.Background()); !errors.Is(err, died) {
		t.Errorf("reading later gives %v, want %v", err, died)
	}
}

// Every connection makes what it commits durable before it answers: the log of a machine that loses power must not lack what
// was acknowledged.
func TestCommitsAreDurable(t *testing.T) {
	file, store := openStore(t, Options{})
	const full = 2 // https://www.sqlite.org/pragma.html#pragma_synchronous
	read := func(s *Session) int {
		var synchronous int
		if err := s.One("PRAGMA synchronous", nil, &synchronous); err != nil {
			t.Error(err)
		}
		return synchronous
	}
	err := file.Write(t.Context(), "look", func() error {
		if got := read(store.tx.Session); got != full {
			t.Errorf("the writer's synchronous is %d, want %d", got, full)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
