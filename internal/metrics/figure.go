package metrics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// FigureName names a number of a [Tally].
type FigureName string

// The figures.
const (
	FigureTags               FigureName = "TAGS"
	FigureSucceeded          FigureName = "SUCCEEDED"
	FigureQueued             FigureName = "QUEUED"
	FigureDecisions          FigureName = "DECISIONS" // of reviewers, of rules, and of the deadline
	FigureHandled            FigureName = "HANDLED"   // by reviewers: confirmed, rejected or kept
	FigureConfirmed          FigureName = "CONFIRMED"
	FigureRejected           FigureName = "REJECTED"
	FigureKept               FigureName = "KEPT"
	FigureByVotes            FigureName = "BY_VOTES"
	FigureByRule             FigureName = "BY_RULE"
	FigureSettled            FigureName = "SETTLED"
	FigureMissed             FigureName = "MISSED"
	FigureInTime             FigureName = "IN_TIME"
	FigureLate               FigureName = "LATE"
	FigureConsensus          FigureName = "CONSENSUS"
	FigureAppealsAccepted    FigureName = "APPEALS_ACCEPTED"
	FigureAppealsDeclined    FigureName = "APPEALS_DECLINED"
	FigureSecondReviews      FigureName = "SECOND_REVIEWS" // those that were decided
	FigureAgreed             FigureName = "AGREED"
	FigureDisagreed          FigureName = "DISAGREED"
	FigureReviewedReviewers  FigureName = "SECOND_REVIEWS_OF_REVIEWERS"
	FigureDisagreedReviewers FigureName = "DISAGREED_WITH_REVIEWERS"
	FigureReviewedAutomatic  FigureName = "SECOND_REVIEWS_OF_RULES"
	FigureDisagreedAutomatic FigureName = "DISAGREED_WITH_RULES"
)

// figures returns the number of a tally and the log actions that each figure counts.
func figures() map[FigureName]figureRule {
	confirmed, handled, decided := cloudtag.ActionCaseConfirmed, cloudtag.ActionCaseHandled, cloudtag.ActionCaseDecided
	left := []cloudtag.Action{decided, confirmed, handled, cloudtag.ActionCaseOverturned}
	one := func(action cloudtag.Action) []cloudtag.Action { return []cloudtag.Action{action} }
	return map[FigureName]figureRule{
		FigureTags:               {one(cloudtag.ActionTagSubmitted), func(t Tally) int { return t.Tags }},
		FigureSucceeded:          {one(cloudtag.ActionTagSucceeded), func(t Tally) int { return t.Succeeded }},
		FigureQueued:             {one(cloudtag.ActionCaseQueued), func(t Tally) int { return t.Queued }},
		FigureDecisions:          {[]cloudtag.Action{decided, confirmed, handled, cloudtag.ActionCaseMissed}, Tally.Decisions},
		FigureHandled:            {one(decided), Tally.Handled},
		FigureConfirmed:          {one(decided), func(t Tally) int { return t.Confirmed }},
		FigureRejected:           {one(decided), func(t Tally) int { return t.Rejected }},
		FigureKept:               {one(decided), func(t Tally) int { return t.Kept }},
		FigureByVotes:            {one(confirmed), func(t Tally) int { return t.ByVotes }},
		FigureByRule:             {[]cloudtag.Action{confirmed, handled}, func(t Tally) int { return t.ByRule }},
		FigureSettled:            {[]cloudtag.Action{handled, cloudtag.ActionCaseOverturned}, func(t Tally) int { return t.Settled }},
		FigureMissed:             {one(cloudtag.ActionCaseMissed), func(t Tally) int { return t.Missed }},
		FigureInTime:             {left, func(t Tally) int { return t.InTime }},
		FigureLate:               {left, func(t Tally) int { return t.Late }},
		FigureConsensus:          {one(confirmed), func(t Tally) int { return t.Consensus.Count }},
		FigureAppealsAccepted:    {one(cloudtag.ActionAppealDecided), func(t Tally) int { return t.AppealsAccepted }},
		FigureAppealsDeclined:    {one(cloudtag.ActionAppealDecided), func(t Tally) int { return t.AppealsDeclined }},
		FigureSecondReviews:      {one(cloudtag.ActionSecondReviewDecided), func(t Tally) int { return t.Agreed() + t.Disagreed() }},
		FigureAgreed:             {one(cloudtag.ActionSecondReviewDecided), Tally.Agreed},
		FigureDisagreed:          {one(cloudtag.ActionSecondReviewDecided), Tally.Disagreed},
		FigureReviewedReviewers:  {one(cloudtag.ActionSecondReviewDecided), func(t Tally) int { return t.AgreedReviewers + t.DisagreedReviewers }},
		FigureDisagreedReviewers: {one(cloudtag.ActionSecondReviewDecided), func(t Tally) int { return t.DisagreedReviewers }},
		FigureReviewedAutomatic:  {one(cloudtag.ActionSecondReviewDecided), func(t Tally) int { return t.AgreedAutomatic + t.DisagreedAutomatic }},
		FigureDisagreedAutomatic: {one(cloudtag.ActionSecondReviewDecided), func(t Tally) int { return t.DisagreedAutomatic }},
	}
}

// FigureNames lists every figure.
func FigureNames() []FigureName {
	return []FigureName{
		FigureTags, FigureSucceeded, FigureQueued, FigureDecisions, FigureHandled, FigureConfirmed, FigureRejected, FigureKept, FigureByVotes, FigureByRule,
		FigureSettled, FigureMissed, FigureInTime, FigureLate, FigureConsensus, FigureAppealsAccepted, FigureAppealsDeclined,
		FigureSecondReviews, FigureAgreed, FigureDisagreed, FigureReviewedReviewers, FigureDisagreedReviewers, FigureReviewedAutomatic,
		FigureDisagreedAutomatic,
	}
}

type figureRule struct {
	actions []cloudtag.Action // of the entries that can count; the store has an index on them
	of      func(Tally) int
}

// Figure selects the log entries that one number counts, so that the list of entries is as long as the number. Numbers and lists
// share effectsOf and figures.
type Figure struct {
	Name     FigureName
	Scenario cloudtag.ScenarioCode // empty: all
	Reviewer string                // whose work the entry is about; empty: anybody's
	// TookFrom (inclusive) and TookTo (exclusive, nil: unbounded) select by the duration of the handling, for CONSENSUS of the
	// consensus. Entries without that duration are not selected.
	TookFrom time.Duration
	TookTo   *time.Duration
}

// check validates the figure. Errors: BAD_USER_INPUT for an unknown name; FORBIDDEN for another reviewer's work, as in
// [Service.Reviewers].
func (f Figure) check(caller cloudtag.Caller) error {
	if err := cloudtag.CheckKnown(f.Name, FigureNames(), "figure", "name"); err != nil {
		return err
	}
	if f.Reviewer != "" && !caller.MaySeeReviewer(f.Reviewer) {
		return cloudtag.Forbidden()
	}
	return nil
}

// filters returns the log filters to search with, one for each action.
func (f Figure) filters(asked cloudtag.LogFilter) []cloudtag.LogFilter {
	var filters []cloudtag.LogFilter
	for _, action := range figures()[f.Name].actions {
		filter := asked
		if asked.Action != "" && asked.Action != action {
			continue
		}
		filter.Action = action
		if action == cloudtag.ActionCaseDecided && f.Reviewer != "" {
			if filter.Actor != "" && filter.Actor != f.Reviewer {
				continue
			}
			filter.Actor = f.Reviewer
		}
		filters = append(filters, filter)
	}
	return filters
}

// counts reports whether an entry counts in the figure, if it was not undone.
func (f Figure) counts(calendar cloudtag.Calendar, entry cloudtag.Entry) (bool, error) {
	effects, err := effectsOf(calendar, entry)
	if err != nil {
		return false, err
	}
	for _, effect := range effects {
		if !effect.own || effect.count == nil || f.Scenario != "" && effect.scenario != f.Scenario || f.Reviewer != "" && effect.person != f.Reviewer {
			continue
		}
		var tally Tally
		effect.count(&tally)
		if figures()[f.Name].of(tally) > 0 && f.tookSo(tally) {
			return true, nil
		}
	}
	return false, nil
}

func (f Figure) tookSo(tally Tally) bool {
	if f.TookFrom <= 0 && f.TookTo == nil {
		return true
	}
	histogram := tally.Handling
	if f.Name == FigureConsensus {
		histogram = tally.Consensus
	}
	return histogram.Count > 0 && histogram.Total >= f.TookFrom && (f.TookTo == nil || histogram.Total < *f.TookTo)
}

// pick returns the entries that count in the figure, without undone decisions. All entries are of one action, in order of the
// log.
func (f Figure) pick(ctx context.Context, store cloudtag.LogReader, calendar cloudtag.Calendar, entries []cloudtag.Entry) ([]cloudtag.Entry, error) {
	var picked []cloudtag.Entry
	for _, entry := range entries {
		counts, err := f.counts(calendar, entry)
		if err != nil {
			return nil, err
		}
		if counts {
			picked = append(picked, entry)
		}
	}
	if len(picked) == 0 || picked[0].Action != cloudtag.ActionCaseDecided {
		return picked, nil
	}
	undone, err := takenBack(ctx, store, picked)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(picked, func(entry cloudtag.Entry) bool {
		return undone[decisionKey{entry.Subject("case"), entry.At.UnixMilli()}]
	}), nil
}

// decisionKey identifies a decision by case and time.
type decisionKey struct {
	caseID string
	at     int64
}

// clockDifference is the greatest difference between the clocks of two instances that searches by time allow for.
const clockDifference = time.Hour

// takenBack returns the decisions, given in order, that later entries undid within [cloudtag.UndoWindow].
func takenBack(ctx context.Context, store cloudtag.LogReader, decided []cloudtag.Entry) (map[decisionKey]bool, error) {
	last := decided[0].At
	for _, entry := range decided {
		if entry.At.After(last) {
			last = entry.At
		}
	}
	undone := map[decisionKey]bool{}
	slice := cloudtag.Slice{Limit: timedPage, After: &cloudtag.Position{Key: decided[0].Seq}}
	for more := true; more; {
		entries, further, err := store.LogPage(ctx, cloudtag.LogFilter{Action: cloudtag.ActionCaseUndone}, slice)
		if err != nil {
			return nil, fmt.Errorf("find decisions taken back: %w", err)
		}
		for _, entry := range entries {
			before, _, err := entry.CaseSummaries()
			if err != nil {
				return nil, err
			}
			if before.Decision != nil {
				undone[decisionKey{entry.Subject("case"), before.Decision.At.UnixMilli()}] = true
			}
		}
		more = further && !entries[len(entries)-1].At.After(last.Add(cloudtag.UndoWindow+clockDifference))
		if more {
			slice = slice.Continue(entries)
		}
	}
	return undone, nil
}
