package cloudtag_test

import (
	"context"
	"slices"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestTagEventsHaveEachStatusChangeOnce(t *testing.T) {
	m := newMarket(t)
	first := m.submitOne("A", "b-1")
	m.submitOne("B", "b-1")
	m.submitOne("C", "b-1")
	feed := NewFeed(m.store, m.clock)

	filter, topic, err := TagTopic(shopCaller("A"), TagFilter{})
	if err != nil || topic != MerchantSubject("A") {
		t.Fatalf("topic %q: %v", topic, err)
	}
	events, err := feed.TagEvents(context.Background(), filter, m.store.log())
	if err != nil || len(events) != 2 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	if got := events[0]; got.Tag.OrderNo != first || got.Tag.Status != TagAccumulating || got.Previous != "" || got.Tag.Version != 1 {
		t.Errorf("submission: %+v", got)
	}
	if got := events[1]; got.Tag.Status != TagSucceeded || got.Previous != TagAccumulating || got.Tag.Version != 2 {
		t.Errorf("flip: %+v", got)
	}
	all, err := feed.TagEvents(context.Background(), TagFilter{}, m.store.log())
	if err != nil || len(all) != 6 {
		t.Errorf("a reviewer gets %d events, want 3 submissions and 3 flips: %v", len(all), err)
	}
	flips, err := feed.TagEvents(context.Background(), TagFilter{Statuses: []TagStatus{TagSucceeded}}, m.store.log())
	if err != nil || len(flips) != 3 {
		t.Errorf("%d flips, want 3: %v", len(flips), err)
	}
}

// A succeeded tag that no longer counts, because its shop was revoked, keeps its status: there is no event.
func TestDiscountedTagsHaveNoEvents(t *testing.T) {
	m := newMarket(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		m.submitOne(shop, "b-1")
	}
	before := len(m.store.log())
	if _, err := m.upkeep.Discount(t.Context(), "A", "admin", "false tags"); err != nil {
		t.Fatal(err)
	}
	added := m.store.log()[before:]
	if !slices.ContainsFunc(added, func(entry Entry) bool { return entry.Action == ActionTagDiscounted }) {
		t.Fatal("nothing was discounted")
	}
	if events, err := NewFeed(m.store, m.clock).TagEvents(t.Context(), TagFilter{}, added); err != nil || len(events) > 0 {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestCaseEventsHaveEachChange(t *testing.T) {
	m := newMarket(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		m.submitOne(shop, "b-1")
	}
	events, err := NewFeed(m.store, m.clock).CaseEvents(context.Background(), CaseFilter{}, m.store.log())
	if err != nil {
		t.Fatal(err)
	}
	var actions []Action
	for _, event := range events {
		actions = append(actions, event.Action)
	}
	want := []Action{
		ActionCaseOpened, ActionTagSubmitted, ActionTagSubmitted, ActionCaseQueued, ActionTagSubmitted, ActionCaseConfirmed,
	}
	if !slices.Equal(actions, want) {
		t.Errorf("actions %v, want %v", actions, want)
	}
}

func TestTopicsRejectForbiddenFilters(t *testing.T) {
	tests := []struct {
		name   string
		caller Caller
		filter TagFilter
		code   Code
	}{
		{"own", shopCaller("A"), TagFilter{}, ""},
		{"own by name", shopCaller("A"), TagFilter{MerchantID: "A"}, ""},
		{"another shop", shopCaller("A"), TagFilter{MerchantID: "B"}, CodeForbidden},
		{"by account", shopCaller("A"), TagFilter{BuyerID: "b-1"}, CodeForbidden},
		{"a service", platform(), TagFilter{}, CodeForbidden},
		{"nobody", Caller{}, TagFilter{}, CodeForbidden},
		{"an auditor", Caller{Roles: []Role{RoleAuditor}}, TagFilter{BuyerID: "b-1"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := TagTopic(test.caller, test.filter); CodeOf(err) != test.code {
				t.Errorf("got %v, want %q", err, test.code)
			}
		})
	}
	if _, err := CaseTopic(shopCaller("A"), CaseFilter{}); CodeOf(err) != CodeForbidden {
		t.Errorf("cases for a merchant: %v", err)
	}
}

func TestCursors(t *testing.T) {
	position := Position{Key: -5, ID: "o:1:x"}
	got, err := DecodeCursor("list", EncodeCursor("list", position), "after")
	if err != nil || got != position {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []Cursor{"", "x", "!!", "list", "list:x", "list:!:", ForeignCursor, EncodeCursor("other", position)} {
		if _, err := DecodeCursor("list", bad, "after"); CodeOf(err) != CodeBadInput || fieldOf(err) != "after" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	place := LogPlace{Seq: 42, Hash: "0011223344556677"}
	if got, err := ParseLogCursor(place.Cursor()); err != nil || got != place {
		t.Errorf("log cursor: %+v, %v", got, err)
	}
	for _, bad := range []Cursor{"", EncodeCursor("log", Position{Key: -1}), EncodeCursor("log", Position{Key: 0, ID: "x"}), ForeignCursor} {
		if _, err := ParseLogCursor(bad); CodeOf(err) != CodeBadInput {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPageRequests(t *testing.T) {
	number := func(n int) *int { return &n }
	tests := []struct {
		name    string
		request PageRequest
		limit   int
		code    Code
	}{
		{"default", PageRequest{}, DefaultPageSize, ""},
		{"one", PageRequest{First: number(1)}, 1, ""},
		{"the most", PageRequest{Last: number(100)}, 100, ""},
		{"none", PageRequest{First: number(0)}, 0, CodeBadInput},
		{"too many", PageRequest{First: number(101)}, 0, CodeBadInput},
		{"negative", PageRequest{Last: number(-1)}, 0, CodeBadInput},
		{"both", PageRequest{First: number(1), Last: number(1)}, 0, CodeBadInput},
		{"foreign cursor", PageRequest{After: EncodeCursor("other", Position{})}, 0, CodeBadInput},
		{"broken cursor", PageRequest{Before: "%"}, 0, CodeBadInput},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			slice, err := test.request.Slice("list")
			if CodeOf(err) != test.code || err == nil && slice.Limit != test.limit {
				t.Errorf("limit %d, %v", slice.Limit, err)
			}
		})
	}
}
