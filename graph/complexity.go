package graph

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"

	"github.com/vektah/gqlparser/v2/ast"
)

// Assumed lengths of lists that are not paginated.
const (
	scenariosPriced = 19 // the catalogue
	casesPriced     = 19 // of one account: one per scenario
	votesPriced     = 5
	shopsPriced     = 2 // of one vote
	partsPriced     = 3 // of a priority
	presetsPriced   = 2
	notesPriced     = 5   // of one case
	reviewersPriced = 100 // names
	draftsPriced    = 20
	bucketsPriced   = 8                    // of a histogram, or of the queue by age
	daysPriced      = 366                  // of metrics
	tagsPriced      = 5                    // of an appeal's facts
	recordsPriced   = 20                   // of one account: complaints, restrictions, appeals; and linked pairs of one case
	standingPriced  = 50                   // shops that stand out
	listPriced      = cloudtag.MaxPageSize // lists of all restrictions, revocations, appeals, pairs and reviewers
)

// How many records a field returns, by its coordinate. A field with an argument "first" is priced by its page size and is
// not listed here; any other field counts as one record.
var (
	listLengths = map[string]int{
		"Query.scenarios": scenariosPriced, "Buyer.cases": casesPriced, "Explanation.votes": votesPriced, "Vote.merchants": shopsPriced,
		"Case.priorityParts": partsPriced, "Case.notes": notesPriced, "Query.reviewers": reviewersPriced, "CaseEvidence.merchants": shopsPriced, "CaseEvidence.amounts": 1, "Explanation.onHold": shopsPriced,
		"Buyer.complaints": recordsPriced, "Buyer.restrictions": recordsPriced, "Buyer.appeals": recordsPriced,
		"CaseSignals.linkedPairs": recordsPriced, "CaseSignals.shops": shopsPriced, "ShopRecord.signals": 1,
		"Query.shopsStandingOut": standingPriced, "Query.reportedAccounts": recordsPriced, "ReportedAccount.borneOutBy": shopsPriced, "AppealFacts.tags": tagsPriced, "Batch.results": cloudtag.MaxBatchOrders,
		"Query.linkedPairs": listPriced, "Query.appeals": listPriced, "Query.restrictions": listPriced,
		"Query.revocations": listPriced, "Query.vettings": listPriced, "Query.policyPresets": presetsPriced, "Query.policyDrafts": draftsPriced, "Query.tokenRevocations": listPriced, "Query.queueAges": bucketsPriced,
		"Query.reviewerTallies":      listPriced,
		"PolicySimulation.scenarios": scenariosPriced, "Metrics.scenarios": scenariosPriced,
		"Metrics.days": daysPriced, "Histogram.buckets": bucketsPriced,
		"Found.buyers": cloudtag.MostFound, "Found.cases": cloudtag.MostFound, "Found.merchants": cloudtag.MostFound, "Found.orders": cloudtag.MostFound,
	}
	// A batch returns as many as its input list has.
	batches = map[string]batch{
		"Mutation.submitTags":  {list: "orderNos", most: cloudtag.MaxBatchOrders},
		"Mutation.decideCases": {list: "items", most: manyFields},
		"Mutation.assignCases": {list: "caseIds", most: manyFields},
		"Query.ordersByNumber": {list: "orderNos", most: cloudtag.MaxPageSize},
	}
)

// batch is a list in the input of a mutation, or an argument of a query.
type batch struct {
	list string
	most int
}

// count returns how many records a field returns, where that is not one.
type count func(field *ast.Field, variables map[string]any) int

// pricing has the counts of a schema's fields. It prices an operation in a few microseconds without allocating, which is
// cheaper than a cache keyed by document and variables.
type pricing map[*ast.FieldDefinition]count

func pricingOf(schema *ast.Schema) pricing {
	counts := make(pricing)
	for _, definition := range schema.Types {
		if definition.Kind != ast.Object {
			continue
		}
		for _, field := range definition.Fields {
			if counted := countOf(definition.Name+"."+field.Name, field); counted != nil {
				counts[field] = counted
			}
		}
	}
	return counts
}

func countOf(coordinate string, field *ast.FieldDefinition) count {
	if length, isList := listLengths[coordinate]; isList {
		return func(*ast.Field, map[string]any) int { return length }
	}
	if batch, isBatch := batches[coordinate]; isBatch {
		return batch.count
	}
	if field.Arguments.ForName("first") != nil {
		return pageSize
	}
	return nil
}

// price estimates how many fields the response has, without introspection.
func (p pricing) price(set ast.SelectionSet, variables map[string]any) int {
	sum := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				continue
			}
			each := p.price(s.SelectionSet, variables)
			if counted := p[s.Definition]; counted != nil {
				each = times(each, counted(s, variables))
			} else {
				each = min(manyFields, each+1)
			}
			sum = min(manyFields, sum+each)
		case *ast.InlineFragment:
			sum = min(manyFields, sum+p.price(s.SelectionSet, variables))
		case *ast.FragmentSpread:
			sum = min(manyFields, sum+p.price(s.Definition.SelectionSet, variables))
		}
	}
	return sum
}

// pageSize returns how many rows a page has. Sizes out of range, which are refused later, are priced as the largest.
func pageSize(field *ast.Field, variables map[string]any) int {
	size, given := intArgument(field, "first", variables)
	if !given {
		size, given = intArgument(field, "last", variables)
	}
	switch {
	case !given:
		return cloudtag.DefaultPageSize
	case size < 1 || size > cloudtag.MaxPageSize:
		return cloudtag.MaxPageSize
	default:
		return size
	}
}

// intArgument returns the value of an argument, if it has one. A value that is no Int is refused later and returned as 0.
func intArgument(field *ast.Field, name string, variables map[string]any) (value int, given bool) {
	argument := field.Arguments.ForName(name)
	if argument == nil {
		return 0, false
	}
	found, err := argument.Value.Value(variables)
	if err != nil || found == nil {
		return 0, err != nil
	}
	if value, err = model.UnmarshalInt(found); err != nil {
		value = 0
	}
	return value, true
}

func (b batch) count(field *ast.Field, variables map[string]any) int {
	argument := field.Arguments.ForName("input")
	if argument == nil {
		argument = field.Arguments.ForName(b.list)
	}
	if argument == nil {
		return 1
	}
	found, err := argument.Value.Value(variables)
	if err != nil {
		return 1
	}
	if input, isObject := found.(map[string]any); isObject {
		found = input[b.list]
	}
	list, _ := found.([]any)
	return min(b.most, max(1, len(list)))
}

// times multiplies without overflow.
func times(each, count int) int {
	if each > manyFields/count {
		return manyFields
	}
	return 1 + each*count
}
