package sqlite

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// Every page that clients request, and its count, walks one index in its order, without scanning or sorting. (An account's
// tags by change are sorted, being few.)
func TestPagesWalkOneIndex(t *testing.T) {
	s := openStore(t, Options{})
	ctx, slice := t.Context(), cloudtag.Slice{Limit: 50, After: &cloudtag.Position{Key: 1, ID: "x"}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	statuses := []cloudtag.TagStatus{cloudtag.TagAccumulating, cloudtag.TagSucceeded}
	for _, filter := range []cloudtag.TagFilter{
		{}, {MerchantID: "m"}, {MerchantID: "m", Statuses: statuses, Scenario: dbtest.Scenario}, {Statuses: statuses}, {Statuses: statuses[:1]},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}}, {Statuses: []cloudtag.TagStatus{cloudtag.TagVoided, cloudtag.TagRejected}},
		{Scenario: dbtest.Scenario, SubmittedAfter: dbtest.Start, SubmittedBefore: dbtest.Start.Add(time.Hour)},
	} {
		for _, order := range []cloudtag.TagOrder{cloudtag.TagsBySubmittedAsc, cloudtag.TagsBySubmittedDesc, cloudtag.TagsByStatusChangedDesc} {
			_, _, err := s.TagPage(ctx, filter, order, slice)
			must(err)
		}
		_, err := s.CountTags(ctx, filter, 100)
		must(err)
	}
	_, _, err := s.TagPage(ctx, cloudtag.TagFilter{BuyerID: "b"}, cloudtag.TagsBySubmittedDesc, slice)
	must(err)
	for _, filter := range []cloudtag.CaseFilter{
		{}, {Handling: cloudtag.HandlingPending}, {Handling: cloudtag.HandlingHandled}, {States: cloudtag.CaseStates()[:2], MinVotes: 2},
		{RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}, Scenario: dbtest.Scenario},
		{Handling: cloudtag.HandlingPending, AwakeAt: dbtest.Start}, {AssignedTo: "a"}, {Escalated: true}, {SnoozedAt: dbtest.Start},
	} {
		shared := filter.AssignedTo != "" || filter.Escalated || !filter.SnoozedAt.IsZero()
		for _, order := range []cloudtag.CaseOrder{cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc} {
			if filter.Handling == cloudtag.HandlingPending && order == cloudtag.CasesByOpenedDesc || shared && order != cloudtag.CasesByPriorityDesc {
				continue // pending cases are few, and sorted
			}
			_, _, err := s.CasePage(ctx, filter, order, slice)
			must(err)
		}
		_, err := s.CountCases(ctx, filter, 100)
		must(err)
	}
	for _, filter := range []cloudtag.LogFilter{
		{}, {Subject: cloudtag.MerchantSubject("m")}, {Subject: cloudtag.CaseSubject("S:b")}, {Action: cloudtag.ActionTagSubmitted}, {Actor: "a"},
		{Actor: "a", Action: cloudtag.ActionTagSubmitted},
	} {
		_, _, err := s.LogPage(ctx, filter, slice)
		must(err)
		_, err = s.CountLog(ctx, filter, 100)
		must(err)
	}
	_, err = s.WakingCases(ctx, dbtest.Start, 100)
	must(err)
	_, err = s.CountPending(ctx, dbtest.Start)
	must(err)
	_, err = s.LiveCasesOf(ctx, "m", "", 100)
	must(err)
	_, err = s.MerchantsToRecount(ctx, 100)
	must(err)
	_, err = s.WakingDocuments(ctx, cloudtag.KindAppeal, dbtest.Start, 100)
	must(err)
	for _, filter := range []cloudtag.DocumentFilter{{}, {State: "OPEN"}, {MerchantID: "m", State: "OPEN"}, {BuyerID: "b"}, {OrderNo: "o"}, {CaseID: "c"}, {Owner: "o"}, {Topic: "t", Owner: "o"}} {
		_, _, err = s.DocumentPage(ctx, cloudtag.KindAppeal, filter, slice)
		must(err)
		_, err = s.CountDocuments(ctx, cloudtag.KindAppeal, filter, 100)
		must(err)
	}

	plans, err := s.engine.Plans(ctx)
	must(err)
	maps.DeleteFunc(plans, func(text string, _ []string) bool {
		return !strings.HasPrefix(text, "SELECT") || strings.Contains(text, "FROM sqlite_schema") // once, when the file is opened
	})
	if len(plans) < 40 {
		t.Fatalf("only %d statements were prepared: the test checks too little", len(plans))
	}
	for text, steps := range plans {
		for _, step := range steps {
			if strings.Contains(step, "TEMP B-TREE") && !strings.Contains(text, "UNION ALL") ||
				strings.HasPrefix(step, "SCAN") && !walksInOrder(step) {
				t.Errorf("%s\nin: %s", step, text)
			}
		}
	}
}

// A shop's share of tagged orders is counted from two covering indexes.
func TestTagShareReadsIndexesOnly(t *testing.T) {
	s := openStore(t, Options{})
	order := cloudtag.Order{OrderNo: "1", MerchantID: "m", BuyerID: "b", PlacedAt: dbtest.Start, Currency: "CNY", ReportOutcome: cloudtag.ReportNone}
	entry := func(int) cloudtag.Entry {
		return cloudtag.Entry{At: dbtest.Start, Actor: "test", Action: cloudtag.ActionOrdersImported}
	}
	if _, err := s.PutOrders(t.Context(), []cloudtag.Order{order}, nil, entry); err != nil {
		t.Fatal(err)
	}
	share, err := s.TagShare(t.Context(), "m", dbtest.Start.Add(-time.Hour), dbtest.Start)
	if err != nil || share.Orders != 1 {
		t.Fatalf("%+v, %v", share, err)
	}
	plans, err := s.engine.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, steps := range plans {
		for _, step := range steps {
			for _, index := range []string{"orders_merchant", "tags_merchant"} {
				if strings.Contains(step, "SEARCH") && strings.Contains(step, "COVERING INDEX "+index+" ") {
					covered[index] = true
				}
			}
		}
	}
	if len(covered) != 2 {
		t.Errorf("covered by %v of:\n%v", covered, plans)
	}
}

// Selective filters use an index of their own: there may be few matches among very many records.
func TestSelectiveFiltersUseTheirIndex(t *testing.T) {
	all := cloudtag.Slice{Limit: 50}
	tags := func(order cloudtag.TagOrder) func(*opened) error {
		return func(s *opened) error {
			filter := cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}}
			_, _, err := s.TagPage(t.Context(), filter, order, all)
			return err
		}
	}
	cases := func(order cloudtag.CaseOrder, filter cloudtag.CaseFilter) func(*opened) error {
		filter.Handling = cloudtag.HandlingHandled
		return func(s *opened) error {
			_, _, err := s.CasePage(t.Context(), filter, order, all)
			return err
		}
	}
	expired := cloudtag.CaseFilter{States: []cloudtag.CaseState{cloudtag.CaseExpired}}
	byPriority := func(filter cloudtag.CaseFilter) func(*opened) error {
		return func(s *opened) error {
			_, _, err := s.CasePage(t.Context(), filter, cloudtag.CasesByPriorityDesc, all)
			return err
		}
	}
	risky := cloudtag.CaseFilter{RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}}
	for name, test := range map[string]struct {
		ask   func(*opened) error
		index string
	}{
		"tags by submission":   {tags(cloudtag.TagsBySubmittedDesc), "tags_settled"},
		"tags by change":       {tags(cloudtag.TagsByStatusChangedDesc), "tags_settled_changed"},
		"expired by opening":   {cases(cloudtag.CasesByOpenedDesc, expired), "cases_state"},
		"expired by priority":  {cases(cloudtag.CasesByPriorityDesc, expired), "cases_state"},
		"of votes by due time": {cases(cloudtag.CasesByDueAsc, cloudtag.CaseFilter{MinVotes: 5}), "cases_votes"},
		"expired by due time":  {cases(cloudtag.CasesByDueAsc, expired), "cases_state"},
		"risky by opening":     {cases(cloudtag.CasesByOpenedDesc, risky), "cases_risk"},
		"risky by priority":    {cases(cloudtag.CasesByPriorityDesc, risky), "cases_risk"},
		"assigned":             {byPriority(cloudtag.CaseFilter{AssignedTo: "ann"}), "cases_assignee"},
		"escalated":            {byPriority(cloudtag.CaseFilter{Escalated: true}), "cases_attention"},
		"snoozed":              {byPriority(cloudtag.CaseFilter{SnoozedAt: dbtest.Start}), "cases_attention"},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, Options{})
			if err := test.ask(s); err != nil {
				t.Fatal(err)
			}
			plans, err := s.engine.Plans(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			for text, steps := range plans {
				if !strings.Contains(text, "INDEXED BY") {
					continue
				}
				asked++
				if !slices.ContainsFunc(steps, func(step string) bool {
					return strings.HasPrefix(step, "SEARCH") && strings.Contains(step, "INDEX "+test.index+" (")
				}) {
					t.Errorf("%s\nplan: %s", text, steps)
				}
			}
			if asked != 1 {
				t.Errorf("%d statements instead of one", asked)
			}
		})
	}
}

// walksInOrder reports whether a scan step reads an index or a table in key order, or the rows of subqueries and json_each.
func walksInOrder(step string) bool {
	return strings.Contains(step, "USING") || slices.Contains([]string{"SCAN log", "SCAN b", "SCAN (subquery-1)", "SCAN CONSTANT ROW"}, step) ||
		strings.HasPrefix(step, "SCAN (subquery") || strings.HasPrefix(step, "SCAN json_each") || strings.HasPrefix(step, "SCAN j VIRTUAL TABLE")
}
