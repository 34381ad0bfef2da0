package casework_test

import (
	"slices"
	"testing"

	"cloudtag/internal/casework"
)

func TestMentions(t *testing.T) {
	people := []string{"li", "lily", "rev-2", "rev", "wang@example.com", "审核员甲", "审核员", "a.b", "auth0|7"}
	for text, want := range map[string][]string{
		"":                              nil,
		"nobody":                        nil,
		"@li":                           {"li"},
		"@lily and @li":                 {"lily", "li"},
		"@lila":                         nil,
		"@li, please":                   {"li"},
		"ask @li.":                      {"li"},
		"(@li)":                         {"li"},
		"@li请看":                         {"li"},
		"请@li看":                         {"li"},
		"@rev-2 @rev":                   {"rev-2", "rev"},
		"@rev-3":                        nil,
		"@rev- is":                      {"rev"},
		"@rev@li":                       nil,
		"@wang@example.com: look":       {"wang@example.com"},
		"mail to someone@li is none":    nil,
		"请@审核员甲看":                       {"审核员甲"},
		"请@审核员乙看":                       {"审核员"},
		"@li @li @li":                   {"li"},
		"@ li":                          nil,
		"@@li":                          {"li"},
		"@a.b and @a.bc":                {"a.b"},
		"@auth0|7":                      {"auth0|7"},
		"@auth0|77":                     nil,
		"first line\n@lily\nthird @rev": {"lily", "rev"},
	} {
		if got := casework.Mentions(text, people); !slices.Equal(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
	if got := casework.Mentions("@ @x", []string{""}); got != nil {
		t.Errorf("a person without a name: %q", got)
	}
}
