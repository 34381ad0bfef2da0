package cloudtag_test

import (
	"fmt"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestViews(t *testing.T) {
	store, ids := newShelf(t), 0
	views := NewViews(store, &stillClock{now: start}, IDFunc(func() string { ids++; return fmt.Sprintf("view-%d", ids) }))
	ann, ben, auditor, ctx := person("ann", RoleReviewer), person("ben", RoleAdmin), person("aud", RoleAuditor), t.Context()

	mine, err := views.Save(ctx, ann, Draft{Page: "queue", Name: "高风险", Search: "risk=HIGH"})
	if err != nil || mine.Owner != "ann" || mine.Version != 1 || !mine.MayChange(ann) || mine.MayChange(ben) {
		t.Fatalf("%+v, %v", mine, err)
	}
	if _, err := views.Save(ctx, ann, Draft{Page: "queue", Name: "高风险"}); CodeOf(err) != CodeConflict {
		t.Errorf("the same name again: %v", err)
	}
	for name, other := range map[string]struct {
		caller Caller
		page   string
	}{"another owner": {ben, "queue"}, "another page": {ann, "cases"}, "an auditor's own": {auditor, "queue"}} {
		if _, err := views.Save(ctx, other.caller, Draft{Page: other.page, Name: "高风险"}); err != nil {
			t.Errorf("the same name, %s: %v", name, err)
		}
	}
	if got, err := views.List(ctx, ben, "queue"); err != nil || len(got) != 1 {
		t.Errorf("somebody else sees %d views before one is shared: %v", len(got), err)
	}
	if _, err := views.Save(ctx, ben, Draft{ID: mine.ID, Page: "queue", Name: "theirs"}); CodeOf(err) != CodeNotFound {
		t.Errorf("changed by somebody else: %v", err)
	}
	if _, err := views.Save(ctx, auditor, Draft{Page: "queue", Name: "n", Shared: true}); CodeOf(err) != CodeForbidden {
		t.Errorf("an auditor shares: %v", err)
	}
	shared, err := views.Save(ctx, ann, Draft{ID: mine.ID, Page: "queue", Name: "all of us", Shared: true})
	if err != nil || shared.Version != 2 || shared.ID != mine.ID {
		t.Errorf("%+v, %v", shared, err)
	}
	if got, err := views.List(ctx, person("cleo", RoleAuditor), "queue"); err != nil || len(got) != 1 || got[0] != shared {
		t.Errorf("an auditor sees %+v, %v", got, err)
	}
	if _, err := views.Delete(ctx, ben, mine.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("deleted by somebody else: %v", err)
	}
	if _, err := views.Delete(ctx, ann, mine.ID); err != nil {
		t.Error(err)
	}
	if _, err := views.Delete(ctx, ann, mine.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("deleted twice: %v", err)
	}
	if got, err := views.List(ctx, ann, "queue"); err != nil || len(got) != 0 {
		t.Errorf("after deleting: %d, %v", len(got), err)
	}
	if _, err := views.Save(ctx, ann, Draft{Page: "queue", Name: "all of us"}); err != nil {
		t.Errorf("the name of a deleted view: %v", err)
	}
	for name, draft := range map[string]Draft{
		"no page": {Name: "n"}, "no name": {Page: "p"}, "control characters": {Page: "p", Name: "a\x00"},
		"bad search": {Page: "p", Name: "n", Search: "\x01"},
	} {
		if _, err := views.Save(ctx, ann, draft); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, other := range []Caller{shopCaller("A"), platform(), {}} {
		if _, err := views.Save(ctx, other, Draft{Page: "p", Name: "n"}); CodeOf(err) != CodeForbidden {
			t.Errorf("%v saves: %v", other, err)
		}
		if _, err := views.Delete(ctx, other, mine.ID); CodeOf(err) != CodeForbidden {
			t.Errorf("%v deletes: %v", other, err)
		}
		if _, err := views.List(ctx, other, "queue"); CodeOf(err) != CodeForbidden {
			t.Errorf("%v lists: %v", other, err)
		}
	}
}
