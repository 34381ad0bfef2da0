package resolvers_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
)

// The connections page, filter and count; pending records come first. The plain lists have the same order.
func TestConnectionsPageFilterAndCount(t *testing.T) {
	c := newCity(t, fullPlan())
	reviewer := c.reviewer("ann")
	for name, query := range map[string]string{
		"restrictions": `list: restrictions { id } page: restrictionConnection { nodes { id } totalCount }
			first: restrictionConnection(first: 1) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: restrictionConnection(filter: {state: PENDING_REVIEW}) { totalCount }`,
		"revocations": `list: revocations { id } page: revocationConnection { nodes { id } totalCount }
			first: revocationConnection(first: 1, filter: {merchantId: "secret-shop-1", kind: FALSE_REPORT, proposedBy: "secret-reviewer", state: PROPOSED}) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: revocationConnection(filter: {kind: THREATENED_BUYER}) { totalCount }`,
		"appeals": `list: appeals { id } page: appealConnection { nodes { id } totalCount }
			first: appealConnection(first: 1, filter: {buyerId: null}) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: appealConnection(filter: {state: ACCEPTED}) { totalCount }`,
	} {
		answer := c.Do(reviewer, "{ "+query+" }", nil)
		var data struct {
			List []struct{ ID string }
			Page struct {
				Nodes      []struct{ ID string }
				TotalCount int
			}
			First struct {
				Edges []struct {
					Cursor string
					Node   struct{ ID, State string }
				}
				TotalCount int
			}
			Waiting struct{ TotalCount int }
		}
		answer.Into(t, &data)
		if len(data.List) == 0 || !slices.Equal(data.List, data.Page.Nodes) || data.Page.TotalCount != len(data.List) {
			t.Errorf("%s: %s", name, answer.Raw)
		}
		if len(data.First.Edges) != 1 || data.First.Edges[0].Cursor == "" || data.First.TotalCount < 1 {
			t.Errorf("%s: %s", name, answer.Raw)
		}
		if data.Waiting.TotalCount >= data.Page.TotalCount {
			t.Errorf("%s: the filter selects all: %s", name, answer.Raw)
		}
	}
}

func TestLinkedPairsAndSignals(t *testing.T) {
	c := newCity(t, fullPlan())
	var data struct {
		LinkedPairs []map[string]any
		Case        map[string]any
	}
	c.Do(c.As(cloudtag.RoleAuditor), fmt.Sprintf(`{ linkedPairs { a { id } b { name } commonBuyers buyersOfA buyersOfB lift }
		case(id: %q) { signals { burst { entities from to } linkedPairs { a { id } b { id } } } } }`, c.plan.confirmed()), nil).Into(t, &data)
	// 7 common buyers, of 8 and 9, among 1,000: 7 × 1000 / (8 × 9).
	expect(t, "pairs", data.LinkedPairs, []map[string]any{{
		"a": map[string]any{"id": "secret-shop-0"}, "b": map[string]any{"name": "Shop secret-shop-1"},
		"commonBuyers": 7, "buyersOfA": 8, "buyersOfB": 9, "lift": 7000.0 / 72,
	}})
	var pages struct {
		LinkedPairConnection struct {
			Nodes []map[string]any
			Edges []struct {
				Cursor string
				Node   map[string]any
			}
			TotalCount int
		}
		TokenRevocations          []map[string]any
		TokenRevocationConnection struct {
			Nodes      []map[string]any
			TotalCount int
		}
	}
	c.Do(c.As(cloudtag.RoleAuditor), `{ linkedPairConnection(first: 1) { nodes { a { id } b { name } commonBuyers buyersOfA buyersOfB lift } edges { cursor node { at } } totalCount }
		tokenRevocations { id subject } tokenRevocationConnection { nodes { id subject } totalCount } }`, nil).Into(t, &pages)
	expect(t, "the page of pairs", pages.LinkedPairConnection.Nodes, data.LinkedPairs)
	if edges := pages.LinkedPairConnection.Edges; len(edges) != 1 || edges[0].Cursor == "" || edges[0].Node["at"] == "" || pages.LinkedPairConnection.TotalCount != 1 {
		t.Errorf("%+v", pages.LinkedPairConnection)
	}
	expect(t, "the page of revocations", pages.TokenRevocationConnection.Nodes, pages.TokenRevocations)
	expect(t, "revocations", pages.TokenRevocationConnection.TotalCount, 1)
	expect(t, "entities of the burst", field(data.Case, "signals.burst.entities"), 3)
	expect(t, "pairs of the case", len(field(data.Case, "signals.linkedPairs").([]any)), 1)
}

// One query returns everything about an account or a case, with one store call per relation; a page of cases needs no more
// calls than one case.
func TestCaseAndBuyerAreReadInBatches(t *testing.T) {
	c := newCity(t, fullPlan())
	const aboutBuyer = `id risk { score level signals { code label } } exposure { orders merchants } complaints { id state }
		restrictions { id modes description merchant { name permission } } appeals { id statement canDecide case { id state } }
		tags(first: 10) { nodes { orderNo status merchant { name } order { amountCents } } }
		cases { id state scenario { name } explanation { count votes { merchants { name } } } }`
	const aboutCase = `id state claim { by } explanation { text votes { entityId merchants { name } } } signals { burst { entities } linkedPairs { a { name } } }
		tags(first: 10) { nodes { orderNo status merchant { name } order { amountCents } } } decision { reason } timeline(first: 10) { nodes { action } }`
	auditor := c.As(cloudtag.RoleAuditor)
	calls := func(query string) map[string]int {
		t.Helper()
		c.Store.Calls()
		var data any
		c.Do(auditor, query, nil).Into(t, &data)
		counted := c.Store.Calls()
		delete(counted, "last") // the tail polls
		delete(counted, "log")
		return counted
	}
	ofBuyer := map[string]int{
		"get risks":   2,                  // of the account: its existence, its level
		"list orders": 1, "get orders": 1, // the exposure, the orders of its tags
		"get cases": 4, "get tags": 2, // its cases, their live tags, those of the appeals; its tags, through its cases
		"list documents": 3, // complaints, restrictions, appeals
		"get merchants":  3, // of the tags, the restrictions and the votes
		"get policies":   2, // risk levels, the window of the exposure
	}
	if got := calls(fmt.Sprintf(`{ buyer(id: %q) { %s } }`, c.plan.first, aboutBuyer)); !maps.Equal(got, ofBuyer) {
		t.Errorf("calls for an account:\n%v\nwant\n%v", got, ofBuyer)
	}
	ofCase := maps.Clone(ofBuyer)
	ofCase["get risks"]-- // the case implies that its account exists
	for call, more := range map[string]int{
		"get cases": 4, "get tags": 3, "get policies": 1, // the case, its explanation, its signals; its tags, through it
		"get documents": 1,                     // the records of its shops, for links
		"get orders":    1, "get merchants": 3, // its tags with their shops, its votes', the pairs'
	} {
		ofCase[call] += more
	}
	if got := calls(fmt.Sprintf(`{ case(id: %q) { %s buyer { %s } } }`, c.plan.confirmed(), aboutCase, aboutBuyer)); !maps.Equal(got, ofCase) {
		t.Errorf("calls for a case:\n%v\nwant\n%v", got, ofCase)
	}
	// Pages nested in rows are read row by row; all else is read once for both cases.
	const row = `id explanation { votes { merchants { name } } } signals { linkedPairs { a { name } } } buyer { risk { score } exposure { orders }
		complaints { id } restrictions { id merchant { name } } appeals { id case { id } } cases { id } }`
	one, both := calls(`{ cases(filter: {state: [CONFIRMED]}) { nodes { `+row+` } } }`), calls(`{ cases { nodes { `+row+` } } }`)
	if !maps.Equal(one, both) {
		t.Errorf("calls for one case:\n%v\nfor two\n%v", one, both)
	}
}

// A store failure is reported as INTERNAL, without its cause.
func TestPlatformFaults(t *testing.T) {
	c := newCity(t, fullPlan())
	c.Store.Fail("list documents", errors.New("secret disk"))
	answer := c.Do(c.As(cloudtag.RoleReviewer), fmt.Sprintf(`{ buyer(id: %q) { complaints { id } } }`, c.plan.first), nil)
	if !slices.Equal(answer.Codes(), []string{"INTERNAL"}) || strings.Contains(answer.Raw, "disk") {
		t.Errorf("%s", answer.Raw)
	}
}
