package live

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
)

// A ring of 4 that has read entries 1 to 10 keeps 7 to 10.
func TestRingKeepsTheNewest(t *testing.T) {
	kept := ring{entries: make([]cloudtag.Entry, 4), oldest: 1}
	for seq := int64(1); seq <= 10; seq++ {
		kept.add(cloudtag.Entry{Seq: seq})
	}
	for seq := int64(5); seq <= 11; seq++ {
		entry, has := kept.at(seq)
		if want := seq >= 7 && seq <= 10; has != want || has && entry.Seq != seq {
			t.Errorf("entry %d: %d, %t", seq, entry.Seq, has)
		}
		if want := seq >= 6; kept.covers(seq) != want {
			t.Errorf("every entry after %d: %t, want %t", seq, kept.covers(seq), want)
		}
	}
	kept.add(cloudtag.Entry{Seq: 12}) // leaves a gap, so that what is before it is forgotten
	if _, has := kept.at(10); has || kept.covers(10) || !kept.covers(11) {
		t.Error("the ring has a gap")
	}
}

// Poll returns at most a page, nothing when there is nothing, and an error after the tail has ended.
func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		for range 20 {
			log.append("merchant:a")
		}
		tail := New(log, Options{Keep: 16, Page: 5, Log: quiet()})
		log.appended = tail.Wake
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- tail.Run(ctx) }()
		synctest.Wait()
		woken := 0
		reader := follow(t, tail, "merchant:b", place(0))
		reader.OnWake(func() { woken++ })
		poll := func(count int, behind bool) {
			t.Helper()
			if reader.Behind() != behind {
				t.Errorf("behind: %t, want %t", !behind, behind)
			}
			if entries, err := reader.Poll(t.Context()); err != nil || len(entries) != count {
				t.Errorf("%d entries, %v, want %d", len(entries), err, count)
			}
		}
		poll(0, true) // the store has 20 entries, of another subject
		for range 5 {
			log.append("merchant:b")
		}
		synctest.Wait()
		if woken != 5 {
			t.Errorf("woken %d times by 5 entries", woken)
		}
		poll(5, false)
		poll(0, false)
		for range 6 {
			log.append("merchant:b")
		}
		synctest.Wait()
		poll(5, true)
		if reader.Fetched() {
			t.Error("a page of the ring is reported to be from the store")
		}
		poll(1, false)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := reader.Poll(t.Context()); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable {
			t.Errorf("after the end: %v", err)
		}
	})
}

// However often reading fails, its beginning and its end are logged once.
func TestFailuresAreLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		log := &memoryLog{}
		start(t, log, Options{Log: slog.New(slog.NewTextHandler(&logged, nil))})
		for range 2 {
			log.fail(errors.New("disk on fire"))
			<-time.After(5 * time.Second)
			log.fail(nil)
			<-time.After(5 * time.Second)
		}
		synctest.Wait()
		for _, level := range []string{"ERROR", "INFO"} {
			if count := strings.Count(logged.String(), "level="+level); count != 2 {
				t.Errorf("%d lines of level %s for two failures:\n%s", count, level, &logged)
			}
		}
	})
}
