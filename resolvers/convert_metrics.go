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
		Days: make([]*model.DayTally, len(report.Days)), Total: &model.Tally{Tally: report.Total},
		CountedAt: nonZero(report.Counted), Behind: int(report.Behind),
	}
	for i, day := range report.Days {
		converted.Days[i] = &model.DayTally{Day: day.Day, End: day.End, Tally: &model.Tally{Tally: day.Tally}}
	}
	for _, scenario := range cloudtag.Scenarios() {
		if only == "" || only == scenario.Code {
			converted.Scenarios = append(converted.Scenarios, &model.ScenarioTally{
				Scenario: v.scenario(scenario.Code), Tally: &model.Tally{Tally: report.Scenarios[scenario.Code]},
			})
		}
	}
	return converted
}

func convertReviewers(found []metrics.ReviewerTally) []*model.ReviewerTally {
	converted := make([]*model.ReviewerTally, len(found))
	for i, of := range found {
		converted[i] = &model.ReviewerTally{Reviewer: of.Reviewer, Tally: &model.Tally{Tally: of.Tally}}
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
