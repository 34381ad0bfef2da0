package sqlite

import (
	"slices"

	"cloudtag/internal/cloudtag"
)

// A lane is a small number that stands for everything a list can be filtered by. Rows of one lane lie next to each
// other in the indexes, in the list's order, so that a filtered list is a merge of the lanes that the filter
// selects, whatever it selects. The number of lanes depends on the kinds of rows there are, not on their number.

// tagLane is what the lane of a tag stands for.
type tagLane struct {
	scenario int64 // number of the scenario
	status   cloudtag.TagStatus
	changed  bool // the status changed at another time than the submission
}

// The room for each part of a lane; stored rows depend on these.
const (
	roomTagStatus = 16
	roomCaseState = 16
	roomRiskLevel = 8
	roomVotes     = 8
)

// votesFrom are the least votes of each class of votes. Lanes stand for classes, so that a new vote seldom moves a case
// from one lane to another.
var votesFrom = [roomVotes]int{0, 1, 2, 3, 4, 6, 10, 20}

func votesClass(votes int) int {
	class := 0
	for class+1 < roomVotes && votes >= votesFrom[class+1] {
		class++
	}
	return class
}

func (l tagLane) number() (int64, error) {
	status, err := tagStatuses.number(l.status)
	if err != nil {
		return 0, err
	}
	return (l.scenario*roomTagStatus+status)*2 + bit(l.changed), nil
}

func tagLaneOf(number int64) tagLane {
	return tagLane{
		scenario: number / 2 / roomTagStatus,
		status:   tagStatuses.value(number / 2 % roomTagStatus),
		changed:  number%2 == 1,
	}
}

// selected reports whether tags of the lane can match; scenario is the filter's, 0 for any.
func (l tagLane) selected(filter cloudtag.TagFilter, scenario int64) bool {
	return (scenario == 0 || scenario == l.scenario) &&
		(len(filter.Statuses) == 0 || slices.Contains(filter.Statuses, l.status))
}

// caseLane is what the lane of a case stands for.
type caseLane struct {
	scenario int64
	handling cloudtag.Handling
	state    cloudtag.CaseState
	risk     cloudtag.RiskLevel
	votes    int // class of the votes
}

func (l caseLane) number() (int64, error) {
	handling, err := handlings.number(l.handling)
	if err != nil {
		return 0, err
	}
	state, err := caseStates.number(l.state)
	if err != nil {
		return 0, err
	}
	risk, err := riskLevels.number(l.risk)
	if err != nil {
		return 0, err
	}
	lane := l.scenario*2 + handling
	lane = lane*roomCaseState + state
	lane = lane*roomRiskLevel + risk
	return lane*roomVotes + int64(l.votes), nil
}

func caseLaneOf(number int64) caseLane {
	lane := caseLane{votes: int(number % roomVotes)}
	number /= roomVotes
	lane.risk = riskLevels.value(number % roomRiskLevel)
	number /= roomRiskLevel
	lane.state = caseStates.value(number % roomCaseState)
	number /= roomCaseState
	lane.handling = handlings.value(number % 2)
	lane.scenario = number / 2
	return lane
}

func (l caseLane) pending() bool { return l.handling == cloudtag.HandlingPending }

// selected reports whether cases of the lane can match; scenario is the filter's, 0 for any.
func (l caseLane) selected(filter cloudtag.CaseFilter, scenario int64) bool {
	return (scenario == 0 || scenario == l.scenario) &&
		(filter.Handling == "" || filter.Handling == l.handling) &&
		(len(filter.States) == 0 || slices.Contains(filter.States, l.state)) &&
		(len(filter.RiskLevels) == 0 || slices.Contains(filter.RiskLevels, l.risk)) &&
		l.votes >= votesClass(filter.MinVotes) &&
		(filter.OverdueAt.IsZero() || l.pending())
}

// exactVotes reports whether all cases of the lane have as many votes as the filter wants.
func (l caseLane) exactVotes(filter cloudtag.CaseFilter) bool {
	return votesFrom[l.votes] >= filter.MinVotes
}

func bit(set bool) int64 {
	if set {
		return 1
	}
	return 0
}
