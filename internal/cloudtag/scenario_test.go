package cloudtag_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestEveryScenarioHasAllTexts(t *testing.T) {
	for _, scenario := range Scenarios() {
		for name, text := range map[string]Text{"definition": scenario.Definition, "not meant": scenario.NotMeant, "example": scenario.Example} {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s has no %s", scenario.Code, name)
			}
		}
	}
}
