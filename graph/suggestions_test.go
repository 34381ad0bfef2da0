package graph_test

import (
	"strings"
	"testing"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// Errors about a wrong name suggest names of the schema only to callers who may read the schema.
func TestSuggestionsAreForWhoMayIntrospect(t *testing.T) {
	s := graphtest.New(t)
	development := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Development = true })
	for name, query := range map[string]string{
		"field":             `{ vieweer { id } }`,
		"fragment":          `fragment f on Viewer { ids } query { viewer { ...f } }`,
		"selection":         `{ viewer }`,
		"argument":          `{ tags(frist: 1) { totalCount } }`,
		"directive":         `{ viewer @skip(iff: true) { id } }`,
		"enum value":        `{ tags(orderBy: SUBMITTED_AT_DES) { totalCount } }`,
		"enum value, other": `{ tags(orderBy: "SUBMITTED_AT_DESC") { totalCount } }`,
		"input field":       `{ tags(filter: {orderNo: ["a"]}) { totalCount } }`,
	} {
		t.Run(name, func(t *testing.T) {
			known := s.Do(s.As(cloudtag.RoleReviewer), query, nil)
			if len(known.Errors) == 0 || !strings.Contains(known.Raw, "Did you mean") || known.Errors[0].Code() != "BAD_USER_INPUT" {
				t.Errorf("signed in: %s", known.Raw)
			}
			anonymous := s.Do("", query, nil)
			if len(anonymous.Errors) == 0 || strings.Contains(anonymous.Raw, "mean") || anonymous.Errors[0].Code() != "BAD_USER_INPUT" {
				t.Errorf("signed out: %s", anonymous.Raw)
			}
			if before, _, _ := strings.Cut(known.Errors[0].Message, " Did you mean"); anonymous.Errors[0].Message != before {
				t.Errorf("%q, and signed out %q", known.Errors[0].Message, anonymous.Errors[0].Message)
			}
			if answer := development.Do("", query, nil); !strings.Contains(answer.Raw, "Did you mean") {
				t.Errorf("in development: %s", answer.Raw)
			}
		})
	}
}
