package resolvers

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/secondreview"
)

// Queue counts the cases that wait for reviewers.
type Queue interface {
	Stats(ctx context.Context, caller cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error)
}

// Metrics returns counts by day and by reviewer, log entries by time, and waiting cases by the time left until they are due.
type Metrics interface {
	Read(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) (metrics.Report, error)
	QueueAges(ctx context.Context, caller cloudtag.Caller) ([]metrics.QueueAge, error)
	Reviewers(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) ([]metrics.ReviewerTally, error)
	Calendar() cloudtag.Calendar
	LogPage(ctx context.Context, caller cloudtag.Caller, filter metrics.TimedFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error)
	CountLog(ctx context.Context, caller cloudtag.Caller, filter metrics.TimedFilter) (int, error)
}

// SecondReviews lists and decides second reviews of confirmations.
type SecondReviews interface {
	Decide(ctx context.Context, caller cloudtag.Caller, id string, agree bool, reason string) (secondreview.Review, error)
	Page(ctx context.Context, caller cloudtag.Caller, query secondreview.Query, request cloudtag.PageRequest) (cloudtag.Page[secondreview.Review], error)
	Count(ctx context.Context, caller cloudtag.Caller, query secondreview.Query) (int, error)
	Find(ctx context.Context, caller cloudtag.Caller, id string) (secondreview.Review, error)
}

// Simulations replays the history under a proposed policy.
type Simulations interface {
	Run(ctx context.Context, caller cloudtag.Caller, request policylab.SimulationRequest, progress func(done, of int)) (policylab.SimulationReport, error)
	Report(ctx context.Context, caller cloudtag.Caller, basedOn int, proposed cloudtag.Policy) (policylab.SimulationReport, error)
}
