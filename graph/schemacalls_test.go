package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// call is a field with arguments, and the path to it from the root of an operation.
type call struct {
	kind ast.Operation
	path ast.FieldList
}

func (c call) field() *ast.FieldDefinition { return c.path[len(c.path)-1] }

func (c call) String() string {
	names := make([]string, len(c.path))
	for i, field := range c.path {
		names[i] = field.Name
	}
	return strings.Join(names, ".")
}

// calls returns all fields of the schema with arguments, each by its shortest path.
func calls() []call {
	var found, ahead []call
	seen := make(map[string]bool)
	enter := func(kind ast.Operation, path ast.FieldList, into *ast.Definition) {
		if seen[into.Name] {
			return
		}
		seen[into.Name] = true
		for _, field := range ownFields(into) {
			ahead = append(ahead, call{kind, append(slices.Clone(path), field)})
		}
	}
	enter(ast.Query, nil, schema().Query)
	enter(ast.Mutation, nil, schema().Mutation)
	enter(ast.Subscription, nil, schema().Subscription)
	for len(ahead) > 0 {
		next := ahead[0]
		ahead = ahead[1:]
		if len(next.field().Arguments) > 0 {
			found = append(found, next)
		}
		enter(next.kind, next.path, schema().Types[next.field().Type.Name()])
	}
	return found
}

// document returns an operation that makes the call with the arguments, given as literals; other required ones are filled in.
func (c call) document(variables, arguments string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s%s ", c.kind, variables)
	for i, field := range c.path {
		given := ""
		if i == len(c.path)-1 {
			given = arguments
		}
		for _, argument := range field.Arguments {
			if argument.Type.NonNull && !strings.HasPrefix(given, argument.Name+":") {
				given += " " + argument.Name + ": " + literal(argument.Type, minimal(argument.Type))
			}
		}
		fmt.Fprintf(&text, "{ %s", field.Name)
		if given != "" {
			fmt.Fprintf(&text, "(%s) ", given)
		}
	}
	if !schema().Types[c.field().Type.Name()].IsLeafType() {
		text.WriteString(" { __typename }")
	}
	return text.String() + strings.Repeat(" }", len(c.path))
}

// minimal returns a JSON value of a type, with required fields only.
func minimal(declared *ast.Type) any {
	if declared.Elem != nil {
		return []any{minimal(declared.Elem)}
	}
	definition := schema().Types[declared.NamedType]
	switch definition.Kind {
	case ast.Enum:
		return definition.EnumValues[0].Name
	case ast.InputObject:
		value := make(map[string]any)
		for _, field := range definition.Fields {
			if field.Type.NonNull {
				value[field.Name] = minimal(field.Type)
			}
		}
		return value
	}
	return map[string]any{
		"ID": "x", "String": "x", "Int": 1, "Float": 1.5, "Boolean": true, "Time": "2026-01-31T12:00:00Z", "Cursor": "x",
	}[definition.Name]
}

// literal writes a value as a GraphQL literal.
func literal(declared *ast.Type, value any) string {
	switch value := value.(type) {
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = literal(declared.Elem, item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		fields := make([]string, 0, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			fields = append(fields, name+": "+literal(schema().Types[declared.Name()].Fields.ForName(name).Type, value[name]))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case variable:
		return string(value)
	case string:
		if schema().Types[declared.Name()].Kind == ast.Enum {
			return value
		}
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// variable is a reference to a variable in a literal.
type variable string

// place is the path of a leaf in an input type: names of fields, nothing for list items.
type place struct {
	path []string
	leaf *ast.Type // not a list
}

// places returns all leaves of an input type.
func places(declared *ast.Type, inside ...string) []place {
	for declared.Elem != nil {
		declared = declared.Elem
	}
	definition := schema().Types[declared.NamedType]
	if definition.Kind != ast.InputObject {
		return []place{{leaf: declared}}
	}
	if slices.Contains(inside, definition.Name) {
		return nil
	}
	var found []place
	for _, field := range definition.Fields {
		for _, inner := range places(field.Type, append(inside, definition.Name)...) {
			found = append(found, place{append([]string{field.Name}, inner.path...), inner.leaf})
		}
	}
	return found
}

// with returns a value of a type with the given leaf at a place.
func (p place) with(declared *ast.Type, leaf any) any {
	if declared.Elem != nil {
		return []any{p.with(declared.Elem, leaf)}
	}
	if len(p.path) == 0 {
		return leaf
	}
	value := minimal(declared).(map[string]any)
	field := schema().Types[declared.NamedType].Fields.ForName(p.path[0])
	value[p.path[0]] = place{p.path[1:], p.leaf}.with(field.Type, leaf)
	return value
}
