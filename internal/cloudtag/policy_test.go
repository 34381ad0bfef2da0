package cloudtag_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestThreshold(t *testing.T) {
	tests := []struct {
		name     string
		scenario int // the scenario's own threshold
		score    int // below 0: no profile
		level    RiskLevel
		want     int
	}{
		{"no profile", 3, -1, RiskUnknown, 3},
		{"lowest score", 3, 0, RiskLow, 4},
		{"just below medium", 3, 39, RiskLow, 4},
		{"medium", 3, 40, RiskMedium, 3},
		{"just below high", 3, 69, RiskMedium, 3},
		{"high", 3, 70, RiskHigh, 2},
		{"highest score", 3, 100, RiskHigh, 2},
		{"never below two", 2, 100, RiskHigh, 2},
		{"another scenario threshold", 5, 100, RiskHigh, 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			policy := DefaultPolicy(start)
			for i := range policy.Rules {
				if policy.Rules[i].Scenario == testScenario {
					policy.Rules[i].Threshold = test.scenario
				}
			}
			var risk *RiskProfile
			if test.score >= 0 {
				risk = &RiskProfile{Score: test.score}
			}
			level := policy.RiskLevel(risk)
			if level != test.level {
				t.Errorf("level %s, want %s", level, test.level)
			}
			if got := policy.Threshold(testScenario, level); got != test.want {
				t.Errorf("threshold %d, want %d", got, test.want)
			}
		})
	}
}

func TestDefaultPolicy(t *testing.T) {
	policy := DefaultPolicy(start)
	if policy.Window() != window || policy.HandleWithin() != 2*day || policy.Version != 1 {
		t.Errorf("window %v, handle within %v, version %d", policy.Window(), policy.HandleWithin(), policy.Version)
	}
	if len(policy.Rules) != 19 {
		t.Errorf("%d rules, want one for each of 19 scenarios", len(policy.Rules))
	}
	for _, rule := range policy.Rules {
		if rule.Threshold != 3 || !rule.Enabled {
			t.Errorf("%s: threshold %d, enabled %t", rule.Scenario, rule.Threshold, rule.Enabled)
		}
	}
	policy.Reason = "x"
	if err := policy.Check(); err != nil {
		t.Errorf("the default policy is refused: %v", err)
	}
}

func TestPolicyChecks(t *testing.T) {
	tests := []struct {
		field string
		spoil func(*Policy)
		code  Code
	}{
		{"reason", func(p *Policy) { p.Reason = "" }, CodeReasonRequired},
		{"NONE", func(p *Policy) { p.Rules[0].Scenario = "NONE" }, CodeInvalidPolicy},
		{"FREIGHT_INSURANCE_ARBITRAGE", func(p *Policy) { p.Rules = append(p.Rules, p.Rules[0]) }, CodeInvalidPolicy},
	}
	for _, test := range tests {
		t.Run(test.field, func(t *testing.T) {
			policy := DefaultPolicy(start)
			test.spoil(&policy)
			err := policy.Check()
			if CodeOf(err) != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if field := fieldOf(err); field != test.field {
				t.Errorf("names field %q, want %q", field, test.field)
			}
		})
	}
}

func TestPolicyRanges(t *testing.T) {
	tests := []struct {
		field   string
		lo, hi  int
		number  func(*Policy) *int
		changed func(*Policy) // what the range depends on; may be nil
	}{
		{"windowDays", 1, 3650, func(p *Policy) *int { return &p.WindowDays }, nil},
		{"handleWithinHours", 1, 720, func(p *Policy) *int { return &p.HandleWithinHours }, nil},
		{"highRiskFrom", 0, 101, func(p *Policy) *int { return &p.HighRiskFrom }, func(p *Policy) { p.MediumRiskFrom = 0 }},
		{"mediumRiskFrom", 0, 60, func(p *Policy) *int { return &p.MediumRiskFrom }, func(p *Policy) { p.HighRiskFrom = 60 }},
		{"adjustHigh", -10, 10, func(p *Policy) *int { return &p.AdjustHigh }, nil},
		{"adjustMedium", -10, 10, func(p *Policy) *int { return &p.AdjustMedium }, nil},
		{"adjustLow", -10, 10, func(p *Policy) *int { return &p.AdjustLow }, nil},
		{"maxOrderAgeDays", 0, 3650, func(p *Policy) *int { return &p.MaxOrderAgeDays }, nil},
		{"overturnedWeight", 0, 100, func(p *Policy) *int { return &p.OverturnedWeight }, nil},
		{"minMeanWeight", 0, 100, func(p *Policy) *int { return &p.MinMeanWeight }, nil},
		{"anchorFrom", 0, 95, func(p *Policy) *int { return &p.AnchorFrom }, nil},
		{"secondReviewPercent", 0, 100, func(p *Policy) *int { return &p.SecondReviewPercent }, nil},
		{"FREIGHT_INSURANCE_ARBITRAGE", 2, 100, func(p *Policy) *int { return &p.Rules[0].Threshold }, nil},
	}
	for _, test := range tests {
		for value, valid := range map[int]bool{test.lo - 1: false, test.lo: true, test.hi: true, test.hi + 1: false} {
			policy := DefaultPolicy(start)
			if test.changed != nil {
				test.changed(&policy)
			}
			*test.number(&policy) = value
			err := policy.CheckNumbers()
			if valid && err != nil || !valid && (CodeOf(err) != CodeInvalidPolicy || !slices.Contains(fieldsOf(err), test.field)) {
				t.Errorf("%s = %d: %v, want it valid: %t", test.field, value, err, valid)
			}
		}
	}
}

func TestPolicyStartIsWithinAYear(t *testing.T) {
	year := 365 * day
	for name, test := range map[string]struct {
		starts time.Time
		valid  bool
	}{
		"at once":      {time.Time{}, true},
		"now":          {start, false},
		"next":         {start.Add(time.Millisecond), true},
		"in a year":    {start.Add(year), true},
		"after a year": {start.Add(year + time.Millisecond), false},
		"in the past":  {start.Add(-time.Millisecond), false},
	} {
		policy := DefaultPolicy(start)
		policy.StartsAt = test.starts
		err := policy.CheckStart(start)
		if test.valid && err != nil || !test.valid && (CodeOf(err) != CodeInvalidPolicy || fieldOf(err) != "startsAt") {
			t.Errorf("%s: %v, want it valid: %t", name, err, test.valid)
		}
	}
}

// fieldsOf returns the fields of joined errors.
func fieldsOf(err error) (fields []string) {
	joined, several := err.(interface{ Unwrap() []error })
	if !several {
		return []string{fieldOf(err)}
	}
	for _, each := range joined.Unwrap() {
		fields = append(fields, fieldsOf(each)...)
	}
	return fields
}

func TestCheckNamesEveryInvalidField(t *testing.T) {
	policy := DefaultPolicy(start)
	policy.Reason, policy.WindowDays, policy.MediumRiskFrom, policy.Rules[3].Threshold = "", 0, 71, 1
	if got, want := fieldsOf(policy.Check()), []string{"reason", "windowDays", "mediumRiskFrom", "RETURN_FALSE_LOGISTICS"}; !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}
