package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// errOutcome is what the tests' commits return.
var errOutcome = errors.New("committed")

// start runs a queue whose commits are passed on, and blocks the first of them until release is called.
func start(t *testing.T) (q *Queue[int], groups func() [][]int, release func()) {
	t.Helper()
	q = New[int]()
	var committed [][]int
	hold, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		q.Run(func(group []*Job[int]) {
			<-hold
			var works []int
			for _, j := range group {
				works = append(works, j.Work)
				j.Err = fmt.Errorf("%w: %d", errOutcome, j.Work)
				j.Finish()
			}
			committed = append(committed, works)
		})
	}()
	groups = func() [][]int {
		<-ended
		return committed
	}
	return q, groups, sync.OnceFunc(func() { close(hold) })
}

func TestWaitingJobsShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, groups, release := start(t)
		const jobs = 2 + MaxGroup // the first one is committed alone, and one more than a group waits
		for n := range jobs {
			go func() {
				if err := q.Do(t.Context(), n); !errors.Is(err, errOutcome) || err.Error() != fmt.Sprintf("committed: %d", n) {
					t.Errorf("job %d: %v", n, err)
				}
			}()
			synctest.Wait()
		}
		release()
		synctest.Wait()
		q.Close()
		var sizes, all []int
		for _, group := range groups() {
			sizes, all = append(sizes, len(group)), append(all, group...)
		}
		if !slices.Equal(sizes, []int{1, MaxGroup, 1}) {
			t.Errorf("groups of %v", sizes)
		}
		if slices.Sort(all); len(slices.Compact(all)) != jobs {
			t.Errorf("committed %v", all)
		}
	})
}

func TestEndedContextWithdrawsOnlyAQueuedJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, groups, release := start(t)
		ctx, cancel := context.WithCancel(t.Context())
		outcomes := make([]error, 2)
		var callers sync.WaitGroup
		for n := range outcomes {
			callers.Go(func() { outcomes[n] = q.Do(ctx, n) })
			synctest.Wait() // the first one is started, the second one queued
		}
		cancel()
		synctest.Wait()
		release()
		callers.Wait()
		if !errors.Is(outcomes[0], errOutcome) || !errors.Is(outcomes[1], context.Canceled) {
			t.Errorf("got %v", outcomes)
		}
		if err := q.Do(ctx, 2); !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that has ended: %v", err)
		}
		q.Close()
		if got := groups(); len(got) != 1 || !slices.Equal(got[0], []int{0}) {
			t.Errorf("committed %v", got)
		}
	})
}

func TestCloseCommitsWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, groups, release := start(t)
		var callers sync.WaitGroup
		for n := range 3 {
			callers.Go(func() {
				if err := q.Do(t.Context(), n); !errors.Is(err, errOutcome) {
					t.Errorf("job %d: %v", n, err)
				}
			})
			synctest.Wait()
		}
		go q.Close()
		<-q.Closing()
		if err := q.Do(t.Context(), 3); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		release()
		callers.Wait()
		q.Close() // again
		if got := len(slices.Concat(groups()...)); got != 3 {
			t.Errorf("%d jobs were committed, want 3", got)
		}
	})
}

func TestProtectReturnsAPanic(t *testing.T) {
	if err := Protect(func() error { panic("no") }); err == nil {
		t.Error("no error")
	}
	if err := Protect(func() error { return errOutcome }); !errors.Is(err, errOutcome) {
		t.Errorf("got %v", err)
	}
}
