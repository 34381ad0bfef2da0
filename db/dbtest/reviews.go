package dbtest

import (
	"fmt"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

func reviewCases() []testCase {
	return []testCase{
		inWorld("ClaimChangesTheClaimAlone", claimAlone),
		inWorld("ClaimsAreFound", claimsFound),
		inWorld("SharedWorkIsFound", sharedWorkFound),
		inWorld("NotesAreOfTheLog", notesOfTheLog),
		inWorld("OneClaimOfManyAtOnce", claimsAtOnce),
		inWorld("UndoRoundTrip", undoRoundTrip),
		inWorld("TwoReviewersAtOnce", twoReviewers),
		inWorld("OverturnReachesWhatIsNotLive", overturnReaches),
	}
}

const reviewer = "reviewer:甲"

// pendingCase returns a pending case with two votes of three.
func (w *world) pendingCase(buyer string) cloudtag.CaseID {
	w.Helper()
	for shop := 1; shop <= 2; shop++ {
		w.from(shop, fmt.Sprint("pending-", buyer)).tag(buyer, fmt.Sprintf("%s-%d", buyer, shop)).record()
	}
	equal(w, "handling", w.oneCase(w.caseOf(buyer)).Handling, cloudtag.HandlingPending)
	return w.caseOf(buyer)
}

// claim claims a case without a previous token.
func (w *world) claim(id cloudtag.CaseID, by, token string, at time.Time) (cloudtag.Case, error) {
	return w.store.Amend(w.ctx, id, func(file *cloudtag.CaseFile) error { return file.Claim(by, "", token, at) })
}

func (w *world) decide(buyer string, decision cloudtag.Decision, version int, at time.Time) cloudtag.Case {
	w.Helper()
	decided, err := w.store.Amend(w.ctx, w.caseOf(buyer), func(file *cloudtag.CaseFile) error {
		return file.Decide(cloudtag.Ruling{Decision: decision, Reason: "查实", ExpectedVersion: version, By: reviewer}, at)
	})
	w.noError(err, "decide")
	return decided
}

func (w *world) undo(buyer string, at time.Time) error {
	_, err := w.store.Amend(w.ctx, w.caseOf(buyer), func(file *cloudtag.CaseFile) error { return file.Undo(reviewer, at) })
	return err
}

// claimAlone: a claim changes the revision but not the version, a heartbeat appends no entry, and both are durable.
func claimAlone(w *world) {
	w.openShops(2)
	id := w.pendingCase("x")
	want, seq := w.oneCase(id), w.lastSeq()
	step := func(doing string, entries int, edit func(*cloudtag.CaseFile) error, claim *cloudtag.Claim) {
		w.Helper()
		got, err := w.store.Amend(w.ctx, id, edit)
		w.noError(err, doing)
		want.Claim = claim
		want.Revision++
		seq += int64(entries)
		equal(w, doing+": the case returned", got, want)
		w.reopen()
		equal(w, doing+": the case", w.oneCase(id), want)
		equal(w, doing+": last sequence number", w.lastSeq(), seq)
	}
	at := day0.Add(time.Minute)
	until := func(at time.Time, token string) *cloudtag.Claim {
		return &cloudtag.Claim{By: reviewer, Token: token, Until: at.Add(cloudtag.ClaimLease)}
	}
	step("claim", 1, func(f *cloudtag.CaseFile) error { return f.Claim(reviewer, "", "令牌-1", at) }, until(at, "令牌-1"))
	_, err := w.claim(id, "other", "t", at)
	w.wantCode(err, cloudtag.CodeClaimedByOther, "claim a claimed case")
	at = at.Add(time.Minute)
	step("heartbeat", 0, func(f *cloudtag.CaseFile) error { return f.Claim(reviewer, "令牌-1", "unused", at) }, until(at, "令牌-1"))
	step("release", 1, func(f *cloudtag.CaseFile) error { return f.Release(reviewer, "令牌-1", at) }, nil)
	step("claim again", 1, func(f *cloudtag.CaseFile) error { return f.Claim(reviewer, "", "令牌-2", at) }, until(at, "令牌-2"))
	decided, err := w.store.Amend(w.ctx, id, func(file *cloudtag.CaseFile) error {
		return file.Decide(cloudtag.Ruling{
			Decision: cloudtag.DecisionReject, Reason: "查实", ExpectedVersion: want.Version, Token: "令牌-2", By: reviewer,
		}, at)
	})
	w.noError(err, "decide with the claim")
	equal(w, "version after the decision", decided.Version, want.Version+1)
	equal(w, "revision after the decision", decided.Revision, want.Revision+1)
	if decided.Claim != nil {
		w.Errorf("the claim outlived the decision: %+v", decided.Claim)
	}
	w.checkInvariants()
}

// claimsFound: lists and counts by claim, at various times.
func claimsFound(w *world) {
	w.openShops(2)
	holders := []string{"a", "b", "a", "", "a", "b"}
	for n, holder := range holders {
		id := w.pendingCase(fmt.Sprint(n))
		if holder != "" {
			_, err := w.claim(id, holder, fmt.Sprint("token-", n), day0.Add(time.Duration(n)*time.Minute))
			w.noError(err, "claim")
		}
	}
	_, err := w.store.Amend(w.ctx, w.caseOf("4"), func(file *cloudtag.CaseFile) error {
		return file.Release("a", "token-4", day0.Add(4*time.Minute))
	})
	w.noError(err, "release")
	w.decideClaimed("5", "b", "token-5")
	all := w.allCases()
	for minute := range 12 {
		at := day0.Add(time.Duration(minute) * time.Minute)
		standing := 0
		for _, c := range all {
			if c.Claim != nil && at.Before(c.Claim.Until) {
				standing++
			}
		}
		got, err := w.store.CountClaimed(w.ctx, at)
		w.noError(err, "count claimed")
		equal(w, fmt.Sprint("claims in minute ", minute), got, standing)
		w.wantCaseList(all, cloudtag.CaseFilter{ClaimedAt: at})
		for _, holder := range []string{"a", "b", "nobody"} {
			w.wantCaseList(all, cloudtag.CaseFilter{ClaimedBy: holder, ClaimedAt: at})
			w.wantCaseList(all, cloudtag.CaseFilter{ClaimedBy: holder, ClaimedAt: at, Scenario: swapped})
			w.wantCaseList(all, cloudtag.CaseFilter{ClaimedBy: holder, ClaimedAt: at, Handling: cloudtag.HandlingPending, MinVotes: 2})
			w.wantCaseList(all, cloudtag.CaseFilter{ClaimedBy: holder, ClaimedAt: at, BuyerID: w.buyer("2")})
		}
	}
	mine, _, err := w.store.CasePage(w.ctx, cloudtag.CaseFilter{ClaimedBy: "a", ClaimedAt: day0.Add(3 * time.Minute)},
		cloudtag.CasesByDueAsc, cloudtag.Slice{Limit: 10})
	w.noError(err, "page")
	equal(w, "claims of one reviewer", len(mine), 2)
}

func (w *world) decideClaimed(buyer, by, token string) {
	w.Helper()
	c := w.oneCase(w.caseOf(buyer))
	_, err := w.store.Amend(w.ctx, c.ID, func(file *cloudtag.CaseFile) error {
		return file.Decide(cloudtag.Ruling{
			Decision: cloudtag.DecisionKeepAccumulating, Reason: "证据不足", ExpectedVersion: c.Version, By: by, Token: token,
		}, c.Claim.Until.Add(-time.Minute))
	})
	w.noError(err, "decide")
}

func (w *world) wantCaseList(all []cloudtag.Case, filter cloudtag.CaseFilter) {
	w.Helper()
	for _, order := range caseOrders() {
		list := w.caseList(filter, order)
		want := list.model(all)
		equal(w, list.name, walk(w, list, 1, false, nil), want)
		equal(w, list.name+" backward", walk(w, list, 1, true, nil), want)
		got, err := list.count(w.ctx, 10)
		w.noError(err, list.name)
		equal(w, list.name+" counted", got, len(want))
	}
}

// sharedWorkFound: lists and counts by assignment, escalation and snooze, at various times.
func sharedWorkFound(w *world) {
	w.openShops(2)
	until := day0.Add(time.Hour)
	for n, edit := range []func(*cloudtag.CaseFile) error{
		func(*cloudtag.CaseFile) error { return nil },
		func(f *cloudtag.CaseFile) error { return f.Assign("a", "lead", day0) },
		func(f *cloudtag.CaseFile) error { return f.Assign("b", "lead", day0) },
		func(f *cloudtag.CaseFile) error { return f.Snooze("a", "明日再看", until, day0) },
		func(f *cloudtag.CaseFile) error { return f.Snooze("b", "", until.Add(time.Millisecond), day0) },
		func(f *cloudtag.CaseFile) error { return f.Escalate("a", "三家店同一地址", day0) },
		func(f *cloudtag.CaseFile) error {
			if err := f.Assign("a", "lead", day0); err != nil {
				return err
			}
			return f.Escalate("b", "y", day0)
		},
		func(f *cloudtag.CaseFile) error {
			if err := f.Assign("a", "lead", day0); err != nil {
				return err
			}
			return f.Snooze("a", "", until, day0)
		},
	} {
		_, err := w.store.Amend(w.ctx, w.pendingCase(fmt.Sprint(n)), edit)
		w.noError(err, "share")
	}
	w.decide("1", cloudtag.DecisionReject, w.oneCase(w.caseOf("1")).Version, day0.Add(time.Minute)) // no longer assigned
	w.reopen()
	all := w.allCases()
	for _, at := range []time.Time{until.Add(-time.Millisecond), until, until.Add(time.Millisecond)} {
		for _, filter := range []cloudtag.CaseFilter{
			{AssignedTo: "a"}, {AssignedTo: "b"}, {AssignedTo: "nobody"}, {Escalated: true}, {SnoozedAt: at}, {AwakeAt: at},
			{AwakeAt: at, Handling: cloudtag.HandlingPending}, {AssignedTo: "a", Escalated: true}, {AssignedTo: "a", SnoozedAt: at},
			{AssignedTo: "a", AwakeAt: at}, {Escalated: true, SnoozedAt: at}, {Escalated: true, Handling: cloudtag.HandlingHandled},
			{AssignedTo: "a", BuyerID: w.buyer("7")}, {SnoozedAt: at, MinVotes: 2, Scenario: freight},
			{Escalated: true, States: cloudtag.CaseStates(), RiskLevels: cloudtag.RiskLevels()},
		} {
			w.wantCaseList(all, filter)
		}
	}
	mine, _, err := w.store.CasePage(w.ctx, cloudtag.CaseFilter{AssignedTo: "a"}, cloudtag.CasesByPriorityDesc, cloudtag.Slice{Limit: 10})
	w.noError(err, "page")
	equal(w, "cases of one reviewer", len(mine), 2)
	equal(w, "waking at the end of two snoozes", len(w.waking(until, 10)), 2)
	w.checkInvariants()
}

// notesOfTheLog: a note is a log entry about its case and the mentioned reviewers; the case counts it and keeps its version.
func notesOfTheLog(w *world) {
	w.openShops(2)
	id := w.pendingCase("x")
	before := w.oneCase(id)
	ann, ben := w.prefix+"甲", w.prefix+"ben@example.com"
	_, err := w.store.Amend(w.ctx, id, func(f *cloudtag.CaseFile) error {
		return f.Note("@"+ben+" 请看看", []string{ben}, ann, day0)
	})
	w.noError(err, "note")
	w.reopen()
	after := w.oneCase(id)
	equal(w, "version", after.Version, before.Version)
	equal(w, "notes", after.Notes, cloudtag.CaseNotes{Count: 1})
	found := func(subject cloudtag.Subject) []cloudtag.Entry {
		w.Helper()
		entries, _, err := w.store.LogPage(w.ctx, cloudtag.LogFilter{Subject: subject, Action: cloudtag.ActionCaseNoted}, cloudtag.Slice{Limit: 10})
		w.noError(err, "log")
		return entries
	}
	ofCase := found(cloudtag.CaseSubject(id))
	equal(w, "notes of the case", len(ofCase), 1)
	equal(w, "its text", ofCase[0].Reason, "@"+ben+" 请看看")
	equal(w, "notes that mention the other", found(cloudtag.ReviewerSubject(ben)), ofCase)
	equal(w, "notes that mention the author", len(found(cloudtag.ReviewerSubject(ann))), 0)
	w.checkInvariants()
}

func claimsAtOnce(w *world) {
	w.openShops(2)
	id := w.pendingCase("x")
	for round := range scaled(20, 5) {
		at := day0.Add(time.Duration(round) * time.Hour / 2)
		var mu sync.Mutex
		var won []string
		w.parallel(submitters, func(i int) error {
			name := fmt.Sprint("reviewer-", i)
			_, err := w.claim(id, name, "token of "+name, at)
			if cloudtag.CodeOf(err) == cloudtag.CodeClaimedByOther {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			won = append(won, name)
			return err
		})
		equal(w, "successful claims", len(won), 1)
		equal(w, "the claim", *w.oneCase(id).Claim, cloudtag.Claim{By: won[0], Token: "token of " + won[0], Until: at.Add(cloudtag.ClaimLease)})
	}
	w.checkInvariants()
}

// undoRoundTrip: the data for undoing a decision are durable, and undoing restores the tags and the shop's counts.
func undoRoundTrip(w *world) {
	w.openShops(2)
	for n, decision := range []cloudtag.Decision{cloudtag.DecisionConfirm, cloudtag.DecisionReject, cloudtag.DecisionKeepAccumulating} {
		buyer := fmt.Sprint(n)
		id := w.pendingCase(buyer)
		before, tags := w.oneCase(id), w.liveTags(id)[id]
		counts, err := w.store.MerchantCounts(w.ctx, []cloudtag.MerchantID{w.shop(1), w.shop(2)})
		w.noError(err, "merchant counts")
		at := day0.Add(time.Minute)
		decided := w.decide(buyer, decision, before.Version, at)
		w.reopen()
		stored := w.oneCase(id)
		equal(w, "the decided case", stored, decided)
		if stored.Undo == nil || len(stored.Undo.Tags) != 2 || stored.Undo.Before.DueAt != before.DueAt {
			w.Fatalf("stored for undoing: %+v", stored.Undo)
		}
		w.checkInvariants()
		w.wantCode(w.undo(buyer, at.Add(cloudtag.UndoWindow+time.Millisecond)), cloudtag.CodeInvalidState, "undo too late")
		w.noError(w.undo(buyer, at.Add(time.Second)), "undo")
		after := w.oneCase(id)
		equal(w, "state", after.State, before.State)
		equal(w, "handling", after.Handling, before.Handling)
		equal(w, "due", after.DueAt, before.DueAt)
		equal(w, "votes", after.Votes, before.Votes)
		equal(w, "version", after.Version, before.Version+2)
		live := w.liveTags(id)[id]
		equal(w, "live tags", len(live), len(tags))
		for i := range tags {
			equal(w, "status", live[i].Status, tags[i].Status)
			equal(w, "handled", live[i].HandledAt, tags[i].HandledAt)
		}
		now, err := w.store.MerchantCounts(w.ctx, []cloudtag.MerchantID{w.shop(1), w.shop(2)})
		w.noError(err, "merchant counts")
		equal(w, "counts of the shops", now, counts)
		equal(w, "wakes before the deadline", len(w.waking(before.DueAt, 100)), n+1)
		w.checkInvariants()
	}
}

// stepClock is a manual clock.
type stepClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *stepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepClock) step(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// countingIDs returns a source of numbered identifiers.
func countingIDs() cloudtag.IDSource {
	var mu sync.Mutex
	n := 0
	return cloudtag.IDFunc(func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprint("id-", n)
	})
}

// twoReviewers decide the same case concurrently, again and again: exactly one wins each time, the other gets CONFLICT and
// the current case (rule 10). The winner undoes the decision, so that the case is pending again.
func twoReviewers(w *world) {
	w.openShops(2)
	id := w.pendingCase("x")
	clock := &stepClock{now: day0}
	reviews := cloudtag.NewReviews(w.store, clock, countingIDs())
	decisions := []cloudtag.Decision{cloudtag.DecisionConfirm, cloudtag.DecisionReject, cloudtag.DecisionKeepAccumulating}
	wins := [2]int{}
	for round := range scaled(1000, 100) {
		clock.step(time.Millisecond)
		version := w.oneCase(id).Version
		var after [2]cloudtag.Case
		var failures [2]error
		w.parallel(2, func(i int) error {
			ruling := cloudtag.Ruling{Decision: decisions[(round+i)%3], Reason: "查实", ExpectedVersion: version}
			after[i], failures[i] = reviews.Decide(w.ctx, reviewing(i), id, ruling)
			return nil
		})
		winner := 0
		if failures[0] != nil {
			winner = 1
		}
		w.noError(failures[winner], "the decision of one of two")
		w.wantCode(failures[1-winner], cloudtag.CodeConflict, "the decision of the other")
		equal(w, "who decided, as returned to the other", after[1-winner].Decision.By, reviewing(winner).Subject)
		equal(w, "the case, as returned to the other", after[1-winner], after[winner])
		equal(w, "version", after[winner].Version, version+1)
		wins[winner]++
		_, err := reviews.Undo(w.ctx, reviewing(winner), id)
		w.noError(err, "undo")
	}
	b := w.checkInvariants()
	rounds := wins[0] + wins[1]
	equal(w, "decisions in the log", count(b.entries, cloudtag.ActionCaseDecided), rounds)
	equal(w, "undone decisions", count(b.entries, cloudtag.ActionCaseUndone), rounds)
	equal(w, "version in the end", b.cases[id].Version, 2+2*rounds)
	w.Logf("wins of each: %v", wins)
}

func reviewing(i int) cloudtag.Caller {
	return cloudtag.Caller{Subject: fmt.Sprint("reviewer-", i), Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
}

// overturnReaches: an accepted appeal also overturns successes that have left the window.
func overturnReaches(w *world) {
	w.openShops(4)
	for shop := 1; shop <= 3; shop++ {
		w.from(shop, "x").at(day0.AddDate(0, 0, shop)).tag("x", fmt.Sprint(shop)).record()
	}
	at := day0.AddDate(0, 0, 1).Add(window)
	w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(at) })
	equal(w, "live", len(w.liveTags(w.caseOf("x"))[w.caseOf("x")]), 2)
	old := w.oneTag("1")
	equal(w, "status of the tag outside the window", old.Status, cloudtag.TagSucceeded)
	made := &noted{}
	before := w.lastSeq()
	w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) {
		file.Overturn([]cloudtag.Tag{old}, reviewer, "申诉成立", at, at)
		made.note(file, nil)
	})
	made.wantStored(w, before)
	for shop := 1; shop <= 3; shop++ {
		equal(w, "status", w.oneTag(fmt.Sprint(shop)).Status, cloudtag.TagOverturned)
		counts, err := w.store.MerchantCounts(w.ctx, []cloudtag.MerchantID{w.shop(shop)})
		w.noError(err, "merchant counts")
		equal(w, "counts of the shop", counts[w.shop(shop)], cloudtag.MerchantCounts{Tags: 1, Overturned: 1})
	}
	w.checkInvariants()
}
