package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// scenario converts a scenario of the catalogue, once per view.
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
		Localizer: v.Localizer, Code: string(s.Code), Category: s.Category, Effect: s.Effect,
		Named: s.Name, Defined: s.Definition, Other: s.NotMeant, Shown: s.Example, Rules: v.rules,
	}
}
