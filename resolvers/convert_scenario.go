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
	converted := &model.Scenario{Localizer: v.Localizer, Scenario: found, Rules: v.rules}
	if v.scenarios == nil {
		v.scenarios = make(map[cloudtag.ScenarioCode]*model.Scenario)
	}
	v.scenarios[code] = converted
	return converted
}
