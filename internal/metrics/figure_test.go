package metrics_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/metrics"
	"cloudtag/internal/secondreview"
)

func newSecondReviews(o *Office) *secondreview.Service {
	return secondreview.New(o.Store, o.Clock, func() []byte { return []byte("a secret of thirty-two characters") })
}

// reviewsOf returns the second review of each case, of 100 at most.
func reviewsOf(o *Office) map[CaseID]secondreview.Review {
	o.T.Helper()
	size := 100
	page, err := newSecondReviews(o).Page(o.T.Context(), Person("aud", RoleAuditor), secondreview.Query{}, PageRequest{First: &size})
	if err != nil || page.HasNextPage {
		o.T.Fatalf("second reviews: %v", err)
	}
	found := map[CaseID]secondreview.Review{}
	for _, review := range page.Items {
		found[review.CaseID] = review
	}
	return found
}

// busyHistory has events for every figure, over the days around a change to daylight saving time in New York.
func busyHistory(t *testing.T) *Office {
	t.Helper()
	o := NewOffice(t)
	o.DrawSecondReviews(100)
	random := rand.New(rand.NewPCG(3, 8))
	reviews, people := newSecondReviews(o), []string{"ann", "ben", "cleo"}
	now := time.Date(2026, 3, 7, 3, 0, 0, 0, time.UTC)
	decisions := []Decision{DecisionConfirm, DecisionReject, DecisionKeepAccumulating}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for n := range 70 {
		now = now.Add(time.Duration(random.IntN(3*3600)) * time.Second)
		o.Clock.Time = now
		buyer := BuyerID(rune('a'+n%26)) + BuyerID(rune('a'+n/26))
		if n%4 == 0 {
			orders := o.Confirmed(buyer)
			if n%8 == 0 {
				appeal, err := o.Appeals.File(t.Context(), Platform(), NewCaseID(FreightInsuranceScenario, buyer), string(orders[0]))
				must(err)
				_, err = o.Appeals.Decide(t.Context(), Person("lead", RoleAdmin), appeal.ID, n%16 == 0, "r")
				must(err)
			}
		} else {
			o.SubmitOne("A", buyer)
			o.SubmitOne("B", buyer)
		}
		id := NewCaseID(TestScenario, buyer)
		if n%4 == 1 || n%4 == 2 {
			o.Clock.Time = now.Add(time.Duration(random.IntN(50*60)) * time.Minute)
			by := people[n%3]
			_, err := o.Reviews.Decide(t.Context(), Person(by, RoleReviewer), id, Ruling{
				Decision: decisions[n%3], Reason: "r", ExpectedVersion: o.Store.Case(id).Version,
			})
			if n%5 == 0 && err == nil {
				_, err = o.Reviews.Undo(t.Context(), Person(by, RoleReviewer), id)
			}
			if CodeOf(err) != CodeConflict && CodeOf(err) != CodeInvalidState { // the deadline has passed
				must(err)
			}
			if c := o.Store.Case(id); n%3 == 0 && c.State == CaseConfirmed {
				appeal, err := o.Appeals.File(t.Context(), Platform(), id, "no")
				must(err)
				_, err = o.Appeals.Decide(t.Context(), Person("lead", RoleAdmin), appeal.ID, n%2 == 0, "r")
				must(err)
			}
		}
		if n%4 == 3 && n%3 == 0 {
			o.Clock.Time = now.Add(time.Hour)
			o.SubmitOne("C", buyer)
		}
		if n%7 == 0 {
			o.Clock.Time = now
			_, err := o.Upkeep.Sweep(t.Context(), now)
			must(err)
			must(reviews.CatchUp(t.Context()))
			for id, review := range reviewsOf(o) {
				if review.State == SecondReviewOpen && len(id)%3 > 0 {
					_, err := reviews.Decide(t.Context(), Person("lead", RoleAdmin), review.ID, n%2 == 0, "r")
					must(err)
				}
			}
		}
	}
	leaveOtherwise(o, now)
	o.Clock.Time = now.Add(80 * time.Hour)
	_, err := o.Upkeep.Sweep(t.Context(), o.Clock.Time)
	must(err)
	return o
}

// leaveOtherwise removes one case from the queue because none of its tags counts any more, and another one, which a second
// reviewer had queued, by an appeal after its due time.
func leaveOtherwise(o *Office, now time.Time) {
	o.T.Helper()
	must := func(err error) {
		o.T.Helper()
		if err != nil {
			o.T.Fatal(err)
		}
	}
	o.Clock.Time = now
	for _, order := range []OrderNo{o.SubmitOne("A", "void"), o.SubmitOne("B", "void")} {
		_, err := o.Reviews.VoidTag(o.T.Context(), Person("lead", RoleAdmin), order, "r")
		must(err)
	}
	o.Confirmed("late")
	id := NewCaseID(FreightInsuranceScenario, "late")
	reviews := newSecondReviews(o)
	must(reviews.CatchUp(o.T.Context()))
	_, err := reviews.Decide(o.T.Context(), Person("ben", RoleReviewer), reviewsOf(o)[id].ID, false, "r")
	must(err)
	o.Clock.Time = now.Add(49 * time.Hour)
	appeal, err := o.Appeals.File(o.T.Context(), Platform(), id, "no")
	must(err)
	_, err = o.Appeals.Decide(o.T.Context(), Person("lead", RoleAdmin), appeal.ID, true, "r")
	must(err)
}

// numberOf returns a figure of a tally, independently of figures.
func numberOf(name metrics.FigureName, t metrics.Tally) int {
	return map[metrics.FigureName]int{
		metrics.FigureTags: t.Tags, metrics.FigureSucceeded: t.Succeeded, metrics.FigureQueued: t.Queued,
		metrics.FigureDecisions: t.Confirmed + t.Rejected + t.Kept + t.ByRule + t.Missed, metrics.FigureHandled: t.Confirmed + t.Rejected + t.Kept,
		metrics.FigureConfirmed: t.Confirmed, metrics.FigureRejected: t.Rejected, metrics.FigureKept: t.Kept, metrics.FigureByVotes: t.ByVotes, metrics.FigureByRule: t.ByRule,
		metrics.FigureSettled: t.Settled, metrics.FigureMissed: t.Missed, metrics.FigureInTime: t.InTime, metrics.FigureLate: t.Late, metrics.FigureConsensus: t.Consensus.Count,
		metrics.FigureAppealsAccepted: t.AppealsAccepted, metrics.FigureAppealsDeclined: t.AppealsDeclined,
		metrics.FigureSecondReviews:      t.AgreedReviewers + t.AgreedAutomatic + t.DisagreedReviewers + t.DisagreedAutomatic,
		metrics.FigureAgreed:             t.AgreedReviewers + t.AgreedAutomatic,
		metrics.FigureDisagreed:          t.DisagreedReviewers + t.DisagreedAutomatic,
		metrics.FigureReviewedReviewers:  t.AgreedReviewers + t.DisagreedReviewers,
		metrics.FigureDisagreedReviewers: t.DisagreedReviewers,
		metrics.FigureReviewedAutomatic:  t.AgreedAutomatic + t.DisagreedAutomatic,
		metrics.FigureDisagreedAutomatic: t.DisagreedAutomatic,
	}[name]
}

// The list of entries of every figure is as long as the number: by day, scenario, reviewer and duration, with a complete and an
// incomplete count, in a time zone with daylight saving time.
func TestFiguresHaveTheirRows(t *testing.T) {
	o := busyHistory(t)
	calendar := CalendarOf(t, "America/New_York")
	service, lead := metrics.New(o.Store, o.Clock, calendar), Person("lead", RoleAdmin)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)
	last := o.Clock.Time
	seen := map[metrics.FigureName]int{}
	check := func(what string, times metrics.Times, figure metrics.Figure, want int) {
		t.Helper()
		filter := metrics.TimedFilter{Times: times, Figure: &figure}
		count, err := service.CountLog(t.Context(), lead, filter)
		if err != nil || count != want {
			t.Errorf("%s: %s of %v: %d rows, want %d: %v", what, figure.Name, figure, count, want, err)
		}
		seen[figure.Name] += want
	}
	report, err := service.Read(t.Context(), lead, first, last, "")
	if err != nil || report.Behind != 0 {
		t.Fatalf("%d behind, %v", report.Behind, err)
	}
	whole := metrics.Times{From: report.Days[0].Day, To: report.Days[len(report.Days)-1].End}
	for _, name := range metrics.FigureNames() {
		for _, of := range report.Days {
			check("a day", metrics.Times{From: of.Day, To: of.End}, metrics.Figure{Name: name}, numberOf(name, of.Tally))
		}
		for scenario, tally := range report.Scenarios {
			check("a scenario", whole, metrics.Figure{Name: name, Scenario: scenario}, numberOf(name, tally))
		}
		check("all", whole, metrics.Figure{Name: name}, numberOf(name, report.Total))
		if seen[name] == 0 {
			t.Errorf("%s counts nothing: the test shows nothing", name)
		}
	}
	reviewers, err := service.Reviewers(t.Context(), lead, first, last, "")
	if err != nil || len(reviewers) < 3 {
		t.Fatalf("%d reviewers, %v", len(reviewers), err)
	}
	for _, of := range reviewers {
		for _, name := range []metrics.FigureName{metrics.FigureHandled, metrics.FigureConfirmed, metrics.FigureAppealsAccepted, metrics.FigureAppealsDeclined, metrics.FigureSecondReviews, metrics.FigureDisagreed, metrics.FigureInTime} {
			check("reviewer "+of.Reviewer, whole, metrics.Figure{Name: name, Reviewer: of.Reviewer}, numberOf(name, of.Tally))
		}
	}
	for name, c := range map[metrics.FigureName]struct {
		histogram metrics.Histogram
		bounds    []time.Duration
	}{metrics.FigureHandled: {report.Total.Handling, metrics.HandlingBounds()}, metrics.FigureConsensus: {report.Total.Consensus, metrics.ConsensusBounds()}} {
		for i, count := range c.histogram.Buckets {
			figure := metrics.Figure{Name: name}
			if i > 0 {
				figure.TookFrom = c.bounds[i-1]
			}
			if i < len(c.bounds) {
				figure.TookTo = &c.bounds[i]
			}
			check("a bar", whole, figure, count)
		}
	}
	walkByTime(t, service, lead, metrics.TimedFilter{Times: whole, Figure: &metrics.Figure{Name: metrics.FigureInTime}}, rowsOf(t, o, calendar, whole, metrics.FigureInTime))
}

// rowsOf returns the sequence numbers of all entries that count in a figure, read day by day.
func rowsOf(t *testing.T, o *Office, calendar Calendar, times metrics.Times, name metrics.FigureName) []int64 {
	t.Helper()
	size := 100
	var rows []int64
	for _, day := range calendar.Days(times.From, times.To.Add(-TimeResolution)) {
		page, err := metrics.New(o.Store, o.Clock, calendar).LogPage(t.Context(), Person("lead", RoleAdmin),
			metrics.TimedFilter{Times: metrics.Times{From: day, To: calendar.Next(day)}, Figure: &metrics.Figure{Name: name}}, PageRequest{First: &size})
		if err != nil || page.HasNextPage {
			t.Fatal("a day of more than a page", err)
		}
		for _, entry := range page.Items {
			rows = append(rows, entry.Seq)
		}
	}
	slices.Sort(rows)
	return rows
}

// Reviewers see only their own figures; leads see everybody's.
func TestReviewersSeeTheirOwnFigures(t *testing.T) {
	o := busyHistory(t)
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	from, to := Start, o.Clock.Time
	names := func(caller Caller) []string {
		t.Helper()
		found, err := service.Reviewers(t.Context(), caller, from, to, "")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, of := range found {
			names = append(names, of.Reviewer)
		}
		return names
	}
	all := []string{"ann", "ben", "cleo"}
	for _, c := range []struct {
		caller Caller
		want   []string
	}{
		{Person("lead", RoleAdmin), all}, {Person("aud", RoleAuditor), all}, {Person("ann", RoleReviewer), []string{"ann"}}, {Person("new", RoleReviewer), nil},
	} {
		if got := names(c.caller); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s sees %v, want %v", c.caller.Subject, got, c.want)
		}
	}
	if _, err := service.Reviewers(t.Context(), ShopCaller("A"), from, to, ""); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
	times := metrics.Times{from, to}
	for name, c := range map[string]struct {
		caller Caller
		figure metrics.Figure
		want   Code
	}{
		"own":           {Person("ann", RoleReviewer), metrics.Figure{Name: metrics.FigureHandled, Reviewer: "ann"}, ""},
		"another's":     {Person("ann", RoleReviewer), metrics.Figure{Name: metrics.FigureHandled, Reviewer: "ben"}, CodeForbidden},
		"the lead":      {Person("lead", RoleAdmin), metrics.Figure{Name: metrics.FigureHandled, Reviewer: "ben"}, ""},
		"no such thing": {Person("lead", RoleAdmin), metrics.Figure{Name: "NONE"}, CodeBadInput},
	} {
		if _, err := service.CountLog(t.Context(), c.caller, metrics.TimedFilter{Times: times, Figure: &c.figure}); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The median covers all decisions that were not undone, to the minute. The expected value is computed from the log.
func TestMedianHandling(t *testing.T) {
	for _, c := range []struct {
		minutes map[int]int
		want    time.Duration
		ok      bool
	}{
		{nil, 0, false}, {map[int]int{0: 1}, 0, true}, {map[int]int{5: 1, 7: 1}, 5 * time.Minute, true},
		{map[int]int{5: 1, 7: 2}, 7 * time.Minute, true}, {map[int]int{1: 3, 100: 2, 2000: 1}, time.Minute, true},
	} {
		tally := metrics.Tally{Minutes: c.minutes}
		for _, times := range c.minutes {
			tally.Handling.Count += times
		}
		if got, ok := tally.MedianHandling(); got != c.want || ok != c.ok {
			t.Errorf("%v: %v, %t", c.minutes, got, ok)
		}
	}
	o := NewOffice(t)
	o.DrawSecondReviews(0)
	for n, minutes := range []int{10, 250, 40, 3, 90} {
		buyer := BuyerID(rune('a' + n))
		o.Clock.Time = Start
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
		o.Clock.Time = Start.Add(time.Duration(minutes) * time.Minute)
		id := NewCaseID(TestScenario, buyer)
		ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.Store.Case(id).Version}
		if _, err := o.Reviews.Decide(t.Context(), Person("ann", RoleReviewer), id, ruling); err != nil {
			t.Fatal(err)
		}
	}
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := service.Reviewers(t.Context(), Person("ann", RoleReviewer), Start, Start.Add(Day), "")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if median, ok := found[0].Tally.MedianHandling(); !ok || median != 40*time.Minute {
		t.Errorf("median %v", median)
	}
}

// A new time zone is counted from scratch, in separate records; in a zone that was used before, counting resumes.
func TestMetricsOfAnotherZone(t *testing.T) {
	o := busyHistory(t)
	tagsByDay := func(zone string) map[string]int {
		counts := map[string]int{}
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range o.Store.Entries() {
			if entry.Action == ActionTagSubmitted {
				counts[entry.At.In(location).Format(time.DateOnly)]++
			}
		}
		return counts
	}
	zones := []string{"Asia/Shanghai", "America/New_York", "Asia/Shanghai", "UTC", "America/New_York"}
	for turn, zone := range zones {
		o.Clock.Time = o.Clock.Time.Add(7 * time.Hour)
		o.SubmitOne("A", BuyerID("later-"+string(rune('a'+turn))))
		service := metrics.New(o.Store, o.Clock, CalendarOf(t, zone))
		before, err := service.Read(t.Context(), Person("lead", RoleAdmin), Start, o.Clock.Time, "")
		if err != nil || before.Behind == 0 {
			t.Errorf("%s: nothing was left to count, %v", zone, err)
		}
		if fresh := before.Counted.IsZero(); fresh != (turn < 2 || turn == 3) {
			t.Errorf("turn %d in %s: counted from the beginning: %t", turn, zone, fresh)
		}
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := service.Read(t.Context(), Person("lead", RoleAdmin), Start, o.Clock.Time, "")
		if err != nil || report.Behind != 0 {
			t.Fatalf("%s: %d behind, %v", zone, report.Behind, err)
		}
		want := tagsByDay(zone)
		for _, of := range report.Days {
			name := service.Calendar().Name(of.Day)
			if of.Tally.Tags != want[name] {
				t.Errorf("turn %d: %s in %s: %d tags, want %d", turn, name, zone, of.Tally.Tags, want[name])
			}
			delete(want, name)
		}
		if len(want) > 0 {
			t.Errorf("%s: not reported: %v", zone, want)
		}
	}
}

// Today starts at the zone's midnight, independently of the day in UTC.
func TestTodayIsOfTheZone(t *testing.T) {
	o := NewOffice(t)
	o.Clock.Time = time.Date(2026, 3, 3, 15, 30, 0, 0, time.UTC) // half past eleven at night in Shanghai
	o.ConfirmedBy("before", "ann")
	o.Clock.Time = time.Date(2026, 3, 3, 16, 30, 0, 0, time.UTC)
	o.ConfirmedBy("behind", "ann")
	o.ConfirmedBy("beside", "ben")
	o.Confirmed("votes")
	for zone, want := range map[string]struct{ handled, ann int }{"Asia/Shanghai": {3, 1}, "UTC": {4, 2}} {
		queue := metrics.NewQueue(o.Store, o.Clock, CalendarOf(t, zone))
		for _, counted := range []string{"before the count", "counted"} {
			stats, by, err := queue.Stats(t.Context(), Person("ann", RoleReviewer))
			if err != nil || stats.HandledToday != want.handled || by["ann"] != want.ann || by["ben"] != 1 || stats.ByRuleToday != 1 {
				t.Errorf("%s, %s: %+v, %v, %v", zone, counted, stats, by, err)
			}
			if err := metrics.New(o.Store, o.Clock, CalendarOf(t, zone)).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
