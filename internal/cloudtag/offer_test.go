package cloudtag_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// A case that votes confirmed is offered for review when two of its shops turn out to be linked, if one vote less does not
// meet the threshold, which is 3.
func TestOfferForReview(t *testing.T) {
	const lately = 90 * day
	as := func(entities ...EntityID) []EntityID { return entities }
	queue := func(s *caseScript, at time.Time) {
		s.apply(func(file *CaseFile) { file.QueueDisputed(Dispute{Review: "r-1"}, "rev", "", at) })
	}
	tests := []struct {
		name     string
		entities []EntityID    // of the shops A, B, C and so on
		linked   [2]MerchantID // empty: A and B
		before   func(*caseScript, time.Time)
		after    time.Duration // of the confirmation
		offered  bool
	}{
		{name: "the votes were just enough", entities: as("A", "B", "C"), after: lately - time.Millisecond, offered: true},
		{name: "long ago", entities: as("A", "B", "C"), after: lately},
		{name: "with a vote to spare", entities: as("A", "B", "C", "D"), after: day},
		{name: "a shop without a tag", entities: as("A", "B", "C"), linked: [2]MerchantID{"X", "A"}, after: day},
		{name: "one vote already", entities: as("A", "A", "C", "D"), after: day},
		{name: "not confirmed", entities: as("A"), after: day},
		{name: "in the queue", entities: as("A", "B", "C"), after: day, before: queue},
		{name: "nobody decided about it in time", entities: as("A", "B", "C"), after: 4 * day, before: func(s *caseScript, at time.Time) {
			queue(s, at)
			s.evaluate(at.Add(3 * day))
		}},
		{name: "a reviewer confirmed it", entities: as("A", "B", "C"), after: day, before: func(s *caseScript, at time.Time) {
			queue(s, at)
			if err := s.decide(DecisionConfirm, at); err != nil {
				s.t.Fatal(err)
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			for i, entity := range test.entities {
				script.tagAs(MerchantID(rune('A'+i)), entity, start)
			}
			if test.before != nil {
				test.before(script, start)
			}
			before, linked := *script.stored, test.linked
			if linked == [2]MerchantID{} {
				linked = [2]MerchantID{"A", "B"}
			}
			at := start.Add(test.after)
			for _, pair := range [][2]MerchantID{linked, {linked[1], linked[0]}} {
				script.apply(func(file *CaseFile) { file.OfferForReview(pair[0], pair[1], at) })
				offered := script.stored.Handling == HandlingPending && before.Handling != HandlingPending
				if offered != test.offered {
					t.Fatalf("%v: offered: %t, want %t", pair, offered, test.offered)
				}
			}
			due := before.DueAt
			if test.offered {
				due = at.Add(48 * time.Hour)
			}
			if after := script.stored; after.State != before.State || !after.DueAt.Equal(due) {
				t.Errorf("%s, due %v, want %s, due %v", after.State, after.DueAt, before.State, due)
			}
		})
	}
}

// A disagreement about a confirmation queues the case, once.
func TestQueueDisputed(t *testing.T) {
	at := start.Add(day)
	dispute := func(script *caseScript, review string, at time.Time) {
		script.apply(func(file *CaseFile) {
			file.QueueDisputed(Dispute{Review: review, Between: []string{"ann", "ben"}}, "ben", "no swap", at)
		})
	}
	tests := []struct {
		name   string
		shops  []MerchantID
		before func(*caseScript)
		at     time.Time
		queued bool
	}{
		{"confirmed", []MerchantID{"A", "B", "C"}, nil, at, true},
		{"lapsed", []MerchantID{"A", "B"}, func(s *caseScript) {
			if err := s.decide(DecisionConfirm, start); err != nil {
				s.t.Fatal(err)
			}
			s.apply(func(file *CaseFile) { file.Reassign("B", "A", "system:recount", "same owner", start) })
		}, at, true},
		{"still accumulating", []MerchantID{"A"}, nil, at, false},
		{"every tag has left the window", []MerchantID{"A", "B", "C"}, nil, start.Add(window), false},
		{"in the queue already", []MerchantID{"A", "B"}, nil, at, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			for _, shop := range test.shops {
				script.tag(shop, start)
			}
			if test.before != nil {
				test.before(script)
			}
			due := script.stored.DueAt
			queued := script.count(ActionCaseQueued)
			dispute(script, "r-1", test.at)
			want, action := due, ActionCaseDisputed
			if test.queued {
				want, action = test.at.Add(48*time.Hour), ActionCaseQueued
				queued++
			}
			c, last := script.stored, script.entries[len(script.entries)-1]
			if !c.DueAt.Equal(want) || script.count(ActionCaseQueued) != queued || last.Action != action || last.Actor != "ben" {
				t.Errorf("due %v, want %v; %s by %s, want %s", c.DueAt, want, last.Action, last.Actor, action)
			}
			if c.Dispute == nil || !slices.Equal(c.Dispute.Between, []string{"ann", "ben"}) {
				t.Errorf("dispute %+v", c.Dispute)
			}
			logged := len(script.entries)
			dispute(script, "r-1", test.at.Add(time.Hour))
			if len(script.entries) != logged {
				t.Error("the same review counts twice")
			}
			dispute(script, "r-2", test.at.Add(time.Hour))
			if c := script.stored; len(script.entries) == logged || c.Dispute.Review != "r-2" || !c.DueAt.Equal(want) {
				t.Errorf("another review: %+v, due %v", c.Dispute, c.DueAt)
			}
		})
	}
}
