package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// scenario converts one of the catalogue's scenarios. Records of one view share it.
func (v *view) scenario(code cloudtag.ScenarioCode) *model.Scenario {
	if converted, known := v.scenarios[code]; known {
		return converted
	}
	found, known := cloudtag.FindScenario(code)
	if !known {
		return nil
	}
	converted := v.convertScenario(found)
	if v.scenarios == nil {
		v.scenarios = make(map[cloudtag.ScenarioCode]*model.Scenario)
	}
	v.scenarios[code] = converted
	return converted
}

func (v *view) convertScenario(s cloudtag.Scenario) *model.Scenario {
	return &model.Scenario{
		Speaker: v.Speaker, Code: string(s.Code), Category: s.Category, Effect: s.Effect,
		Named: s.Name, Defined: s.Definition, Rules: v.rules,
	}
}

func convertPolicy(p cloudtag.Policy) *model.Policy {
	converted := &model.Policy{
		Version: p.Version, WindowDays: p.WindowDays, HandleWithinHours: p.HandleWithinHours,
		HighRiskFrom: p.HighRiskFrom, MediumRiskFrom: p.MediumRiskFrom,
		AdjustHigh: p.AdjustHigh, AdjustMedium: p.AdjustMedium, AdjustLow: p.AdjustLow,
		RequireRejectedReport: p.RequireRejectedReport, CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt, Reason: p.Reason,
		Rules: make([]*model.PolicyRule, len(p.Rules)),
	}
	if p.MaxOrderAgeDays > 0 {
		converted.MaxOrderAgeDays = &p.MaxOrderAgeDays
	}
	for i, rule := range p.Rules {
		converted.Rules[i] = &model.PolicyRule{Scenario: string(rule.Scenario), Threshold: rule.Threshold, Enabled: rule.Enabled}
	}
	return converted
}
