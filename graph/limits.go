package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// check enforces the limits on a document's shape before gqlparser validates it, in time quadratic in the fields of a
// selection, and before it is priced, which expands every fragment spread.
func (l Limits) check(document *ast.QueryDocument) error {
	if count := len(document.Operations); count > l.Operations {
		return limited(reasonOperations, fmt.Sprintf("查询文本最多 %d 个操作。", l.Operations), fmt.Sprintf("A document may have at most %d operations.", l.Operations))
	}
	if count := len(document.Fragments); count > l.Fragments {
		return limited(reasonFragments, fmt.Sprintf("查询最多 %d 个片段。", l.Fragments), fmt.Sprintf("A document may have at most %d fragments.", l.Fragments))
	}
	measure := measurer{fragments: document.Fragments, known: make(map[string]shape)}
	var largest shape
	for _, operation := range document.Operations {
		largest = largest.orMore(measure.selections(operation.SelectionSet))
	}
	for _, fragment := range document.Fragments {
		largest = largest.orMore(measure.fragment(fragment.Name))
	}
	largest.fields = max(largest.fields, measure.written)
	switch {
	case largest.fields > l.Fields:
		return limited(reasonFields, fmt.Sprintf("展开片段后查询最多 %d 个字段。", l.Fields), fmt.Sprintf("A document may select at most %d fields, fragments expanded.", l.Fields))
	case largest.depth > l.Depth:
		return limited(reasonDepth, fmt.Sprintf("查询嵌套不得超过 %d 层。", l.Depth), fmt.Sprintf("Fields may nest %d deep at most.", l.Depth))
	case largest.aliases > l.Aliases:
		return limited(reasonAliases, fmt.Sprintf("查询最多使用 %d 个别名。", l.Aliases), fmt.Sprintf("A document may have at most %d aliases.", l.Aliases))
	default:
		return nil
	}
}

// shape is the size of a selection with its fragments expanded.
type shape struct{ depth, aliases, fields int }

// manyFields is where counting saturates: above any limit, and safe to double.
const manyFields = 1 << 30

func (s shape) plus(other shape) shape {
	return shape{
		depth:   max(s.depth, other.depth),
		aliases: min(manyFields, s.aliases+other.aliases),
		fields:  min(manyFields, s.fields+other.fields),
	}
}

// orMore is the maximum of each dimension.
func (s shape) orMore(other shape) shape {
	return shape{
		depth: max(s.depth, other.depth), aliases: max(s.aliases, other.aliases), fields: max(s.fields, other.fields),
	}
}

// measurer measures each fragment once, so that nested fragment spreads take linear time.
type measurer struct {
	fragments ast.FragmentDefinitionList
	known     map[string]shape
	written   int // fields in the text, without expanding fragments
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
	m.written++
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

// fragment measures a fragment. A cycle, which validation refuses later, is counted once.
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

// documentCache caches parsed documents, bounded in number and in length.
type documentCache struct {
	*lru.LRU[*ast.QueryDocument]
	longest int
}

func (l Limits) documentCache() graphql.Cache[*ast.QueryDocument] {
	return documentCache{LRU: lru.New[*ast.QueryDocument](l.CachedDocuments), longest: l.CachedDocumentBytes}
}

// Add caches a document unless its text is too long.
func (c documentCache) Add(ctx context.Context, query string, document *ast.QueryDocument) {
	if len(query) <= c.longest {
		c.LRU.Add(ctx, query, document)
	}
}
