package sqliteengine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		{}, {MerchantID: "m"}, {MerchantID: "m", Statuses: statuses, Scenario: scenario}, {Statuses: statuses}, {Statuses: statuses[:1]},
		{Statuses: []cloudtag.TagStatus{cloudtag.TagVoided}}, {Statuses: []cloudtag.TagStatus{cloudtag.TagVoided, cloudtag.TagRejected}},
		{Scenario: scenario, SubmittedAfter: start, SubmittedBefore: start.Add(time.Hour)},
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
		{RiskLevels: []cloudtag.RiskLevel{cloudtag.RiskHigh}, Scenario: scenario},
	} {
		for _, order := range []cloudtag.CaseOrder{cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc} {
			if filter.Handling == cloudtag.HandlingPending && order == cloudtag.CasesByOpenedDesc {
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
	_, err = s.CountActions(ctx, cloudtag.ActionCaseDecided, start)
	must(err)
	_, err = s.WakingCases(ctx, start, 100)
	must(err)
	_, err = s.CountPending(ctx, start)
	must(err)
	_, err = s.LiveCasesOf(ctx, "m", "", 100)
	must(err)
	_, err = s.MerchantsToRecount(ctx, 100)
	must(err)
	_, err = s.WakingDocuments(ctx, cloudtag.KindAppeal, start, 100)
	must(err)
	for _, filter := range []cloudtag.DocumentFilter{{}, {State: "OPEN"}, {MerchantID: "m", State: "OPEN"}, {BuyerID: "b"}, {OrderNo: "o"}, {CaseID: "c"}, {Owner: "o"}, {Topic: "t", Owner: "o"}} {
		_, _, err = s.DocumentPage(ctx, cloudtag.KindAppeal, filter, slice)
		must(err)
		_, err = s.CountDocuments(ctx, cloudtag.KindAppeal, filter, 100)
		must(err)
	}

	texts := statementsOf(t, s)
	if len(texts) < 40 {
		t.Fatalf("%d statements: the test shows less than it should", len(texts))
	}
	for _, text := range texts {
		for _, step := range planOf(t, s, text) {
			if strings.Contains(step, "TEMP B-TREE") && !strings.Contains(text, "UNION ALL") ||
				strings.HasPrefix(step, "SCAN") && !walksInOrder(step) {
				t.Errorf("%s\nin: %s", step, text)
			}
		}
	}
}

// walksInOrder reports whether a step reads an index, or a table by its key, from a place on, or what branches have read.
func walksInOrder(step string) bool {
	return strings.Contains(step, "USING") || slices.Contains([]string{"SCAN l", "SCAN (subquery-1)", "SCAN CONSTANT ROW"}, step) ||
		strings.HasPrefix(step, "SCAN (subquery") || strings.HasPrefix(step, "SCAN json_each") // of one row
}

// statementsOf returns what the readers have prepared.
func statementsOf(t *testing.T, s *opened) []string {
	t.Helper()
	var texts []string
	for _, session := range s.engine.readers.all {
		for text := range session.prepared {
			if strings.HasPrefix(text, "SELECT") && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

func planOf(t *testing.T, s *opened, text string) (steps []string) {
	t.Helper()
	args := make([]any, strings.Count(text, "?"))
	err := s.engine.read(context.Background(), "explain", func(session *session) error {
		return session.each("EXPLAIN QUERY PLAN "+text, args, func(rows *sql.Rows) error {
			var id, parent, unused int
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			steps = append(steps, detail)
			return err
		})
	})
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", text, err))
	}
	return steps
}
