package cloudtag

import (
	"fmt"
	"testing"
)

func TestViews(t *testing.T) {
	store, ids := newMemory(), 0
	views := NewViews(store, &stillClock{now: start}, IDFunc(func() string { ids++; return fmt.Sprintf("view-%d", ids) }))
	ann, ben, ctx := person("ann", RoleReviewer), person("ben", RoleAdmin), t.Context()

	mine, err := views.Save(ctx, ann, Draft{Name: "高风险", Content: `{"riskLevel":["HIGH"]}`})
	if err != nil || mine.Owner != "ann" || mine.Version != 1 {
		t.Fatalf("%+v, %v", mine, err)
	}
	if _, err := views.Save(ctx, ann, Draft{Name: "高风险"}); CodeOf(err) != CodeConflict {
		t.Errorf("the same name again: %v", err)
	}
	if _, err := views.Save(ctx, ben, Draft{Name: "高风险"}); err != nil {
		t.Errorf("the same name, another owner: %v", err)
	}
	if got, err := views.List(ctx, ben); err != nil || len(got) != 1 {
		t.Errorf("somebody else sees %d views before one is shared: %v", len(got), err)
	}
	if _, err := views.Save(ctx, ben, Draft{ID: mine.ID, Name: "theirs"}); CodeOf(err) != CodeNotFound {
		t.Errorf("changed by somebody else: %v", err)
	}
	shared, err := views.Save(ctx, ann, Draft{ID: mine.ID, Name: "all of us", Shared: true})
	if err != nil || shared.Version != 2 || shared.ID != mine.ID {
		t.Errorf("%+v, %v", shared, err)
	}
	if got, err := views.List(ctx, person("aud", RoleAuditor)); err != nil || len(got) != 1 || got[0] != shared {
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
	if got, err := views.List(ctx, ann); err != nil || len(got) != 0 {
		t.Errorf("after deleting: %d, %v", len(got), err)
	}
	if _, err := views.Save(ctx, ann, Draft{Name: "all of us"}); err != nil {
		t.Errorf("the name of a deleted view: %v", err)
	}
	for name, draft := range map[string]Draft{"no name": {}, "control characters": {Name: "a\x00"}, "bad content": {Name: "n", Content: "\x01"}} {
		if _, err := views.Save(ctx, ann, draft); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, other := range []Caller{shopCaller("A"), platform(), person("aud", RoleAuditor), {}} {
		if _, err := views.Save(ctx, other, Draft{Name: "n"}); CodeOf(err) != CodeForbidden {
			t.Errorf("%v saves: %v", other, err)
		}
		if _, err := views.Delete(ctx, other, mine.ID); CodeOf(err) != CodeForbidden {
			t.Errorf("%v deletes: %v", other, err)
		}
	}
	if _, err := views.List(ctx, shopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant lists: %v", err)
	}
}
