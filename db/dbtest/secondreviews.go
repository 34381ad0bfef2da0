package dbtest

import (
	"fmt"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/secondreview"
)

func secondReviewCases() []testCase {
	return []testCase{
		inWorld("DrawnOnce", secondReviewsDrawn),
		{"CrashAtEveryWrite", secondReviewsCrash},
	}
}

func (w *world) secondReviews() *secondreview.Service {
	return secondreview.New(w.store, fixedClock{day0.AddDate(0, 0, 90)}, func() []byte { return []byte("a secret of thirty-two bytes ...") })
}

// drawFrom sets the percentage of confirmations drawn for a second review from now on.
func (w *world) drawFrom(percent int) {
	w.Helper()
	policy := w.latestPolicy()
	policy.Version++
	policy.SecondReviewPercent = percent
	w.noError(w.store.AddPolicy(w.ctx, policy, []cloudtag.Entry{{At: day0, Actor: tester, Action: cloudtag.ActionPolicyCreated}}), "policy")
}

// checkSecondReviews checks that exactly the confirmations logged since an entry have a second review, if all are drawn, and
// returns the open ones.
func (w *world) checkSecondReviews(since int64, doing string) (open []secondreview.Review) {
	w.Helper()
	drawn := map[string]cloudtag.CaseID{}
	for _, entry := range w.logAfter(since) {
		if entry.Action == cloudtag.ActionCaseConfirmed {
			drawn[fmt.Sprint(entry.Seq)] = cloudtag.CaseID(entry.Subject("case"))
		}
	}
	if len(drawn) == 0 {
		w.Fatalf("%s: nothing was confirmed: the test checks nothing", doing)
	}
	size := 3
	request := cloudtag.PageRequest{First: &size}
	for more := true; more; {
		page, err := w.secondReviews().Page(w.ctx, auditor(), secondreview.Query{}, request)
		w.noError(err, doing+": page")
		for _, review := range page.Items {
			if drawn[review.ID] != review.CaseID {
				w.Errorf("%s: %+v without a confirmation", doing, review)
			}
			delete(drawn, review.ID)
			if review.State == cloudtag.SecondReviewOpen {
				open = append(open, review)
			}
		}
		if more = page.HasNextPage; more {
			request.After = page.Cursors[len(page.Cursors)-1]
		}
	}
	if len(drawn) > 0 {
		w.Errorf("%s: %d were not drawn: %v", doing, len(drawn), drawn)
	}
	return open
}

// secondReviewsDrawn: several instances draw concurrently; each confirmation is drawn once, and each disagreement queues its
// case.
func secondReviewsDrawn(w *world) {
	w.openShops(3)
	w.drawFrom(100)
	since := w.lastSeq()
	for n := range scaled(12, 5) {
		for shop := 1; shop <= 3; shop++ {
			w.from(shop, fmt.Sprint(n, "-", shop)).at(day0.AddDate(0, 0, n)).tag(fmt.Sprint(n), fmt.Sprint(n, "-", shop)).record()
		}
	}
	w.parallel(4, func(int) error { return w.secondReviews().CatchUp(w.ctx) })
	w.noError(w.secondReviews().CatchUp(w.ctx), "run")
	open := w.checkSecondReviews(since, "at once")
	second := cloudtag.Caller{Subject: "second", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	for n, review := range open {
		_, err := w.secondReviews().Decide(w.ctx, second, review.ID, n%2 == 0, "r")
		w.noError(err, "decide")
	}
	w.reopen()
	w.noError(w.secondReviews().CatchUp(w.ctx), "run again")
	for n, review := range open {
		waits := w.oneCase(review.CaseID).Handling == cloudtag.HandlingPending
		equal(w, review.ID+" is queued", waits, n%2 == 1)
	}
	for state, want := range map[cloudtag.SecondReviewState]int{
		cloudtag.SecondReviewOpen: 0, cloudtag.SecondReviewAgreed: (len(open) + 1) / 2, cloudtag.SecondReviewDisagreed: len(open) / 2,
	} {
		count, err := w.secondReviews().Count(w.ctx, auditor(), secondreview.Query{State: state})
		w.noError(err, "count")
		equal(w, string(state), count, want)
	}
	w.checkInvariants()
}

// secondReviewsCrash crashes the process at each write of a disagreement; it is completed when the process resumes.
func secondReviewsCrash(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	w.openShops(3)
	w.drawFrom(100)
	since := w.lastSeq()
	second := cloudtag.Caller{Subject: "second", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	for n := 1; ; n++ {
		if n > maxWrites {
			w.Fatalf("still crashing at write %d", n)
		}
		for shop := 1; shop <= 3; shop++ {
			name := fmt.Sprintf("%d-%d", n, shop)
			w.from(shop, name).at(day0.AddDate(0, 0, n)).tag(fmt.Sprint(n), name).record()
		}
		w.noError(w.secondReviews().CatchUp(w.ctx), "run")
		open := w.checkSecondReviews(since, fmt.Sprint("before ", n))
		newest := open[len(open)-1]
		w.faults.dieAt(n)
		_, err := w.secondReviews().Decide(w.ctx, second, newest.ID, false, "r")
		if err == nil {
			err = w.secondReviews().CatchUp(w.ctx)
		}
		died, step := w.faults.calm()
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		if died {
			w.reopenDead()
		} else {
			w.noError(err, "an uninterrupted disagreement")
		}
		w.noError(w.secondReviews().CatchUp(w.ctx), doing+": resume")
		found, err := w.secondReviews().Find(w.ctx, auditor(), newest.ID)
		w.noError(err, "find")
		disagreed := found.State == cloudtag.SecondReviewDisagreed
		equal(w, doing+": queued", w.oneCase(newest.CaseID).Handling == cloudtag.HandlingPending, disagreed)
		if disagreed && found.QueuedAt.IsZero() {
			w.Errorf("%s: not completed: %+v", doing, found)
		}
		if !died {
			return
		}
	}
}
