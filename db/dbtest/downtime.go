package dbtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/revocations"
	"cloudtag/internal/upkeep"
)

func downtimeCases() []testCase {
	return []testCase{
		inWorld("ClockJumps49Hours", clockJumps),
		{"RevocationAcrossCrashes", revocationAcrossCrashes},
		{"CausesAreLoggedFirst", causesAreLoggedFirst},
	}
}

// queueCases returns pending cases with two votes of three each, due a millisecond apart, in that order.
func (w *world) queueCases(count int) []cloudtag.CaseID {
	w.Helper()
	w.openShops(2)
	ids := make([]cloudtag.CaseID, count)
	for first := 0; first < count; first += cloudtag.MaxBatchOrders {
		for shop := 1; shop <= 2; shop++ {
			s := w.from(shop, fmt.Sprint("queue-", first))
			for n := first; n < min(first+cloudtag.MaxBatchOrders, count); n++ {
				buyer := fmt.Sprintf("%06d", n*7919%100_003) // identifiers in a different order than the times
				s.at(day0.Add(time.Duration(n)*time.Millisecond)).tag(buyer, fmt.Sprintf("%d-%d", shop, n))
				ids[n] = w.caseOf(buyer)
			}
			s.record()
		}
	}
	return ids
}

// dyingAmid returns a store that crashes at the first write after an amendment, regardless of the store's number of writes
// for it.
func (w *world) dyingAmid() Store { return &dyingStore{Store: w.store, faults: w.faults} }

type dyingStore struct {
	Store
	faults *faults
	once   sync.Once
}

func (s *dyingStore) Amend(ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (cloudtag.Case, error) {
	after, err := s.Store.Amend(ctx, id, edit)
	s.once.Do(func() { s.faults.dieAt(1) })
	return after, err
}

// sweepPage is the page size of a sweep: the cases of a page are handled concurrently.
const sweepPage = 1024

// clockJumps: the process was down for 49 hours, and crashes three more times while it catches up. Every due case is warned
// about and handled once, in the order of due times (rule 9).
func clockJumps(w *world) {
	ids := w.queueCases(scaled(1_300, 500)) // more than three times as many as are amended side by side
	w.reopen()
	asOf := day0.Add(49 * time.Hour)
	for death := range 3 {
		_, err := upkeep.New(w.dyingAmid(), &stepClock{now: asOf}).Sweep(w.ctx, asOf)
		died, step := w.faults.calm()
		if !died || err == nil {
			w.Fatalf("the sweep did not crash for the time %d: %v", death+1, err)
		}
		w.reopenDead()
		w.recoverDying(fmt.Sprintf("death %d (%s)", death+1, step))
	}
	cases := upkeep.New(w.store, &stepClock{now: asOf})
	report, err := cases.Sweep(w.ctx, asOf)
	w.noError(err, "sweep")
	if report.Cases == 0 || report.Cases >= len(ids) {
		w.Fatalf("the last sweep handled %d of %d cases: the test checks nothing", report.Cases, len(ids))
	}
	report, err = cases.Sweep(w.ctx, asOf)
	w.noError(err, "sweep again")
	equal(w, "cases that a second sweep finds", report.Cases, 0)
	w.wantCaughtUp(ids)
}

func (w *world) wantCaughtUp(ids []cloudtag.CaseID) {
	w.Helper()
	rank := map[cloudtag.CaseID]int{}
	for n, id := range ids {
		rank[id] = n
	}
	b := w.checkInvariants()
	equal(w, "warnings", count(b.entries, cloudtag.ActionCaseWarned), 2*len(ids))
	missed, latest := map[cloudtag.CaseID]int{}, 0
	for _, entry := range b.entries {
		if entry.Action != cloudtag.ActionCaseMissed {
			continue
		}
		id := caseOfEntry(entry)
		missed[id]++
		if rank[id] < latest-sweepPage {
			w.Fatalf("due case %d was handled after case %d", rank[id], latest)
		}
		latest = max(latest, rank[id])
	}
	for n, id := range ids {
		if missed[id] != 1 || b.cases[id].Handling != cloudtag.HandlingHandled {
			w.Fatalf("case %d was missed %d times and is %s, want once and HANDLED", n, missed[id], b.cases[id].Handling)
		}
	}
	total, err := w.store.CountPending(w.ctx, day0.AddDate(1, 0, 0))
	w.noError(err, "count pending")
	equal(w, "pending", total, 0)
}

// revocationAcrossCrashes revokes a shop with many tags in many cases while the process crashes three times: every case is
// recounted exactly once (rule 13).
func revocationAcrossCrashes(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	tags, cases := scaled(2_600, 1_000), scaled(1_300, 600) // more than three times as many as are amended side by side
	w.manyTags(tags, cases)
	before := w.readContents()
	clock, ids := &stepClock{now: day0.Add(time.Hour)}, countingIDs()
	over := func(store Store) *revocations.Service {
		return revocations.New(store, upkeep.New(store, clock), clock, ids)
	}
	service := func() *revocations.Service { return over(w.store) }
	proposal := revocations.Proposal{
		MerchantID: w.shop(1), Kind: cloudtag.ViolationFalseReport, Reason: "虚假标记", Evidence: []string{"录像"},
	}
	proposed, err := service().Propose(w.ctx, reviewing(1), proposal)
	w.noError(err, "propose")
	admin := cloudtag.Caller{Subject: "admin", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	approved, err := service().Decide(w.ctx, admin, proposed.ID, true, "属实")
	w.noError(err, "approve")
	equal(w, "cases to recount", approved.CasesToRecount, cases)

	left := cases
	for death := range 3 {
		err := over(w.dyingAmid()).Apply(w.ctx, clock.Now())
		died, step := w.faults.calm()
		doing := fmt.Sprintf("death %d (%s)", death+1, step)
		if !died || err == nil {
			w.Fatalf("%s: the recount did not crash: %v", doing, err)
		}
		w.reopenDead()
		w.recoverDying(doing)
		remaining, err := w.store.CountLiveCasesOf(w.ctx, w.shop(1))
		w.noError(err, "count what is left")
		recounted, err := service().Recounted(w.ctx, approved)
		w.noError(err, "progress")
		equal(w, doing+": progress", recounted, cases-remaining)
		if remaining == 0 || remaining >= left {
			w.Fatalf("%s: %d of %d cases are left, after %d before: the test checks nothing", doing, remaining, cases, left)
		}
		left = remaining
	}
	w.noError(service().Apply(w.ctx, clock.Now()), "resume to the end")
	w.noError(service().Apply(w.ctx, clock.Now()), "resume with nothing to do")
	w.wantRecountedOnce(before, tags, cases)
}

// causesAreLoggedFirst approves a revocation and crashes at its first write, then at the second, and so on. When it is
// resumed, without a recovery before, the log has the decision, then the permission, then the changes of tags.
func causesAreLoggedFirst(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	for n, died := 1, true; died; n++ {
		if n > maxWrites {
			w.Fatalf("still crashing at write %d", n)
		}
		w.begin(fmt.Sprintf("r%03d.", n))
		w.openShops(1)
		w.from(1, "k").tag("a", "1").tag("b", "2").record()
		clock, ids := &stepClock{now: day0.Add(time.Hour)}, cloudtag.IDFunc(func() string { return w.prefix + "revocation" })
		service := func() *revocations.Service {
			return revocations.New(w.store, upkeep.New(w.store, clock), clock, ids)
		}
		proposed, err := service().Propose(w.ctx, reviewing(1), revocations.Proposal{
			MerchantID: w.shop(1), Kind: cloudtag.ViolationFalseReport, Reason: "虚假标记", Evidence: []string{"录像"},
		})
		w.noError(err, "propose")
		before := w.lastSeq()
		admin := cloudtag.Caller{Subject: "admin", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
		w.faults.dieAt(n)
		_, _ = service().Decide(w.ctx, admin, proposed.ID, true, "属实")
		var step string
		if died, step = w.faults.calm(); died {
			w.reopenDead()
		}
		w.noError(service().Apply(w.ctx, clock.Now()), "resume")
		var logged []cloudtag.Action
		for _, entry := range w.logAfter(before) {
			logged = append(logged, entry.Action)
		}
		if len(logged) == 0 && died {
			continue // it crashed before the decision
		}
		wanted := []cloudtag.Action{cloudtag.ActionRevocationDecided, cloudtag.ActionPermissionChanged, cloudtag.ActionTagVoided}
		last := -1
		for _, action := range wanted {
			i := slices.Index(logged, action)
			if i <= last {
				w.Fatalf("died at write %d (%s): logged %v", n, step, logged)
			}
			last = i
		}
	}
}

// manyTags tags orders of many buyers by shop 1, and of some by other shops, so that some cases are confirmed.
func (w *world) manyTags(tags, cases int) {
	w.Helper()
	w.openShops(4)
	w.parallel(4, func(i int) error {
		total := []int{tags, cases, cases / 2, cases / 4}[i]
		for first := 0; first < total; first += cloudtag.MaxBatchOrders {
			s := w.from(1+i, fmt.Sprint("many-", first))
			for n := first; n < min(first+cloudtag.MaxBatchOrders, total); n++ {
				s.tag(fmt.Sprint(n%cases), fmt.Sprintf("%d-%d", i, n))
			}
			if _, _, err := s.try(w.ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) wantRecountedOnce(before contents, tags, cases int) {
	w.Helper()
	after := w.checkInvariants()
	discounted := map[cloudtag.OrderNo]int{}
	requeued := 0
	for _, entry := range after.entries[len(before.entries):] {
		switch entry.Action {
		case cloudtag.ActionTagVoided, cloudtag.ActionTagDiscounted:
			discounted[cloudtag.OrderNo(entry.Subject("tag"))]++
		case cloudtag.ActionCaseQueued:
			requeued++
		}
	}
	equal(w, "tags taken out of the count", len(discounted), tags)
	for order, times := range discounted {
		if tag := after.tags[order]; times != 1 || tag.Live || tag.MerchantID != w.shop(1) {
			w.Fatalf("tag of %s was taken out %d times, live %t", order, times, tag.Live)
		}
	}
	lapsed := 0
	for id, c := range after.cases {
		was := before.cases[id]
		if c.Version != was.Version+1 {
			w.Fatalf("case %s went from version %d to %d, want one change", id, was.Version, c.Version)
		}
		if was.State == cloudtag.CaseConfirmed && c.State == cloudtag.CaseLapsed {
			lapsed++
			equal(w, "handling of a case that lost its threshold", c.Handling, cloudtag.HandlingPending)
		}
	}
	equal(w, "cases", len(after.cases), cases)
	equal(w, "cases back in the queue", requeued, lapsed)
	if lapsed == 0 {
		w.Fatalf("no case fell below its threshold: the test checks nothing")
	}
	for action, want := range map[cloudtag.Action]int{
		cloudtag.ActionRevocationProposed: 1, cloudtag.ActionRevocationDecided: 1, cloudtag.ActionRevocationCompleted: 1,
		cloudtag.ActionPermissionChanged: 1,
	} {
		equal(w, string(action), count(after.entries, action), want)
	}
	equal(w, "live cases", len(w.liveCasesOf(1, "", 10)), 0)
	_, _, err := w.from(1, "late").tag("late", "late").try(w.ctx)
	w.wantCode(err, cloudtag.CodePermissionRevoked, "tag once more")
	if !slices.ContainsFunc(after.entries, func(e cloudtag.Entry) bool { return e.Reason == fmt.Sprint(cases, " cases recounted") }) {
		w.Fatalf("the log lacks the number of recounted cases")
	}
}
