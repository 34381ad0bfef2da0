package feed

import (
	"slices"

	"cloudtag/internal/cloudtag"
)

// TagTopic returns the filter for a caller's events of tags, and the most specific subject that all of their log entries
// have; it is empty if the whole log has to be read. FORBIDDEN as of [cloudtag.TagScope].
func TagTopic(caller cloudtag.Caller, filter cloudtag.TagFilter) (cloudtag.TagFilter, cloudtag.Subject, error) {
	filter, err := cloudtag.TagScope(caller, filter)
	switch {
	case err != nil:
		return filter, "", err
	case !caller.Reviews():
		// All entries about the shop, so that a change of its permission is noticed at once.
		return filter, cloudtag.MerchantSubject(filter.MerchantID), nil
	case len(filter.OrderNos) == 1:
		return filter, cloudtag.TagSubject(filter.OrderNos[0]), nil
	case filter.BuyerID != "":
		return filter, cloudtag.BuyerSubject(filter.BuyerID), nil
	case filter.MerchantID != "":
		return filter, cloudtag.MerchantSubject(filter.MerchantID), nil
	default:
		return filter, "", nil
	}
}

// CaseTopic is [TagTopic] for cases. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func CaseTopic(caller cloudtag.Caller, filter cloudtag.CaseFilter) (cloudtag.Subject, error) {
	if !caller.MaySeeCases() {
		return "", cloudtag.Forbidden()
	}
	if err := filter.Check(); err != nil {
		return "", err
	}
	if filter.BuyerID != "" {
		return cloudtag.BuyerSubject(filter.BuyerID), nil
	}
	return "", nil
}

// LogSelection selects entries for a feed of the log; zero fields select all.
type LogSelection struct {
	cloudtag.LogFilter
	Actions  []cloudtag.Action     // only entries with one of these; empty selects all
	Scenario cloudtag.ScenarioCode // only entries about cases of this scenario, and their tags
}

// Matches reports whether an entry is selected.
func (s LogSelection) Matches(e cloudtag.Entry) bool {
	if !s.LogFilter.Matches(e) || len(s.Actions) > 0 && !slices.Contains(s.Actions, e.Action) {
		return false
	}
	scenario, _, _ := cloudtag.CaseID(e.Subject("case")).Parts()
	return s.Scenario == "" || s.Scenario == scenario
}

// LogTopic is [TagTopic] for the log itself. FORBIDDEN unless the caller reviews.
func LogTopic(caller cloudtag.Caller, selection LogSelection) (cloudtag.Subject, error) {
	if !caller.Reviews() {
		return "", cloudtag.Forbidden()
	}
	return selection.Subject, nil
}
