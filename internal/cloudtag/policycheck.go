package cloudtag

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// maxStartAhead is how far ahead a version can be scheduled.
const maxStartAhead = 365 * 24 * time.Hour

// CheckStart returns INVALID_POLICY unless StartsAt is zero (at once) or in the future, at most a year ahead.
func (p Policy) CheckStart(now time.Time) error {
	if p.StartsAt.IsZero() || p.StartsAt.After(now) && !p.StartsAt.After(now.Add(maxStartAhead)) {
		return nil
	}
	return invalidPolicy("须为将来一年以内的时间。", "must be a time to come, within a year.", "startsAt")
}

// The limits of a policy's numbers.
const (
	maxWindowDays        = 3650
	maxHandleWithinHours = 720
	maxThreshold         = 100
	maxAdjustment        = 10
	maxOverturnedWeight  = 100
)

// Check validates the numbers and the reason. Its errors, INVALID_POLICY and REASON_REQUIRED, are those of all fields, joined.
func (p Policy) Check() error { return errors.Join(CheckReason(p.Reason, "reason"), p.CheckNumbers()) }

// CheckNumbers validates the numbers. Its errors, INVALID_POLICY, are those of all fields, joined.
func (p Policy) CheckNumbers() error {
	ranges := []struct {
		field         string
		value, lo, hi int
	}{
		{"windowDays", p.WindowDays, 1, maxWindowDays},
		{"handleWithinHours", p.HandleWithinHours, 1, maxHandleWithinHours},
		{"highRiskFrom", p.HighRiskFrom, 0, MaxRiskScore + 1},
		{"mediumRiskFrom", p.MediumRiskFrom, 0, p.HighRiskFrom},
		{"adjustHigh", p.AdjustHigh, -maxAdjustment, maxAdjustment},
		{"adjustMedium", p.AdjustMedium, -maxAdjustment, maxAdjustment},
		{"adjustLow", p.AdjustLow, -maxAdjustment, maxAdjustment},
		{"maxOrderAgeDays", p.MaxOrderAgeDays, 0, maxWindowDays},
		{"overturnedWeight", p.OverturnedWeight, 0, maxOverturnedWeight},
		{"minMeanWeight", p.MinMeanWeight, 0, 100},
		{"anchorFrom", p.AnchorFrom, 0, 95},
		{"secondReviewPercent", p.SecondReviewPercent, 0, 100},
	}
	var problems []error
	for _, r := range ranges {
		if r.value < r.lo || r.value > r.hi {
			problems = append(problems, invalidPolicy(fmt.Sprintf("须为 %d 至 %d。", r.lo, r.hi), fmt.Sprintf("must be %d to %d.", r.lo, r.hi), r.field))
		}
	}
	return errors.Join(append(problems, p.checkRules()...)...)
}

func (p Policy) checkRules() []error {
	var seen []ScenarioCode
	var problems []error
	for _, rule := range p.Rules {
		field := []string{"rules", string(rule.Scenario)}
		if _, known := FindScenario(rule.Scenario); !known || slices.Contains(seen, rule.Scenario) {
			problems = append(problems, invalidPolicy("每个场景须存在且只出现一次。", "each scenario must exist and occur once.", field...))
		}
		seen = append(seen, rule.Scenario)
		if rule.Threshold < MinThreshold || rule.Threshold > maxThreshold {
			problems = append(problems, invalidPolicy(fmt.Sprintf("门槛须为 %d 至 %d。", MinThreshold, maxThreshold),
				fmt.Sprintf("a threshold must be %d to %d.", MinThreshold, maxThreshold), field...))
		}
	}
	return problems
}

func invalidPolicy(zh, en string, field ...string) error {
	return Refuse(CodeInvalidPolicy, Text{ZH: zh, EN: en}, append([]string{"input"}, field...)...)
}
