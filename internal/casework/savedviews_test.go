package casework_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"cloudtag/internal/casework"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

func TestViews(t *testing.T) {
	views := casework.NewSavedViews(NewStore(t), &TestClock{Time: Start})
	ann, ben, auditor, ctx := Person("ann", RoleReviewer), Person("ben", RoleAdmin), Person("aud", RoleAuditor), t.Context()
	list := func(caller Caller, shared bool) ([]casework.SavedView, error) {
		page, err := views.Page(ctx, caller, casework.ViewQuery{Page: "queue", Shared: shared}, PageRequest{})
		count, failure := views.Count(ctx, caller, casework.ViewQuery{Page: "queue", Shared: shared})
		if count != len(page.Items) || CodeOf(err) != CodeOf(failure) {
			t.Errorf("%d views of %d, %v, %v", len(page.Items), count, err, failure)
		}
		return page.Items, err
	}

	mine, err := views.Save(ctx, ann, casework.ViewDraft{Page: "queue", Name: "高风险", Search: "risk=HIGH"})
	if err != nil || mine.Owner != "ann" || mine.Version != 1 || !mine.MayChange(ann) || mine.MayChange(ben) {
		t.Fatalf("%+v, %v", mine, err)
	}
	if _, err := views.Save(ctx, ann, casework.ViewDraft{Page: "queue", Name: "高风险"}); CodeOf(err) != CodeConflict {
		t.Errorf("the same name again: %v", err)
	}
	for name, other := range map[string]struct {
		caller Caller
		page   string
	}{"another owner": {ben, "queue"}, "another page": {ann, "cases"}} {
		if _, err := views.Save(ctx, other.caller, casework.ViewDraft{Page: other.page, Name: "高风险"}); err != nil {
			t.Errorf("the same name, %s: %v", name, err)
		}
	}
	if got, err := list(ben, true); err != nil || len(got) != 0 {
		t.Errorf("somebody else sees %d views before one is shared: %v", len(got), err)
	}
	if got, err := list(ann, false); err != nil || len(got) != 1 || got[0] != mine {
		t.Errorf("the owner sees %+v, %v", got, err)
	}
	if _, err := views.Save(ctx, ben, casework.ViewDraft{ID: mine.ID, Page: "queue", Name: "theirs"}); CodeOf(err) != CodeNotFound {
		t.Errorf("changed by somebody else: %v", err)
	}
	shared, err := views.Save(ctx, ann, casework.ViewDraft{ID: mine.ID, Page: "queue", Name: "all of us", Shared: true})
	if err != nil || shared.Version != 2 || shared.ID != mine.ID {
		t.Errorf("%+v, %v", shared, err)
	}
	if got, err := list(auditor, true); err != nil || len(got) != 1 || got[0] != shared || got[0].MayChange(auditor) {
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
	if got, err := list(ann, false); err != nil || len(got) != 0 {
		t.Errorf("after deleting: %d, %v", len(got), err)
	}
	if _, err := views.Save(ctx, ann, casework.ViewDraft{Page: "queue", Name: "all of us"}); err != nil {
		t.Errorf("the name of a deleted view: %v", err)
	}
	for name, draft := range map[string]casework.ViewDraft{
		"no page": {Name: "n"}, "no name": {Page: "p"}, "a blank name": {Page: "p", Name: " \n\u200b\u3000"}, "control characters": {Page: "p", Name: "a\x00"},
		"bad search": {Page: "p", Name: "n", Search: "\x01"},
	} {
		if _, err := views.Save(ctx, ann, draft); CodeOf(err) != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := views.Page(ctx, ann, casework.ViewQuery{}, PageRequest{}); CodeOf(err) != CodeBadInput {
		t.Errorf("views of no page: %v", err)
	}
	for _, other := range []Caller{ShopCaller("A"), Platform(), {}, auditor} {
		if _, err := views.Save(ctx, other, casework.ViewDraft{Page: "p", Name: "n"}); CodeOf(err) != CodeForbidden {
			t.Errorf("%v saves: %v", other, err)
		}
		if _, err := views.Delete(ctx, other, mine.ID); CodeOf(err) != CodeForbidden {
			t.Errorf("%v deletes: %v", other, err)
		}
		if _, err := list(other, false); CodeOf(err) != CodeForbidden && !other.Reviews() {
			t.Errorf("%v lists: %v", other, err)
		}
	}
}

// With any number of concurrent saves an owner has at most MaxViews; the identifier of a deleted view is reused,
// and other owners have identifiers of their own.
func TestViewsOfOneOwnerAreLimited(t *testing.T) {
	store := NewStore(t)
	views, ann, ctx := casework.NewSavedViews(store, &TestClock{Time: Start}), Person("ann", RoleReviewer), t.Context()
	save := func(caller Caller, n int) (casework.SavedView, error) {
		return views.Save(ctx, caller, casework.ViewDraft{Page: []string{"queue", "cases"}[n%2], Name: fmt.Sprint(n), Shared: n%3 == 0})
	}
	for n := range casework.MaxViews - 5 {
		if _, err := save(ann, n); err != nil {
			t.Fatal(err)
		}
	}
	var saved atomic.Int64
	var group sync.WaitGroup
	for n := range 20 {
		group.Go(func() {
			_, err := save(ann, 1000+n)
			if err == nil {
				saved.Add(1)
			} else if CodeOf(err) != CodeTooManyViews {
				t.Errorf("one too many: %v", err)
			}
		})
	}
	group.Wait()
	if saved.Load() != 5 {
		t.Errorf("%d saved in 5 places", saved.Load())
	}
	count, err := store.CountDocuments(ctx, KindView, DocumentFilter{Owner: "ann"}, MaxCount)
	if err != nil || count != casework.MaxViews {
		t.Errorf("%d views, %v", count, err)
	}
	if _, err := save(Person("ben", RoleReviewer), 0); err != nil {
		t.Errorf("another owner: %v", err)
	}
	first, err := views.Page(ctx, ann, casework.ViewQuery{Page: "queue"}, PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	changed := first.Items[0]
	if changed, err = views.Save(ctx, ann, casework.ViewDraft{ID: changed.ID, Page: "queue", Name: "renamed"}); err != nil {
		t.Errorf("a change at the limit: %v", err)
	}
	if _, err := views.Delete(ctx, ann, changed.ID); err != nil {
		t.Fatal(err)
	}
	again, err := save(ann, 5000)
	if err != nil || again.ID != changed.ID || again.Version <= changed.Version {
		t.Errorf("in the place of the deleted one: %+v, %v", again, err)
	}
	if _, err := save(ann, 5001); CodeOf(err) != CodeTooManyViews {
		t.Errorf("one too many: %v", err)
	}
}
