package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// requests derives requests from bytes: each byte is a choice; after the last, it is the first choice.
type requests struct {
	bytes     []byte
	declared  []string
	variables map[string]any
	fragments []string
}

func (r *requests) choose(count int) int {
	if len(r.bytes) == 0 {
		return 0
	}
	chosen := int(r.bytes[0]) % count
	r.bytes = r.bytes[1:]
	return chosen
}

func (r *requests) oneIn(count int) bool { return r.choose(count) == count-1 }

// document returns an operation of the schema with arguments, variables, directives and fragments by the choices.
func (r *requests) document() (kind ast.Operation, text string) {
	kind = []ast.Operation{ast.Query, ast.Mutation, ast.Subscription}[r.choose(3)]
	root := map[ast.Operation]*ast.Definition{ast.Query: schema().Query, ast.Mutation: schema().Mutation, ast.Subscription: schema().Subscription}[kind]
	selected := r.selection(root, 0)
	declared := ""
	if len(r.declared) > 0 {
		declared = "(" + strings.Join(r.declared, ", ") + ")"
	}
	return kind, fmt.Sprintf("%s Fuzzed%s %s %s", kind, declared, selected, strings.Join(r.fragments, " "))
}

func (r *requests) selection(of *ast.Definition, depth int) string {
	var parts []string
	for range 1 + r.choose(3) {
		fields := ownFields(of)
		field := fields[r.choose(len(fields))]
		part := ""
		if r.oneIn(4) {
			part = fmt.Sprintf("a%d: ", r.choose(3))
		}
		part += field.Name + r.arguments(field.Arguments) + r.directives()
		if inner := schema().Types[field.Type.Name()]; !inner.IsLeafType() {
			if depth == 4 {
				part += " { __typename }"
			} else {
				part += " " + r.selection(inner, depth+1)
			}
		}
		switch r.choose(8) {
		case 5:
			part = "..." + r.directives() + " { " + part + " }"
		case 6:
			part = "... on " + of.Name + r.directives() + " { " + part + " }"
		case 7:
			name := fmt.Sprintf("F%d", len(r.fragments))
			r.fragments = append(r.fragments, "fragment "+name+" on "+of.Name+" { "+part+" }")
			part = "..." + name + r.directives()
		}
		parts = append(parts, part)
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

func (r *requests) directives() string {
	if !r.oneIn(6) {
		return ""
	}
	boolean := &ast.Type{NamedType: "Boolean", NonNull: true}
	return " @" + []string{"include", "skip"}[r.choose(2)] + "(if: " + r.argument(boolean) + ")"
}

func (r *requests) arguments(list ast.ArgumentDefinitionList) string {
	var given []string
	for _, argument := range list {
		if argument.Type.NonNull && !r.oneIn(32) || !argument.Type.NonNull && r.oneIn(2) {
			given = append(given, argument.Name+": "+r.argument(argument.Type))
		}
	}
	if len(given) == 0 {
		return ""
	}
	return "(" + strings.Join(given, ", ") + ")"
}

// argument returns a literal or a variable, declared with the type, without its last "!" or with a default value.
func (r *requests) argument(of *ast.Type) string {
	if r.choose(2) == 0 {
		return literal(of, r.value(of, 0))
	}
	name := fmt.Sprintf("v%d", len(r.declared))
	declared := *of
	if r.oneIn(4) {
		declared.NonNull = false
	}
	declaration := "$" + name + ": " + declared.String()
	if r.oneIn(3) {
		declaration += " = " + literal(of, r.value(&declared, 0))
	}
	r.declared = append(r.declared, declaration)
	if !r.oneIn(4) {
		r.variables[name] = r.value(&declared, 0)
	}
	return "$" + name
}

// value returns a JSON value that mostly fits the type.
func (r *requests) value(of *ast.Type, depth int) any {
	if !of.NonNull && r.oneIn(6) || r.oneIn(48) {
		return nil
	}
	if of.Elem != nil {
		if r.oneIn(8) {
			return r.value(of.Elem, depth)
		}
		items := []any{}
		for range r.choose(4) {
			items = append(items, r.value(of.Elem, depth))
		}
		return items
	}
	definition := schema().Types[of.NamedType]
	if r.oneIn(32) {
		return []any{"", "confirm", 0, 1.5, true, map[string]any{}, []any{}, json.RawMessage("1e999"), json.RawMessage("-0")}[r.choose(9)]
	}
	switch definition.Kind {
	case ast.Enum:
		return definition.EnumValues[r.choose(len(definition.EnumValues))].Name
	case ast.InputObject:
		value := map[string]any{}
		for _, field := range definition.Fields {
			if field.Type.NonNull && !r.oneIn(48) || !field.Type.NonNull && depth < 4 && r.oneIn(2) {
				value[field.Name] = r.value(field.Type, depth+1)
			}
		}
		return value
	}
	edges := map[string][]any{
		"Int":     {1, 0, -1, 100, 101, 2147483647, -2147483648, json.RawMessage("1.0"), json.RawMessage("2147483648")},
		"Float":   {1.5, 0, -1, 1e308, json.RawMessage("-0.0"), json.RawMessage("1e-400"), json.RawMessage("123456789012345678901234567890")},
		"Boolean": {true, false},
		"ID":      {"a", "a-1", "RETURN_SWAPPED", "RETURN_SWAPPED:b", "", "\x00", "订单", 7, -1, strings.Repeat("9", 200), "../..", "null"},
		"String":  {"x", "", " \n", "\x00", "\u200b", "订单", strings.Repeat("字", 1001), "Asia/Shanghai", "Local", "https://example.com/", "case.decided", "2026-01-01"},
		"Time":    {"2026-01-31T12:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00Z", "x"},
		"Cursor":  {"x", "", "bG9nOjE", "bG9nOi0x", "%%%", strings.Repeat("A", 500), "b3RoZXI6MTp4"},
	}[definition.Name]
	return edges[r.choose(len(edges))]
}

// FuzzRequests sends operations over the whole schema, with variables, directives and fragments: none may cause an internal
// error, on any transport.
func FuzzRequests(f *testing.F) {
	s := market(f)
	admin := everybody(s)
	for kind := range 3 {
		for i := range 64 {
			seed := []byte{byte(kind)}
			for n := range 48 {
				seed = append(seed, byte(i*n*n+i*7+n*31))
			}
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		made := requests{bytes: bytes, variables: map[string]any{}}
		accept := []string{"application/json", "text/event-stream"}[made.choose(2)]
		kind, document := made.document()
		body, err := json.Marshal(map[string]any{"query": document, "variables": made.variables})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if kind == ast.Subscription { // it does not end by itself
			accept = "text/event-stream"
			ctx, cancel = context.WithTimeout(t.Context(), 5*time.Millisecond)
		}
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Authorization": {admin}, "Content-Type": {"application/json"}, "Accept": {accept}}
		answer, began, before := httptest.NewRecorder(), time.Now(), len(s.Logs.String())
		s.Handler.ServeHTTP(answer, request)
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("took %s", took)
		}
		logged := s.Logs.String()[before:]
		if answer.Code >= 500 || strings.Contains(answer.Body.String(), `"INTERNAL"`) || strings.Contains(logged, "panic") {
			t.Errorf("%s\nis answered %d %s\n%.6000s", body, answer.Code, answer.Body, logged)
		}
		if !utf8.Valid(answer.Body.Bytes()) {
			t.Errorf("%q is no text", answer.Body)
		}
	})
}
