package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"

	"github.com/vektah/gqlparser/v2/ast"
)

// everybody is a caller with all roles.
func everybody(s *graphtest.Stack) string {
	return s.Token(cloudtag.Caller{Subject: "everybody", Roles: cloudtag.Roles(), MerchantID: "a"}, time.Hour)
}

// unfit has invalid JSON values for each type of leaf.
func unfit(leaf *ast.Type) []string {
	if definition := schema().Types[leaf.NamedType]; definition.Kind == ast.Enum {
		name := definition.EnumValues[0].Name
		return []string{`"` + strings.ToLower(name) + `"`, `"` + name[:1] + strings.ToLower(name[1:]) + `"`, `" ` + name + `"`, `""`, `0`, `true`, `{}`}
	}
	return map[string][]string{
		"Int":     {`"5"`, `1.5`, `3000000000`, `1e999`, `true`, `{}`},
		"Float":   {`"1.5"`, `true`, `1e999`, `{}`},
		"ID":      {`1.5`, `1.0`, `1e3`, `true`, `{}`},
		"String":  {`5`, `true`, `{}`},
		"Boolean": {`"true"`, `1`, `{}`},
		"Cursor":  {`5`, `true`, `{}`},
		"Time": {
			`5`, `"2026-01-31"`, `"2026-01-31 12:00:00Z"`, `"2026-01-31T12:00:00"`, `"2026-1-31T12:00:00Z"`, `"2026-01-31T12:00:00,5Z"`, `"2026-01-31T24:00:00Z"`,
			`"1969-12-31T23:59:59Z"`, `"1970-01-01T00:00:00+00:01"`, `"9999-12-31T23:59:59-01:00"`, `"0000-01-01T00:00:00Z"`, `"10000-01-01T00:00:00Z"`,
		},
	}[leaf.NamedType]
}

// transports send an operation with JSON variables over each transport, and return the response of a refused request.
func transports(t *testing.T, s *graphtest.Stack, token string) map[string]func(query, variables string) graphtest.Answer {
	socket, sent := s.Connect(token), 0
	send := func(accept string) func(query, variables string) []byte {
		return func(query, variables string) []byte {
			body := fmt.Sprintf(`{"query":%q,"variables":%s}`, query, variables)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Server.URL, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header = http.Header{"Authorization": {token}, "Content-Type": {"application/json"}, "Accept": {accept}, "Accept-Language": {"en"}}
			response, err := s.Server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			answered, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answered
		}
	}
	decode := func(text []byte) (answer graphtest.Answer) {
		answer.Raw = string(text)
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return answer
	}
	return map[string]func(query, variables string) graphtest.Answer{
		"HTTP": func(query, variables string) graphtest.Answer {
			return decode(send("application/json")(query, variables))
		},
		"SSE": func(query, variables string) graphtest.Answer {
			events := send("text/event-stream")(query, variables)
			_, data, _ := bytes.Cut(events, []byte("data: "))
			data, _, _ = bytes.Cut(data, []byte("\n"))
			return decode(data)
		},
		"socket": func(query, variables string) graphtest.Answer {
			sent++
			id := fmt.Sprint(sent)
			socket.SendText(fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":{"query":%q,"variables":%s}}`, id, query, variables))
			message := socket.Read()
			if message.Type == "error" {
				return decode(fmt.Appendf(nil, `{"errors":%s}`, message.Payload))
			}
			if message.Type == "next" {
				if end := socket.Read(); end.Type != "complete" {
					t.Fatalf("%s %s, want complete", end.Type, end.Payload)
				}
			}
			return message.Answer(s)
		},
	}
}

// Invalid values are refused at every leaf of every argument, as a variable, within a variable, and over every transport.
func TestInvalidInputIsRefused(t *testing.T) {
	s := market(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.Sockets.MessageRate = 1 << 20 })
	for name, send := range transports(t, s, everybody(s)) {
		t.Run(name, func(t *testing.T) {
			enums, leaves := map[string]bool{}, 0
			for _, call := range calls() {
				for _, argument := range call.field().Arguments {
					for _, place := range places(argument.Type) {
						leaves++
						if definition := schema().Types[place.leaf.NamedType]; definition.Kind == ast.Enum {
							enums[definition.Name] = true
							written := variable(strings.ToLower(definition.EnumValues[0].Name))
							document := call.document("", argument.Name+": "+literal(argument.Type, place.with(argument.Type, written)))
							if answer := send(document, "null"); !slices.Contains(answer.Codes(), "BAD_USER_INPUT") {
								t.Fatalf("%s: %s, want BAD_USER_INPUT", document, answer.Raw)
							}
						}
						within := call.document(fmt.Sprintf("($v: %s)", argument.Type), argument.Name+": $v")
						alone := call.document(fmt.Sprintf("($v: %s!)", place.leaf.NamedType),
							argument.Name+": "+literal(argument.Type, place.with(argument.Type, variable("$v"))))
						at := strings.Join(append([]string{call.String(), argument.Name}, place.path...), ".")
						for _, value := range unfit(place.leaf) {
							whole, _ := json.Marshal(place.with(argument.Type, json.RawMessage(value)))
							for document, variables := range map[string]string{within: string(whole), alone: value} {
								answer := send(document, `{"v":`+variables+`}`)
								if !reflect.DeepEqual(answer.Codes(), []string{"BAD_USER_INPUT"}) || !strings.HasPrefix(answer.Errors[0].Message, "$v") {
									t.Fatalf("%s: %s with %s: %s, want BAD_USER_INPUT about $v", at, document, variables, answer.Raw)
								}
							}
						}
					}
				}
			}
			if leaves < 150 || len(enums) < 15 {
				t.Errorf("only %d leaves and %d enums were looked at", leaves, len(enums))
			}
		})
	}
}

// Valid values are accepted: no call is refused for values of its types.
func TestValidInputIsAccepted(t *testing.T) {
	s := market(t)
	token := everybody(s)
	for _, call := range calls() {
		if call.kind == ast.Subscription {
			continue
		}
		for _, argument := range call.field().Arguments {
			for _, place := range places(argument.Type) {
				document := call.document(fmt.Sprintf("($v: %s)", argument.Type), argument.Name+": $v")
				fits := []any{minimal(place.leaf)}
				switch definition := schema().Types[place.leaf.NamedType]; {
				case definition.Kind == ast.Enum:
					fits = fits[:0]
					for _, value := range definition.EnumValues {
						fits = append(fits, value.Name)
					}
				case definition.Name == "Int":
					fits = append(fits, json.RawMessage("1.0"), json.RawMessage("1e0"))
				case definition.Name == "Float":
					fits = append(fits, 1, -0.5)
				case definition.Name == "ID":
					fits = append(fits, 7, json.RawMessage("123456789012345678901234567890"))
				case definition.Name == "Time":
					fits = append(fits, "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-01-31T20:00:00.123456789+08:00")
				}
				for _, value := range fits {
					answer := s.Do(token, document, graphtest.Variables{"v": place.with(argument.Type, value)})
					for _, err := range answer.Errors {
						if err.Code() == "INTERNAL" || strings.HasPrefix(err.Message, "$v") {
							t.Errorf("%s.%s.%v %v: %s", call, argument.Name, place.path, value, answer.Raw)
						}
					}
				}
			}
		}
	}
}

// Coercion of variables apart from leaves: null, lists, objects, missing and unknown fields.
func TestVariables(t *testing.T) {
	s := market(t)
	token := everybody(s)
	const decide = `mutation ($v: DecideCaseInput!) { decideCase(input: $v) { userErrors { code } } }`
	for _, test := range []struct {
		query, variables string
		message          string // the beginning; empty: it passes
		field            []any  // from the argument inward
	}{
		{`query ($v: ID!) { case(id: $v) { id } }`, `{}`, "$v: must be given", []any{"id"}},
		{`query ($v: ID!) { case(id: $v) { id } }`, `{"V": "x"}`, "$v: must be given", []any{"id"}},
		{`query ($v: ID!) { case(id: $v) { id } }`, `{"v": null}`, "$v: must not be null", []any{"id"}},
		{`query ($v: ID = "q") { case(id: $v) { id } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"id"}},
		{`query ($v: ID = "q") { case(id: $v) { id } }`, `{}`, "", nil},
		{`query ($v: ID = "q") { ...f } fragment f on Query { case(id: $v) { id } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"id"}},
		{`query ($v: ID = "q") { ... on Query { tags(filter: {orderNos: [$v]}) { totalCount } } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"filter", "orderNos", "0"}},
		{`query ($v: Int = 5) { tags(first: $v) { totalCount } }`, `{"v": null}`, "", nil},
		{`query ($v: Boolean = true) { viewer { id @include(if: $v) } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"if"}},
		{`query ($v: Boolean = true) { viewer @skip(if: $v) { id } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"if"}},
		{`query ($v: Boolean = true) { ... @include(if: $v) { viewer { id } } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"if"}},
		{`query ($v: Boolean = true) { ...f @include(if: $v) } fragment f on Query { viewer { id } }`, `{"v": null}`, "$v: must not be null where it is used", []any{"if"}},
		{`query ($v: Boolean = false) { viewer { id @include(if: $v) } }`, `{}`, "", nil},
		{`query ($v: [ID!]) { tags(filter: {orderNos: $v}) { totalCount } }`, `{"v": "one"}`, "", nil},
		{`query ($v: [ID!]) { tags(filter: {orderNos: $v}) { totalCount } }`, `{"v": ["one", null]}`, "$v[1]: must not be null", []any{"filter", "orderNos", "1"}},
		{`query ($v: [ID!]) { tags(filter: {orderNos: $v}) { totalCount } }`, `{"v": [["one"]]}`, "$v[0]: must be an identifier", []any{"filter", "orderNos", "0"}},
		{`query ($v: TagFilter) { tags(filter: $v) { totalCount } }`, `{"v": []}`, "$v: must be an object", []any{"filter"}},
		{`query ($v: TagFilter) { tags(filter: $v) { totalCount } }`, `{"v": {"Scenario": "x"}}`, "$v.Scenario: there is no such field", []any{"filter", "Scenario"}},
		{`query ($v: TagFilter) { tags(filter: $v) { totalCount } }`, `{"v": {"__typename": "TagFilter"}}`, "$v.__typename: there is no such field", []any{"filter", "__typename"}},
		{`query ($v: TagFilter) { tags(filter: $v) { totalCount } }`, `{"v": {"scenario": null}}`, "", nil},
		{`query ($v: Int) { viewer { id } tags(first: $v) { totalCount } }`, `{"v": "5"}`, "$v: must be", []any{"first"}},
		{`query ($v: TagFilter, $w: TagFilter) { tags(filter: $w) { totalCount } again: tags(filter: $v) { totalCount } }`, `{"v": {"status": ["x"]}, "w": {}}`, "$v.status[0]: must be a value of the enum", []any{"filter", "status", "0"}},
		{`mutation ($v: [ID!]!) { submitTags(input: {orderNos: $v, scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { acceptedCount } }`, `{"v": ["a", true]}`, "$v[1]: must be an identifier", []any{"input", "orderNos", "1"}},
		{decide, `{"v": {"caseId": "x"}}`, "$v.", nil},
		{decide, `{"v": {"caseId": "x", "decision": "confirm", "reason": "r", "expectedVersion": 1}}`, "$v.decision: must be a value of the enum Decision", []any{"input", "decision"}},
	} {
		variables := graphtest.Variables{}
		if err := json.Unmarshal([]byte(test.variables), &variables); err != nil {
			t.Fatal(err)
		}
		answer := s.Do(token, test.query, variables)
		if test.message == "" {
			if len(answer.Errors) > 0 {
				t.Errorf("%s with %s: %s", test.query, test.variables, answer.Raw)
			}
			continue
		}
		if !reflect.DeepEqual(answer.Codes(), []string{"BAD_USER_INPUT"}) || !strings.HasPrefix(answer.Errors[0].Message, test.message) {
			t.Errorf("%s with %s: %s, want %q", test.query, test.variables, answer.Raw, test.message)
			continue
		}
		if test.field != nil && !reflect.DeepEqual(answer.Errors[0].Extensions["field"], test.field) {
			t.Errorf("%s with %s: field %v, want %v", test.query, test.variables, answer.Errors[0].Extensions["field"], test.field)
		}
	}
}
