package mongo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// The data set of the test: enough that a scan is never the cheapest way.
const (
	manyTags      = 100_000
	manyCases     = 40_000
	manyShops     = 500
	tagsPerMinute = 2
)

// mostExamined is how many documents a page or a look-up may examine where the server tells: a few pages' worth.
const mostExamined = 2_000

var explainStart = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)

// queryLog collects the reading commands that a store sends.
type queryLog struct {
	mu       sync.Mutex
	commands map[string]bson.D // by shape, the first of each
}

func (l *queryLog) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, started *event.CommandStartedEvent) {
		if started.CommandName != "find" && started.CommandName != "aggregate" && started.CommandName != "count" {
			return
		}
		var command bson.D
		if err := bson.Unmarshal(started.Command, &command); err != nil {
			return
		}
		command = slices.DeleteFunc(command, func(e bson.E) bool {
			return strings.HasPrefix(e.Key, "$") || e.Key == "lsid" || e.Key == "readConcern" || e.Key == "maxTimeMS"
		})
		l.mu.Lock()
		defer l.mu.Unlock()
		if shape := shapeOf(command); l.commands[shape] == nil {
			l.commands[shape] = command
		}
	}}
}

// take returns what was collected since the last time.
func (l *queryLog) take() map[string]bson.D {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.commands
	l.commands = make(map[string]bson.D)
	return taken
}

// shapeOf is a command without its values.
func shapeOf(value any) string {
	switch v := value.(type) {
	case bson.D:
		var parts []string
		for _, e := range v {
			part := e.Key + ":" + shapeOf(e.Value)
			switch e.Key {
			case "find", "aggregate", "count", "sort":
				part = fmt.Sprint(e.Key, ":", e.Value)
			case "batchSize", "limit":
				part = e.Key
			}
			parts = append(parts, part)
		}
		return "{" + strings.Join(parts, " ") + "}"
	case bson.A:
		if len(v) > 0 {
			if _, isDocument := v[0].(bson.D); isDocument {
				var parts []string
				for _, item := range v {
					parts = append(parts, shapeOf(item))
				}
				return "[" + strings.Join(parts, " ") + "]"
			}
		}
		return "[]"
	default:
		return "?"
	}
}

// TestNoScans asks the server how it answers every kind of query that the store's reading methods send over 100
// thousand tags, and fails where it would read a collection from end to end.
func TestNoScans(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a database with 100 thousand tags")
	}
	queries := &queryLog{commands: make(map[string]bson.D)}
	s := openForTest(t, Options{monitor: queries.monitor()})
	fill(t, s)
	queries.take()
	for _, call := range readingCalls(s) {
		began := time.Now()
		if err := call.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", call.name, err)
		}
		took := time.Since(began)
		for shape, command := range queries.take() {
			explained := explainQuery(t, s, command)
			if fault := faultOf(explained, command); fault != "" {
				t.Errorf("%s sends a query that %s:\n%s", call.name, fault, shape)
			}
		}
		t.Logf("%6.1f ms %s", float64(took.Microseconds())/1000, call.name)
	}
	wantFaultsFound(t, s)
}

// wantFaultsFound checks that the test can fail: queries that no index serves.
func wantFaultsFound(t *testing.T, s *Store) {
	t.Helper()
	none := bson.D{{Key: "entity", Value: "none"}}
	for _, command := range []bson.D{
		{{Key: "find", Value: "tags"}, {Key: "filter", Value: none}},
		{{Key: "find", Value: "tags"}, {Key: "filter", Value: bson.D{}}},
		{{Key: "find", Value: "tags"}, {Key: "filter", Value: carried()}, {Key: "sort", Value: sorting(-1, "submittedAt")}, {Key: "limit", Value: 50}},
		{{Key: "count", Value: "tags"}, {Key: "query", Value: none}},
		{{Key: "aggregate", Value: "cases"}, {Key: "pipeline", Value: bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "votes", Value: 2}}}}}}},
	} {
		if faultOf(explainQuery(t, s, command), command) == "" {
			t.Errorf("nothing wrong is found with %v", command)
		}
	}
}

func explainQuery(t *testing.T, s *Store, command bson.D) bson.M {
	t.Helper()
	var explained bson.M
	if command[0].Key == "aggregate" && !slices.ContainsFunc(command, func(e bson.E) bool { return e.Key == "cursor" }) {
		command = append(command, bson.E{Key: "cursor", Value: bson.D{}})
	}
	err := s.cases.Database().RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: command}, {Key: "verbosity", Value: "executionStats"},
	}).Decode(&explained)
	if err != nil {
		t.Fatalf("explain %v: %v", command, err)
	}
	return explained
}

// faultOf says what is wrong with a plan; "" for nothing.
func faultOf(explained bson.M, command bson.D) string {
	fault := ""
	inOrderOfID := sortsByID(command)
	eachNode(explained, func(node bson.M) {
		if node["stage"] == "COLLSCAN" || node["Node Type"] == "Seq Scan" {
			fault = "scans a collection"
		}
		if examined, told := node["totalDocsExamined"]; told && asInt(examined) > mostExamined && command[0].Key == "find" {
			fault = fmt.Sprintf("examines %d documents", asInt(examined))
		}
		// DocumentDB: a scan by the index of _id without a condition on it. It is none where the order of _id is asked
		// for and a limit ends it.
		condition := fmt.Sprint(node["Index Cond"], node["Recheck Cond"])
		if node["Index Name"] == "_id_" && !strings.Contains(condition, "object_id") && !inOrderOfID {
			fault = "scans a collection by its _id"
		}
	})
	return fault
}

// sortsByID reports whether a command reads a few documents in the order of _id.
func sortsByID(command bson.D) bool {
	sorted, limited := false, false
	for _, e := range command {
		switch e.Key {
		case "sort":
			spec, _ := e.Value.(bson.D)
			sorted = len(spec) == 1 && spec[0].Key == "_id"
		case "limit", "batchSize":
			limited = true
		}
	}
	return sorted && limited
}

func asInt(value any) int64 {
	switch v := value.(type) {
	case int32:
		return int64(v)
	case int64:
		return v
	case float64:
		return int64(v)
	default:
		return 0
	}
}

// eachNode visits a document and all documents in it.
func eachNode(value any, visit func(bson.M)) {
	switch v := value.(type) {
	case bson.M:
		visit(v)
		for _, inner := range v {
			eachNode(inner, visit)
		}
	case bson.D:
		m := bson.M{}
		for _, e := range v {
			m[e.Key] = e.Value
		}
		eachNode(m, visit)
	case bson.A:
		for _, inner := range v {
			eachNode(inner, visit)
		}
	}
}

// namedCall is a call of a reading method.
type namedCall struct {
	name string
	do   func(ctx context.Context) error
}

func readingCalls(s *Store) []namedCall {
	return slices.Concat(tagCalls(s), caseCalls(s), logCalls(s), lookupCalls(s), platformCalls(s))
}

func tagCalls(s *Store) (calls []namedCall) {
	middle := explainStart.Add(manyTags / tagsPerMinute / 2 * time.Minute)
	filters := []cloudtag.TagFilter{
		{}, {MerchantID: "shop-7"}, {BuyerID: "buyer-00077"}, {Scenario: "REMOTE_RETURN"},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}},
		{MerchantID: "shop-7", Statuses: []cloudtag.TagStatus{cloudtag.TagAccumulating, cloudtag.TagExpired}},
		{Scenario: "REMOTE_RETURN", Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}},
		{MerchantID: "shop-7", Scenario: "REMOTE_RETURN"},
		{BuyerID: "buyer-00077", Scenario: "REMOTE_RETURN", Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}},
		{SubmittedAfter: middle, SubmittedBefore: middle.Add(24 * time.Hour)},
		{MerchantID: "shop-7", SubmittedAfter: middle},
		{OrderNos: []cloudtag.OrderNo{"0000077", "0000078"}},
	}
	for _, filter := range filters {
		for _, order := range []cloudtag.TagOrder{
			cloudtag.TagsBySubmittedDesc, cloudtag.TagsBySubmittedAsc, cloudtag.TagsByStatusChangedDesc,
		} {
			for _, slice := range slicesAround(middle.UnixMilli()) {
				calls = append(calls, namedCall{fmt.Sprintf("TagPage %+v %s %s", filter, order, sliceName(slice)), func(ctx context.Context) error {
					_, _, err := s.TagPage(ctx, filter, order, slice)
					return err
				}})
			}
		}
		calls = append(calls, namedCall{fmt.Sprintf("CountTags %+v", filter), func(ctx context.Context) error {
			_, err := s.CountTags(ctx, filter, cloudtag.MaxCount+1)
			return err
		}})
	}
	return calls
}

func sliceName(slice cloudtag.Slice) string {
	return fmt.Sprintf("after %t before %t backward %t", slice.After != nil, slice.Before != nil, slice.Backward)
}

// slicesAround are the ways to page: from either end, and from a position.
func slicesAround(key int64) []cloudtag.Slice {
	position := &cloudtag.Position{Key: key, ID: "0050000"}
	return []cloudtag.Slice{
		{Limit: 50}, {Limit: 50, Backward: true}, {Limit: 50, After: position}, {Limit: 50, Before: position, Backward: true},
	}
}

func caseCalls(s *Store) (calls []namedCall) {
	middle := explainStart.Add(manyTags / tagsPerMinute / 2 * time.Minute)
	filters := []cloudtag.CaseFilter{
		{}, {Handling: cloudtag.HandlingPending}, {States: []cloudtag.CaseState{cloudtag.CaseConfirmed}},
		{Scenario: "REMOTE_RETURN"}, {BuyerID: "buyer-00077"}, {OverdueAt: middle}, {NotOverdue: middle},
		{Handling: cloudtag.HandlingPending, RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}, MinVotes: 2},
		{Handling: cloudtag.HandlingPending, Scenario: "REMOTE_RETURN", OverdueAt: middle},
	}
	for _, filter := range filters {
		for _, order := range []cloudtag.CaseOrder{
			cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc,
		} {
			sample := newExplainCase(manyCases / 2)
			for _, slice := range slicesAround(order.PositionOf(sample).Key) {
				calls = append(calls, namedCall{fmt.Sprintf("CasePage %+v %s %s", filter, order, sliceName(slice)), func(ctx context.Context) error {
					_, _, err := s.CasePage(ctx, filter, order, slice)
					return err
				}})
			}
		}
		calls = append(calls, namedCall{fmt.Sprintf("CountCases %+v", filter), func(ctx context.Context) error {
			_, err := s.CountCases(ctx, filter, cloudtag.MaxCount+1)
			return err
		}})
	}
	return calls
}

func logCalls(s *Store) (calls []namedCall) {
	for _, filter := range []cloudtag.LogFilter{
		{}, {Subject: "case:case-00077"}, {Action: "tag.submitted"}, {Actor: "actor-7"}, {Subject: "case:case-00077", Action: "tag.submitted"},
	} {
		for _, slice := range slicesAround(manyTags / 2) {
			calls = append(calls, namedCall{fmt.Sprintf("LogPage %+v %s", filter, sliceName(slice)), func(ctx context.Context) error {
				_, _, err := s.LogPage(ctx, filter, slice)
				return err
			}})
		}
		calls = append(calls, namedCall{fmt.Sprintf("CountLog %+v", filter), func(ctx context.Context) error {
			_, err := s.CountLog(ctx, filter, cloudtag.MaxCount+1)
			return err
		}})
	}
	return calls
}

func lookupCalls(s *Store) []namedCall {
	shops, buyers := []cloudtag.MerchantID{"shop-7", "shop-8"}, []cloudtag.BuyerID{"buyer-00077", "buyer-00078"}
	orders, ids := []cloudtag.OrderNo{"0000077", "0000078"}, []cloudtag.CaseID{"case-00077", "case-00078"}
	return []namedCall{
		{"Batch", func(ctx context.Context) error { _, err := s.Batch(ctx, "shop-7", "key-7"); return err }},
		{"BatchByID", func(ctx context.Context) error { _, err := s.BatchByID(ctx, "batch-7"); return err }},
		{"TagsByOrder", func(ctx context.Context) error { _, err := s.TagsByOrder(ctx, orders); return err }},
		{"TagsOf", func(ctx context.Context) error { _, err := s.TagsOf(ctx, "shop-7", orders); return err }},
		{"LiveTags", func(ctx context.Context) error { _, err := s.LiveTags(ctx, ids); return err }},
		{"LiveCasesOf", func(ctx context.Context) error { _, err := s.LiveCasesOf(ctx, "shop-7", "case-2", 256); return err }},
		{"Cases", func(ctx context.Context) error { _, err := s.Cases(ctx, ids); return err }},
		{"CasesOfBuyers", func(ctx context.Context) error { _, err := s.CasesOfBuyers(ctx, buyers); return err }},
		{"WakingCases", func(ctx context.Context) error {
			_, err := s.WakingCases(ctx, explainStart.AddDate(0, 0, 3), 256)
			return err
		}},
		{"Merchants", func(ctx context.Context) error { _, err := s.Merchants(ctx, shops); return err }},
		{"MerchantsToRecount", func(ctx context.Context) error { _, err := s.MerchantsToRecount(ctx, 256); return err }},
		{"MerchantCounts", func(ctx context.Context) error { _, err := s.MerchantCounts(ctx, shops); return err }},
		{"Orders", func(ctx context.Context) error { _, err := s.Orders(ctx, orders); return err }},
		{"OrdersOf", func(ctx context.Context) error { _, err := s.OrdersOf(ctx, "shop-7", orders); return err }},
		{"Exposures", func(ctx context.Context) error { _, err := s.Exposures(ctx, buyers, explainStart); return err }},
		{"KnownBuyers", func(ctx context.Context) error { _, err := s.KnownBuyers(ctx, append(buyers, "none")); return err }},
		{"Risks", func(ctx context.Context) error { _, err := s.Risks(ctx, buyers); return err }},
		{"RisksToEvaluate", func(ctx context.Context) error { _, err := s.RisksToEvaluate(ctx, 256); return err }},
		{"Policy", func(ctx context.Context) error { _, err := s.Policy(ctx, 0); return err }},
		{"LastSeq", func(ctx context.Context) error { _, err := s.LastSeq(ctx); return err }},
		{"Recover", func(ctx context.Context) error { _, err := s.Recover(ctx); return err }},
	}
}

func newExplainCase(n int) cloudtag.Case {
	opened := explainStart.Add(time.Duration(n) * time.Minute)
	c := cloudtag.Case{
		ID: cloudtag.CaseID(fmt.Sprintf("case-%05d", n)), BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%05d", n/2)),
		Scenario: cloudtag.Scenarios()[n%19].Code, State: cloudtag.CaseStates()[n%6], Handling: cloudtag.HandlingHandled,
		Version: 1, Revision: 1, OpenedAt: opened, EvaluatedAt: opened, NextExpiryAt: opened.AddDate(0, 0, 180), Votes: n % 3, Threshold: 3,
		RiskLevel: cloudtag.RiskHigh, PolicyVersion: 1,
	}
	if n%10 == 0 {
		c.Handling, c.DueAt = cloudtag.HandlingPending, opened.Add(48*time.Hour)
		c.Claim = &cloudtag.Claim{By: fmt.Sprintf("reviewer-%d", n%70), Token: "token", Until: opened.Add(10 * time.Minute)}
	}
	return c
}

func newExplainTag(n int) tagDoc {
	at := explainStart.Add(time.Duration(n) * time.Minute / tagsPerMinute)
	return newTagDoc(cloudtag.Tag{
		OrderNo: cloudtag.OrderNo(fmt.Sprintf("%07d", n)), Scenario: cloudtag.Scenarios()[n%19].Code,
		MerchantID: cloudtag.MerchantID(fmt.Sprintf("shop-%d", n%manyShops)), EntityID: "entity",
		BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%05d", n%(manyCases/2))), Status: cloudtag.TagStatuses()[n%6], Live: n%6 < 2,
		SubmittedAt: at, StatusChangedAt: at.Add(time.Hour), HandleBy: at.Add(48 * time.Hour), Version: 1,
	}, 1, "claim")
}

// fill stores the data set as the store itself would have left it.
func fill(t *testing.T, s *Store) {
	t.Helper()
	head := func() rowHead { return rowHead{Revision: 1, Change: "fill"} }
	insert := func(into *driver.Collection, count int, make func(n int) any) {
		t.Helper()
		for from := 0; from < count; from += 5000 {
			docs := []any{}
			for n := from; n < min(count, from+5000); n++ {
				docs = append(docs, make(n))
			}
			if _, err := into.InsertMany(t.Context(), docs, options.InsertMany().SetOrdered(false)); err != nil {
				t.Fatalf("fill %s: %v", into.Name(), err)
			}
		}
	}
	insert(s.tags, manyTags, func(n int) any { return newExplainTag(n) })
	insert(s.cases, manyCases, func(n int) any {
		doc := newCaseDoc(newExplainCase(n))
		doc.Revision, doc.Live = 1, []tagDoc{newExplainTag(n)}
		return doc
	})
	insert(s.merchants, 5*manyShops, func(n int) any {
		doc := newMerchantDoc(cloudtag.Merchant{ID: cloudtag.MerchantID(fmt.Sprintf("shop-%d", n)), Permission: cloudtag.PermissionActive}, n%100 == 0)
		doc.Head = head()
		return doc
	})
	insert(s.orders, manyCases, func(n int) any {
		doc := newOrderDoc(cloudtag.Order{
			OrderNo: cloudtag.OrderNo(fmt.Sprintf("%07d", n)), MerchantID: "shop-7",
			BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%05d", n/2)), PlacedAt: explainStart.Add(time.Hour),
		})
		doc.Head = head()
		return doc
	})
	insert(s.risks, manyCases/2, func(n int) any {
		doc := newRiskDoc(cloudtag.RiskProfile{BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%05d", n)), UpdatedAt: explainStart})
		doc.Head, doc.Evaluate = head(), n%500 == 0
		return doc
	})
	insert(s.policies, 3, func(n int) any {
		doc := newPolicyDoc(cloudtag.Policy{Version: n + 1})
		doc.Head = head()
		return doc
	})
	insert(s.batches, 5000, func(n int) any {
		return batchDoc{ID: batchID(cloudtag.MerchantID(fmt.Sprintf("shop-%d", n)), fmt.Sprintf("key-%d", n)), State: batchDone}
	})
	insert(s.blocks, manyTags/100, func(n int) any { return newExplainBlock(n) })
	fillPlatform(insert, s)
}

func newExplainBlock(n int) blockDoc {
	tell := &change{ids: []string{fmt.Sprint("change-", n)}}
	for i := range 100 {
		action, actor := "tag.submitted", fmt.Sprintf("actor-%d", n%100)
		if i%10 == 0 {
			action = "case.opened"
		}
		tell.entries = append(tell.entries, entryDoc{
			At: explainStart.Add(time.Duration(n) * time.Hour), Actor: actor, Action: action, Subjects: []string{fmt.Sprintf("case:case-%05d", (n*100+i)%manyCases)},
		})
	}
	return newBlock(int64(n)*100+1, nil, []*change{tell})
}
