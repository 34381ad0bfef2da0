package execution

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
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
	given   bool  // a field here or below is given arguments
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

// Plans caches the selections of operations. It is safe for concurrent use.
type Plans struct {
	known *lru.Cache[*ast.OperationDefinition, *Selection]
}

// NewPlans returns a cache of a positive number of operations.
func NewPlans(size int) *Plans {
	known, err := lru.New[*ast.OperationDefinition, *Selection](size)
	if err != nil {
		panic(err)
	}
	return &Plans{known: known}
}

type plansKey struct{}

// WithPlans returns a context in which [Plan] uses a cache.
func WithPlans(ctx context.Context, plans *Plans) context.Context {
	return context.WithValue(ctx, plansKey{}, plans)
}

// Plan collects an operation's selection of its root type, whose number is root. Arguments are decoded here, once for all
// elements of lists; invalid ones are decoded again where they are needed, so that their errors have paths.
func Plan[E any](ctx context.Context, ec E, operation *graphql.OperationContext, types []Type[E], root int) *Selection {
	p := planner[E]{ec: ec, operation: operation, types: types}
	plans, _ := ctx.Value(plansKey{}).(*Plans)
	if plans == nil || strings.Contains(operation.RawQuery, "@") { // variables may decide about @skip and @include
		return p.bind(ctx, root, p.selection(ctx, root, operation.Operation.SelectionSet))
	}
	set, known := plans.known.Get(operation.Operation)
	if !known {
		set = p.selection(ctx, root, operation.Operation.SelectionSet)
		plans.known.Add(operation.Operation, set)
	}
	return p.bind(ctx, root, set)
}

type planner[E any] struct {
	ec        E
	operation *graphql.OperationContext
	types     []Type[E]
}

// selection collects a selection, without the arguments that the operation gives.
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
		if len(field.Arguments) > 0 || field.Of != nil && field.Of.given {
			planned.given = true
		}
	}
	if len(waiting) > 1 {
		planned.waiting = waiting
	}
	return planned
}

func (p *planner[E]) field(ctx context.Context, of *Type[E], field *Field, collected graphql.CollectedField) FieldType[E] {
	*field = Field{CollectedField: collected, object: of.Name, key: `"` + collected.Alias + `":`}
	known, found := of.Fields[collected.Name]
	if !found { // validation has refused every other name
		field.Index = Typename
		return FieldType[E]{}
	}
	field.Index = known.Index
	if len(field.Arguments) == 0 {
		p.decode(ctx, known, field)
	}
	if known.Of != Leaf {
		field.Of = p.selection(ctx, known.Of, collected.Selections)
	}
	return known
}

// decode sets the field's arguments.
func (p *planner[E]) decode(ctx context.Context, known FieldType[E], field *Field) {
	if known.Args != nil {
		var err error
		field.Args, err = known.Args(p.ec, ctx, field.ArgumentMap(p.operation.Variables))
		field.badArgs = err != nil
	}
}

// bind returns a selection with the arguments that the operation gives. The parts without such arguments are shared by all
// requests.
func (p *planner[E]) bind(ctx context.Context, of int, set *Selection) *Selection {
	if !set.given {
		return set
	}
	bound := *set
	bound.Fields = slices.Clone(set.Fields)
	for i := range bound.Fields {
		field := &bound.Fields[i]
		known := p.types[of].Fields[field.Name]
		if len(field.Arguments) > 0 {
			p.decode(ctx, known, field)
		}
		if field.Of != nil {
			field.Of = p.bind(ctx, known.Of, field.Of)
		}
	}
	return &bound
}
