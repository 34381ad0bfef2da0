package metrics_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/casework"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/metrics"
)

func TestQueueStats(t *testing.T) {
	o, ctx := NewOffice(t), context.Background()
	waiting := func(buyer BuyerID, ago time.Duration) CaseID {
		o.Clock.Time = Start.Add(-ago)
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
		return NewCaseID(TestScenario, buyer)
	}
	waiting("overdue", 48*time.Hour)
	waiting("within4", 45*time.Hour)
	waiting("within12", 37*time.Hour)
	claimed := waiting("fresh", time.Hour)
	decided := waiting("decided", time.Hour)
	o.Clock.Time = Start
	reviewer := Person("rev", RoleReviewer)
	if _, err := o.Reviews.Claim(ctx, reviewer, claimed, ""); err != nil {
		t.Fatal(err)
	}
	ruling := Ruling{Decision: DecisionKeepAccumulating, Reason: "r", ExpectedVersion: o.Store.Case(decided).Version}
	if _, err := o.Reviews.Decide(ctx, reviewer, decided, ruling); err != nil {
		t.Fatal(err)
	}
	queue := metrics.NewQueue(o.Store, o.Clock, NewCalendar(time.UTC))
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	wantStats := func(when string, want metrics.QueueStats) {
		t.Helper()
		for _, counted := range []string{"before the count", "counted"} { // decisions from the log, then from the metrics
			got, by, err := queue.Stats(ctx, reviewer)
			if err != nil || got != want || by["rev"] != want.ByPersonsToday {
				t.Errorf("%s, %s: %+v, %v, want %+v: %v", when, counted, got, by, want, err)
			}
			if err := service.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantStats("at first", metrics.QueueStats{Pending: 4, Overdue: 1, DueWithin4h: 1, DueWithin12h: 2, Claimed: 1, HandledToday: 1, ByPersonsToday: 1})
	first, err := queue.First(ctx, reviewer)
	if err != nil || first == nil || !first.DueAt.Equal(Start) || !first.Since.Equal(Start.Add(-48*time.Hour)) {
		t.Errorf("first is %+v, %v", first, err)
	}
	if _, err := o.Upkeep.Sweep(ctx, Start); err != nil {
		t.Fatal(err)
	}
	wantStats("after the sweep", metrics.QueueStats{Pending: 3, DueWithin4h: 1, DueWithin12h: 2, Claimed: 1, HandledToday: 2, ByPersonsToday: 1, MissedToday: 1})
	o.Clock.Time = Start.AddDate(0, 0, 1)
	got, by, err := queue.Stats(ctx, reviewer)
	if err != nil || got.HandledToday != 0 || got.MissedToday != 0 || by["rev"] != 0 {
		t.Errorf("on the next day: %+v, %v", got, err)
	}
	if _, _, err := queue.Stats(ctx, ShopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}

// overtaken is a store on which another instance counts the log right after the first read, which is that of the checkpoint.
type overtaken struct {
	*Store
	count func()
}

// Documents implements [DocumentReader].
func (s *overtaken) Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error) {
	found, err := s.Store.Documents(ctx, kind, ids)
	if count := s.count; count != nil {
		s.count = nil
		count()
	}
	return found, err
}

// A decision that is counted between the reads of the checkpoint and of the day is in both the day and the log behind the
// checkpoint.
func TestADayIsCountedOnce(t *testing.T) {
	o, ctx := NewOffice(t), context.Background()
	o.ConfirmedBy("b-1", "rev")
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	store := &overtaken{o.Store, func() {
		if err := service.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
	}}
	got, by, err := metrics.NewQueue(store, o.Clock, NewCalendar(time.UTC)).Stats(ctx, Person("rev", RoleReviewer))
	if err != nil || got.HandledToday != 1 || by["rev"] != 1 || store.count != nil {
		t.Errorf("%+v, %v, %v, want one decision", got, by, err)
	}
}

func TestSnoozedAndEscalatedAreCounted(t *testing.T) {
	o, ctx := NewOffice(t), context.Background()
	ann, id := Person("ann", RoleReviewer), NewCaseID(TestScenario, "b-1")
	o.SubmitOne("A", "b-1")
	o.SubmitOne("B", "b-1")
	team := casework.NewTeam(o.Store, o.Clock, IDFunc(func() string { return "token" }))
	want := func(err error, code Code) {
		t.Helper()
		if CodeOf(err) != code {
			t.Errorf("%v, want %q", err, code)
		}
	}
	queue := metrics.NewQueue(o.Store, o.Clock, NewCalendar(time.UTC))
	until := o.Clock.Time.Add(time.Hour)
	_, err := team.Snooze(ctx, ann, id, until, strings.Repeat("x", 1001))
	want(err, CodeBadInput)
	_, err = team.Snooze(ctx, ann, id, until, "")
	want(err, "")
	count := func() [3]int {
		t.Helper()
		stats, _, err := queue.Stats(ctx, ann)
		want(err, "")
		return [3]int{stats.Pending, stats.Snoozed, stats.Escalated}
	}
	if got := count(); got != [3]int{1, 1, 0} {
		t.Errorf("%v", got)
	}
	o.Clock.Time = until // the end of the snooze changes nothing in the store
	if got := count(); got != [3]int{1, 0, 0} {
		t.Errorf("at its end: %v", got)
	}
	_, err = team.Escalate(ctx, ann, id, "why")
	want(err, "")
	if got := count(); got != [3]int{1, 0, 1} {
		t.Errorf("escalated: %v", got)
	}
}
