package cloudtag

import (
	"slices"
	"time"
)

// evaluate applies rules 5 to 7 at a time: a tag counts while submitted_at > at - window, votes are distinct
// entities, and a case whose votes reach the threshold with no hold confirms all its live tags at once.
func (f *CaseFile) evaluate(at time.Time) {
	f.expire(at)
	f.count()
	switch {
	case f.Case.Votes >= f.Case.Threshold && len(f.Case.Holds) == 0:
		f.confirm(at)
	case f.Case.State == CaseConfirmed && f.Case.Votes < f.Case.confirmedBelow():
		f.setState(CaseLapsed, ActionCaseLapsed, at, f.voteReason())
	case f.Case.State == CaseAccumulating && len(f.live) == 0:
		f.setState(CaseExpired, ActionCaseExpired, at, reasonNoLiveTag)
	}
	if len(f.live) == 0 && f.Case.Handling == HandlingPending {
		f.handle(DecisionKeepAccumulating, ActionCaseHandled, at, reasonNothingToDecide)
	}
	f.recordAdjustment(at)
	f.describeEntries()
}

// expire ends the tags that have left the window: accumulating ones expire, succeeded ones stay succeeded but no longer
// count as votes (rule 5).
func (f *CaseFile) expire(at time.Time) {
	windowStart := at.Add(-f.policy.Window())
	for _, tag := range f.live {
		if tag.SubmittedAt.After(windowStart) {
			continue
		}
		if tag.Status == TagAccumulating {
			f.changeStatus(tag, TagExpired, ActionTagExpired, at, EngineActor, reasonLeftWindow)
			continue
		}
		tag.Live = false
		f.touch(tag)
	}
	f.dropInactive()
}

// count computes votes, threshold and holds of the case from its live tags, the account's risk and the policy.
func (f *CaseFile) count() {
	c := &f.Case
	c.RiskLevel = f.policy.RiskLevel(f.risk)
	c.Threshold = f.policy.Threshold(c.Scenario, c.RiskLevel)
	c.PolicyVersion = f.policy.Version
	c.Votes = countEntities(f.live)
	if f.policy.LinkedPairsCountOnce {
		c.Votes = f.countLinkedOnce()
	}
	c.NextExpiryAt = time.Time{}
	if len(f.live) > 0 {
		c.NextExpiryAt = f.live[0].SubmittedAt.Add(f.policy.Window())
	}
	f.hold()
}

// countEntities counts the distinct entities of tags. For few tags, which is usual, a linear search is cheaper than a set.
func countEntities(tags []*fileTag) int {
	if len(tags) > 32 {
		seen := make(map[EntityID]struct{}, len(tags))
		for _, tag := range tags {
			seen[tag.EntityID] = struct{}{}
		}
		return len(seen)
	}
	votes := 0
	for i, tag := range tags {
		if !slices.ContainsFunc(tags[:i], func(other *fileTag) bool { return other.EntityID == tag.EntityID }) {
			votes++
		}
	}
	return votes
}

// confirm makes every accumulating live tag succeed and confirms the case. Tags that have succeeded before are left alone,
// so that no tag succeeds twice.
func (f *CaseFile) confirm(at time.Time) {
	flipped := false
	f.Case.ReviewedVotes = 0
	for _, tag := range f.live {
		if tag.Status == TagAccumulating {
			f.changeStatus(tag, TagSucceeded, ActionTagSucceeded, at, EngineActor, f.voteReason())
			flipped = true
		}
	}
	if f.Case.State != CaseConfirmed {
		f.Case.State = CaseConfirmed
		f.took = at.Sub(f.Case.accumulatingSince())
		f.handle(DecisionConfirm, ActionCaseConfirmed, at, f.voteReason())
		return
	}
	if flipped {
		f.decide(DecisionConfirm, at, f.voteReason())
		f.handleTags(at)
	}
}

// recordAdjustment records a change of votes, risk level, threshold or next expiry (a succeeded tag left the window, the
// account's risk or the policy changed) if no other entry does.
func (f *CaseFile) recordAdjustment(at time.Time) {
	was, is := f.logged, f.Case
	adjusted := was.Votes != is.Votes || was.RiskLevel != is.RiskLevel || was.Threshold != is.Threshold ||
		!was.NextExpiryAt.Equal(is.NextExpiryAt)
	if adjusted && len(f.entries) == 0 {
		f.recordCase(ActionCaseAdjusted, at, EngineActor, f.voteReason())
	}
}

// describeEntries sets After of the case's entries, once a change is complete.
func (f *CaseFile) describeEntries() {
	if f.silent {
		return
	}
	described := f.Case.Summary()
	described.Weighing, described.TookMs = f.weighing, f.took.Milliseconds()
	summary := MustJSON(described)
	for i := range f.entries {
		if f.entries[i].After == nil {
			f.entries[i].After = summary
		}
	}
	f.logged, f.took = f.Case, 0
}

// voteReason is the votes and the threshold as a reason for the log.
func (f *CaseFile) voteReason() string {
	if f.silent {
		return ""
	}
	return voteReason(f.Case.Votes, f.Case.Threshold, f.Case.RiskLevel, f.Case.PolicyVersion)
}
