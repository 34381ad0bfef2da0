package resolvers

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/live"
	"cloudtag/internal/metrics"
)

// countedQueue is a queue with numbers that a test sets; it counts the calls of Stats.
type countedQueue struct {
	mu    sync.Mutex
	stats metrics.QueueStats
	asked int
}

func (q *countedQueue) set(pending int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stats.Pending = pending
}

func (q *countedQueue) count() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.asked
}

// Stats implements [Queue].
func (q *countedQueue) Stats(context.Context, cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked++
	return q.stats, nil, nil
}

// growingLog is a log of empty entries.
type growingLog struct {
	mu     sync.Mutex
	length int64
}

func (l *growingLog) grow(by int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.length += by
}

// LogPage implements [live.Source].
func (l *growingLog) LogPage(_ context.Context, _ cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for seq := slice.After.Key + 1; seq <= l.length && len(entries) < slice.Limit; seq++ {
		entries = append(entries, cloudtag.Entry{Seq: seq})
	}
	return entries, slice.After.Key+int64(len(entries)) < l.length, nil
}

// LastSeq implements [live.Source].
func (l *growingLog) LastSeq(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.length, nil
}

// watchers are subscribers of the queue's statistics; they record what each received, and when.
type watchers struct {
	queue *countedQueue
	log   *growingLog
	tail  *live.Tail
	start time.Time

	mu       sync.Mutex
	received [][]string
	ends     []error
	when     []time.Duration // each subscription ended
	done     sync.WaitGroup
}

func (w *watchers) watch(t *testing.T, r *Resolver, length time.Duration) {
	t.Helper()
	session := auth.Session{Caller: cloudtag.Caller{Subject: "ann", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}, ExpiresAt: w.start.Add(length)}
	ctx, end := stream.With(auth.WithSession(t.Context(), session))
	sent, err := r.queueStats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	place := len(w.received)
	w.received, w.ends, w.when = append(w.received, nil), append(w.ends, nil), append(w.when, 0)
	w.mu.Unlock()
	w.done.Go(func() {
		for stats := range sent {
			w.note(place, stats)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ends[place], w.when[place] = end.Take(), time.Since(w.start)
	})
}

func (w *watchers) note(place int, stats *model.QueueStats) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.received[place] = append(w.received[place], time.Since(w.start).String()+" "+string(rune('0'+stats.Pending)))
}

// append grows the log, wakes the tail, and waits until all goroutines are blocked.
func (w *watchers) append(entries int64) {
	w.log.grow(entries)
	w.tail.Wake()
	synctest.Wait()
}

// Statistics are sent at once, then when they have changed: at most once a second, and counted once for all subscribers. They
// are also counted again without a new entry, since time alone changes them.
func TestQueueStatsAreSentWhenTheyChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watchers{queue: &countedQueue{}, log: &growingLog{}, start: time.Now()}
		w.tail = live.New(w.log, live.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		var tail sync.WaitGroup
		tail.Go(func() { _ = w.tail.Run(ctx) })
		synctest.Wait()
		r := New(Deps{Queue: w.queue, Tail: w.tail, Clock: cloudtag.SystemClock{}, Sessions: auth.NewRevocations(slog.New(slog.DiscardHandler))})
		for range 3 {
			w.watch(t, r, time.Minute)
		}
		synctest.Wait() // sent at once
		<-time.After(200 * time.Millisecond)
		for i := range 5 { // five changes within a second
			w.queue.set(i + 1)
			w.append(100)
			<-time.After(50 * time.Millisecond)
		}
		<-time.After(time.Second - 450*time.Millisecond + 300*time.Millisecond) // 1.3 s
		w.append(1)                                                             // nothing has changed
		<-time.After(1500 * time.Millisecond)                                   // 2.8 s
		w.queue.set(7)                                                          // nothing in the log
		<-time.After(16 * time.Second)
		synctest.Wait()
		asked := w.queue.count()
		<-time.After(time.Minute)
		synctest.Wait()
		w.done.Wait()
		cancel()
		tail.Wait()
		for i, received := range w.received {
			// The last count was at 2 s; the next one is at the full second after 15 s without an entry.
			if want := []string{"0s 0", "1s 5", "18s 7"}; !slices.Equal(received, want) {
				t.Errorf("watcher %d received %v, want %v", i, received, want)
			}
			if w.when[i] != time.Minute {
				t.Errorf("watcher %d ended after %s, want exactly the end of its session", i, w.when[i])
			}
			if cloudtag.CodeOf(w.ends[i]) != cloudtag.CodeUnauthenticated {
				t.Errorf("watcher %d ended with %v, want the end of its session", i, w.ends[i])
			}
		}
		if asked != 4 { // at 0, 1, 2 and 18 seconds
			t.Errorf("the queue was counted %d times for three watchers, want 4", asked)
		}
		if w.tail.Readers() != 0 {
			t.Errorf("%d readers are still open", w.tail.Readers())
		}
	})
}
