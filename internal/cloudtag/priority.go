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

// headStart sums up what makes the case more urgent than its due time: votes short, risk, holds, and what its
// success would do.
func (c Case) headStart() time.Duration {
	var sum time.Duration
	if c.Threshold-c.Votes <= 1 {
		sum += headStartOneVoteShort
	}
	switch c.RiskLevel {
	case RiskHigh:
		sum += headStartHighRisk
	case RiskMedium:
		sum += headStartMediumRisk
	}
	if len(c.Holds) > 0 {
		sum += headStartHeld
	}
	scenario, _ := FindScenario(c.Scenario)
	switch scenario.Effect {
	case EffectRefuseFreightInsurance:
		sum += headStartPayout
	case EffectExcludeFromMetrics:
		sum += headStartMetrics
	case EffectFlagReview:
		sum += headStartReview
	}
	return sum
}
