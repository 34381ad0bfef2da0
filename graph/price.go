package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// priceGate refuses operations whose complexity exceeds the limit.
type priceGate struct {
	most    int
	pricing pricing
	lists   introspectionLists
}

// ExtensionName names the gate among gqlgen's extensions.
func (*priceGate) ExtensionName() string { return "PriceGate" }

// Validate notes the schema; it finds nothing wrong with it.
func (g *priceGate) Validate(schema graphql.ExecutableSchema) error {
	g.pricing, g.lists = pricingOf(schema.Schema()), listsOf(schema.Schema())
	return nil
}

// MutateOperationContext implements [graphql.OperationContextMutator].
func (g *priceGate) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	price := g.pricing.price(operation.Operation.SelectionSet, operation.Variables) + g.lists.price(operation.Operation.SelectionSet)
	operation.Stats.SetExtension(operationPrice, price)
	if price <= g.most {
		return nil
	}
	return aboutDocument(limited(reasonComplexity,
		fmt.Sprintf("查询的复杂度为 %d，上限为 %d：请减小 first 或少选字段。", price, g.most),
		fmt.Sprintf("The document's complexity is %d, the limit is %d: ask for smaller pages or fewer fields.", price, g.most)))
}

// operationPrice is the key of the price in an operation's stats.
const operationPrice = "price"

// priceOf returns the complexity that priceGate computed for an operation.
func priceOf(operation *graphql.OperationContext) int {
	price, _ := operation.Stats.GetExtension(operationPrice).(int)
	return price
}

// valuesPerPoint is how many values of an introspection, which are in memory, cost as much as one field of a record.
const valuesPerPoint = 10

// introspectionLists has the lengths of an introspection's lists: the exact number of types and directives, for the others
// the average of the lists that are not empty.
type introspectionLists map[string]int

func listsOf(schema *ast.Schema) introspectionLists {
	var fields, inputs, values, interfaces, possible, arguments average
	for _, definition := range schema.Types {
		interfaces.add(len(definition.Interfaces))
		possible.add(len(schema.PossibleTypes[definition.Name]))
		values.add(len(definition.EnumValues))
		if definition.Kind == ast.InputObject {
			inputs.add(len(definition.Fields))
			continue
		}
		fields.add(len(definition.Fields))
		for _, field := range definition.Fields {
			arguments.add(len(field.Arguments))
		}
	}
	return introspectionLists{
		"types": len(schema.Types), "directives": len(schema.Directives), "fields": fields.value(), "inputFields": inputs.value(),
		"enumValues": values.value(), "interfaces": interfaces.value(), "possibleTypes": possible.value(), "args": arguments.value(),
	}
}

// average is the mean of the positive values.
type average struct{ sum, count int }

func (a *average) add(length int) {
	if length > 0 {
		a.sum += length
		a.count++
	}
}

// value is the mean, rounded up.
func (a *average) value() int { return (a.sum + max(1, a.count) - 1) / max(1, a.count) }

// price is the complexity of the introspection in an operation.
func (l introspectionLists) price(root ast.SelectionSet) int {
	values := 0
	for _, selection := range root {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				values = min(manyFields, values+l.values(s.SelectionSet))
			}
		case *ast.InlineFragment:
			values = min(manyFields, values+l.price(s.SelectionSet)*valuesPerPoint)
		case *ast.FragmentSpread:
			values = min(manyFields, values+l.price(s.Definition.SelectionSet)*valuesPerPoint)
		}
	}
	return (values + valuesPerPoint - 1) / valuesPerPoint
}

// values estimates how many values a selection returns.
func (l introspectionLists) values(set ast.SelectionSet) int {
	sum := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			each := 1 + l.values(s.SelectionSet)
			if length, isList := l[s.Name]; isList && length > 0 {
				each = times(each, length)
			}
			sum = min(manyFields, sum+each)
		case *ast.InlineFragment:
			sum = min(manyFields, sum+l.values(s.SelectionSet))
		case *ast.FragmentSpread:
			sum = min(manyFields, sum+l.values(s.Definition.SelectionSet))
		}
	}
	return sum
}
