package cloudtag

import "time"

// What puts a case before another with the same due time, as hours of head start.
const (
	headStartOneVoteShort = 6 * time.Hour
	headStartHighRisk     = 6 * time.Hour
	headStartMediumRisk   = 3 * time.Hour
	headStartHeld         = 3 * time.Hour
	headStartPayout       = 4 * time.Hour // success refuses a payout: money is waiting
	headStartMetrics      = 2 * time.Hour
	headStartReview       = time.Hour
)

// priorityOrigin is far after any due time, so that ranks of pending cases are positive.
func priorityOrigin() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }

// Rank orders cases by priority, highest first. It does not depend on the time of asking, so that a store can keep
// and index it: all pending cases grow more urgent at the same pace. Pending cases rank by due time less their
// head start, in milliseconds; handled ones rank below every pending one, latest opened first.
func (c Case) Rank() int64 {
	if c.Handling != HandlingPending {
		return c.OpenedAt.Sub(priorityOrigin()).Milliseconds()
	}
	return priorityOrigin().Sub(c.DueAt.Add(-c.headStart())).Milliseconds()
}

// Priority is how urgent a case is at a time: hours gone by of a due time 96 hours ahead, plus the head start.
// A case that enters the queue with its 48 hours untouched has 48 to 67; it gains one an hour; from 96 on it is
// overdue even without a head start. Handled cases have 0.
func (c Case) Priority(now time.Time) float64 {
	if c.Handling != HandlingPending {
		return 0
	}
	left := c.DueAt.Add(-c.headStart()).Sub(now)
	return max(0, 96-left.Hours())
}

// PriorityReason is one of the things that a priority is made of.
type PriorityReason string

// What priorities are made of.
const (
	PriorityWaiting      PriorityReason = "WAITING" // hours gone by of a due time 96 hours ahead
	PriorityOneVoteShort PriorityReason = "ONE_VOTE_SHORT"
	PriorityHighRisk     PriorityReason = "HIGH_RISK"
	PriorityMediumRisk   PriorityReason = "MEDIUM_RISK"
	PriorityHeld         PriorityReason = "HELD"
	PriorityPayout       PriorityReason = "PAYOUT"  // success refuses a payout
	PriorityMetrics      PriorityReason = "METRICS" // … takes the order out of the shop's metrics
	PriorityReview       PriorityReason = "REVIEW"  // … flags the buyer's review
)

// PriorityReasons lists every reason.
func PriorityReasons() []PriorityReason {
	return []PriorityReason{
		PriorityWaiting, PriorityOneVoteShort, PriorityHighRisk, PriorityMediumRisk, PriorityHeld, PriorityPayout, PriorityMetrics, PriorityReview,
	}
}

// PriorityPart is what one reason adds to a priority, in hours.
type PriorityPart struct {
	Reason PriorityReason
	Hours  float64
}

// PriorityParts says what a case's priority is made of at a time: the parts add up to [Case.Priority], unless that is 0.
// None for a handled case.
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

// headStart is how much more urgent the case is than its due time.
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

// headStarts are what makes the case more urgent than its due time: votes short, risk, holds, and what its success would do.
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
