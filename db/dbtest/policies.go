package dbtest

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func policyCases() []testCase {
	return []testCase{
		{"EmptyStore", policyEmptyStore},
		inWorld("Versions", policyVersions),
		inWorld("StoredVersionIsConflict", policyConflict),
		inWorld("OneOfManyAtOnce", policyOneOfMany),
		inWorld("DecidesInTheNextChange", policyDecides),
		inWorld("DecidesFromItsStart", policyStarts),
		inWorld("Withdrawn", policyWithdrawn),
		inWorld("GoesWithItsDraft", policyWithDraft),
	}
}

func policyEmptyStore(t *testing.T, newFactory NewFactory) {
	w := emptyWorld(t, newFactory(t))
	for _, version := range []int{0, 1, 2} {
		_, err := w.store.Policy(w.ctx, version)
		w.wantCode(err, cloudtag.CodeNotFound, "policy of an empty store")
	}
	_, err := w.store.PolicyTimeline(w.ctx)
	w.wantCode(err, cloudtag.CodeNotFound, "timeline of an empty store")
	equal(w, "last sequence number of an empty log", w.lastSeq(), 0)
	equal(w, "entries of an empty log", len(w.logAfter(0)), 0)
	w.noError(w.store.Ping(w.ctx), "ping")
}

// nextPolicy is the version after the latest one, with another threshold for the tests' scenario.
func (w *world) nextPolicy(threshold int) cloudtag.Policy {
	w.Helper()
	next := w.latestPolicy()
	next.Version++
	next.Rules = slices.Clone(next.Rules)
	for i := range next.Rules {
		if next.Rules[i].Scenario == freight {
			next.Rules[i].Threshold = threshold
		}
	}
	next.CreatedBy, next.CreatedAt, next.Reason = "管理员", day0.Add(time.Hour), "调整门槛"
	return next
}

func policyVersions(w *world) {
	second := w.nextPolicy(5)
	second.MaxOrderAgeDays, second.RequireRejectedReport, second.AdjustMedium = 90, true, -1
	second.LinkedPairsCountOnce, second.HoldLinkedPairs, second.HoldBursts = true, true, true
	second.WeighVotesByRecord, second.HoldUnanchored = true, true
	second.OverturnedWeight, second.MinMeanWeight, second.AnchorFrom = 8, 60, 20
	second.Rules[1].Enabled = false
	before := w.lastSeq()
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}), "add the second")
	w.reopen()
	for version, want := range map[int]cloudtag.Policy{1: w.policy, 2: second} {
		got, err := w.store.Policy(w.ctx, version)
		w.noError(err, "policy")
		equal(w, "policy", got, want)
	}
	equal(w, "timeline", w.timeline(), cloudtag.PolicyTimeline{Holds: second})
	_, err := w.store.Policy(w.ctx, 3)
	w.wantCode(err, cloudtag.CodeNotFound, "a version that does not exist")
	equal(w, "entries", w.logAfter(before), []cloudtag.Entry{policyEntry(second)}, withoutSeq)
}

func policyConflict(w *world) {
	second := w.nextPolicy(5)
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}), "add the second")
	before := w.lastSeq()
	for _, version := range []int{1, 2} {
		again := second
		again.Version, again.Reason = version, "再来一次"
		w.wantCode(w.store.AddPolicy(w.ctx, again, []cloudtag.Entry{policyEntry(again)}), cloudtag.CodeConflict, "add a stored version")
	}
	equal(w, "latest", w.latestPolicy(), second)
	equal(w, "last sequence number", w.lastSeq(), before)
}

func policyOneOfMany(w *world) {
	before := w.lastSeq()
	var winner atomic.Int64
	w.parallel(16, func(i int) error {
		policy := w.policy
		policy.Version, policy.WindowDays = 2, 100+i
		err := w.store.AddPolicy(w.ctx, policy, []cloudtag.Entry{policyEntry(policy)})
		if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
			return nil
		}
		winner.Add(int64(policy.WindowDays))
		return err
	})
	latest := w.latestPolicy()
	equal(w, "version", latest.Version, 2)
	equal(w, "window of the one that was stored", int64(latest.WindowDays), winner.Load())
	equal(w, "entries", w.logAfter(before), []cloudtag.Entry{policyEntry(latest)}, withoutSeq)
}

func policyDecides(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1").record()
	equal(w, "policy of the first change", w.oneCase(w.caseOf("x")).PolicyVersion, 1)
	second := w.nextPolicy(2)
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}), "add the second")
	w.from(2, "a").tag("x", "2").record()
	c := w.oneCase(w.caseOf("x"))
	equal(w, "policy of the second change", c.PolicyVersion, 2)
	equal(w, "state at a threshold of 2", c.State, cloudtag.CaseConfirmed)
	third := w.nextPolicy(3)
	w.noError(w.store.AddPolicy(w.ctx, third, []cloudtag.Entry{policyEntry(third)}), "add the third")
	amended := w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(day0) })
	equal(w, "policy of an amendment", amended.PolicyVersion, 3)
	equal(w, "state at a threshold of 3", amended.State, cloudtag.CaseLapsed)
}

func (w *world) timeline() cloudtag.PolicyTimeline {
	w.Helper()
	timeline, err := w.store.PolicyTimeline(w.ctx)
	w.noError(err, "timeline")
	return timeline
}

// scheduled returns the version after the latest one, published before it takes effect.
func (w *world) scheduled(threshold int, published, start time.Time) cloudtag.Policy {
	w.Helper()
	next := w.nextPolicy(threshold)
	next.CreatedAt, next.StartsAt, next.ApprovedBy = published, start, "另一位管理员"
	return next
}

// policyStarts reopens the store before the scheduled version takes effect.
func policyStarts(w *world) {
	w.openShops(3)
	begins := day0.Add(10 * time.Hour)
	second := w.scheduled(2, day0.Add(time.Hour), begins)
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}), "schedule the second")
	w.reopen()
	equal(w, "timeline", w.timeline(), cloudtag.PolicyTimeline{Holds: w.policy, Scheduled: &second})
	third := w.scheduled(5, day0.Add(2*time.Hour), time.Time{})
	w.wantCode(w.store.AddPolicy(w.ctx, third, []cloudtag.Entry{policyEntry(third)}), cloudtag.CodeInvalidState, "a third while the second waits")
	w.from(1, "a").at(day0.Add(2*time.Hour)).tag("x", "1").record()
	w.from(2, "a").at(begins.Add(-time.Millisecond)).tag("x", "2").record()
	c := w.oneCase(w.caseOf("x"))
	equal(w, "policy just before the start", c.PolicyVersion, 1)
	equal(w, "state just before the start", c.State, cloudtag.CaseAccumulating)
	w.reopen()
	amended := w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(begins) })
	equal(w, "policy at the start", amended.PolicyVersion, 2)
	equal(w, "state at the start", amended.State, cloudtag.CaseConfirmed)
	w.from(1, "b").at(begins).tag("y", "3").record()
	equal(w, "policy of a case that begins then", w.oneCase(w.caseOf("y")).PolicyVersion, 2)
	third.CreatedAt = begins.Add(time.Hour)
	w.noError(w.store.AddPolicy(w.ctx, third, []cloudtag.Entry{policyEntry(third)}), "a third after the second's start")
	equal(w, "timeline", w.timeline(), cloudtag.PolicyTimeline{Holds: third})
}

func policyWithdrawn(w *world) {
	w.openShops(2)
	begins := day0.Add(10 * time.Hour)
	second := w.scheduled(2, day0.Add(time.Hour), begins)
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}), "schedule the second")
	before := w.lastSeq()
	withdrawal := cloudtag.PolicyWithdrawal{By: "管理员", At: day0.Add(2 * time.Hour), Reason: "不再需要"}
	entry := cloudtag.Entry{At: withdrawal.At, Actor: withdrawal.By, Action: cloudtag.ActionPolicyWithdrawn, Reason: withdrawal.Reason}
	w.wantCode(w.store.WithdrawPolicy(w.ctx, 1, withdrawal, entry), cloudtag.CodeInvalidState, "withdraw the first")
	w.noError(w.store.WithdrawPolicy(w.ctx, 2, withdrawal, entry), "withdraw the second")
	w.wantCode(w.store.WithdrawPolicy(w.ctx, 2, withdrawal, entry), cloudtag.CodeInvalidState, "withdraw it again")
	w.reopen()
	second.Withdrawn = &withdrawal
	equal(w, "timeline", w.timeline(), cloudtag.PolicyTimeline{Holds: w.policy, Scheduled: &second})
	stored, err := w.store.Policy(w.ctx, 2)
	w.noError(err, "the withdrawn version")
	equal(w, "the withdrawn version", stored, second)
	equal(w, "entries", len(w.logAfter(before)), 1)
	w.from(1, "a").at(begins.Add(time.Hour)).tag("x", "1").record()
	equal(w, "policy after the start of the withdrawn version", w.oneCase(w.caseOf("x")).PolicyVersion, 1)
	third := w.scheduled(5, day0.Add(3*time.Hour), time.Time{})
	equal(w, "the version after a withdrawn one", third.Version, 3)
	w.noError(w.store.AddPolicy(w.ctx, third, []cloudtag.Entry{policyEntry(third)}), "a third")
}

// policyWithDraft: a version and its draft are stored atomically.
func policyWithDraft(w *world) {
	draft := w.document(cloudtag.KindPolicyDraft, "draft")
	w.noError(w.store.SaveDocument(w.ctx, draft, nil), "save a draft")
	second := w.nextPolicy(5)
	before := w.lastSeq()
	w.wantCode(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}, draft), cloudtag.CodeConflict, "with a draft that has changed")
	equal(w, "the version", w.timeline(), cloudtag.PolicyTimeline{Holds: w.policy})
	equal(w, "entries", w.lastSeq(), before)
	draft.Version++
	w.noError(w.store.AddPolicy(w.ctx, second, []cloudtag.Entry{policyEntry(second)}, draft), "with the draft as it is")
	found, err := w.store.Documents(w.ctx, cloudtag.KindPolicyDraft, []string{draft.ID})
	w.noError(err, "find the draft")
	equal(w, "revision of the draft", found[draft.ID].Version, 2)
	equal(w, "the version", w.timeline().Holds.Version, 2)
}
