package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	maxViewPageLength   = 60 // bytes
	maxViewNameLength   = 60
	maxViewSearchLength = 1000
	viewSaved           = "SAVED"
	viewDeleted         = "DELETED"
)

// View is a selection of records that a person keeps for use again, alone or for everybody who sees cases.
type View struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	Page      string    `json:"page"` // of the console
	Name      string    `json:"name"`
	Search    string    `json:"search"` // what it selects, in the page's own words
	Shared    bool      `json:"shared"`
	Owner     string    `json:"owner"`
	UpdatedAt time.Time `json:"updatedAt"`
	Deleted   bool      `json:"deleted,omitempty"`
}

// MayChange reports whether the caller may change and delete the view.
func (v View) MayChange(caller Caller) bool {
	return caller.Reviews() && !v.Deleted && v.Owner == caller.Subject
}

func viewCodec() codec[View] {
	return codec[View]{KindView, func(v View) Document {
		if v.Deleted {
			return Document{ID: v.ID, Version: v.Version, State: viewDeleted, OpenedAt: v.UpdatedAt}
		}
		name := mustJSON([]string{v.Owner, v.Page, v.Name})
		return Document{ID: v.ID, Version: v.Version, State: viewSaved, OpenedAt: v.UpdatedAt, Unique: string(name)}
	}}
}

// Views keeps people's views. A view belongs to who saved it first; nobody else changes it.
type Views struct {
	store DocumentStore
	clock Clock
	ids   IDSource
}

// NewViews returns the service over a store.
func NewViews(store DocumentStore, clock Clock, ids IDSource) *Views {
	return &Views{store: store, clock: clock, ids: ids}
}

// List returns the caller's views of a page and the shared ones, latest changed first. FORBIDDEN unless the caller
// reviews.
func (v *Views) List(ctx context.Context, caller Caller, page string) ([]View, error) {
	if !caller.Reviews() {
		return nil, errForbidden()
	}
	views, err := viewCodec().list(ctx, v.store, DocumentFilter{State: viewSaved}, maxListed)
	return slices.DeleteFunc(views, func(view View) bool {
		return view.Page != page || !view.Shared && view.Owner != caller.Subject
	}), err
}

// Draft is a view as it comes in. An empty ID is a new one.
type Draft struct {
	ID     string
	Page   string
	Name   string
	Search string
	Shared bool
}

func (d Draft) check() error {
	if !validToken(d.Page, maxViewPageLength) {
		return viewFault(fmt.Sprintf("须为 1 至 %d 个可见 ASCII 字符。", maxViewPageLength),
			fmt.Sprintf("must be 1 to %d visible ASCII characters.", maxViewPageLength), "page")
	}
	if !saysSomething(d.Name, maxViewNameLength) {
		return viewFault(fmt.Sprintf("须为 1 至 %d 个字且不含控制字符。", maxViewNameLength),
			fmt.Sprintf("must be 1 to %d characters without control characters.", maxViewNameLength), "name")
	}
	if !validText(d.Search, maxViewSearchLength) {
		return viewFault(fmt.Sprintf("最多 %d 个字且不含控制字符。", maxViewSearchLength),
			fmt.Sprintf("must be at most %d characters without control characters.", maxViewSearchLength), "search")
	}
	return nil
}

func viewFault(zh, en, field string) error {
	return Refuse(CodeBadInput, Text{ZH: field + "：" + zh, EN: field + ": " + en}, "input", field)
}

// Save stores a new view of the caller's, or changes one. Errors: FORBIDDEN unless the caller reviews, and for a shared
// view of one who decides nothing; BAD_USER_INPUT; NOT_FOUND for a view that is not the caller's; CONFLICT when the
// caller has another of that name on the page, or the view changed at the same moment.
func (v *Views) Save(ctx context.Context, caller Caller, draft Draft) (View, error) {
	if !caller.Reviews() || draft.Shared && !caller.Decides() {
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
	saved.Page, saved.Name, saved.Search, saved.Shared = draft.Page, draft.Name, draft.Search, draft.Shared
	saved.UpdatedAt = v.clock.Now()
	return v.put(ctx, caller, before, saved, ActionViewSaved)
}

// Delete takes a view of the caller's away. Errors: FORBIDDEN unless the caller reviews, NOT_FOUND for one that is not
// the caller's, CONFLICT when it changed at the same moment.
func (v *Views) Delete(ctx context.Context, caller Caller, id string) (View, error) {
	if !caller.Reviews() {
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

// own returns a view that the caller may change.
func (v *Views) own(ctx context.Context, caller Caller, id string) (View, error) {
	found, err := viewCodec().find(ctx, v.store, id)
	if err == nil && !found.MayChange(caller) {
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
			ZH: "您在此页面已有同名视图，或该视图刚刚被更改。",
			EN: "You have another view of this name on this page, or this one has just been changed.",
		}, "input", "name")
	}
	return after, err
}
