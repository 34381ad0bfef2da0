package cloudtag_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// busyHistory is a history in which every figure counts something, over the days around a change of clocks in New York.
func busyHistory(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.drawing(100)
	random := rand.New(rand.NewPCG(3, 8))
	reviews, people := secondReviews(o.store, o.clock), []string{"ann", "ben", "cleo"}
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
		o.clock.now = now
		buyer := BuyerID(rune('a'+n%26)) + BuyerID(rune('a'+n/26))
		if n%4 == 0 {
			orders := o.confirmed(buyer)
			if n%8 == 0 {
				appeal, err := o.appeals.File(t.Context(), platform(), NewCaseID(FreightInsuranceScenario, buyer), string(orders[0]))
				must(err)
				_, err = o.appeals.Decide(t.Context(), person("lead", RoleAdmin), appeal.ID, n%16 == 0, "r")
				must(err)
			}
		} else {
			o.submitOne("A", buyer)
			o.submitOne("B", buyer)
		}
		id := NewCaseID(testScenario, buyer)
		if n%4 == 1 || n%4 == 2 {
			o.clock.now = now.Add(time.Duration(random.IntN(50*60)) * time.Minute)
			by := people[n%3]
			_, err := o.reviews.Decide(t.Context(), person(by, RoleReviewer), id, Ruling{
				Decision: decisions[n%3], Reason: "r", ExpectedVersion: o.store.cases()[id].Version,
			})
			if n%5 == 0 && err == nil {
				_, err = o.reviews.Undo(t.Context(), person(by, RoleReviewer), id)
			}
			if CodeOf(err) != CodeConflict && CodeOf(err) != CodeInvalidState { // the deadline had passed
				must(err)
			}
			if c := o.store.cases()[id]; n%3 == 0 && c.State == CaseConfirmed {
				appeal, err := o.appeals.File(t.Context(), platform(), id, "no")
				must(err)
				_, err = o.appeals.Decide(t.Context(), person("lead", RoleAdmin), appeal.ID, n%2 == 0, "r")
				must(err)
			}
		}
		if n%4 == 3 && n%3 == 0 {
			o.clock.now = now.Add(time.Hour)
			o.submitOne("C", buyer)
		}
		if n%7 == 0 {
			o.clock.now = now
			_, err := o.upkeep.Sweep(t.Context(), now)
			must(err)
			must(reviews.CatchUp(t.Context()))
			for id, review := range o.secondReviews() {
				if review.State == SecondReviewOpen && len(id)%3 > 0 {
					_, err := reviews.Decide(t.Context(), person("lead", RoleAdmin), review.ID, n%2 == 0, "r")
					must(err)
				}
			}
		}
	}
	leaveOtherwise(o, now)
	o.clock.now = now.Add(80 * time.Hour)
	_, err := o.upkeep.Sweep(t.Context(), o.clock.now)
	must(err)
	return o
}

// leaveOtherwise lets one case leave the queue since none of its tags counts any more, and another, that a second reviewer put
// there, behind its due time, by an appeal.
func leaveOtherwise(o *office, now time.Time) {
	o.t.Helper()
	must := func(err error) {
		o.t.Helper()
		if err != nil {
			o.t.Fatal(err)
		}
	}
	o.clock.now = now
	for _, order := range []OrderNo{o.submitOne("A", "void"), o.submitOne("B", "void")} {
		_, err := o.reviews.VoidTag(o.t.Context(), person("lead", RoleAdmin), order, "r")
		must(err)
	}
	o.confirmed("late")
	id := NewCaseID(FreightInsuranceScenario, "late")
	reviews := secondReviews(o.store, o.clock)
	must(reviews.CatchUp(o.t.Context()))
	_, err := reviews.Decide(o.t.Context(), person("ben", RoleReviewer), o.secondReviews()[id].ID, false, "r")
	must(err)
	o.clock.now = now.Add(49 * time.Hour)
	appeal, err := o.appeals.File(o.t.Context(), platform(), id, "no")
	must(err)
	_, err = o.appeals.Decide(o.t.Context(), person("lead", RoleAdmin), appeal.ID, true, "r")
	must(err)
}

// numberOf is a figure of a tally, by the names that people know.
func numberOf(name FigureName, t Tally) int {
	return map[FigureName]int{
		FigureTags: t.Tags, FigureSucceeded: t.Succeeded, FigureQueued: t.Queued,
		FigureDecisions: t.Confirmed + t.Rejected + t.Kept + t.ByRule + t.Missed, FigureHandled: t.Confirmed + t.Rejected + t.Kept,
		FigureConfirmed: t.Confirmed, FigureRejected: t.Rejected, FigureKept: t.Kept, FigureByVotes: t.ByVotes, FigureByRule: t.ByRule,
		FigureSettled: t.Settled, FigureMissed: t.Missed, FigureInTime: t.InTime, FigureLate: t.Late, FigureConsensus: t.Consensus.Count,
		FigureAppealsAccepted: t.AppealsAccepted, FigureAppealsDeclined: t.AppealsDeclined,
		FigureSecondReviews:      t.AgreedReviewers + t.AgreedAutomatic + t.DisagreedReviewers + t.DisagreedAutomatic,
		FigureAgreed:             t.AgreedReviewers + t.AgreedAutomatic,
		FigureDisagreed:          t.DisagreedReviewers + t.DisagreedAutomatic,
		FigureReviewedReviewers:  t.AgreedReviewers + t.DisagreedReviewers,
		FigureDisagreedReviewers: t.DisagreedReviewers,
		FigureReviewedAutomatic:  t.AgreedAutomatic + t.DisagreedAutomatic,
		FigureDisagreedAutomatic: t.DisagreedAutomatic,
	}[name]
}

// Behind every number is a list that is as long as the number: by day, scenario, reviewer and how long it took, whether
// everything is counted or not, in a zone whose clocks change.
func TestFiguresHaveTheirRows(t *testing.T) {
	o := busyHistory(t)
	calendar := calendarOf(t, "America/New_York")
	metrics, lead := NewMetrics(o.store, o.clock, calendar), person("lead", RoleAdmin)
	if err := metrics.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)
	last := o.clock.now
	seen := map[FigureName]int{}
	check := func(what string, times Times, figure Figure, want int) {
		t.Helper()
		filter := TimedFilter{Times: times, Figure: &figure}
		count, err := metrics.CountLog(t.Context(), lead, filter)
		if err != nil || count != want {
			t.Errorf("%s: %s of %v: %d rows, want %d: %v", what, figure.Name, figure, count, want, err)
		}
		seen[figure.Name] += want
	}
	report, err := metrics.Read(t.Context(), lead, first, last, "")
	if err != nil || report.Behind != 0 {
		t.Fatalf("%d behind, %v", report.Behind, err)
	}
	whole := Times{From: report.Days[0].Day, To: report.Days[len(report.Days)-1].End}
	for _, name := range FigureNames() {
		for _, of := range report.Days {
			check("a day", Times{of.Day, of.End}, Figure{Name: name}, numberOf(name, of.Tally))
		}
		for scenario, tally := range report.Scenarios {
			check("a scenario", whole, Figure{Name: name, Scenario: scenario}, numberOf(name, tally))
		}
		check("all", whole, Figure{Name: name}, numberOf(name, report.Total))
		if seen[name] == 0 {
			t.Errorf("%s counts nothing: the test shows nothing", name)
		}
	}
	reviewers, err := metrics.Reviewers(t.Context(), lead, first, last, "")
	if err != nil || len(reviewers) < 3 {
		t.Fatalf("%d reviewers, %v", len(reviewers), err)
	}
	for _, of := range reviewers {
		for _, name := range []FigureName{FigureHandled, FigureConfirmed, FigureAppealsAccepted, FigureAppealsDeclined, FigureSecondReviews, FigureDisagreed, FigureInTime} {
			check("reviewer "+of.Reviewer, whole, Figure{Name: name, Reviewer: of.Reviewer}, numberOf(name, of.Tally))
		}
	}
	for name, c := range map[FigureName]struct {
		spread Spread
		bounds []time.Duration
	}{FigureHandled: {report.Total.Handling, HandlingBounds()}, FigureConsensus: {report.Total.Consensus, ConsensusBounds()}} {
		for i, count := range c.spread.Buckets {
			figure := Figure{Name: name}
			if i > 0 {
				figure.TookFrom = c.bounds[i-1]
			}
			if i < len(c.bounds) {
				figure.TookTo = &c.bounds[i]
			}
			check("a bar", whole, figure, count)
		}
	}
	walkByTime(t, metrics, lead, TimedFilter{Times: whole, Figure: &Figure{Name: FigureInTime}}, rowsOf(t, o, calendar, whole, FigureInTime))
}

// rowsOf are the numbers of all entries that count in a figure, looked for one day's list after the other.
func rowsOf(t *testing.T, o *office, calendar Calendar, times Times, name FigureName) []int64 {
	t.Helper()
	size := 100
	var rows []int64
	for _, day := range calendar.Days(times.From, times.To.Add(-TimeResolution)) {
		page, err := NewMetrics(o.store, o.clock, calendar).LogPage(t.Context(), person("lead", RoleAdmin),
			TimedFilter{Times: Times{day, calendar.Next(day)}, Figure: &Figure{Name: name}}, PageRequest{First: &size})
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

// How reviewers work is the lead's to see, and their own.
func TestReviewersSeeTheirOwnFigures(t *testing.T) {
	o := busyHistory(t)
	metrics := NewMetrics(o.store, o.clock, utc())
	if err := metrics.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	from, to := start, o.clock.now
	names := func(caller Caller) []string {
		t.Helper()
		found, err := metrics.Reviewers(t.Context(), caller, from, to, "")
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
		{person("lead", RoleAdmin), all}, {person("aud", RoleAuditor), all}, {person("ann", RoleReviewer), []string{"ann"}}, {person("new", RoleReviewer), nil},
	} {
		if got := names(c.caller); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s sees %v, want %v", c.caller.Subject, got, c.want)
		}
	}
	if _, err := metrics.Reviewers(t.Context(), shopCaller("A"), from, to, ""); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
	times := Times{from, to}
	for name, c := range map[string]struct {
		caller Caller
		figure Figure
		want   Code
	}{
		"own":           {person("ann", RoleReviewer), Figure{Name: FigureHandled, Reviewer: "ann"}, ""},
		"another's":     {person("ann", RoleReviewer), Figure{Name: FigureHandled, Reviewer: "ben"}, CodeForbidden},
		"the lead":      {person("lead", RoleAdmin), Figure{Name: FigureHandled, Reviewer: "ben"}, ""},
		"no such thing": {person("lead", RoleAdmin), Figure{Name: "NONE"}, CodeBadInput},
	} {
		if _, err := metrics.CountLog(t.Context(), c.caller, TimedFilter{Times: times, Figure: &c.figure}); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The median is of all decisions that stand, to the minute: worked out here from the log.
func TestMedianHandling(t *testing.T) {
	for _, c := range []struct {
		minutes map[int]int
		want    time.Duration
		ok      bool
	}{
		{nil, 0, false}, {map[int]int{0: 1}, 0, true}, {map[int]int{5: 1, 7: 1}, 5 * time.Minute, true},
		{map[int]int{5: 1, 7: 2}, 7 * time.Minute, true}, {map[int]int{1: 3, 100: 2, 2000: 1}, time.Minute, true},
	} {
		tally := Tally{Minutes: c.minutes}
		for _, times := range c.minutes {
			tally.Handling.Count += times
		}
		if got, ok := tally.MedianHandling(); got != c.want || ok != c.ok {
			t.Errorf("%v: %v, %t", c.minutes, got, ok)
		}
	}
	o := newOffice(t)
	o.drawing(0)
	for n, minutes := range []int{10, 250, 40, 3, 90} {
		buyer := BuyerID(rune('a' + n))
		o.clock.now = start
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
		o.clock.now = start.Add(time.Duration(minutes) * time.Minute)
		id := NewCaseID(testScenario, buyer)
		ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.store.cases()[id].Version}
		if _, err := o.reviews.Decide(t.Context(), person("ann", RoleReviewer), id, ruling); err != nil {
			t.Fatal(err)
		}
	}
	metrics := NewMetrics(o.store, o.clock, utc())
	if err := metrics.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := metrics.Reviewers(t.Context(), person("ann", RoleReviewer), start, start.Add(day), "")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if median, ok := found[0].Tally.MedianHandling(); !ok || median != 40*time.Minute {
		t.Errorf("median %v", median)
	}
}

// Another zone has days of its own, counted anew beside those of the zone before; back in that one it goes on there.
func TestMetricsOfAnotherZone(t *testing.T) {
	o := busyHistory(t)
	tagsByDay := func(zone string) map[string]int {
		counts := map[string]int{}
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range o.store.log() {
			if entry.Action == ActionTagSubmitted {
				counts[entry.At.In(location).Format(time.DateOnly)]++
			}
		}
		return counts
	}
	zones := []string{"Asia/Shanghai", "America/New_York", "Asia/Shanghai", "UTC", "America/New_York"}
	for turn, zone := range zones {
		o.clock.now = o.clock.now.Add(7 * time.Hour)
		o.submitOne("A", BuyerID("later-"+string(rune('a'+turn))))
		metrics := NewMetrics(o.store, o.clock, calendarOf(t, zone))
		before, err := metrics.Read(t.Context(), person("lead", RoleAdmin), start, o.clock.now, "")
		if err != nil || before.Behind == 0 {
			t.Errorf("%s: nothing was left to count, %v", zone, err)
		}
		if fresh := before.Counted.IsZero(); fresh != (turn < 2 || turn == 3) {
			t.Errorf("turn %d in %s: counted from the beginning: %t", turn, zone, fresh)
		}
		if err := metrics.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := metrics.Read(t.Context(), person("lead", RoleAdmin), start, o.clock.now, "")
		if err != nil || report.Behind != 0 {
			t.Fatalf("%s: %d behind, %v", zone, report.Behind, err)
		}
		want := tagsByDay(zone)
		for _, of := range report.Days {
			name := metrics.Calendar().Name(of.Day)
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

// Today is the zone's: what was decided before its midnight is yesterday's, whatever UTC's day is.
func TestTodayIsOfTheZone(t *testing.T) {
	o := newOffice(t)
	o.clock.now = time.Date(2026, 3, 3, 15, 30, 0, 0, time.UTC) // half past eleven at night in Shanghai
	o.reviewed("before", "ann")
	o.clock.now = time.Date(2026, 3, 3, 16, 30, 0, 0, time.UTC)
	o.reviewed("behind", "ann")
	o.reviewed("beside", "ben")
	o.confirmed("votes")
	for zone, want := range map[string]struct{ handled, ann int }{"Asia/Shanghai": {3, 1}, "UTC": {4, 2}} {
		queue := NewQueue(o.store, o.clock, calendarOf(t, zone))
		for _, counted := range []string{"told", "counted"} {
			stats, by, err := queue.Stats(t.Context(), person("ann", RoleReviewer))
			if err != nil || stats.HandledToday != want.handled || by["ann"] != want.ann || by["ben"] != 1 || stats.ByRuleToday != 1 {
				t.Errorf("%s, %s: %+v, %v, %v", zone, counted, stats, by, err)
			}
			if err := NewMetrics(o.store, o.clock, calendarOf(t, zone)).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}
