package resolvers

import (
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
)

// metrics converts the counts of one scenario; of the whole catalogue, in its order, without one.
func (v *view) metrics(report metrics.Report, only cloudtag.ScenarioCode) *model.Metrics {
	converted := &model.Metrics{
		Days: make([]*model.DayTally, len(report.Days)), Total: convertTally(report.Total),
		CountedAt: nonZero(report.Counted), Behind: int(report.Behind),
	}
	for i, day := range report.Days {
		converted.Days[i] = &model.DayTally{Day: day.Day, End: day.End, Tally: convertTally(day.Tally)}
	}
	for _, scenario := range cloudtag.Scenarios() {
		if only == "" || only == scenario.Code {
			converted.Scenarios = append(converted.Scenarios, &model.ScenarioTally{
				Scenario: v.scenario(scenario.Code), Tally: convertTally(report.Scenarios[scenario.Code]),
			})
		}
	}
	return converted
}

func convertTally(t metrics.Tally) *model.Tally {
	return &model.Tally{
		Tags: t.Tags, Succeeded: t.Succeeded, Queued: t.Queued, Confirmed: t.Confirmed, Rejected: t.Rejected, Kept: t.Kept,
		ByVotes: t.ByVotes, Settled: t.Settled, Missed: t.Missed, InTime: t.InTime, Late: t.Late,
		ByRule: t.ByRule, AppealsAccepted: t.AppealsAccepted, AppealsDeclined: t.AppealsDeclined,
		AgreedWithReviewers: t.AgreedReviewers, DisagreedWithReviewers: t.DisagreedReviewers,
		AgreedWithRules: t.AgreedAutomatic, DisagreedWithRules: t.DisagreedAutomatic,
		Handling: convertHistogram(t.Handling, metrics.HandlingBounds()), Consensus: convertHistogram(t.Consensus, metrics.ConsensusBounds()),
	}
}

// convertHistogram converts a histogram with its bucket bounds.
func convertHistogram(s metrics.Histogram, bounds []time.Duration) *model.Histogram {
	converted := &model.Histogram{Count: s.Count, Buckets: make([]*model.HistogramBucket, len(bounds)+1)}
	if s.Count > 0 {
		mean := s.Total.Seconds() / float64(s.Count)
		converted.MeanSeconds = &mean
	}
	for i := range converted.Buckets {
		bucket := &model.HistogramBucket{}
		if i > 0 {
			bucket.FromSeconds = int(bounds[i-1].Seconds())
		}
		if i < len(bounds) {
			bucket.ToSeconds = wholeSeconds(&bounds[i])
		}
		if s.Buckets != nil {
			bucket.Count = s.Buckets[i]
		}
		converted.Buckets[i] = bucket
	}
	return converted
}

func convertReviewers(found []metrics.ReviewerTally) []*model.ReviewerTally {
	converted := make([]*model.ReviewerTally, len(found))
	for i, of := range found {
		converted[i] = &model.ReviewerTally{Reviewer: of.Reviewer, Tally: convertTally(of.Tally)}
		if median, some := of.Tally.MedianHandling(); some {
			converted[i].MedianHandlingSeconds = wholeSeconds(&median)
		}
	}
	return converted
}

func convertAges(ages []metrics.QueueAge) []*model.QueueAge {
	converted := make([]*model.QueueAge, len(ages))
	for i, age := range ages {
		converted[i] = &model.QueueAge{
			FromSeconds: wholeSeconds(age.From), ToSeconds: wholeSeconds(age.To), DueFrom: nonZero(age.DueFrom), DueTo: nonZero(age.DueTo),
			Cases: age.Cases,
		}
	}
	return converted
}

func wholeSeconds(length *time.Duration) *int {
	if length == nil {
		return nil
	}
	seconds := int(length.Seconds())
	return &seconds
}
