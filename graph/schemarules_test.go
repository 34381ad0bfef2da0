package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// ownTypes returns the schema's definitions without the built-in ones.
func ownTypes() []*ast.Definition {
	var types []*ast.Definition
	for name, definition := range schema().Types {
		if !definition.BuiltIn && !strings.HasPrefix(name, "__") {
			types = append(types, definition)
		}
	}
	return types
}

func ownFields(definition *ast.Definition) (fields ast.FieldList) {
	for _, field := range definition.Fields {
		if !strings.HasPrefix(field.Name, "__") {
			fields = append(fields, field)
		}
	}
	return fields
}

// Names follow GraphQL's naming conventions.
func TestNames(t *testing.T) {
	pascal, camel := regexp.MustCompile(`^[A-Z][a-zA-Z0-9]*$`), regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	constant := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	want := func(form *regexp.Regexp, name string) {
		if !form.MatchString(name[strings.LastIndexByte(name, '.')+1:]) {
			t.Errorf("%s is not of the form %s", name, form)
		}
	}
	for _, definition := range ownTypes() {
		want(pascal, definition.Name)
		if definition.Kind == ast.InputObject && !strings.HasSuffix(definition.Name, "Input") && !strings.HasSuffix(definition.Name, "Filter") {
			t.Errorf("the input %s is called neither Input nor Filter", definition.Name)
		}
		for _, field := range ownFields(definition) {
			want(camel, definition.Name+"."+field.Name)
			for _, argument := range field.Arguments {
				want(camel, definition.Name+"."+field.Name+"."+argument.Name)
			}
		}
		for _, value := range definition.EnumValues {
			want(constant, definition.Name+"."+value.Name)
		}
	}
}

// Elements of lists are non-null: a missing row has no meaning.
func TestListElementsAreNonNull(t *testing.T) {
	for _, definition := range ownTypes() {
		for _, field := range ownFields(definition) {
			for list := field.Type; list.Elem != nil; list = list.Elem {
				if !list.Elem.NonNull {
					t.Errorf("%s.%s is a list with nulls", definition.Name, field.Name)
				}
			}
		}
	}
}

// Pages are Relay's connections: https://relay.dev/graphql/connections.htm.
func TestConnections(t *testing.T) {
	found := 0
	for _, definition := range ownTypes() {
		if row, is := strings.CutSuffix(definition.Name, "Connection"); is {
			found++
			wantField(t, definition, "edges", "["+row+"Edge!]!")
			wantField(t, definition, "pageInfo", "PageInfo!")
			edge := schema().Types[row+"Edge"]
			if edge == nil {
				t.Errorf("%s has no edge", definition.Name)
				continue
			}
			wantField(t, edge, "cursor", "Cursor!")
			if node := edge.Fields.ForName("node"); node == nil || !node.Type.NonNull {
				t.Errorf("%s has no node", edge.Name)
			}
		}
		for _, field := range ownFields(definition) {
			if !strings.HasSuffix(field.Type.Name(), "Connection") {
				continue
			}
			for name, kind := range map[string]string{"first": "Int", "after": "Cursor"} {
				if argument := field.Arguments.ForName(name); argument == nil || argument.Type.String() != kind {
					t.Errorf("%s.%s can't be paged: it takes no %s: %s", definition.Name, field.Name, name, kind)
				}
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d connections were looked at", found)
	}
	for name, kind := range map[string]string{"hasNextPage": "Boolean!", "hasPreviousPage": "Boolean!", "startCursor": "Cursor", "endCursor": "Cursor"} {
		wantField(t, schema().Types["PageInfo"], name, kind)
	}
}

// Mutations take one input, and report its errors in the payload or in each of its results.
func TestMutations(t *testing.T) {
	for _, mutation := range ownFields(schema().Mutation) {
		input := mutation.Arguments.ForName("input")
		if len(mutation.Arguments) != 1 || input == nil || !input.Type.NonNull || !strings.HasSuffix(input.Type.Name(), "Input") {
			t.Errorf("%s does not take one input", mutation.Name)
		}
		payload := schema().Types[mutation.Type.Name()]
		if !mutation.Type.NonNull || !strings.HasSuffix(payload.Name, "Payload") {
			t.Errorf("%s returns %s, not a payload", mutation.Name, mutation.Type)
			continue
		}
		if results := payload.Fields.ForName("results"); results != nil && payload.Fields.ForName("userErrors") == nil {
			payload = schema().Types[results.Type.Name()]
		}
		wantField(t, payload, "userErrors", "[UserError!]!")
	}
}

func wantField(t *testing.T, definition *ast.Definition, name, kind string) {
	t.Helper()
	if field := definition.Fields.ForName(name); field == nil || field.Type.String() != kind {
		t.Errorf("%s has no %s: %s", definition.Name, name, kind)
	}
}

// Deprecations name the replacement, and every type is reachable.
func TestDeprecationsAndUnreachableTypes(t *testing.T) {
	used := map[string]bool{"Query": true, "Mutation": true, "Subscription": true}
	deprecated := func(place string, directives ast.DirectiveList) {
		if directive := directives.ForName("deprecated"); directive != nil && directive.Arguments.ForName("reason") == nil {
			t.Errorf("%s is deprecated without a reason", place)
		}
	}
	for _, directive := range schema().Directives {
		for _, argument := range directive.Arguments {
			used[argument.Type.Name()] = true
		}
	}
	for _, definition := range ownTypes() {
		for _, field := range ownFields(definition) {
			used[field.Type.Name()] = true
			deprecated(definition.Name+"."+field.Name, field.Directives)
			for _, argument := range field.Arguments {
				used[argument.Type.Name()] = true
				deprecated(definition.Name+"."+field.Name+"."+argument.Name, argument.Directives)
			}
		}
		for _, value := range definition.EnumValues {
			deprecated(definition.Name+"."+value.Name, value.Directives)
		}
	}
	for _, definition := range ownTypes() {
		if !used[definition.Name] {
			t.Errorf("nothing uses %s", definition.Name)
		}
	}
}
