package graph

import (
	"strings"
	"testing"

	"cloudtag/graph/generated"
	"cloudtag/internal/cloudtag"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestPrice(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	prices := pricingOf(schema)
	orders := func(n int) map[string]any {
		return map[string]any{"i": map[string]any{"orderNos": make([]any, n), "scenario": "RETURN_SWAPPED", "idempotencyKey": "k"}}
	}
	const submit = `mutation($i: SubmitTagsInput!) { submitTags(input: $i) { batchId } }`
	for name, test := range map[string]struct {
		query     string
		variables map[string]any
		want      int
	}{
		"one record":             {`{ tag(orderNo: "1") { orderNo status } }`, nil, 1 + 2},
		"a page":                 {`{ tags(first: 50) { nodes { orderNo status } } }`, nil, 1 + 50*(1+2)},
		"of a variable size":     {`query($n: Int) { tags(first: $n) { nodes { orderNo } } }`, map[string]any{"n": 7}, 1 + 7*2},
		"without a size":         {`{ tags { nodes { orderNo } } }`, nil, 1 + cloudtag.DefaultPageSize*2},
		"of a null size":         {`query($n: Int) { tags(first: $n) { nodes { orderNo } } }`, map[string]any{"n": nil}, 1 + cloudtag.DefaultPageSize*2},
		"from the end":           {`{ tags(last: 3) { nodes { orderNo } } }`, nil, 1 + 3*2},
		"too large":              {`{ tags(first: 1000000) { nodes { orderNo } } }`, nil, 1 + cloudtag.MaxPageSize*2},
		"no size at all":         {`{ tags(first: -1) { nodes { orderNo } } }`, nil, 1 + cloudtag.MaxPageSize*2},
		"pages in a page":        {`{ cases(first: 10) { nodes { id tags(first: 5) { nodes { orderNo } } } } }`, nil, 1 + 10*(1+1+(1+5*2))},
		"a list":                 {`{ scenarios { code } }`, nil, 1 + scenariosPriced},
		"fragments":              {`{ tag(orderNo: "1") { ...f ... on Tag { status } } } fragment f on Tag { orderNo scenario { code } }`, nil, 1 + 1 + 1 + 2},
		"a batch":                {submit, orders(20), 1 + 20},
		"a batch, too large":     {submit, orders(1000), 1 + cloudtag.MaxBatchOrders},
		"an empty batch":         {submit, orders(0), 1 + 1},
		"introspection, apart":   {`{ __schema { types { name } } }`, nil, 0},
		"no more than can be":    {`{ cases(first: 100) { nodes { tags(first: 100) { nodes { case { tags(first: 100) { nodes { case { tags(first: 100) { nodes { case { tags(first: 100) { nodes { orderNo } } } } } } } } } } } } } }`, nil, manyFields},
		"orders in the document": {`mutation { submitTags(input: {orderNos: ["1", "2", "3"], scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { batchId } }`, nil, 1 + 3},
	} {
		document, refused := gqlparser.LoadQueryWithRules(schema, test.query, nil)
		if refused != nil {
			t.Fatalf("%s: %v", name, refused)
		}
		if got := prices.price(document.Operations[0].SelectionSet, test.variables); got != test.want {
			t.Errorf("%s costs %d, want %d", name, got, test.want)
		}
	}
}

// Fields in the tables exist in the schema: a renamed field must not lose its price unnoticed.
func TestPricedFieldsExist(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	field := func(coordinate string) *ast.FieldDefinition {
		name, of, _ := strings.Cut(coordinate, ".")
		definition := schema.Types[name]
		if definition == nil {
			return nil
		}
		return definition.Fields.ForName(of)
	}
	for coordinate := range listLengths {
		if found := field(coordinate); found == nil || found.Type.Elem == nil {
			t.Errorf("there is no list %s", coordinate)
		}
	}
	for coordinate, batch := range batches {
		found := field(coordinate)
		if found == nil {
			t.Errorf("there is no field %s", coordinate)
			continue
		}
		if list := found.Arguments.ForName(batch.list); list != nil && list.Type.Elem != nil {
			continue
		}
		input := schema.Types[found.Arguments.ForName("input").Type.Name()]
		if list := input.Fields.ForName(batch.list); list == nil || list.Type.Elem == nil {
			t.Errorf("the input of %s has no list %s", coordinate, batch.list)
		}
	}
}

// Every list of records that is not paginated is in the table, or known to be short.
func TestUnpaginatedListsArePriced(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, root := range []*ast.Definition{schema.Query, schema.Types["Buyer"], schema.Types["Case"], schema.Types["Merchant"], schema.Types["Tag"]} {
		for _, field := range root.Fields {
			_, named := listLengths[root.Name+"."+field.Name]
			_, counted := batches[root.Name+"."+field.Name]
			if counted {
				continue
			}
			if field.Type.Elem != nil && !named && schema.Types[field.Type.Name()].Kind == ast.Object && !strings.HasPrefix(field.Name, "__") {
				t.Errorf("%s.%s is a list that costs as much as one record", root.Name, field.Name)
			}
		}
	}
}
