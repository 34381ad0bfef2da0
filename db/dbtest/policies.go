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
	}
}

func policyEmptyStore(t *testing.T, newFactory NewFactory) {
	w := emptyWorld(t, newFactory(t))
	for _, version := range []int{0, 1, 2} {
		_, err := w.store.Policy(w.ctx, version)
		w.wantCode(err, cloudtag.CodeNotFound, "policy of an empty store")
	}
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
	for version, want := range map[int]cloudtag.Policy{0: second, 1: w.policy, 2: second} {
		got, err := w.store.Policy(w.ctx, version)
		w.noError(err, "policy")
		equal(w, "policy", got, want)
	}
	_, err := w.store.Policy(w.ctx, 3)
	w.wantCode(err, cloudtag.CodeNotFound, "a version to come")
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
