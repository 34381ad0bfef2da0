package cloudtag_test

import (
	"slices"
	"testing"

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
		{"windowDays", func(p *Policy) { p.WindowDays = 0 }, CodeInvalidPolicy},
		{"handleWithinHours", func(p *Policy) { p.HandleWithinHours = 0 }, CodeInvalidPolicy},
		{"highRiskFrom", func(p *Policy) { p.HighRiskFrom = 102 }, CodeInvalidPolicy},
		{"mediumRiskFrom", func(p *Policy) { p.MediumRiskFrom = 71 }, CodeInvalidPolicy},
		{"adjustHigh", func(p *Policy) { p.AdjustHigh = -11 }, CodeInvalidPolicy},
		{"adjustLow", func(p *Policy) { p.AdjustLow = 11 }, CodeInvalidPolicy},
		{"maxOrderAgeDays", func(p *Policy) { p.MaxOrderAgeDays = -1 }, CodeInvalidPolicy},
		{"overturnedWeight", func(p *Policy) { p.OverturnedWeight = 101 }, CodeInvalidPolicy},
		{"minMeanWeight", func(p *Policy) { p.MinMeanWeight = -1 }, CodeInvalidPolicy},
		{"anchorFrom", func(p *Policy) { p.AnchorFrom = 96 }, CodeInvalidPolicy},
		{"FREIGHT_INSURANCE_ARBITRAGE", func(p *Policy) { p.Rules[0].Threshold = 1 }, CodeInvalidPolicy},
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
