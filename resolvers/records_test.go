package resolvers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// tagged has fifty tagged orders of each of two shops; buyer i has bought order i of each.
func tagged(t *testing.T) *graphtest.Stack {
	t.Helper()
	s := graphtest.New(t)
	var orders []cloudtag.Order
	for _, shop := range []string{"a", "b"} {
		for i := range 50 {
			orders = append(orders, s.Order(cloudtag.OrderNo(number(shop, i)), cloudtag.MerchantID(shop), cloudtag.BuyerID(fmt.Sprintf("buyer-%d", i))))
		}
	}
	s.Import([]cloudtag.MerchantID{"a", "b"}, orders...)
	for _, shop := range []string{"a", "b"} {
		for batch := range 5 {
			var numbers []string
			for i := range 10 {
				numbers = append(numbers, number(shop, batch*10+i))
			}
			s.Do(s.As(cloudtag.RoleMerchant, cloudtag.MerchantID(shop)), submit, input(fmt.Sprint(batch), numbers...)).Into(t, &submitted{})
			s.Clock.Advance(time.Second)
		}
	}
	s.Store.Calls()
	return s
}

// A page loads each relation of its rows once, for any number of rows and any depth of the selection.
func TestOneCallPerRelation(t *testing.T) {
	const sections = 2 // of a list of all cases: those that wait, and the others
	s := tagged(t)
	reviewer := s.As(cloudtag.RoleReviewer)
	for name, test := range map[string]struct {
		query string
		want  map[string]int
	}{
		"tags alone": {
			`{ tags(first: 50) { nodes { orderNo scenario { name } reason status } } }`,
			map[string]int{"list tags": 1},
		},
		"total": {
			`{ tags(first: 50) { totalCount } }`,
			map[string]int{"list tags": 1, "count tags": 1},
		},
		"tags with everything": {
			`{ tags(first: 50) { nodes {
				order { orderNo merchant { name tagCount succeededCount overturnedCount entityId } tag { status }
					buyer { id risk { score } exposure { orders } cases { id explanation { count votes { merchants { name } } } } } }
				merchant { name tagCount }
				case { state buyer { risk { level } exposure { merchants } } explanation { text votes { merchants { id name } } } }
				scenario { enabled threshold } } } }`,
			map[string]int{
				"list tags": 1, "get orders": 1,
				// the orders' tags, and on two paths the live ones of cases; the tags' cases, and the accounts'
				"get tags": 1 + 2, "get cases": 1 + 1 + 2,
				// the shops of the tags, of the orders, and of the votes on two paths
				"get merchants": 4, "get shopCounts": 2,
				// accounts on two paths
				"get risks": 2, "list orders": 2,
				// what risk levels and exposures need of it, a text, and the scenarios' rules
				"get policies": 2 + 2 + 1 + 1,
			},
		},
		"cases": {
			`{ cases(first: 50) { nodes { id buyer { id risk { score level } exposure { orders merchants } cases { id state } }
				explanation { count threshold votes { entityId merchants { name permission } } } decision { reason } } } }`,
			map[string]int{
				"list cases": sections, "get risks": 1, "list orders": 1, "get cases": 1 + 1, "get tags": 1, "get merchants": 1, "get policies": 2,
			},
		},
		"a queue's rows": {
			`{ cases(first: 50) { nodes { id explanation { count threshold riskLevel nextExpiryAt holds policyVersion } } } }`,
			map[string]int{"list cases": sections},
		},
		"a queue's rows with what the cases rest on": {
			`{ cases(first: 50) { nodes { id priorityParts { reason } evidence { orders amounts { cents } note otherCases merchants { name } }
				buyer { risk { strongest { label unit } } } } } }`,
			map[string]int{
				"list cases": sections,
				// the live tags and their orders, the accounts' cases, the shops, the risk data and what levels need of the policy
				"get tags": 1, "get orders": 1, "get cases": 1 + 1, "get merchants": 1, "get risks": 1, "get policies": 1,
			},
		},
		"an account's share of tagged orders": {
			`{ buyer(id: "buyer-1") { exposure { orders taggedOrders } } }`,
			map[string]int{"list orders": 1 + 1, "get risks": 1, "get policies": 2, "get cases": 1 + 1, "get tags": 1, "get orders": 1},
		},
		"catalogue": {
			`{ scenarios { code name enabled threshold } }`,
			map[string]int{"get policies": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.Store.Calls()
			var data any
			s.Do(reviewer, test.query, nil).Into(t, &data)
			calls := s.Store.Calls()
			delete(calls, "log") // the tail polls
			delete(calls, "last")
			if !maps.Equal(calls, test.want) {
				t.Errorf("calls of the store:\n%v\nwant\n%v", calls, test.want)
			}
		})
	}
}

// A failure of a batch of fifty rows is reported for each, logged once, and does not reveal its cause.
func TestFailureOfABatchIsReportedForEachRow(t *testing.T) {
	s := tagged(t)
	s.Store.Fail("get orders", errors.New("secret disk"))
	answer := s.Do(s.As(cloudtag.RoleReviewer), `{ tags(first: 50) { nodes { order { orderNo } } } }`, nil)
	if len(answer.Errors) == 0 || slices.ContainsFunc(answer.Codes(), func(code string) bool { return code != "INTERNAL" }) {
		t.Fatalf("codes %v, want INTERNAL", answer.Codes())
	}
	if strings.Contains(answer.Raw, "secret") {
		t.Errorf("the client received: %s", answer.Raw)
	}
	if id, _ := answer.Errors[0].Extensions["requestId"].(string); id == "" || strings.Count(s.Logs.String(), "secret disk") != 1 || !strings.Contains(s.Logs.String(), id) {
		t.Errorf("the log has not one line with the cause and request %q:\n%s", id, s.Logs)
	}
}

// What each role gets for each field: the value, null, or an error that makes the whole answer null.
func TestWhoMayReadWhat(t *testing.T) {
	s := tagged(t)
	ctxCase := "RETURN_SWAPPED:buyer-1"
	callers := []struct {
		name          string
		authorization string
	}{
		{"own shop", s.As(cloudtag.RoleMerchant, "a")},
		{"other shop", s.As(cloudtag.RoleMerchant, "b")},
		{"REVIEWER", s.As(cloudtag.RoleReviewer)},
		{"ADMIN", s.As(cloudtag.RoleAdmin)},
		{"AUDITOR", s.As(cloudtag.RoleAuditor)},
		{"PLATFORM", s.As(cloudtag.RolePlatform)},
		{"nobody", ""},
	}
	const yes, null, forbidden, unknown = "yes", "null", "FORBIDDEN", "UNAUTHENTICATED"
	r := func(own, other, reviews, platform string) []string {
		return []string{own, other, reviews, reviews, reviews, platform, unknown}
	}
	for query, want := range map[string][]string{
		`{ viewer { x: id } }`:                                                   r(yes, yes, yes, yes),
		`{ scenarios { x: enabled } }`:                                           r(yes, yes, yes, yes),
		`{ scenarios(category: CLAIM) { x: threshold } }`:                        r(null, null, yes, null),
		`{ order(orderNo: "a-001") { x: orderNo } }`:                             r(yes, null, yes, yes),
		`{ order(orderNo: "a-001") { buyer { x: id } } }`:                        r(null, null, yes, yes),
		`{ order(orderNo: "a-001") { tag { x: orderNo } } }`:                     r(yes, null, yes, null),
		`{ order(orderNo: "a-001") { merchant { x: name } } }`:                   r(yes, null, yes, yes),
		`{ order(orderNo: "a-001") { merchant { x: tagCount } } }`:               r(yes, null, yes, forbidden),
		`{ order(orderNo: "a-001") { merchant { x: entityId } } }`:               r(null, null, yes, null),
		`{ tag(orderNo: "a-001") { x: orderNo } }`:                               r(yes, null, yes, null),
		`{ tag(orderNo: "a-001") { case { x: id } } }`:                           r(null, null, yes, null),
		`{ tag(orderNo: "a-001") { merchant { x: overturnedCount } } }`:          r(null, null, yes, null),
		`{ tag(orderNo: "a-001") { order { x: amountCents } } }`:                 r(yes, null, yes, null),
		`{ tags(first: 1) { nodes { x: orderNo } } }`:                            r(yes, yes, yes, forbidden),
		`{ tags(filter: {merchantId: "a"}, first: 1) { nodes { x: orderNo } } }`: r(yes, forbidden, yes, forbidden),
		`{ tags(filter: {buyerId: "buyer-1"}) { nodes { x: orderNo } } }`:        r(forbidden, forbidden, yes, forbidden),
		`{ tags(filter: {merchantId: "a"}) { x: totalCount } }`:                  r(yes, forbidden, yes, forbidden),
		`{ buyer(id: "buyer-1") { x: id } }`:                                     r(null, null, yes, yes),
		`{ buyer(id: "buyer-1") { exposure { x: orders } } }`:                    r(null, null, yes, yes),
		`{ buyer(id: "buyer-1") { cases { x: id } } }`:                           r(null, null, yes, forbidden),
		`{ buyer(id: "buyer-1") { tags { nodes { x: orderNo } } } }`:             r(null, null, yes, forbidden),
		`{ case(id: "` + ctxCase + `") { x: state } }`:                           r(null, null, yes, null),
		`{ case(id: "` + ctxCase + `") { explanation { x: text } } }`:            r(null, null, yes, null),
		`{ case(id: "` + ctxCase + `") { timeline { nodes { x: seq } } } }`:      r(null, null, yes, null),
		`{ case(id: "` + ctxCase + `") { tags { nodes { x: orderNo } } } }`:      r(null, null, yes, null),
		`{ cases { nodes { x: id } } }`:                                          r(forbidden, forbidden, yes, forbidden),
		`{ merchant(id: "a") { x: name } }`:                                      r(yes, null, yes, null),
		`{ merchant(id: "a") { x: entityId } }`:                                  r(null, null, yes, null),
		`{ merchants { nodes { x: name } } }`:                                    r(forbidden, forbidden, yes, forbidden),
		`{ merchants(filter: {search: "A"}) { x: totalCount } }`:                 r(forbidden, forbidden, yes, forbidden),
		`{ policy { x: version } }`:                                              r(forbidden, forbidden, yes, forbidden),
		`{ log(first: 1) { nodes { x: seq } } }`:                                 r(forbidden, forbidden, yes, forbidden),
		`mutation { importOrders(input: {orders: []}) { x: stored } }`:           r(forbidden, forbidden, forbidden, yes),
		`mutation { importRisk(input: {profiles: []}) { x: stored } }`:           r(forbidden, forbidden, forbidden, yes),
	} {
		for i, caller := range callers {
			answer := s.Do(caller.authorization, query, nil)
			got := null
			switch {
			case len(answer.Errors) > 0:
				got = answer.Errors[0].Code()
			case strings.Contains(string(answer.Data), `"x":`) && !strings.Contains(string(answer.Data), `"x":null`):
				got = yes
			}
			if got != want[i] {
				t.Errorf("%s: %s gets %s, want %s: %s", query, caller.name, got, want[i], answer.Raw)
			}
		}
	}
}

// Unknown records are null, like those that the caller may not see.
func TestUnknownRecords(t *testing.T) {
	s := tagged(t)
	var data map[string]any
	s.Do(s.As(cloudtag.RoleAdmin), `{ order(orderNo: "no") { orderNo } tag(orderNo: "no") { orderNo } case(id: "no") { id }
		buyer(id: "no") { id } merchant(id: "no") { id } }`, nil).Into(t, &data)
	for field, value := range data {
		if value != nil {
			t.Errorf("%s = %v, want null", field, value)
		}
	}
	if codes := s.Do(s.As(cloudtag.RoleAdmin), `{ policy(version: 7) { version } }`, nil).Codes(); !reflect.DeepEqual(codes, []string{"NOT_FOUND"}) {
		t.Errorf("an unknown version of the policy: %v, want NOT_FOUND", codes)
	}
}

type tagList struct {
	Tags struct {
		Nodes []struct{ OrderNo string }
		Edges []struct {
			Cursor string
			Node   struct{ OrderNo string }
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
		TotalCount int
	}
}

func TestPages(t *testing.T) {
	s := tagged(t)
	reviewer := s.As(cloudtag.RoleReviewer)
	query := `query ($first: Int, $after: Cursor, $last: Int, $before: Cursor) {
		tags(filter: {merchantId: "a"}, orderBy: SUBMITTED_AT_ASC, first: $first, after: $after, last: $last, before: $before) {
			nodes { orderNo } edges { cursor node { orderNo } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }`
	var want []string
	for i := range 50 {
		want = append(want, number("a", i))
	}
	read := func(variables graphtest.Variables) tagList {
		var list tagList
		s.Do(reviewer, query, variables).Into(t, &list)
		if len(list.Tags.Nodes) != len(list.Tags.Edges) || list.Tags.TotalCount != 50 {
			t.Fatalf("%v: %d nodes, %d edges, %d in all", variables, len(list.Tags.Nodes), len(list.Tags.Edges), list.Tags.TotalCount)
		}
		for i, edge := range list.Tags.Edges {
			if edge.Node != list.Tags.Nodes[i] {
				t.Fatalf("edge %d is of another node", i)
			}
		}
		return list
	}
	var forward []string
	variables := graphtest.Variables{"first": 7}
	for {
		list := read(variables)
		for _, node := range list.Tags.Nodes {
			forward = append(forward, node.OrderNo)
		}
		if !list.Tags.PageInfo.HasNextPage {
			break
		}
		variables["after"] = list.Tags.PageInfo.EndCursor
	}
	if !slices.Equal(forward, want) {
		t.Errorf("forward: %v", forward)
	}
	var backward []string
	variables = graphtest.Variables{"last": 7}
	for {
		list := read(variables)
		for i := len(list.Tags.Nodes) - 1; i >= 0; i-- {
			backward = append(backward, list.Tags.Nodes[i].OrderNo)
		}
		if !list.Tags.PageInfo.HasPreviousPage {
			break
		}
		variables["before"] = list.Tags.PageInfo.StartCursor
	}
	slices.Reverse(backward)
	if !slices.Equal(backward, want) {
		t.Errorf("backward: %v", backward)
	}
	for name, bad := range map[string]graphtest.Variables{
		"first": {"first": 0}, "last": {"last": 101}, "after": {"after": "xx"}, "before": {"before": s.LogCursor(s.As(cloudtag.RoleReviewer), 1)},
	} {
		answer := s.Do(reviewer, query, bad)
		if len(answer.Errors) != 1 || answer.Errors[0].Code() != "BAD_USER_INPUT" || !reflect.DeepEqual(answer.Errors[0].Extensions["field"], []any{name}) {
			t.Errorf("%v: %s, want BAD_USER_INPUT of %s", bad, answer.Raw, name)
		}
	}
}

func TestFilters(t *testing.T) {
	s := tagged(t)
	reviewer := s.As(cloudtag.RoleReviewer)
	for filter, want := range map[string]int{
		`{}`: 100, `{merchantId: "a"}`: 50, `{buyerId: "buyer-3"}`: 2, `{status: []}`: 100, `{status: [SUCCEEDED]}`: 0,
		`{orderNos: ["a-001", "b-002", "none"]}`: 2, `{scenario: "REVIEW_FALSE"}`: 0, `{merchantId: null, status: [ACCUMULATING]}`: 100,
		`{submittedAfter: "2001-01-01T00:00:00Z"}`: 100, `{submittedBefore: "2001-01-01T00:00:00+08:00"}`: 0,
	} {
		var list tagList
		s.Do(reviewer, `{ tags(filter: `+filter+`) { totalCount } }`, nil).Into(t, &list)
		if list.Tags.TotalCount != want {
			t.Errorf("%s: %d tags, want %d", filter, list.Tags.TotalCount, want)
		}
	}
	// Two votes of three: every case waits for a reviewer, for 48 hours.
	cases := func(filter string) int {
		var list struct{ Cases struct{ TotalCount int } }
		s.Do(reviewer, `{ cases(filter: `+filter+`) { totalCount } }`, nil).Into(t, &list)
		return list.Cases.TotalCount
	}
	for filter, want := range map[string]int{
		`{}`: 50, `{state: [ACCUMULATING, CONFIRMED]}`: 50, `{handling: HANDLED}`: 0, `{handling: PENDING}`: 50, `{minVotes: 2}`: 50,
		`{minVotes: 3}`: 0, `{riskLevel: [UNKNOWN]}`: 50, `{riskLevel: [HIGH]}`: 0, `{buyerId: "buyer-7"}`: 1, `{overdue: true}`: 0, `{overdue: false}`: 50,
	} {
		if got := cases(filter); got != want {
			t.Errorf("%s: %d cases, want %d", filter, got, want)
		}
	}
	s.Clock.Advance(49 * time.Hour)
	reviewer = s.As(cloudtag.RoleReviewer)
	if overdue, other := cases(`{overdue: true}`), cases(`{overdue: false}`); overdue != 50 || other != 0 {
		t.Errorf("after 49 hours %d are overdue and %d are not, want 50 and 0", overdue, other)
	}
	answer := s.Do(reviewer, `{ cases(filter: {minVotes: -1}) { totalCount } }`, nil)
	if !reflect.DeepEqual(answer.Codes(), []string{"BAD_USER_INPUT"}) {
		t.Errorf("minVotes -1: %s", answer.Raw)
	}
}

func TestCaseInFull(t *testing.T) {
	s := tagged(t)
	var got struct {
		Case struct {
			ID, State, Handling string
			Overdue             bool
			Priority            float64
			Buyer               struct{ ID string }
			Scenario            struct{ Code, Name string }
			Explanation         struct {
				Count, Threshold, ScenarioThreshold, RiskAdjustment, PolicyVersion int
				RiskLevel, Text                                                    string
				Holds                                                              []string
				Votes                                                              []struct {
					EntityID  string
					Tags      int
					Merchants []struct{ Name string }
				}
			}
			Tags     struct{ Nodes []struct{ OrderNo string } }
			Timeline struct {
				TotalCount int
				Nodes      []struct {
					Seq      int
					Action   string
					Subjects []string
					After    string
				}
			}
		}
	}
	s.Do(s.As(cloudtag.RoleAuditor), `{ case(id: "RETURN_SWAPPED:buyer-4") { id state handling overdue priority buyer { id } scenario { code name(language: ZH) }
		explanation { count threshold scenarioThreshold riskAdjustment policyVersion riskLevel text holds votes { entityId tags merchants { name } } }
		tags(first: 5) { nodes { orderNo } } timeline(first: 50) { totalCount nodes { seq action subjects after } } } }`, nil).Into(t, &got)
	c := got.Case
	if c.State != "ACCUMULATING" || c.Handling != "PENDING" || c.Overdue || c.Buyer.ID != "buyer-4" || c.Scenario.Name != "退货调包" {
		t.Errorf("case %+v", c)
	}
	if e := c.Explanation; e.Count != 2 || e.Threshold != 3 || e.ScenarioThreshold != 3 || e.RiskLevel != "UNKNOWN" || len(e.Votes) != 2 ||
		e.Votes[0].Merchants[0].Name != "Shop b" || e.Holds == nil || !strings.HasPrefix(e.Text, "2 independent parties") {
		t.Errorf("explanation %+v", e)
	}
	if nodes := c.Tags.Nodes; len(nodes) != 2 || nodes[0].OrderNo != "b-004" || nodes[1].OrderNo != "a-004" {
		t.Errorf("tags %+v, want the later first", nodes)
	}
	if c.Timeline.TotalCount != len(c.Timeline.Nodes) || len(c.Timeline.Nodes) < 3 || c.Timeline.Nodes[0].Action != "case.opened" || c.Timeline.Nodes[1].Action != "tag.submitted" {
		t.Errorf("timeline %+v", c.Timeline)
	}
	for _, entry := range c.Timeline.Nodes {
		if !slices.Contains(entry.Subjects, "case:RETURN_SWAPPED:buyer-4") || !json.Valid([]byte(entry.After)) {
			t.Errorf("entry %+v is not of the case", entry)
		}
	}
}

func TestViewer(t *testing.T) {
	s := tagged(t)
	for authorization, want := range map[string]string{
		s.As(cloudtag.RoleMerchant, "a"):       `{"data":{"viewer":{"id":"test:MERCHANT","roles":["MERCHANT"],"merchant":{"name":"Shop a"}}}}`,
		s.As(cloudtag.RoleMerchant, "unknown"): `{"data":{"viewer":{"id":"test:MERCHANT","roles":["MERCHANT"],"merchant":null}}}`,
		s.As(cloudtag.RoleAuditor):             `{"data":{"viewer":{"id":"test:AUDITOR","roles":["AUDITOR"],"merchant":null}}}`,
	} {
		if got := s.Do(authorization, `{ viewer { id roles merchant { name } } }`, nil); got.Raw != want {
			t.Errorf("viewer %s, want %s", got.Raw, want)
		}
	}
}

// Reasons of the product itself, and the times of an explanation, are shown in the caller's language and time zone. The stored
// records do not change.
func TestReasonsAndTimesAreLocalized(t *testing.T) {
	s := tagged(t)
	auditor := s.As(cloudtag.RoleAuditor)
	type reason struct{ Reason, ReasonText, ZH *string }
	var got struct {
		Case struct {
			Explanation struct{ UTC, Here, ZH string }
			Timeline    struct{ Nodes []reason }
		}
	}
	s.Do(auditor, `{ case(id: "RETURN_SWAPPED:buyer-4") {
		explanation { utc: text here: text(timeZone: "Asia/Kathmandu") zh: text(language: ZH, timeZone: "Asia/Kathmandu") }
		timeline(first: 50) { nodes { reason reasonText zh: reasonText(language: ZH) } } } }`, nil).Into(t, &got)
	e := got.Case.Explanation
	if !strings.Contains(e.UTC, " UTC.") || !strings.Contains(e.Here, " UTC+05:45.") || !strings.Contains(e.ZH, " UTC+05:45 过期") {
		t.Errorf("%+v", e)
	}
	queued := 0
	for _, entry := range got.Case.Timeline.Nodes {
		if (entry.Reason == nil) != (entry.ReasonText == nil) {
			t.Errorf("%+v: a text without a reason, or none with one", entry)
		}
		if entry.Reason != nil && *entry.Reason == "one vote is missing" {
			queued++
			if *entry.ReasonText != "one vote is missing" || *entry.ZH != "尚缺一票" {
				t.Errorf("%q and %q", *entry.ReasonText, *entry.ZH)
			}
		}
	}
	if queued != 1 {
		t.Errorf("%d entries say that a vote is missing", queued)
	}
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
		if answer := s.Do(auditor, `query($zone: String) { case(id: "RETURN_SWAPPED:buyer-4") { explanation { text(timeZone: $zone) } } }`, graphtest.Variables{"zone": zone}); !slices.Equal(answer.Codes(), []string{"BAD_USER_INPUT"}) {
			t.Errorf("zone %q: %s", zone, answer.Raw)
		}
	}
}

// Find returns records by the prefix of an identifier, in a fixed number of store calls, and for reviewers only.
func TestFindByPrefix(t *testing.T) {
	c := newCity(t, fullPlan())
	const query = `query($prefix: String!) { find(prefix: $prefix) { buyers { id cases { id } } cases { id state } merchants { id name } orders { orderNo merchant { name } tag { status } } } }`
	find := func(prefix string) map[string]any { return map[string]any{"prefix": prefix} }
	var data struct {
		Find struct {
			Buyers []struct {
				ID    string
				Cases []struct{ ID string }
			}
			Cases []struct{ ID string }
		}
	}
	c.Do(c.As(cloudtag.RoleAuditor), query, find(string(c.plan.first))).Into(t, &data)
	if len(data.Find.Buyers) == 0 || data.Find.Buyers[0].ID != string(c.plan.first) || len(data.Find.Buyers[0].Cases) == 0 {
		t.Errorf("found by an account's identifier: %+v", data)
	}
	c.Do(c.As(cloudtag.RoleAuditor), query, find(string(c.plan.confirmed()))).Into(t, &data)
	if len(data.Find.Cases) != 1 || data.Find.Cases[0].ID != string(c.plan.confirmed()) {
		t.Errorf("found by a case's identifier: %+v", data)
	}
	for _, prefix := range []string{"", "a\x00b", strings.Repeat("a", 201)} {
		if codes := c.Do(c.reviewer("ann"), query, find(prefix)).Codes(); !slices.Equal(codes, []string{"BAD_USER_INPUT"}) {
			t.Errorf("%d characters: %v", len(prefix), codes)
		}
	}
	if codes := c.Do(c.owner(), query, find("a")).Codes(); !slices.Equal(codes, []string{"FORBIDDEN"}) {
		t.Errorf("a shop gets %v", codes)
	}
}
