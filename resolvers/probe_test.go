package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudtag/graph/generated"
	"cloudtag/internal/cloudtag"

	"github.com/vektah/gqlparser/v2/ast"
)

// schema is the product's, as it is served.
func schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// roots are the fields of an operation's type.
func roots(definition *ast.Definition) []*ast.FieldDefinition {
	return slices.DeleteFunc(slices.Clone(definition.Fields), func(field *ast.FieldDefinition) bool {
		return strings.HasPrefix(field.Name, "__")
	})
}

// step is one field of a path, with its arguments as they are written.
type step struct {
	field     *ast.FieldDefinition
	arguments string
}

// path leads from an operation's root to a field.
type path []step

// names are the fields' names.
func (p path) names() []string {
	names := make([]string, len(p))
	for i, step := range p {
		names[i] = step.field.Name
	}
	return names
}

func (p path) String() string { return strings.Join(p.names(), ".") }

// leaf reports whether the path's end has no fields.
func (p path) leaf() bool { return len(fieldsOf(p[len(p)-1].field)) == 0 }

// records is the path to the records that are in a page, for a path that leads to one.
func (p path) records() path {
	for _, field := range fieldsOf(p[len(p)-1].field) {
		if field.Name == "nodes" {
			return append(slices.Clone(p), step{field, ""})
		}
	}
	return p
}

// query writes the path as a document.
func (p path) query(operation string) string {
	var text strings.Builder
	text.WriteString(operation)
	for _, step := range p {
		fmt.Fprintf(&text, " { %s%s", step.field.Name, step.arguments)
	}
	if !p.leaf() {
		text.WriteString(" { __typename }")
	}
	return text.String() + strings.Repeat(" }", len(p))
}

// next are the paths that go on from an object: to each of its fields, of which those that lead back to a type on the
// way are left out, and those from an edge's node, which are those from nodes too.
func (p path) next(world map[string]string) []path {
	var further []path
	for _, field := range fieldsOf(p[len(p)-1].field) {
		if p[len(p)-1].field.Name == "node" && len(fieldsOf(field)) > 0 {
			continue
		}
		name := field.Type.Name()
		back := slices.ContainsFunc(p, func(step step) bool {
			return step.field.Type.Name() == name && len(fieldsOf(step.field)) > 0
		})
		if !back && len(p) < 7 {
			further = append(further, append(slices.Clone(p), step{field, required(field.Arguments, world)}))
		}
	}
	return further
}

func fieldsOf(field *ast.FieldDefinition) []*ast.FieldDefinition {
	definition := schema().Types[field.Type.Name()]
	if definition.Kind != ast.Object {
		return nil
	}
	return roots(definition)
}

// at are the values at a path of an answer's data, lists flattened; null where there is none.
func at(data json.RawMessage, names []string) []any {
	var root any
	if json.Unmarshal(data, &root) != nil {
		return nil
	}
	found := []any{root}
	for _, name := range names {
		var next []any
		for _, value := range found {
			if object, ok := value.(map[string]any); ok {
				next = append(next, flattened(object[name])...)
			}
		}
		found = next
	}
	return found
}

func flattened(value any) []any {
	list, ok := value.([]any)
	if !ok {
		return []any{value}
	}
	var all []any
	for _, item := range list {
		all = append(all, flattened(item)...)
	}
	return all
}

// candidates are the values to try for an argument, as they are written. Where any identifier fits all are tried: the
// schema does not say what it is of.
func candidates(kind *ast.Type, world map[string]string) []string {
	if kind.Elem != nil {
		values := candidates(kind.Elem, world)
		for i, value := range values {
			values[i] = "[" + value + "]"
		}
		return values
	}
	definition := schema().Types[kind.NamedType]
	switch definition.Kind {
	case ast.Enum:
		var values []string
		for _, value := range definition.EnumValues {
			values = append(values, value.Name)
		}
		return values
	case ast.InputObject:
		return inputs(definition, world)
	}
	switch kind.NamedType {
	case "Int":
		return []string{"1", "2"}
	case "Float":
		return []string{"1.5"}
	case "Boolean":
		return []string{"false", "true"}
	case "Time":
		return []string{fmt.Sprintf("%q", cityTime.Format(time.RFC3339)), `"2001-01-01T00:00:00Z"`, `"2999-01-01T00:00:00Z"`}
	case "Cursor":
		return []string{fmt.Sprintf("%q", world["cursor"]), `"x"`}
	default:
		var values []string
		for _, key := range slices.Sorted(maps.Keys(world)) {
			if key == "cursor" {
				continue
			}
			values = append(values, fmt.Sprintf("%q", world[key]))
		}
		return values
	}
}

// inputs are objects with every required field, and one field at a time tried with each candidate.
func inputs(definition *ast.Definition, world map[string]string) []string {
	var all []string
	for varied := range definition.Fields {
		for _, value := range candidates(definition.Fields[varied].Type, world) {
			var fields []string
			for i, field := range definition.Fields {
				switch {
				case i == varied:
					fields = append(fields, field.Name+": "+value)
				case field.Type.NonNull:
					fields = append(fields, field.Name+": "+candidates(field.Type, world)[0])
				}
			}
			all = append(all, "{"+strings.Join(fields, ", ")+"}")
		}
	}
	return all
}

// required writes the arguments that a field can't do without, each with its first candidate.
func required(arguments ast.ArgumentDefinitionList, world map[string]string) string {
	var written []string
	for _, argument := range arguments {
		if argument.Type.NonNull {
			written = append(written, argument.Name+": "+candidates(argument.Type, world)[0])
		}
	}
	return parenthesized(written)
}

func parenthesized(written []string) string {
	if len(written) == 0 {
		return ""
	}
	return "(" + strings.Join(written, ", ") + ")"
}

// variations are the field with its arguments tried: none but the required ones, then one argument at a time with each
// candidate.
func variations(field *ast.FieldDefinition, world map[string]string) []step {
	var steps []step
	add := func(arguments string) {
		if !slices.ContainsFunc(steps, func(other step) bool { return other.arguments == arguments }) {
			steps = append(steps, step{field, arguments})
		}
	}
	add(required(field.Arguments, world))
	for varied, argument := range field.Arguments {
		for _, value := range candidates(argument.Type, world) {
			var written []string
			for i, other := range field.Arguments {
				switch {
				case i == varied:
					written = append(written, other.Name+": "+value)
				case other.Type.NonNull:
					written = append(written, other.Name+": "+candidates(other.Type, world)[0])
				}
			}
			add(parenthesized(written))
		}
	}
	return steps
}

// permitted reports whether the schema lets a role read or call a field.
func permitted(field *ast.FieldDefinition, role cloudtag.Role) bool {
	directive := field.Directives.ForName("hasRole")
	if directive == nil {
		return true
	}
	any := directive.Arguments.ForName("any")
	if any == nil {
		return true
	}
	return slices.ContainsFunc(any.Value.Children, func(child *ast.ChildValue) bool { return child.Value.Raw == string(role) })
}
