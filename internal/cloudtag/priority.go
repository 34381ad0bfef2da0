package cloudtag

import "time"

// The head starts of a case: how much earlier it ranks than its due time.
const (
	headStartOneVoteShort = 6 * time.Hour
	headStartHighRisk     = 6 * time.Hour
	headStartMediumRisk   = 3 * time.Hour
	headStartHeld         = 3 * time.Hour
	headStartPayout       = 4 * time.Hour // success refuses a payout, which is on hold until then
	headStartMetrics      = 2 * time.Hour
	headStartReview       = time.Hour
)

// PriorityOrigin is far after any due time, so that ranks of pending cases are positive.
func PriorityOrigin() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }

// PriorityKey is the sort key by priority, highest first. It does not depend on the current time, so that a store can index
// it: the priority of all pending cases grows at the same rate. For pending cases it is derived from the due time minus the
// head start, in milliseconds; handled cases come after all pending ones, latest opened first.
func (c Case) PriorityKey() int64 {
	if c.Handling != HandlingPending {
		return c.OpenedAt.Sub(PriorityOrigin()).Milliseconds()
	}
	return PriorityOrigin().Sub(c.DueAt.Add(-c.headStart())).Milliseconds()
}

// Priority is how urgent a case is at a time: 96 minus the hours until it is due, plus the head start in hours. A case that
// enters the queue with all of its 48 hours left has 48 to 67, and gains one per hour; at 96 it is overdue even without a
// head start. Handled cases have 0.
func (c Case) Priority(now time.Time) float64 {
	if c.Handling != HandlingPending {
		return 0
	}
	left := c.DueAt.Add(-c.headStart()).Sub(now)
	return max(0, 96-left.Hours())
}

// PriorityReason is a component of a priority.
type PriorityReason string

// The components of priorities.
const (
	PriorityWaiting      PriorityReason = "WAITING" // 96 minus the hours until the case is due
	PriorityOneVoteShort PriorityReason = "ONE_VOTE_SHORT"
	PriorityHighRisk     PriorityReason = "HIGH_RISK"
	PriorityMediumRisk   PriorityReason = "MEDIUM_RISK"
	PriorityHeld         PriorityReason = "HELD"
	PriorityPayout       PriorityReason = "PAYOUT"  // success refuses a payout
	PriorityMetrics      PriorityReason = "METRICS" // … takes the order out of the shop's metrics
	PriorityReview       PriorityReason = "REVIEW"  // … flags the buyer's review
)

// PriorityPart is the contribution of one reason to a priority, in hours.
type PriorityPart struct {
	Reason PriorityReason
	Hours  float64
}

// PriorityParts returns the components of a case's priority at a time: they add up to [Case.Priority], unless that is 0. A
// handled case has none.
func (c Case) PriorityParts(now time.Time) []PriorityPart {
	if c.Handling != HandlingPending {
		return nil
	}
	parts := []PriorityPart{{PriorityWaiting, 96 - c.DueAt.Sub(now).Hours()}}
	for _, start := range c.headStarts() {
		parts = append(parts, PriorityPart{start.reason, start.by.Hours()})
	}
	return parts
}

// headStart is the sum of the case's head starts.
func (c Case) headStart() time.Duration {
	var sum time.Duration
	for _, start := range c.headStarts() {
		sum += start.by
	}
	return sum
}

type headStart struct {
	reason PriorityReason
	by     time.Duration
}

// headStarts returns the case's head starts: for a missing vote, risk, holds, and the effect of a success.
func (c Case) headStarts() []headStart {
	var starts []headStart
	if c.Threshold-c.Votes <= 1 {
		starts = append(starts, headStart{PriorityOneVoteShort, headStartOneVoteShort})
	}
	switch c.RiskLevel {
	case RiskHigh:
		starts = append(starts, headStart{PriorityHighRisk, headStartHighRisk})
	case RiskMedium:
		starts = append(starts, headStart{PriorityMediumRisk, headStartMediumRisk})
	}
	if len(c.Holds) > 0 {
		starts = append(starts, headStart{PriorityHeld, headStartHeld})
	}
	scenario, _ := FindScenario(c.Scenario)
	switch scenario.Effect {
	case EffectRefuseFreightInsurance:
		starts = append(starts, headStart{PriorityPayout, headStartPayout})
	case EffectExcludeFromMetrics:
		starts = append(starts, headStart{PriorityMetrics, headStartMetrics})
	case EffectFlagReview:
		starts = append(starts, headStart{PriorityReview, headStartReview})
	}
	return starts
}
