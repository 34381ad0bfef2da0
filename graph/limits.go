package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// The names of the rules that bound a document's shape.
const (
	ruleDepth   = "CloudTagDepth"
	ruleAliases = "CloudTagAliases"
	ruleFields  = "CloudTagFields"
)

// validationRules are the standard's and the bounds on a document's shape. They run once per document, as its parsed
// form is kept, and before complexity is priced, which follows every fragment anew.
func (l Limits) validationRules() *rules.Rules {
	all := rules.NewDefaultRules()
	for name, exceeds := range map[string]func(shape) bool{
		ruleDepth:   func(s shape) bool { return s.depth > l.Depth },
		ruleAliases: func(s shape) bool { return s.aliases > l.Aliases },
		ruleFields:  func(s shape) bool { return s.fields > l.Fields },
	} {
		all.AddRule(name, func(observers *core.Events, addError core.AddErrFunc) {
			observers.OnOperation(func(walker *core.Walker, operation *ast.OperationDefinition) {
				measure := measurer{fragments: walker.Document.Fragments, known: make(map[string]shape)}
				if exceeds(measure.selections(operation.SelectionSet)) {
					addError(core.Message("%s", name), core.At(operation.Position))
				}
			})
		})
	}
	return all
}

// shape is how large a selection is with its fragments expanded.
type shape struct{ depth, aliases, fields int }

// manyFields is where counting stops: more than any limit, and far from overflow when doubled.
const manyFields = 1 << 30

func (s shape) plus(other shape) shape {
	return shape{
		depth:   max(s.depth, other.depth),
		aliases: min(manyFields, s.aliases+other.aliases),
		fields:  min(manyFields, s.fields+other.fields),
	}
}

// measurer measures each fragment once, so that fragments that spread fragments cost no more than they are long.
type measurer struct {
	fragments ast.FragmentDefinitionList
	known     map[string]shape
}

func (m *measurer) selections(set ast.SelectionSet) shape {
	var sum shape
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			sum = sum.plus(m.field(s))
		case *ast.InlineFragment:
			sum = sum.plus(m.selections(s.SelectionSet))
		case *ast.FragmentSpread:
			sum = sum.plus(m.fragment(s.Name))
		}
	}
	return sum
}

func (m *measurer) field(field *ast.Field) shape {
	inner := m.selections(field.SelectionSet)
	inner.fields = min(manyFields, inner.fields+1)
	inner.depth++
	if field.Name == "__schema" || field.Name == "__type" {
		inner.depth = 1
	}
	if field.Alias != field.Name {
		inner.aliases = min(manyFields, inner.aliases+1)
	}
	return inner
}

// fragment measures a fragment. One that spreads itself is refused by another rule; here it counts once.
func (m *measurer) fragment(name string) shape {
	if measured, known := m.known[name]; known {
		return measured
	}
	m.known[name] = shape{}
	definition := m.fragments.ForName(name)
	if definition == nil {
		return shape{}
	}
	measured := m.selections(definition.SelectionSet)
	m.known[name] = measured
	return measured
}

// documentCache keeps parsed documents, few and short ones, so that nobody can fill memory with documents.
type documentCache struct {
	*lru.LRU[*ast.QueryDocument]
	longest int
}

func (l Limits) documentCache() graphql.Cache[*ast.QueryDocument] {
	return documentCache{LRU: lru.New[*ast.QueryDocument](l.CachedDocuments), longest: l.CachedDocumentBytes}
}

// Add keeps a document unless it is too long.
func (c documentCache) Add(ctx context.Context, query string, document *ast.QueryDocument) {
	if len(query) <= c.longest {
		c.LRU.Add(ctx, query, document)
	}
}
