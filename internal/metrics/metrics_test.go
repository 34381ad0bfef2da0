package metrics_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/metrics"
)

// history creates some days with events of every count, and returns the counts worked out by hand.
func history(t *testing.T) (*Office, map[string]map[ScenarioCode]metrics.Tally) {
	t.Helper()
	o := NewOffice(t)
	reviewer := Person("rev", RoleReviewer)
	decide := func(buyer BuyerID, decision Decision) {
		t.Helper()
		id := NewCaseID(TestScenario, buyer)
		ruling := Ruling{Decision: decision, Reason: "r", ExpectedVersion: o.Store.Case(id).Version}
		if _, err := o.Reviews.Decide(t.Context(), reviewer, id, ruling); err != nil {
			t.Fatal(err)
		}
	}
	// The first of March, 8 o'clock: four cases of two votes enter the queue, another is confirmed by a third vote.
	for _, buyer := range []BuyerID{"rejected", "voted", "missed", "regretted"} {
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
	}
	o.Confirmed("appealing")
	o.Clock.Time = Start.Add(3 * time.Hour)
	decide("rejected", DecisionReject)
	appeal, err := o.Appeals.File(t.Context(), Platform(), NewCaseID(FreightInsuranceScenario, "appealing"), "no")
	if err != nil {
		t.Fatal(err)
	}
	o.Clock.Time = time.Date(2026, 3, 1, 23, 59, 50, 0, time.UTC)
	decide("regretted", DecisionKeepAccumulating)
	// The second: the decision is undone, the case confirmed after 17 hours in the queue; a third vote comes.
	o.Clock.Time = time.Date(2026, 3, 2, 0, 0, 10, 0, time.UTC)
	if _, err := o.Reviews.Undo(t.Context(), reviewer, NewCaseID(TestScenario, "regretted")); err != nil {
		t.Fatal(err)
	}
	o.Clock.Time = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	decide("regretted", DecisionConfirm)
	if _, err := o.Appeals.Decide(t.Context(), reviewer, appeal.ID, true, "so be it"); err != nil {
		t.Fatal(err)
	}
	o.Clock.Time = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	o.SubmitOne("C", "voted")
	// The third: one case was never decided.
	if _, err := o.Upkeep.Sweep(t.Context(), Start.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.Clock.Time = Start.Add(49 * time.Hour)
	return o, map[string]map[ScenarioCode]metrics.Tally{
		"2026-03-01": {
			TestScenario: {
				Tags: 8, Queued: 4, Rejected: 1, InTime: 1,
				Handling: metrics.Histogram{Count: 1, Total: 3 * time.Hour, Buckets: []int{0, 1, 0, 0, 0, 0, 0, 0}},
			},
			FreightInsuranceScenario: {
				Tags: 3, Succeeded: 3, Queued: 1, ByVotes: 1, ByRule: 1, InTime: 1,
				Consensus: metrics.Histogram{Count: 1, Buckets: []int{1, 0, 0, 0, 0, 0, 0, 0}},
			},
		},
		"2026-03-02": {
			TestScenario: {
				Tags: 1, Succeeded: 5, Confirmed: 1, ByVotes: 1, ByRule: 1, InTime: 2,
				Handling:  metrics.Histogram{Count: 1, Total: 17 * time.Hour, Buckets: []int{0, 0, 0, 1, 0, 0, 0, 0}},
				Consensus: metrics.Histogram{Count: 1, Total: 26 * time.Hour, Buckets: []int{0, 1, 0, 0, 0, 0, 0, 0}},
			},
			FreightInsuranceScenario: {AppealsAccepted: 1},
		},
		"2026-03-03": {TestScenario: {Missed: 1}},
	}
}

// checkCounted compares the counts with those worked out by hand.
func checkCounted(t *testing.T, o *Office, want map[string]map[ScenarioCode]metrics.Tally) {
	t.Helper()
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	for _, scenario := range []ScenarioCode{"", TestScenario, FreightInsuranceScenario} {
		report, err := service.Read(t.Context(), Person("rev", RoleReviewer), Start.Add(-Day), Start.Add(3*Day), scenario)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Days) != 5 || report.Behind != 0 {
			t.Fatalf("%d days, %d entries behind", len(report.Days), report.Behind)
		}
		var total metrics.Tally
		for _, of := range report.Days {
			var sum metrics.Tally
			for code, tally := range want[of.Day.Format(time.DateOnly)] {
				if scenario == "" || code == scenario {
					sum.Add(tally)
				}
			}
			if !reflect.DeepEqual(withoutEmptyHistograms(of.Tally), withoutEmptyHistograms(sum)) {
				t.Errorf("%q on %s:\n%+v, want\n%+v", scenario, of.Day.Format(time.DateOnly), of.Tally, sum)
			}
			total.Add(sum)
		}
		if !reflect.DeepEqual(withoutEmptyHistograms(report.Total), withoutEmptyHistograms(total)) {
			t.Errorf("%q altogether: %+v, want %+v", scenario, report.Total, total)
		}
		var ofScenarios metrics.Tally
		for _, tally := range report.Scenarios {
			ofScenarios.Add(tally)
		}
		if !reflect.DeepEqual(withoutEmptyHistograms(ofScenarios), withoutEmptyHistograms(total)) {
			t.Errorf("%q by scenario: %+v, want %+v", scenario, report.Scenarios, total)
		}
	}
}

// withoutEmptyHistograms removes histograms without counts, which an undone decision leaves.
func withoutEmptyHistograms(t metrics.Tally) metrics.Tally {
	for _, histogram := range []*metrics.Histogram{&t.Handling, &t.Consensus} {
		if histogram.Count == 0 {
			histogram.Buckets = nil
		}
	}
	return t
}

func TestMetricsCountByDayAndScenario(t *testing.T) {
	o, want := history(t)
	if err := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
	if err := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
}

// Each entry counts once, wherever the process dies and whatever another instance does at the same time.
func TestMetricsCountEachEntryOnce(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o, want := history(t)
		dying := &DyingStore{Store: o.Store, DieAt: dieAt}
		err := metrics.New(dying, o.Clock, NewCalendar(time.UTC)).CatchUp(t.Context())
		if err == nil {
			if dieAt < 2 {
				t.Fatalf("only %d writes", dieAt-1)
			}
			break
		}
		if !errors.Is(err, ErrDied) {
			t.Fatal(err)
		}
		if err := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkCounted(t, o, want)
	}
	o, want := history(t)
	other, busy := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)), false
	disturbed := &DyingStore{Store: o.Store, Before: func() {
		if busy {
			return
		}
		busy = true
		if err := other.CatchUp(t.Context()); err != nil {
			t.Error(err)
		}
	}}
	if err := metrics.New(disturbed, o.Clock, NewCalendar(time.UTC)).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
}

func TestMetricsRefuse(t *testing.T) {
	o := NewOffice(t)
	service, reviewer := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)), Person("rev", RoleReviewer)
	for name, c := range map[string]struct {
		caller   Caller
		to       time.Time
		scenario ScenarioCode
		want     Code
	}{
		"a merchant":     {ShopCaller("A"), Start, "", CodeForbidden},
		"backwards":      {reviewer, Start.Add(-time.Second), "", CodeBadInput},
		"too long":       {reviewer, Start.Add(366 * Day), "", CodeBadInput},
		"a year":         {reviewer, Start.Add(365 * Day), "", ""},
		"no such case":   {reviewer, Start, "NONE", CodeBadInput},
		"one day":        {reviewer, Start, TestScenario, ""},
		"another's role": {Person("service", RolePlatform), Start, "", CodeForbidden},
	} {
		if _, err := service.Read(t.Context(), c.caller, Start, c.to, c.scenario); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := service.QueueAges(t.Context(), ShopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("ages: %v", err)
	}
	if _, err := service.LogPage(t.Context(), ShopCaller("A"), metrics.TimedFilter{Times: metrics.Times{From: Start, To: Start.Add(Day)}}, PageRequest{}); CodeOf(err) != CodeForbidden {
		t.Errorf("log: %v", err)
	}
}

func TestQueueAges(t *testing.T) {
	o := NewOffice(t)
	for buyer, ago := range map[BuyerID]time.Duration{
		"over": 50 * time.Hour, "just over": 48 * time.Hour, "3 left": 45 * time.Hour, "4 left": 44 * time.Hour,
		"11 left": 37 * time.Hour, "30 left": 18 * time.Hour, "new": 0,
	} {
		o.Clock.Time = Start.Add(-ago)
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
	}
	o.Clock.Time = Start
	ages, err := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC)).QueueAges(t.Context(), Person("rev", RoleAuditor))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]int, len(ages))
	for i, age := range ages {
		got[i] = age.Cases
	}
	// Overdue, up to 4, 12, 24, 36, 48 hours, and longer.
	if want := []int{2, 1, 2, 0, 1, 0, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The log by time equals the whole log without entries of other times, for every checkpoint and every order of times in the
// log.
func TestLogByTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	actions := []Action{ActionMerchantImported, ActionRiskImported}
	store := NewStore(t)
	service, reviewer := metrics.New(store, &TestClock{Time: Start}, NewCalendar(time.UTC)), Person("rev", RoleReviewer)
	add := func(count int) {
		for range count {
			at := Start.Add(time.Duration(random.IntN(20*24)) * time.Hour)
			store.Append(Entry{At: at, Actor: "import", Action: actions[random.IntN(2)], Subjects: []Subject{"merchant:m"}})
		}
	}
	check := func() {
		t.Helper()
		for range 40 {
			times := metrics.Times{From: Start.Add(time.Duration(random.IntN(20*24)) * time.Hour)}
			times.To = times.From.Add(time.Duration(random.IntN(5*24)) * time.Hour)
			filter := LogFilter{Action: []Action{"", actions[0]}[random.IntN(2)]}
			var want []int64
			for _, entry := range store.Entries() {
				if filter.Matches(entry) && !entry.At.Before(times.From) && entry.At.Before(times.To) {
					want = append(want, entry.Seq)
				}
			}
			walkByTime(t, service, reviewer, metrics.TimedFilter{LogFilter: filter, Times: times}, want)
		}
	}
	add(300)
	check()
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	check()
	add(200)
	check()
}

// walkByTime reads the log by time page by page, forward and backward.
func walkByTime(t *testing.T, service *metrics.Service, caller Caller, filter metrics.TimedFilter, want []int64) {
	t.Helper()
	size := 7
	if count, err := service.CountLog(t.Context(), caller, filter); err != nil || count != len(want) {
		t.Fatalf("%d entries, want %d: %v", count, len(want), err)
	}
	for _, backward := range []bool{false, true} {
		var got []int64
		request := PageRequest{First: &size}
		if backward {
			request = PageRequest{Last: &size}
		}
		for {
			page, err := service.LogPage(t.Context(), caller, filter, request)
			if err != nil {
				t.Fatal(err)
			}
			var seqs []int64
			for _, entry := range page.Items {
				seqs = append(seqs, entry.Seq)
			}
			if backward {
				got = append(seqs, got...)
			} else {
				got = append(got, seqs...)
			}
			if backward && !page.HasPreviousPage || !backward && !page.HasNextPage {
				break
			}
			request.Before, request.After = "", ""
			if backward {
				request.Before = page.Cursors[0]
			} else {
				request.After = page.Cursors[len(page.Cursors)-1]
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("backward %t: %v, want %v", backward, got, want)
		}
	}
}

// The handling rate is the average of the 28 days before today, rounded up; today's and older decisions do not count.
func TestHandlingRate(t *testing.T) {
	o := NewOffice(t)
	decided := func(count int) {
		for n := range count {
			o.ConfirmedBy(BuyerID(fmt.Sprint(o.Clock.Time.Unix(), "-", n)), "ann")
		}
	}
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	want := func(after int, rate int) {
		t.Helper()
		o.Clock.Time = Start.AddDate(0, 0, after)
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, err := service.HandlingRate(t.Context()); err != nil || got != rate {
			t.Errorf("after %d days: %d, %v; want %d", after, got, err, rate)
		}
	}
	decided(3)
	want(0, 0)
	want(1, 1)
	o.Clock.Time = Start.AddDate(0, 0, 10)
	decided(26)
	want(11, 2)
	want(28, 2)
	want(29, 1)
}

// Paging on by time after the log was restored from an older backup returns RESYNC.
func TestLogByTimeAfterARestore(t *testing.T) {
	o := NewOffice(t)
	o.SubmitOne("A", "b-1")
	o.SubmitOne("A", "b-2")
	lost := o.Store.Entries()
	backup := len(lost) - 2
	restored := NewStore(t)
	restored.Append(lost[:backup]...)
	restored.Append(Entry{At: Start, Action: "another", Actor: "somebody"})
	service := metrics.New(restored, o.Clock, NewCalendar(time.UTC))
	times := metrics.Times{From: Start.Add(-time.Hour), To: Start.Add(time.Hour)}
	for i, entry := range lost {
		want := CodeResync
		if i < backup {
			want = ""
		}
		cursor := entry.Place().Cursor()
		for field, request := range map[string]PageRequest{"after": {After: cursor}, "before": {Before: cursor}} {
			_, err := service.LogPage(t.Context(), Person("rev", RoleReviewer), metrics.TimedFilter{Times: times}, request)
			if CodeOf(err) != want {
				t.Errorf("%s %d: %v, want %q", field, entry.Seq, err, want)
			}
		}
	}
}

// An unknown decision does not count.
func TestUnknownDecisionDoesNotCount(t *testing.T) {
	o := NewOffice(t)
	o.Store.Append(Entry{
		At: Start, Actor: "ann", Action: ActionCaseDecided, Subjects: []Subject{CaseSubject(NewCaseID(TestScenario, "b-1"))},
		After: MustJSON(CaseSummary{Decision: &CaseDecision{Decision: "confirm", By: "ann", At: Start}}),
	})
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	report, err := service.Read(t.Context(), Person("rev", RoleReviewer), Start, Start, "")
	if err != nil || report.Total.Handled() != 0 || report.Total.Handling.Count != 1 {
		t.Errorf("%+v, %v", report.Total, err)
	}
}

func TestFirstSince(t *testing.T) {
	o := NewOffice(t)
	service := metrics.New(o.Store, o.Clock, NewCalendar(time.UTC))
	for n := range 3 { // entries 1, 2 and 3, an hour apart
		o.Store.Append(Entry{At: Start.Add(time.Duration(n) * time.Hour), Action: ActionRiskImported})
	}
	o.Clock.Time = Start.Add(4 * time.Hour)
	for _, counted := range []bool{false, true} {
		for name, c := range map[string]struct {
			at   time.Time
			want int64
		}{
			"before all":        {Start.Add(-Day), 1},
			"at an entry":       {Start.Add(time.Hour), 2},
			"between two":       {Start.Add(time.Hour + 1), 3},
			"behind all":        {Start.Add(3 * time.Hour), 4},
			"not yet come":      {Start.Add(Day), 4},
			"a year before now": {o.Clock.Time.Add(-365 * Day), 1},
		} {
			if got, err := service.FirstSince(t.Context(), c.at); err != nil || got != c.want {
				t.Errorf("%s, counted %t: %d, want %d: %v", name, counted, got, c.want, err)
			}
		}
		if _, err := service.FirstSince(t.Context(), o.Clock.Time.Add(-366*Day)); CodeOf(err) != CodeBadInput {
			t.Errorf("more than a year ago: %v", err)
		}
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
