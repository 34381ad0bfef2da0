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
		f.setState(CaseLapsed, ActionCaseLapsed, at, f.tally())
	case f.Case.State == CaseAccumulating && len(f.live) == 0:
		f.setState(CaseExpired, ActionCaseExpired, at, reasonNoLiveTag)
	}
	if len(f.live) == 0 && f.Case.Handling == HandlingPending {
		f.handle(DecisionKeepAccumulating, ActionCaseHandled, at, reasonNothingToDecide)
	}
	f.noteAdjustment(at)
	f.describeEntries()
}

// expire lets the tags that have left the window go: uncounted ones expire, succeeded ones stay succeeded and
// stop being votes (rule 5).
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
	f.dropDead()
}

// count sets the numbers of the case from its live tags, the account's risk and the policy.
func (f *CaseFile) count() {
	c := &f.Case
	c.RiskLevel = f.policy.RiskLevel(f.risk)
	c.Threshold = f.policy.Threshold(c.Scenario, c.RiskLevel)
	c.PolicyVersion = f.policy.Version
	c.Votes = countEntities(f.live)
	if f.policy.LinkedPairsCountOnce {
		c.Votes = f.joinLinked()
	}
	c.NextExpiryAt = time.Time{}
	if len(f.live) > 0 {
		c.NextExpiryAt = f.live[0].SubmittedAt.Add(f.policy.Window())
	}
	f.hold()
}

// countEntities counts the distinct entities of tags. Few tags of one account are live at once, so that looking
// through those before is cheaper than a set.
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

// confirm turns every live tag into a success, and the case into a confirmed one. What has succeeded before is
// left alone, so that no tag flips twice.
func (f *CaseFile) confirm(at time.Time) {
	flipped := false
	f.Case.ReviewedVotes = 0
	for _, tag := range f.live {
		if tag.Status == TagAccumulating {
			f.changeStatus(tag, TagSucceeded, ActionTagSucceeded, at, EngineActor, f.tally())
			flipped = true
		}
	}
	if f.Case.State != CaseConfirmed {
		f.Case.State = CaseConfirmed
		f.took = at.Sub(f.Case.accumulatingSince())
		f.handle(DecisionConfirm, ActionCaseConfirmed, at, f.tally())
		return
	}
	if flipped {
		f.decide(DecisionConfirm, at, f.tally())
		f.handleTags(at)
	}
}

// noteAdjustment records that a number of the case moved (a succeeded tag left the window, the account's risk or the
// policy changed) where no other entry of this change tells it.
func (f *CaseFile) noteAdjustment(at time.Time) {
	was, is := f.noted, f.Case
	moved := was.Votes != is.Votes || was.RiskLevel != is.RiskLevel || was.Threshold != is.Threshold ||
		!was.NextExpiryAt.Equal(is.NextExpiryAt)
	if moved && len(f.entries) == 0 {
		f.recordCase(ActionCaseAdjusted, at, EngineActor, f.tally())
	}
}

// describeEntries gives the case's entries their "after", once all that one change did to the case is known.
func (f *CaseFile) describeEntries() {
	if f.silent {
		return
	}
	described := caseSummary(f.Case)
	described.Weighing, described.TookMs = f.weighing, f.took.Milliseconds()
	summary := MustJSON(described)
	for i := range f.entries {
		if f.entries[i].After == nil {
			f.entries[i].After = summary
		}
	}
	f.noted, f.took = f.Case, 0
}

// tally says the count in words for the log.
func (f *CaseFile) tally() string {
	if f.silent {
		return ""
	}
	return tally(f.Case.Votes, f.Case.Threshold, f.Case.RiskLevel, f.Case.PolicyVersion)
}
