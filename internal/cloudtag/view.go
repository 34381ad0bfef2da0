package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	maxViewNameLength    = 100
	maxViewContentLength = 4000
	viewSaved            = "SAVED"
	viewDeleted          = "DELETED"
)

// View is a selection of cases that a reviewer keeps for use again, for itself or for all reviewers.
type View struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	Name      string    `json:"name"`
	Content   string    `json:"content"` // the client's own, such as its filter as JSON
	Shared    bool      `json:"shared"`  // all reviewers see it
	Owner     string    `json:"owner"`
	UpdatedAt time.Time `json:"updatedAt"`
	Deleted   bool      `json:"deleted,omitempty"`
}

func viewCodec() codec[View] {
	return codec[View]{KindView, func(v View) Document {
		if v.Deleted {
			return Document{ID: v.ID, Version: v.Version, State: viewDeleted, OpenedAt: v.UpdatedAt}
		}
		return Document{
			ID: v.ID, Version: v.Version, State: viewSaved, OpenedAt: v.UpdatedAt, Unique: v.Owner + "\n" + v.Name,
		}
	}}
}

// Views keeps reviewers' views. A view belongs to who saved it first; nobody else changes it.
type Views struct {
	store DocumentStore
	clock Clock
	ids   IDSource
}

// NewViews returns the service over a store.
func NewViews(store DocumentStore, clock Clock, ids IDSource) *Views {
	return &Views{store: store, clock: clock, ids: ids}
}

// List returns the caller's views and the shared ones, latest changed first. FORBIDDEN unless the caller reviews.
func (v *Views) List(ctx context.Context, caller Caller) ([]View, error) {
	if !caller.Reviews() {
		return nil, errForbidden()
	}
	views, err := viewCodec().list(ctx, v.store, DocumentFilter{State: viewSaved}, maxListed)
	return slices.DeleteFunc(views, func(view View) bool { return !view.Shared && view.Owner != caller.Subject }), err
}

// Draft is a view as it comes in. An empty ID is a new one.
type Draft struct {
	ID      string
	Name    string
	Content string
	Shared  bool
}

func (d Draft) check() error {
	if d.Name == "" || !validText(d.Name, maxViewNameLength) {
		return Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("名称须为 1 至 %d 个字且不含控制字符。", maxViewNameLength),
			EN: fmt.Sprintf("The name must be 1 to %d characters without control characters.", maxViewNameLength),
		}, "input", "name")
	}
	if !validText(d.Content, maxViewContentLength) {
		return Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("内容最多 %d 个字且不含控制字符。", maxViewContentLength),
			EN: fmt.Sprintf("The content must be at most %d characters without control characters.", maxViewContentLength),
		}, "input", "content")
	}
	return nil
}

// Save stores a new view of the caller's, or changes one. Errors: FORBIDDEN unless the caller is a reviewer,
// BAD_USER_INPUT, NOT_FOUND for one that is not the caller's, CONFLICT when the caller has another of that name or
// the view changed at the same moment.
func (v *Views) Save(ctx context.Context, caller Caller, draft Draft) (View, error) {
	if !caller.Decides() {
		return View{}, errForbidden()
	}
	if err := draft.check(); err != nil {
		return View{}, err
	}
	saved := View{ID: draft.ID, Owner: caller.Subject}
	var before *View
	if draft.ID == "" {
		saved.ID = v.ids.NewID()
	} else {
		found, err := v.own(ctx, caller, draft.ID)
		if err != nil {
			return View{}, err
		}
		before, saved = &found, found
	}
	saved.Version++
	saved.Name, saved.Content, saved.Shared, saved.UpdatedAt = draft.Name, draft.Content, draft.Shared, v.clock.Now()
	return v.put(ctx, caller, before, saved, ActionViewSaved)
}

// Delete takes a view of the caller's away. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND for one that
// is not the caller's, CONFLICT when it changed at the same moment.
func (v *Views) Delete(ctx context.Context, caller Caller, id string) (View, error) {
	if !caller.Decides() {
		return View{}, errForbidden()
	}
	before, err := v.own(ctx, caller, id)
	if err != nil {
		return View{}, err
	}
	deleted := before
	deleted.Version++
	deleted.Deleted, deleted.UpdatedAt = true, v.clock.Now()
	return v.put(ctx, caller, &before, deleted, ActionViewDeleted)
}

// own returns a view of the caller's.
func (v *Views) own(ctx context.Context, caller Caller, id string) (View, error) {
	found, err := viewCodec().find(ctx, v.store, id)
	if err == nil && (found.Deleted || found.Owner != caller.Subject) {
		err = errNotFound()
	}
	return found, err
}

func (v *Views) put(ctx context.Context, caller Caller, before *View, after View, action Action) (View, error) {
	err := viewCodec().save(ctx, v.store, before, after, Entry{
		At: after.UpdatedAt, Actor: caller.Subject, Action: action, Subjects: []Subject{"view:" + Subject(after.ID)},
	})
	if CodeOf(err) == CodeConflict {
		return View{}, Refuse(CodeConflict, Text{
			ZH: "您已有同名视图，或该视图刚刚被更改。",
			EN: "You have another view of this name, or this one has just been changed.",
		}, "input", "name")
	}
	return after, err
}
