package execution

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Typename is the index of the meta-field __typename.
const Typename = -1

// Leaf is in place of an object type's number where a field's type is a scalar or an enum.
const Leaf = -1

// Type describes an object type to the planner. E is the generated execution context.
type Type[E any] struct {
	Name   string
	Fields map[string]FieldType[E]
}

// FieldType describes a field of an object type.
type FieldType[E any] struct {
	// Index is the field's number in the generated code.
	Index int
	// Of is the number of its object type, or Leaf.
	Of int
	// Waits reports whether it has a resolver.
	Waits bool
	// Args decodes its arguments; nil: it has none.
	Args func(ec E, ctx context.Context, raw map[string]any) (map[string]any, error)
}

// Selection is what an operation selects of an object type at one place: fragments expanded, equal fields merged, @skip and
// @include applied.
type Selection struct {
	Type   string
	Fields []Field

	waiting []int // indices of the fields with resolvers, if there are several
	perRow  bool  // a field here or below has a resolver with arguments, which each element of a list calls on its own
}

// Field is one field of a selection.
type Field struct {
	graphql.CollectedField
	Index int
	Args  map[string]any // decoded
	Of    *Selection     // of its object or objects; nil for scalars and enums

	object  string
	key     string // its JSON key, quoted, with the colon
	badArgs bool   // Args could not be decoded
}

// NonNull reports whether the field can't be null.
func (f *Field) NonNull() bool { return f.Definition.Type.NonNull }

// Plan collects an operation's selection of its root type, whose number is root. Arguments are decoded here, once for all
// elements of lists; invalid ones are decoded again where they are needed, so that their errors have paths.
func Plan[E any](ctx context.Context, ec E, operation *graphql.OperationContext, types []Type[E], root int) *Selection {
	p := planner[E]{ec: ec, operation: operation, types: types}
	return p.selection(ctx, root, operation.Operation.SelectionSet)
}

type planner[E any] struct {
	ec        E
	operation *graphql.OperationContext
	types     []Type[E]
}

func (p *planner[E]) selection(ctx context.Context, of int, set ast.SelectionSet) *Selection {
	kind := &p.types[of]
	collected := graphql.CollectFields(p.operation, set, []string{kind.Name})
	planned := &Selection{Type: kind.Name, Fields: make([]Field, len(collected))}
	var waiting []int
	for i := range collected {
		field := &planned.Fields[i]
		known := p.field(ctx, kind, field, collected[i])
		if known.Waits {
			waiting = append(waiting, i)
		}
		if known.Waits && known.Args != nil || field.Of != nil && field.Of.perRow {
			planned.perRow = true
		}
	}
	if len(waiting) > 1 {
		planned.waiting = waiting
	}
	return planned
}

func (p *planner[E]) field(ctx context.Context, of *Type[E], field *Field, collected graphql.CollectedField) FieldType[E] {
	*field = Field{CollectedField: collected, object: of.Name, key: strconv.Quote(collected.Alias) + ":"}
	known, found := of.Fields[collected.Name]
	if !found { // validation has refused every other name
		field.Index = Typename
		return FieldType[E]{}
	}
	field.Index = known.Index
	if known.Args != nil {
		var err error
		field.Args, err = known.Args(p.ec, ctx, collected.ArgumentMap(p.operation.Variables))
		field.badArgs = err != nil
	}
	if known.Of != Leaf {
		field.Of = p.selection(ctx, known.Of, collected.Selections)
	}
	return known
}
