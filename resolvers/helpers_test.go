package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// payloadOf returns a mutation's payload, and the codes of its userErrors with their fields, such as "CONFLICT
// input.expectedVersion".
func payloadOf(t *testing.T, answer graphtest.Answer) (payload map[string]any, refusals string) {
	t.Helper()
	var data map[string]map[string]any
	answer.Into(t, &data)
	for _, only := range data {
		payload = only
	}
	errors, _ := payload["userErrors"].([]any)
	return payload, refusalsOf(errors)
}

func refusalsOf(userErrors []any) string {
	var codes []string
	for _, entry := range userErrors {
		refusal := entry.(map[string]any)
		code := refusal["code"].(string)
		if refusal["message"] == "" {
			code += " without a message"
		}
		if path, ok := refusal["field"].([]any); ok {
			var names []string
			for _, name := range path {
				names = append(names, name.(string))
			}
			code += " " + strings.Join(names, ".")
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, ", ")
}

// call runs a mutation of one input and one payload.
func (c *city) call(caller, name, input, fields string) (map[string]any, string) {
	c.T.Helper()
	t := c.T.(*testing.T)
	return payloadOf(t, c.Do(caller, fmt.Sprintf("mutation { %s(input: {%s}) { %s userErrors { code message field } } }", name, input, fields), nil))
}

// field returns the value at a path of names, separated by dots.
func field(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

// line joins values with spaces.
func line(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func (c *city) reviewer(name string) string {
	return c.Token(person(name, cloudtag.RoleReviewer), time.Hour)
}
