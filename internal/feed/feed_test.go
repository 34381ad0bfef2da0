package feed_test

import (
	"context"
	"slices"
	"testing"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/feed"
)

func TestTagEventsHaveEachStatusChangeOnce(t *testing.T) {
	m := NewOffice(t)
	first := m.SubmitOne("A", "b-1")
	m.SubmitOne("B", "b-1")
	m.SubmitOne("C", "b-1")
	service := feed.New(m.Store, m.Clock)

	filter, topic, err := feed.TagTopic(ShopCaller("A"), TagFilter{})
	if err != nil || topic != MerchantSubject("A") {
		t.Fatalf("topic %q: %v", topic, err)
	}
	events, err := service.TagEvents(context.Background(), filter, m.Store.Entries())
	if err != nil || len(events) != 2 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	if got := events[0]; got.Tag.OrderNo != first || got.Tag.Status != TagAccumulating || got.Previous != "" || got.Tag.Version != 1 {
		t.Errorf("submission: %+v", got)
	}
	if got := events[1]; got.Tag.Status != TagSucceeded || got.Previous != TagAccumulating || got.Tag.Version != 2 {
		t.Errorf("flip: %+v", got)
	}
	all, err := service.TagEvents(context.Background(), TagFilter{}, m.Store.Entries())
	if err != nil || len(all) != 6 {
		t.Errorf("a reviewer gets %d events, want 3 submissions and 3 flips: %v", len(all), err)
	}
	flips, err := service.TagEvents(context.Background(), TagFilter{Statuses: []TagStatus{TagSucceeded}}, m.Store.Entries())
	if err != nil || len(flips) != 3 {
		t.Errorf("%d flips, want 3: %v", len(flips), err)
	}
}

// A succeeded tag that no longer counts, because its shop was revoked, keeps its status: there is no event.
func TestDiscountedTagsHaveNoEvents(t *testing.T) {
	m := NewOffice(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		m.SubmitOne(shop, "b-1")
	}
	before := len(m.Store.Entries())
	if _, err := m.Upkeep.Discount(t.Context(), "A", "admin", "false tags"); err != nil {
		t.Fatal(err)
	}
	added := m.Store.Entries()[before:]
	if !slices.ContainsFunc(added, func(entry Entry) bool { return entry.Action == ActionTagDiscounted }) {
		t.Fatal("nothing was discounted")
	}
	if events, err := feed.New(m.Store, m.Clock).TagEvents(t.Context(), TagFilter{}, added); err != nil || len(events) > 0 {
		t.Errorf("%+v, %v", events, err)
	}
}

func TestCaseEventsHaveEachChange(t *testing.T) {
	m := NewOffice(t)
	for _, shop := range []MerchantID{"A", "B", "C"} {
		m.SubmitOne(shop, "b-1")
	}
	events, err := feed.New(m.Store, m.Clock).CaseEvents(context.Background(), CaseFilter{}, m.Store.Entries())
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
		{"own", ShopCaller("A"), TagFilter{}, ""},
		{"own by name", ShopCaller("A"), TagFilter{MerchantID: "A"}, ""},
		{"another shop", ShopCaller("A"), TagFilter{MerchantID: "B"}, CodeForbidden},
		{"by account", ShopCaller("A"), TagFilter{BuyerID: "b-1"}, CodeForbidden},
		{"a service", Platform(), TagFilter{}, CodeForbidden},
		{"nobody", Caller{}, TagFilter{}, CodeForbidden},
		{"an auditor", Caller{Roles: []Role{RoleAuditor}}, TagFilter{BuyerID: "b-1"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := feed.TagTopic(test.caller, test.filter); CodeOf(err) != test.code {
				t.Errorf("got %v, want %q", err, test.code)
			}
		})
	}
	if _, err := feed.CaseTopic(ShopCaller("A"), CaseFilter{}); CodeOf(err) != CodeForbidden {
		t.Errorf("cases for a merchant: %v", err)
	}
}

func TestARevokedShopMayNotSubscribe(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	service := feed.New(o.Store, o.Clock)
	permit := func(permission Permission) {
		t.Helper()
		if err := o.Store.SetPermission(ctx, "A", permission, Entry{At: Start, Action: ActionPermissionChanged}); err != nil {
			t.Fatal(err)
		}
	}
	for _, permission := range []Permission{PermissionActive, PermissionSuspended} {
		permit(permission)
		if err := service.Admit(ctx, ShopCaller("A")); err != nil {
			t.Errorf("%s: %v", permission, err)
		}
	}
	permit(PermissionRevoked)
	if err := service.Admit(ctx, ShopCaller("A")); CodeOf(err) != CodePermissionRevoked {
		t.Errorf("revoked: %v", err)
	}
	if err := service.Admit(ctx, ShopCaller("B")); err != nil {
		t.Errorf("another shop: %v", err)
	}
	if err := service.Admit(ctx, Person("rev", RoleReviewer)); err != nil {
		t.Errorf("a reviewer: %v", err)
	}
	o.SubmitOne("B", "b-1")
	log := o.Store.Entries()
	if cursor, err := service.Cursor(ctx); err != nil || cursor != log[len(log)-1].Place().Cursor() {
		t.Errorf("the log's end %q, %v", cursor, err)
	}
	_, topic, err := feed.TagTopic(ShopCaller("A"), TagFilter{OrderNos: []OrderNo{"1"}})
	if err != nil || topic != MerchantSubject("A") {
		t.Errorf("a shop's topic %q does not hold the changes of its permission: %v", topic, err)
	}
}

func TestTopicsRejectUnknownValues(t *testing.T) {
	reviewer := Person("rev", RoleReviewer)
	if _, _, err := feed.TagTopic(reviewer, TagFilter{Statuses: []TagStatus{"confirm"}}); CodeOf(err) != CodeBadInput {
		t.Errorf("a status of tags: %v", err)
	}
	if _, err := feed.CaseTopic(reviewer, CaseFilter{Handling: "pending"}); CodeOf(err) != CodeBadInput {
		t.Errorf("a handling of cases: %v", err)
	}
}
