package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
)

// tagLog is a log of tags, each of another account, that take a fixed time each to process.
type tagLog struct {
	cloudtag.DocumentStore
	cloudtag.LogReader
	cloudtag.CaseWriter
	cloudtag.CaseReader

	length int64
	each   time.Duration

	mu   sync.Mutex
	busy time.Duration
}

func (l *tagLog) LogPage(_ context.Context, _ cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error) {
	for seq := slice.After.Key + 1; seq <= l.length && len(entries) < slice.Limit; seq++ {
		entries = append(entries, cloudtag.Entry{
			Seq: seq, At: time.UnixMilli(seq).UTC(), Action: cloudtag.ActionTagSubmitted, After: []byte("{}"),
			Subjects: []cloudtag.Subject{cloudtag.MerchantSubject("shop"), cloudtag.BuyerSubject(cloudtag.BuyerID(fmt.Sprint(seq)))},
		})
	}
	return entries, slice.After.Key+int64(len(entries)) < l.length, nil
}

func (l *tagLog) Documents(context.Context, cloudtag.DocumentKind, []string) (map[string]cloudtag.Document, error) {
	return nil, nil
}

// SaveDocument takes the fixed time for the document of an account.
func (l *tagLog) SaveDocument(_ context.Context, document cloudtag.Document, _ []cloudtag.Entry) error {
	if document.State != "ACCOUNT" {
		return nil
	}
	<-time.After(l.each)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy += l.each
	return nil
}

func (l *tagLog) worked() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.busy
}

func TestBackgroundWorkGetsAFifthOfTheTimeWhileRequestsRun(t *testing.T) {
	for name, test := range map[string]struct {
		requests bool
		chores   int
		worked   time.Duration // of all chores, in the first 10 seconds
		done     time.Duration
	}{
		"no requests":              {false, 1, 10 * time.Second, 20 * time.Second},
		"requests":                 {true, 1, 2 * time.Second, 100 * time.Second},
		"requests, several chores": {true, 4, 2 * time.Second, 400 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pacer := NewPacer(cloudtag.SystemClock{})
				ctx, stop := context.WithCancel(t.Context())
				var requesting sync.WaitGroup
				if test.requests {
					requesting.Go(func() {
						for ctx.Err() == nil {
							pacer.Answered()
							<-time.After(100 * time.Millisecond)
						}
					})
				}
				var logs []*tagLog
				var working sync.WaitGroup
				for range test.chores {
					log := &tagLog{length: 20_000, each: time.Millisecond}
					logs = append(logs, log)
					working.Go(func() {
						paced, end := pacer.Begin(ctx)
						defer end()
						if err := cloudtag.NewCollusion(log, cloudtag.SystemClock{}).Carry(paced); err != nil {
							t.Error(err)
						}
					})
				}
				start := time.Now()
				<-time.After(10 * time.Second)
				var worked time.Duration
				for _, log := range logs {
					worked += log.worked()
				}
				if off := worked - test.worked; off.Abs() > test.worked/10 {
					t.Errorf("%v of work in the first 10 s, want about %v", worked, test.worked)
				}
				working.Wait()
				if took := time.Since(start); (took - test.done).Abs() > test.done/10 {
					t.Errorf("done in %v, want about %v", took, test.done)
				}
				stop()
				requesting.Wait()
			})
		})
	}
}

// A pause ends with the context, and is bounded however long the slice before it took.
func TestPausesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(cloudtag.SystemClock{})
		ctx, stop := context.WithCancelCause(t.Context())
		paced, end := pacer.Begin(ctx)
		defer end()
		log := &tagLog{length: 3, each: time.Minute} // the last instant waits for another
		start := time.Now()
		working := make(chan error)
		go func() { working <- cloudtag.NewCollusion(log, cloudtag.SystemClock{}).Carry(paced) }()
		<-time.After(time.Minute - time.Millisecond)
		pacer.Answered()
		<-time.After(time.Minute + maxPause)
		pacer.Answered()
		if err := <-working; err != nil || time.Since(start) != 2*(time.Minute+maxPause) {
			t.Errorf("took %v: %v", time.Since(start), err)
		}
		go func() { working <- cloudtag.NewCollusion(log, cloudtag.SystemClock{}).Carry(paced) }()
		<-time.After(time.Minute - time.Millisecond)
		pacer.Answered()
		<-time.After(time.Second)
		stopped := errors.New("stopped")
		stop(stopped)
		if err := <-working; !errors.Is(err, stopped) {
			t.Errorf("%v", err)
		}
	})
}

// Sweeps and chores are paced, except for the sweep before the server starts serving.
func TestUpkeepIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(cloudtag.SystemClock{})
		var mu sync.Mutex
		var workers []int64
		record := func() {
			mu.Lock()
			defer mu.Unlock()
			workers = append(workers, pacer.workers.Load())
		}
		sweep := sweepFunc(func(context.Context, time.Time) (cloudtag.SweepReport, error) {
			record()
			return cloudtag.SweepReport{}, nil
		})
		chore := Chore{Name: "chore", Run: func(context.Context, time.Time) error { record(); return nil }}
		loop := NewUpkeepLoop(sweep, []Chore{chore}, cloudtag.SystemClock{}, time.Minute, pacer, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
		ctx, stop := context.WithCancel(t.Context())
		if err := loop.Once(ctx); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() { ended <- loop.Run(ctx) }()
		<-time.After(time.Minute + time.Second)
		stop()
		if err := <-ended; err != nil || len(workers) != 4 || workers[0] != 0 || workers[1] != 1 || workers[2] < 1 || workers[3] < 1 || pacer.workers.Load() != 0 {
			t.Errorf("%v workers, %d left, %v", workers, pacer.workers.Load(), err)
		}
	})
}
