package graph_test

import (
	"slices"
	"strings"
	"testing"

	"cloudtag/graph"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// The schema's text is complete: types, fields, arguments, descriptions and applied directives.
func TestSDL(t *testing.T) {
	text := graph.SDL()
	read, err := gqlparser.LoadSchema(&ast.Source{Name: "printed", Input: text})
	if err != nil {
		t.Fatal(err)
	}
	want, got := facts(schema()), facts(read)
	for _, fact := range want {
		if !slices.Contains(got, fact) {
			t.Errorf("it leaves out %s", fact)
		}
	}
	if len(got) != len(want) || len(want) < 1000 {
		t.Errorf("%d facts, want %d", len(got), len(want))
	}
	for _, part := range []string{"directive @hasRole(", "  viewer: Viewer! @hasRole\n", "tags(", "@hasRole(any: [MERCHANT,REVIEWER,ADMIN,AUDITOR])", "scalar Cursor"} {
		if !strings.Contains(text, part) {
			t.Errorf("it has no %q", part)
		}
	}
	if strings.Contains(text, "scalar Boolean") || strings.Contains(text, "__Schema") {
		t.Error("it has what the language has anyway")
	}
	if again := graph.SDL(); again != text {
		t.Error("it is another each time")
	}
}

// facts returns the elements of a schema, each as a text.
func facts(s *ast.Schema) []string {
	var all []string
	say := func(parts ...string) { all = append(all, strings.Join(parts, " | ")) }
	directives := func(list ast.DirectiveList) string {
		var text []string
		for _, directive := range list {
			text = append(text, directive.Name)
			for _, argument := range directive.Arguments {
				text = append(text, argument.Name, argument.Value.String())
			}
		}
		return strings.Join(text, " ")
	}
	for name, definition := range s.Types {
		if definition.BuiltIn {
			continue
		}
		say(name, string(definition.Kind), definition.Description, directives(definition.Directives))
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			say(name, field.Name, field.Type.String(), field.Description, directives(field.Directives), defaultOf(field.DefaultValue))
			for _, argument := range field.Arguments {
				say(name, field.Name, argument.Name, argument.Type.String(), argument.Description, defaultOf(argument.DefaultValue))
			}
		}
		for _, value := range definition.EnumValues {
			say(name, value.Name, value.Description, directives(value.Directives))
		}
	}
	slices.Sort(all)
	return all
}

func defaultOf(value *ast.Value) string {
	if value == nil {
		return ""
	}
	return value.String()
}
