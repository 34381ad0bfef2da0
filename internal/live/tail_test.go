package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memoryLog is a log in memory that counts how it is read.
type memoryLog struct {
	mu       sync.Mutex
	entries  []cloudtag.Entry
	reads    map[cloudtag.Subject]int
	failure  error
	onRead   func(subject cloudtag.Subject) // called before a read, without the lock
	appended func()
}

func (l *memoryLog) append(subjects ...cloudtag.Subject) {
	l.mu.Lock()
	entry := cloudtag.Entry{Seq: int64(len(l.entries) + 1), Subjects: subjects}
	var before []byte
	if len(l.entries) > 0 {
		before = l.entries[len(l.entries)-1].Hash
	}
	entry.Hash = entry.ChainHash(before)
	l.entries = append(l.entries, entry)
	l.mu.Unlock()
	if l.appended != nil {
		l.appended()
	}
}

func (l *memoryLog) LastSeq(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.entries)), l.failure
}

func (l *memoryLog) LogPage(_ context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	if l.onRead != nil {
		l.onRead(filter.Subject)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads == nil {
		l.reads = make(map[cloudtag.Subject]int)
	}
	l.reads[filter.Subject]++
	if l.failure != nil {
		return nil, false, l.failure
	}
	var page []cloudtag.Entry
	for _, entry := range l.entries {
		if entry.Seq <= slice.After.Key || !filter.Matches(entry) {
			continue
		}
		if len(page) == slice.Limit {
			return page, true, nil
		}
		page = append(page, entry)
	}
	return page, false, nil
}

func (l *memoryLog) readsOf(subject cloudtag.Subject) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads[subject]
}

func (l *memoryLog) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failure = err
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// start runs a tail over the log for as long as the test.
func start(t *testing.T, log *memoryLog, options Options) *Tail {
	t.Helper()
	if options.Log == nil {
		options.Log = quiet()
	}
	tail := New(log, options)
	log.appended = tail.Wake
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- tail.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
	})
	synctest.Wait()
	return tail
}

func follow(t *testing.T, tail *Tail, subject cloudtag.Subject, after *int64) *Reader {
	t.Helper()
	reader, err := tail.Follow(context.Background(), subject, after)
	if err != nil {
		t.Fatalf("Follow = %v", err)
	}
	t.Cleanup(reader.Close)
	return reader
}

// take reads until it has count entries.
func take(t *testing.T, reader *Reader, count int) []int64 {
	t.Helper()
	var seqs []int64
	for len(seqs) < count {
		entries, err := reader.Next(context.Background())
		if err != nil {
			t.Fatalf("Next = %v after %v", err, seqs)
		}
		for _, entry := range entries {
			seqs = append(seqs, entry.Seq)
		}
	}
	return seqs
}

// nothing checks that the reader has nothing more, now and after the tail has polled.
func nothing(t *testing.T, reader *Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if entries, err := reader.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Next = %v, %v, want to wait in vain", entries, err)
	}
}

// drain reads until nothing comes for a minute.
func drain(reader *Reader) (seqs []int64) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		entries, err := reader.Next(ctx)
		cancel()
		if err != nil {
			return seqs
		}
		for _, entry := range entries {
			seqs = append(seqs, entry.Seq)
		}
	}
}

func numbers(from, to int64) []int64 {
	var seqs []int64
	for seq := from; seq <= to; seq++ {
		seqs = append(seqs, seq)
	}
	return seqs
}

func place(seq int64) *int64 { return &seq }

func equal(t *testing.T, got, want []int64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("entries %v, want %v", got, want)
	}
}

func TestFollowsFromNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		log.append("merchant:a")
		tail := start(t, log, Options{})
		all, mine, others := follow(t, tail, "", nil), follow(t, tail, "merchant:a", nil), follow(t, tail, "merchant:b", nil)
		log.append("tag:1", "merchant:a")
		log.append("tag:2", "merchant:b")
		log.append("policy:2")
		equal(t, take(t, all, 3), numbers(2, 4))
		equal(t, take(t, mine, 1), []int64{2})
		equal(t, take(t, others, 1), []int64{3})
		nothing(t, all)
		nothing(t, mine)
	})
}

func TestResumesExactlyBehindACursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		for i := range 100 {
			log.append(cloudtag.Subject(fmt.Sprintf("merchant:%d", i%2)))
		}
		tail := start(t, log, Options{Keep: 8, Page: 7})
		for after := range int64(101) {
			reader := follow(t, tail, "merchant:1", place(after))
			var want []int64
			for seq := after + 1; seq <= 100; seq++ {
				if seq%2 == 0 { // entry number 2 is of merchant 1
					want = append(want, seq)
				}
			}
			equal(t, take(t, reader, len(want)), want)
			nothing(t, reader)
		}
	})
}

// A place is one of the log if the log has its entry: with that number and that hash. What memory keeps is not looked up.
func TestChecksPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		for range 20 {
			log.append("tag:1")
		}
		tail := start(t, log, Options{Keep: 4})
		for range 8 {
			log.append("tag:1")
		}
		synctest.Wait()
		other := &memoryLog{} // the log of a backup that went another way
		for range 28 {
			other.append("tag:2")
		}
		for seq := int64(1); seq <= 28; seq++ {
			before := log.readsOf("")
			if err := tail.Check(t.Context(), log.entries[seq-1].Place()); err != nil {
				t.Errorf("place %d: %v", seq, err)
			}
			if looked := log.readsOf("") > before; looked != (seq <= 24) {
				t.Errorf("place %d: looked up %t", seq, looked)
			}
			if err := tail.Check(t.Context(), other.entries[seq-1].Place()); cloudtag.CodeOf(err) != cloudtag.CodeResync {
				t.Errorf("place %d of another log: %v, want RESYNC", seq, err)
			}
		}
		for _, place := range []cloudtag.LogPlace{{Seq: 29, Hash: "00"}, {Seq: 1 << 40}, {Seq: 3}} {
			if err := tail.Check(t.Context(), place); cloudtag.CodeOf(err) != cloudtag.CodeResync {
				t.Errorf("%+v: %v, want RESYNC", place, err)
			}
		}
		if err := tail.Check(t.Context(), cloudtag.LogPlace{}); err != nil {
			t.Errorf("the beginning: %v", err)
		}
		log.fail(errors.New("disk on fire"))
		if err := tail.Check(t.Context(), log.entries[0].Place()); err == nil || cloudtag.CodeOf(err) == cloudtag.CodeResync {
			t.Errorf("a log that can't be read: %v", err)
		}
	})
}

// A reader that does not read holds up nobody, is given no memory, and finds all it missed.
func TestSlowReaderCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tail := start(t, log, Options{Keep: 16, Page: 5})
		slow, quick := follow(t, tail, "merchant:a", nil), follow(t, tail, "merchant:a", nil)
		for seq := int64(1); seq <= 200; seq++ {
			log.append("merchant:a")
			equal(t, take(t, quick, 1), []int64{seq})
			if quick.Fetched() {
				t.Fatalf("entry %d is reported to be from the store, for a reader that keeps up", seq)
			}
		}
		if held := len(slow.wake); held != 1 {
			t.Errorf("a reader that sleeps holds %d wake-ups, want 1", held)
		}
		if kept := len(tail.ring.entries); kept != 16 {
			t.Errorf("the ring keeps %d entries, want 16", kept)
		}
		if reads := log.readsOf("merchant:a"); reads != 0 {
			t.Errorf("a reader that keeps up read the store %d times", reads)
		}
		equal(t, take(t, slow, 5), numbers(1, 5))
		if !slow.Fetched() {
			t.Error("entries that left the ring are not reported to be from the store")
		}
		equal(t, take(t, slow, 195), numbers(6, 200))
		nothing(t, slow)
		log.append("merchant:a")
		equal(t, take(t, slow, 1), []int64{201})
		if slow.Fetched() {
			t.Error("an entry of the ring is reported to be from the store")
		}
	})
}

// Two thousand readers of other subjects sleep through what is not theirs, and read nothing from the store when
// theirs comes at last, though the ring has moved on by then.
func TestWakesOnlyWhomItConcerns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tail := start(t, log, Options{Keep: 32})
		readers := make([]*Reader, 2000)
		for i := range readers {
			readers[i] = follow(t, tail, cloudtag.Subject(fmt.Sprintf("merchant:%d", i)), nil)
			if entries, _, _, _ := readers[i].look(); len(entries) != 0 {
				t.Fatalf("reader %d has entries of an empty log", i)
			}
		}
		for range 100 {
			log.append("merchant:0")
		}
		synctest.Wait()
		for i, reader := range readers {
			if woken := len(reader.wake) > 0; woken != (i == 0) {
				t.Fatalf("reader %d woken: %t; only reader 0 had something to see", i, woken)
			}
		}
		log.append("merchant:7")
		equal(t, take(t, readers[7], 1), []int64{101})
		if reads := log.readsOf("merchant:7"); reads != 0 {
			t.Errorf("reader 7 read the store %d times for what memory has", reads)
		}
		nothing(t, readers[8])
		if reads := log.readsOf("merchant:8"); reads != 0 {
			t.Errorf("reader 8 read the store %d times for nothing", reads)
		}
	})
}

// Entries that appear while a reader is catching up from the store are neither lost nor delivered twice, wherever the
// ring is by then.
func TestNoGapBetweenStoreAndRing(t *testing.T) {
	for _, burst := range []int{1, 3, 4, 5, 9, 40} {
		synctest.Test(t, func(t *testing.T) {
			log := &memoryLog{}
			for range 20 {
				log.append("merchant:a", "x:y")
			}
			tail := start(t, log, Options{Keep: 4, Page: 3})
			budget := 200
			log.onRead = func(subject cloudtag.Subject) {
				if subject == "" {
					return
				}
				for range min(burst, budget) {
					log.append("merchant:a")
					log.append("merchant:b")
				}
				budget -= min(burst, budget)
			}
			reader := follow(t, tail, "merchant:a", place(0))
			got := drain(reader)
			if len(log.entries) < 20+2*burst {
				t.Fatalf("the log has %d entries: nothing was appended while the reader read", len(log.entries))
			}
			var want []int64
			for _, entry := range log.entries {
				if slices.Contains(entry.Subjects, "merchant:a") {
					want = append(want, entry.Seq)
				}
			}
			equal(t, got, want)
		})
	}
}

// Another process appends without a wake-up: the poll finds it.
func TestPollFindsWhatOthersAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tail := start(t, log, Options{Poll: 3 * time.Second})
		log.appended = nil
		reader := follow(t, tail, "", nil)
		began := time.Now()
		log.append("tag:1")
		equal(t, take(t, reader, 1), []int64{1})
		if waited := time.Since(began); waited > 3*time.Second {
			t.Errorf("found after %v, want within the poll's 3 s", waited)
		}
	})
}

// A store that fails for a while, from the start or later, costs time and nothing else.
func TestStoreFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("disk on fire")
		log := &memoryLog{}
		log.append("tag:1")
		log.fail(broken)
		tail := start(t, log, Options{})
		if _, err := tail.Follow(context.Background(), "", nil); !errors.Is(err, broken) {
			t.Errorf("Follow = %v, want the store's failure", err)
		}
		log.fail(nil)
		reader := follow(t, tail, "", place(0))
		equal(t, take(t, reader, 1), []int64{1})
		log.fail(broken)
		log.append("tag:2")
		<-time.After(5 * time.Second)
		log.fail(nil)
		equal(t, take(t, reader, 1), []int64{2})
		nothing(t, reader)
	})
}

// A failure while catching up is reported once and loses nothing.
func TestFailureWhileCatchingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		for range 5 {
			log.append("tag:1")
		}
		tail := start(t, log, Options{})
		reader := follow(t, tail, "tag:1", place(0))
		broken := errors.New("disk on fire")
		log.fail(broken)
		if _, err := reader.Next(context.Background()); !errors.Is(err, broken) {
			t.Errorf("Next = %v, want the store's failure", err)
		}
		log.fail(nil)
		equal(t, take(t, reader, 5), numbers(1, 5))
	})
}

func TestReaderBeforeTheTailRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		log.append("tag:1")
		log.append("tag:1")
		tail := New(log, Options{Log: quiet()})
		reader := follow(t, tail, "tag:1", place(1))
		seqs := make(chan []int64)
		go func() { seqs <- take(t, reader, 1) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = tail.Run(ctx) }()
		equal(t, <-seqs, []int64{2})
		cancel()
		<-ended
	})
}

func TestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tail := New(log, Options{Log: quiet()})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- tail.Run(ctx) }()
		reader := follow(t, tail, "tag:1", nil)
		failure := make(chan error, 1)
		go func() {
			_, err := reader.Next(context.Background())
			failure <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v, want nil at the end of its context", err)
		}
		if err := <-failure; cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
			t.Errorf("Next = %v, want UNAVAILABLE", err)
		}
		reader.Close()
		reader.Close()
		if tail.Readers() != 0 || len(tail.readers) != 0 {
			t.Errorf("closed readers are left: %v", tail.readers)
		}
	})
}

// Many readers of a busy log, each from its own place, see exactly what is theirs.
func TestManyReadersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		tail := start(t, log, Options{Keep: 64, Page: 16})
		const total, subjects = 3000, 5
		var group sync.WaitGroup
		for i := range 40 {
			subject := i % subjects
			reader := follow(t, tail, cloudtag.Subject(fmt.Sprintf("merchant:%d", subject)), place(0))
			group.Go(func() {
				var want []int64
				for seq := int64(1); seq <= total; seq++ {
					if int(seq)%subjects == subject {
						want = append(want, seq)
					}
				}
				if got := take(t, reader, len(want)); !slices.Equal(got, want) {
					t.Errorf("reader %d: got %d entries out of order or twice", i, len(got))
				}
			})
		}
		group.Go(func() {
			for seq := 1; seq <= total; seq++ {
				log.append(cloudtag.Subject(fmt.Sprintf("merchant:%d", seq%subjects)))
			}
		})
		group.Wait()
	})
}

// Await reports once that something happened, and Skip marks it as known.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{reads: map[cloudtag.Subject]int{}}
		tail := New(log, Options{Keep: 4, Page: 2})
		log.appended = tail.Wake
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = tail.Run(ctx) })
		synctest.Wait()
		reader, err := tail.Follow(ctx, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		waits := func() bool {
			waiting, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			return errors.Is(reader.Await(waiting), context.DeadlineExceeded)
		}
		if !waits() {
			t.Error("nothing happened, and Await returned")
		}
		for range 10 { // more than the ring keeps
			log.append("tag:1")
		}
		synctest.Wait()
		if err := reader.Await(ctx); err != nil {
			t.Errorf("ten entries: %v", err)
		}
		if !waits() {
			t.Error("ten entries notify more than once")
		}
		log.append("tag:1")
		synctest.Wait()
		if !reader.Skip() || reader.Skip() || !waits() {
			t.Error("a skipped entry notifies again")
		}
		go func() { log.append("tag:1") }()
		if err := reader.Await(ctx); err != nil {
			t.Errorf("an entry that comes: %v", err)
		}
		synctest.Wait() // the tail may still be reading: it wakes readers before it looks for more
		if log.readsOf("") == 0 || len(reader.wake) > 1 {
			t.Error("the tail did not read the log")
		}
		cancel()
		running.Wait()
		if err := reader.Await(context.Background()); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
			t.Errorf("after the tail has ended: %v", err)
		}
	})
}
