package sqlitefile

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"cloudtag/internal/cloudtag"
)

// hold blocks the writer until release is called.
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

// submit starts a job while the writer is blocked, and returns when it is queued.
func submit(ctx context.Context, jobs *sync.WaitGroup, file *File, run func() error, outcome *error) {
	before := file.writer.queue.Waiting()
	jobs.Go(func() { *outcome = file.Write(ctx, "test", run) })
	for file.writer.queue.Waiting() == before {
		select {
		case <-ctx.Done():
			return
		default:
		}
	}
}

func TestFailedJobLeavesItsGroupIntact(t *testing.T) {
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
		wantRolled  int // transactions rolled back: the group's, and the job's own
	}{
		{"before it writes", func() error { return refusal }, refusal, 1, 0},
		{"after it wrote", func() error {
			if err := store.add("partly written")(); err != nil {
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
			store.rolledBack = 0
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
			if got := known(t, file, one, two, "partly written"); !got[0] || !got[1] || got[2] {
				t.Errorf("stored: %v, want both words and nothing partly written", got)
			}
			if got := commits.Load(); got != test.wantCommits {
				t.Errorf("%d commits, want %d", got, test.wantCommits)
			}
			if store.rolledBack != test.wantRolled {
				t.Errorf("%d transactions were rolled back, want %d", store.rolledBack, test.wantRolled)
			}
		})
	}
}

func TestAppendedIsCalledOncePerCommitWithEntries(t *testing.T) {
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
		t.Errorf("called %d times in all, want no call for a commit without entries", got)
	}
}

func TestClosedFileIsUnavailable(t *testing.T) {
	file, store := openStore(t, Options{})
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	err := file.Read(context.Background(), "read", func(*Conn) error { return nil })
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("reading after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
	err = file.Write(context.Background(), "write", store.add("late"))
	if cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
		t.Errorf("writing after Close gives %v, want %s", err, cloudtag.CodeUnavailable)
	}
}

func TestFailpointStopsTheFileForGood(t *testing.T) {
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

// A commit is acknowledged only after it was synced to disk: a power failure must not lose it.
func TestCommitsAreSynced(t *testing.T) {
	file, store := openStore(t, Options{})
	const full = 2 // https://www.sqlite.org/pragma.html#pragma_synchronous
	read := func(c *Conn) int {
		var synchronous int
		if err := c.One("PRAGMA synchronous", nil, &synchronous); err != nil {
			t.Error(err)
		}
		return synchronous
	}
	err := file.Write(t.Context(), "read", func() error {
		if got := read(store.tx.Conn); got != full {
			t.Errorf("the writer's synchronous is %d, want %d", got, full)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
