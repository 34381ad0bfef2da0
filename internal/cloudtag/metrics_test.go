package cloudtag_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// history lets days pass in which everything happens that is counted, and returns what a person counts by hand.
func history(t *testing.T) (*office, map[string]map[ScenarioCode]Tally) {
	t.Helper()
	o := newOffice(t)
	reviewer := person("rev", RoleReviewer)
	decide := func(buyer BuyerID, decision Decision) {
		t.Helper()
		id := NewCaseID(testScenario, buyer)
		ruling := Ruling{Decision: decision, Reason: "r", ExpectedVersion: o.store.cases()[id].Version}
		if _, err := o.reviews.Decide(t.Context(), reviewer, id, ruling); err != nil {
			t.Fatal(err)
		}
	}
	// The first of March, 8 o'clock: four cases of two votes enter the queue, another is confirmed by a third vote.
	for _, buyer := range []BuyerID{"rejected", "voted", "missed", "regretted"} {
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
	}
	o.confirmed("appealing")
	o.clock.now = start.Add(3 * time.Hour)
	decide("rejected", DecisionReject)
	appeal, err := o.appeals.File(t.Context(), platform(), NewCaseID(FreightInsuranceScenario, "appealing"), "no")
	if err != nil {
		t.Fatal(err)
	}
	o.clock.now = time.Date(2026, 3, 1, 23, 59, 50, 0, time.UTC)
	decide("regretted", DecisionKeepAccumulating)
	// The second: the decision is taken back, the case confirmed after 17 hours in the queue; a third vote comes.
	o.clock.now = time.Date(2026, 3, 2, 0, 0, 10, 0, time.UTC)
	if _, err := o.reviews.Undo(t.Context(), reviewer, NewCaseID(testScenario, "regretted")); err != nil {
		t.Fatal(err)
	}
	o.clock.now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	decide("regretted", DecisionConfirm)
	if _, err := o.appeals.Decide(t.Context(), reviewer, appeal.ID, true, "so be it"); err != nil {
		t.Fatal(err)
	}
	o.clock.now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	o.submitOne("C", "voted")
	// The third: one case was never decided.
	if _, err := o.upkeep.Sweep(t.Context(), start.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.clock.now = start.Add(49 * time.Hour)
	return o, map[string]map[ScenarioCode]Tally{
		"2026-03-01": {
			testScenario: {
				Tags: 8, Queued: 4, Rejected: 1, InTime: 1,
				Handling: Spread{Count: 1, Total: 3 * time.Hour, Buckets: []int{0, 1, 0, 0, 0, 0, 0, 0}},
			},
			FreightInsuranceScenario: {
				Tags: 3, Succeeded: 3, Queued: 1, ByVotes: 1, ByRule: 1, InTime: 1,
				Consensus: Spread{Count: 1, Buckets: []int{1, 0, 0, 0, 0, 0, 0, 0}},
			},
		},
		"2026-03-02": {
			testScenario: {
				Tags: 1, Succeeded: 5, Confirmed: 1, ByVotes: 1, ByRule: 1, InTime: 2,
				Handling:  Spread{Count: 1, Total: 17 * time.Hour, Buckets: []int{0, 0, 0, 1, 0, 0, 0, 0}},
				Consensus: Spread{Count: 1, Total: 26 * time.Hour, Buckets: []int{0, 1, 0, 0, 0, 0, 0, 0}},
			},
			FreightInsuranceScenario: {AppealsAccepted: 1},
		},
		"2026-03-03": {testScenario: {Missed: 1}},
	}
}

// checkCounted compares what is counted with what was counted by hand.
func checkCounted(t *testing.T, o *office, want map[string]map[ScenarioCode]Tally) {
	t.Helper()
	metrics := NewMetrics(o.store, o.clock, utc())
	for _, scenario := range []ScenarioCode{"", testScenario, FreightInsuranceScenario} {
		report, err := metrics.Read(t.Context(), person("rev", RoleReviewer), start.Add(-day), start.Add(3*day), scenario)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Days) != 5 || report.Behind != 0 {
			t.Fatalf("%d days, %d entries behind", len(report.Days), report.Behind)
		}
		var total Tally
		for _, of := range report.Days {
			var sum Tally
			for code, tally := range want[of.Day.Format(time.DateOnly)] {
				if scenario == "" || code == scenario {
					sum.Add(tally)
				}
			}
			if !reflect.DeepEqual(withoutEmptySpreads(of.Tally), withoutEmptySpreads(sum)) {
				t.Errorf("%q on %s:\n%+v, want\n%+v", scenario, of.Day.Format(time.DateOnly), of.Tally, sum)
			}
			total.Add(sum)
		}
		if !reflect.DeepEqual(withoutEmptySpreads(report.Total), withoutEmptySpreads(total)) {
			t.Errorf("%q altogether: %+v, want %+v", scenario, report.Total, total)
		}
		var ofScenarios Tally
		for _, tally := range report.Scenarios {
			ofScenarios.Add(tally)
		}
		if !reflect.DeepEqual(withoutEmptySpreads(ofScenarios), withoutEmptySpreads(total)) {
			t.Errorf("%q by scenario: %+v, want %+v", scenario, report.Scenarios, total)
		}
	}
}

// withoutEmptySpreads takes away buckets of nothing, which a decision that was taken back leaves.
func withoutEmptySpreads(t Tally) Tally {
	for _, spread := range []*Spread{&t.Handling, &t.Consensus} {
		if spread.Count == 0 {
			spread.Buckets = nil
		}
	}
	return t
}

func TestMetricsCountByDayAndScenario(t *testing.T) {
	o, want := history(t)
	if err := NewMetrics(o.store, o.clock, utc()).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
	if err := NewMetrics(o.store, o.clock, utc()).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
}

var errCrash = errors.New("the process died")

// mortal is a store under which the process dies before its nth write of a document; before it, another instance may do
// something.
type mortal struct {
	*shelf
	dieAt  int
	before func()
	writes int
}

func (m *mortal) SaveDocument(ctx context.Context, document Document, entries []Entry) error {
	return m.SaveDocuments(ctx, []Document{document}, entries)
}

func (m *mortal) SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error {
	m.writes++
	if m.writes == m.dieAt {
		return errCrash
	}
	if m.before != nil {
		m.before()
	}
	return m.shelf.SaveDocuments(ctx, documents, entries)
}

// Wherever the process dies, and whatever another instance does meanwhile, each entry counts once.
func TestMetricsCountOnceWhateverHappens(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o, want := history(t)
		dying := &mortal{shelf: o.store, dieAt: dieAt}
		err := NewMetrics(dying, o.clock, utc()).CatchUp(t.Context())
		if err == nil {
			if dieAt < 2 {
				t.Fatalf("only %d writes", dieAt-1)
			}
			break
		}
		if !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		if err := NewMetrics(o.store, o.clock, utc()).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkCounted(t, o, want)
	}
	o, want := history(t)
	other, busy := NewMetrics(o.store, o.clock, utc()), false
	disturbed := &mortal{shelf: o.store, before: func() {
		if busy {
			return
		}
		busy = true
		if err := other.CatchUp(t.Context()); err != nil {
			t.Error(err)
		}
	}}
	if err := NewMetrics(disturbed, o.clock, utc()).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkCounted(t, o, want)
}

func TestMetricsRefuse(t *testing.T) {
	o := newOffice(t)
	metrics, reviewer := NewMetrics(o.store, o.clock, utc()), person("rev", RoleReviewer)
	for name, c := range map[string]struct {
		caller   Caller
		to       time.Time
		scenario ScenarioCode
		want     Code
	}{
		"a merchant":     {shopCaller("A"), start, "", CodeForbidden},
		"backwards":      {reviewer, start.Add(-time.Second), "", CodeBadInput},
		"too long":       {reviewer, start.Add(366 * day), "", CodeBadInput},
		"a year":         {reviewer, start.Add(365 * day), "", ""},
		"no such case":   {reviewer, start, "NONE", CodeBadInput},
		"one day":        {reviewer, start, testScenario, ""},
		"another's role": {person("service", RolePlatform), start, "", CodeForbidden},
	} {
		if _, err := metrics.Read(t.Context(), c.caller, start, c.to, c.scenario); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := metrics.QueueAges(t.Context(), shopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("ages: %v", err)
	}
	if _, err := metrics.LogPage(t.Context(), shopCaller("A"), TimedFilter{Times: Times{start, start.Add(day)}}, PageRequest{}); CodeOf(err) != CodeForbidden {
		t.Errorf("log: %v", err)
	}
}

func TestQueueAges(t *testing.T) {
	o := newOffice(t)
	for buyer, ago := range map[BuyerID]time.Duration{
		"over": 50 * time.Hour, "just over": 48 * time.Hour, "3 left": 45 * time.Hour, "4 left": 44 * time.Hour,
		"11 left": 37 * time.Hour, "30 left": 18 * time.Hour, "new": 0,
	} {
		o.clock.now = start.Add(-ago)
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
	}
	o.clock.now = start
	ages, err := NewMetrics(o.store, o.clock, utc()).QueueAges(t.Context(), person("rev", RoleAuditor))
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

// The log by time is what remains of the whole log when everything of another time is left out, wherever the counting
// stands and whichever order the log has the times in.
func TestLogByTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	actions := []Action{ActionMerchantImported, ActionRiskImported}
	store := newShelf(t)
	metrics, reviewer := NewMetrics(store, &stillClock{now: start}, utc()), person("rev", RoleReviewer)
	add := func(count int) {
		for range count {
			at := start.Add(time.Duration(random.IntN(20*24)) * time.Hour)
			store.append(Entry{At: at, Actor: "import", Action: actions[random.IntN(2)], Subjects: []Subject{"merchant:m"}})
		}
	}
	check := func() {
		t.Helper()
		for range 40 {
			times := Times{From: start.Add(time.Duration(random.IntN(20*24)) * time.Hour)}
			times.To = times.From.Add(time.Duration(random.IntN(5*24)) * time.Hour)
			filter := LogFilter{Action: []Action{"", actions[0]}[random.IntN(2)]}
			var want []int64
			for _, entry := range store.log() {
				if filter.Matches(entry) && !entry.At.Before(times.From) && entry.At.Before(times.To) {
					want = append(want, entry.Seq)
				}
			}
			walkByTime(t, metrics, reviewer, TimedFilter{LogFilter: filter, Times: times}, want)
		}
	}
	add(300)
	check()
	if err := metrics.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	check()
	add(200)
	check()
}

func TestFirstSince(t *testing.T) {
	o := newOffice(t)
	metrics := NewMetrics(o.store, o.clock, utc())
	for n := range 3 { // entries 1, 2 and 3, an hour apart
		o.store.append(Entry{At: start.Add(time.Duration(n) * time.Hour), Action: ActionRiskImported})
	}
	o.clock.now = start.Add(4 * time.Hour)
	for _, counted := range []bool{false, true} {
		for name, c := range map[string]struct {
			at   time.Time
			want int64
		}{
			"before all":        {start.Add(-day), 1},
			"at an entry":       {start.Add(time.Hour), 2},
			"between two":       {start.Add(time.Hour + 1), 3},
			"behind all":        {start.Add(3 * time.Hour), 4},
			"not yet come":      {start.Add(day), 4},
			"a year before now": {o.clock.now.Add(-365 * day), 1},
		} {
			if got, err := metrics.FirstSince(t.Context(), c.at); err != nil || got != c.want {
				t.Errorf("%s, counted %t: %d, want %d: %v", name, counted, got, c.want, err)
			}
		}
		if _, err := metrics.FirstSince(t.Context(), o.clock.now.Add(-366*day)); CodeOf(err) != CodeBadInput {
			t.Errorf("more than a year ago: %v", err)
		}
		if err := metrics.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// walkByTime reads a log by time page by page, from both ends.
func walkByTime(t *testing.T, metrics *Metrics, caller Caller, filter TimedFilter, want []int64) {
	t.Helper()
	size := 7
	if count, err := metrics.CountLog(t.Context(), caller, filter); err != nil || count != len(want) {
		t.Fatalf("%d entries, want %d: %v", count, len(want), err)
	}
	for _, backward := range []bool{false, true} {
		var got []int64
		request := PageRequest{First: &size}
		if backward {
			request = PageRequest{Last: &size}
		}
		for {
			page, err := metrics.LogPage(t.Context(), caller, filter, request)
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
