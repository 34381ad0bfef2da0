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

// Every page that clients ask for, its count included, walks one index in its order: it looks at nothing else and sorts
// nothing. (An account's tags by change are sorted, being few.)
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
				continue // those that wait are few, and sorted
			}
			_, _, err := s.CasePage(ctx, filter, order, slice)
			must(err)
		}
		_, err := s.CountCases(ctx, filter, 100)
		must(err)
	}
	for _, filter := range []cloudtag.LogFilter{
		{}, {Subject: cloudtag.MerchantSubject("m")}, {Subject: cloudtag.CaseSubject("S:b")}, {Action: cloudtag.ActionTagSubmitted}, {Actor: "a"},
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
		return !strings.HasPrefix(text, "SELECT") || strings.Contains(text, "FROM sqlite_schema") // once, at the start
	})
	if len(plans) < 40 {
		t.Fatalf("%d statements: the test shows less than it should", len(plans))
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

// What is asked for by a status or a state is found by it: there may be few of it among very many.
func TestFewAmongManyAreFoundByIndex(t *testing.T) {
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
		"tags by submission":  {tags(cloudtag.TagsBySubmittedDesc), "tags_settled"},
		"tags by change":      {tags(cloudtag.TagsByStatusChangedDesc), "tags_settled_changed"},
		"expired by opening":  {cases(cloudtag.CasesByOpenedDesc, expired), "cases_state"},
		"expired by priority": {cases(cloudtag.CasesByPriorityDesc, expired), "cases_state"},
		"risky by opening":    {cases(cloudtag.CasesByOpenedDesc, risky), "cases_risk"},
		"risky by priority":   {cases(cloudtag.CasesByPriorityDesc, risky), "cases_risk"},
		"somebody's":          {byPriority(cloudtag.CaseFilter{AssignedTo: "ann"}), "cases_assignee"},
		"escalated":           {byPriority(cloudtag.CaseFilter{Escalated: true}), "cases_attention"},
		"snoozed":             {byPriority(cloudtag.CaseFilter{SnoozedAt: dbtest.Start}), "cases_attention"},
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
					t.Errorf("%s\nby: %s", text, steps)
				}
			}
			if asked != 1 {
				t.Errorf("%d statements instead of one", asked)
			}
		})
	}
}

// walksInOrder reports whether a step reads an index, or a table by its key, from a place on, or what branches have read.
func walksInOrder(step string) bool {
	return strings.Contains(step, "USING") || slices.Contains([]string{"SCAN l", "SCAN (subquery-1)", "SCAN CONSTANT ROW"}, step) ||
		strings.HasPrefix(step, "SCAN (subquery") || strings.HasPrefix(step, "SCAN json_each") // of one row
}
