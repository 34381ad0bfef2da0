package dbtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
)

func metricsCases() []testCase {
	return []testCase{
		inWorld("CountEachEntryOnce", metricsCounted),
		{"CrashAtEveryWrite", metricsCrash},
		inWorld("LogByTime", logByTime),
	}
}

// fixedClock always returns the same time.
type fixedClock struct{ at time.Time }

func (s fixedClock) Now() time.Time { return s.at }

func (w *world) metrics() *metrics.Service {
	return metrics.New(w.store, fixedClock{day0}, cloudtag.NewCalendar(time.UTC))
}

// auditor may read metrics.
func auditor() cloudtag.Caller {
	return cloudtag.Caller{Subject: tester, Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
}

// dayNumbers are some of the numbers of a day.
type dayNumbers struct{ tags, succeeded, queued, missed int }

// checkMetrics compares the metrics with the entries of the log.
func (w *world) checkMetrics(doing string) {
	w.Helper()
	want := map[string]dayNumbers{}
	for _, entry := range w.logAfter(0) {
		day := entry.At.Format(time.DateOnly)
		numbers := want[day]
		switch entry.Action {
		case cloudtag.ActionTagSubmitted:
			numbers.tags++
		case cloudtag.ActionTagSucceeded:
			numbers.succeeded++
		case cloudtag.ActionCaseQueued:
			numbers.queued++
		case cloudtag.ActionCaseMissed:
			numbers.missed++
		}
		want[day] = numbers
	}
	report, err := w.metrics().Read(w.ctx, auditor(), day0.AddDate(0, 0, -30), day0.AddDate(0, 0, 330), "")
	w.noError(err, doing+": read the metrics")
	equal(w, doing+": entries not counted", report.Behind, 0)
	seen := 0
	for _, day := range report.Days {
		name, got := day.Day.Format(time.DateOnly), day.Tally
		equal(w, doing+": "+name, dayNumbers{got.Tags, got.Succeeded, got.Queued, got.Missed}, want[name])
		seen += got.Tags
	}
	if seen == 0 {
		w.Fatalf("%s: no tag was counted: the test checks nothing", doing)
	}
}

// metricsCounted: several instances count concurrently; each entry is counted once, on its day.
func metricsCounted(w *world) {
	w.populate(scaled(300, 120), 40)
	for range 2 {
		w.parallel(4, func(int) error { return w.metrics().CatchUp(w.ctx) })
	}
	w.noError(w.metrics().CatchUp(w.ctx), "run")
	w.checkMetrics("at once")
	w.reopen()
	w.from(1, "later").at(day0.AddDate(0, 0, 20)).tag("later", "later").record()
	w.noError(w.metrics().CatchUp(w.ctx), "run again")
	w.checkMetrics("again")
}

// metricsCrash crashes the process at each write of the counting; when it is resumed everything is counted once.
func metricsCrash(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	w.openShops(3)
	for n := 1; ; n++ {
		if n > maxWrites {
			w.Fatalf("still crashing at write %d", n)
		}
		for shop := 1; shop <= 3; shop++ {
			name := fmt.Sprintf("%d-%d", n, shop)
			w.from(shop, name).at(day0.AddDate(0, 0, n+shop)).tag(fmt.Sprint(n), name).record()
		}
		w.faults.dieAt(n)
		err := w.metrics().CatchUp(w.ctx)
		died, step := w.faults.calm()
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		if !died {
			w.noError(err, "uninterrupted counting")
			w.checkMetrics("uninterrupted")
			return
		}
		w.reopenDead()
		w.noError(w.metrics().CatchUp(w.ctx), doing+": resume")
		w.checkMetrics(doing)
	}
}

// logByTime: entries of a period are found regardless of the progress of the counting.
func logByTime(w *world) {
	w.populate(scaled(200, 100), 40)
	check := func(doing string) {
		w.Helper()
		all := w.logAfter(0)
		some := 0
		for _, times := range []metrics.Times{
			{From: day0, To: day0.Add(time.Hour)}, {From: day0.AddDate(0, 0, 2), To: day0.AddDate(0, 0, 4)},
			{From: day0.AddDate(0, 0, -1), To: day0.AddDate(0, 0, 60)}, {From: day0.AddDate(0, 0, 80), To: day0.AddDate(0, 0, 90)},
		} {
			for _, filter := range []cloudtag.LogFilter{{}, {Action: cloudtag.ActionTagSubmitted}} {
				var want []int64
				for _, entry := range all {
					if filter.Matches(entry) && !entry.At.Before(times.From) && entry.At.Before(times.To) {
						want = append(want, entry.Seq)
					}
				}
				some += len(want)
				timed := metrics.TimedFilter{LogFilter: filter, Times: times}
				count, err := w.metrics().CountLog(w.ctx, auditor(), timed)
				w.noError(err, "count")
				equal(w, doing+": count", count, len(want))
				size := 30
				page, err := w.metrics().LogPage(w.ctx, auditor(), timed, cloudtag.PageRequest{Last: &size})
				w.noError(err, "newest page")
				var got []int64
				for _, entry := range page.Items {
					got = append(got, entry.Seq)
				}
				if newest := want[max(0, len(want)-size):]; !slices.Equal(got, newest) {
					w.Fatalf("%s: %+v of %v: %v, want %v", doing, filter, times, got, newest)
				}
			}
		}
		if some == 0 {
			w.Fatalf("nothing was found: the test checks nothing")
		}
	}
	check("nothing counted")
	w.noError(w.metrics().CatchUp(w.ctx), "run")
	check("all counted")
	w.from(1, "more").at(day0.AddDate(0, 0, 3)).tag("more", "more").record()
	check("all but the newest counted")
}
