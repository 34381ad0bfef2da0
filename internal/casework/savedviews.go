package casework

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// MaxViews is the maximum number of views of one person, on all pages together.
	MaxViews            = 100
	maxViewPageLength   = 60 // bytes
	maxViewNameLength   = 60
	maxViewSearchLength = 1000
	viewPrivate         = "PRIVATE"
	viewShared          = "SHARED"
	viewDeleted         = "DELETED"
)

// SavedView is a saved selection of records, private or shared with everyone who may see cases.
type SavedView struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	Page      string    `json:"page"` // of the console
	Name      string    `json:"name"`
	Search    string    `json:"search"` // the selection, in the page's own format
	Shared    bool      `json:"shared"`
	Owner     string    `json:"owner"`
	UpdatedAt time.Time `json:"updatedAt"`
	Deleted   bool      `json:"deleted,omitempty"`
}

// MayChange reports whether the caller may change and delete the view.
func (v SavedView) MayChange(caller cloudtag.Caller) bool {
	return caller.Decides() && !v.Deleted && v.Owner == caller.Subject
}

func viewCodec() cloudtag.Codec[SavedView] {
	return cloudtag.Codec[SavedView]{Kind: cloudtag.KindView, Encode: func(v SavedView) cloudtag.Document {
		document := cloudtag.Document{ID: v.ID, Version: v.Version, State: viewDeleted, Rank: cloudtag.LatestFirst(v.UpdatedAt)}
		if v.Deleted {
			return document
		}
		document.State, document.Owner, document.Topic = viewPrivate, v.Owner, v.Page
		if v.Shared {
			document.State = viewShared
		}
		document.Unique = string(cloudtag.MustJSON([]string{v.Owner, v.Page, v.Name}))
		return document
	}}
}

// viewIDs returns the possible identifiers of a person's views. There are MaxViews of them, so that concurrent saves can't
// exceed the limit; the identifiers of deleted views are reused.
func viewIDs(owner string) []string {
	sum := sha256.Sum256([]byte(owner))
	prefix := base64.RawURLEncoding.EncodeToString(sum[:12]) + "-"
	ids := make([]string, MaxViews)
	for i := range ids {
		ids[i] = prefix + strconv.Itoa(i)
	}
	return ids
}

// SavedViews stores people's views. Only the person who saved a view first may change it.
type SavedViews struct {
	store cloudtag.DocumentStore
	clock cloudtag.Clock
}

// NewSavedViews returns the service over a store.
func NewSavedViews(store cloudtag.DocumentStore, clock cloudtag.Clock) *SavedViews {
	return &SavedViews{store: store, clock: clock}
}

// ViewQuery selects the views of a page of the console: the shared ones, or the caller's own, shared or not.
type ViewQuery struct {
	Page   string
	Shared bool
}

func (q ViewQuery) scope(caller cloudtag.Caller) (cloudtag.DocumentFilter, error) {
	switch {
	case !caller.Reviews():
		return cloudtag.DocumentFilter{}, cloudtag.Forbidden()
	case !cloudtag.ValidToken(q.Page, maxViewPageLength):
		return cloudtag.DocumentFilter{}, errViewPage("page")
	case q.Shared:
		return cloudtag.DocumentFilter{State: viewShared, Topic: q.Page}, nil
	default:
		return cloudtag.DocumentFilter{Owner: caller.Subject, Topic: q.Page}, nil
	}
}

// Page returns a page of views, latest update first. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (v *SavedViews) Page(ctx context.Context, caller cloudtag.Caller, query ViewQuery, request cloudtag.PageRequest) (cloudtag.Page[SavedView], error) {
	filter, err := query.scope(caller)
	if err != nil {
		return cloudtag.Page[SavedView]{}, err
	}
	return viewCodec().Page(ctx, v.store, filter, request)
}

// Count counts views, exactly up to MaxCount, then MaxCount+1. Errors as for Page.
func (v *SavedViews) Count(ctx context.Context, caller cloudtag.Caller, query ViewQuery) (int, error) {
	filter, err := query.scope(caller)
	if err != nil {
		return 0, err
	}
	return viewCodec().Count(ctx, v.store, filter)
}

// ViewDraft is a view to save. A new one has no ID.
type ViewDraft struct {
	ID     string
	Page   string
	Name   string
	Search string
	Shared bool
}

func (d ViewDraft) check() error {
	if !cloudtag.ValidToken(d.Page, maxViewPageLength) {
		return errViewPage("input", "page")
	}
	if !cloudtag.HasVisibleText(d.Name, maxViewNameLength) {
		return invalidView(fmt.Sprintf("须为 1 至 %d 个字且不含控制字符。", maxViewNameLength),
			fmt.Sprintf("must be 1 to %d characters without control characters.", maxViewNameLength), "name")
	}
	if !cloudtag.ValidText(d.Search, maxViewSearchLength) {
		return invalidView(fmt.Sprintf("最多 %d 个字且不含控制字符。", maxViewSearchLength),
			fmt.Sprintf("must be at most %d characters without control characters.", maxViewSearchLength), "search")
	}
	return nil
}

func errViewPage(field ...string) error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
		ZH: fmt.Sprintf("page：须为 1 至 %d 个可见 ASCII 字符。", maxViewPageLength),
		EN: fmt.Sprintf("page: must be 1 to %d visible ASCII characters.", maxViewPageLength),
	}, field...)
}

func invalidView(zh, en, field string) error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: field + "：" + zh, EN: field + ": " + en}, "input", field)
}

// Save stores a new view of the caller's, or changes one. Errors: FORBIDDEN unless the caller decides; BAD_USER_INPUT;
// NOT_FOUND for a view that is not the caller's; TOO_MANY_VIEWS beyond MaxViews; CONFLICT if the caller has another view of
// that name on the page, or the view was changed concurrently.
func (v *SavedViews) Save(ctx context.Context, caller cloudtag.Caller, draft ViewDraft) (SavedView, error) {
	if !caller.Decides() {
		return SavedView{}, cloudtag.Forbidden()
	}
	if err := draft.check(); err != nil {
		return SavedView{}, err
	}
	if draft.ID == "" {
		return v.add(ctx, caller, draft)
	}
	before, err := v.own(ctx, caller, draft.ID)
	if err != nil {
		return SavedView{}, err
	}
	return v.put(ctx, caller, &before, draft.applied(before, v.clock.Now()), cloudtag.ActionViewSaved)
}

// add stores a new view under a free identifier. If a concurrent save takes it first, the next one is tried.
func (v *SavedViews) add(ctx context.Context, caller cloudtag.Caller, draft ViewDraft) (SavedView, error) {
	for range MaxViews {
		free, err := v.findFree(ctx, caller, draft)
		if err != nil {
			return SavedView{}, err
		}
		saved, err := v.put(ctx, caller, nil, draft.applied(free, v.clock.Now()), cloudtag.ActionViewSaved)
		if cloudtag.CodeOf(err) != cloudtag.CodeConflict {
			return saved, err
		}
	}
	return SavedView{}, errTooManyViews()
}

// findFree returns a view with the caller's first free identifier: a deleted one, or one of version 0. CONFLICT if another of
// the caller's views has the draft's name, TOO_MANY_VIEWS if all identifiers are taken.
func (v *SavedViews) findFree(ctx context.Context, caller cloudtag.Caller, draft ViewDraft) (SavedView, error) {
	ids := viewIDs(caller.Subject)
	found, err := v.store.Documents(ctx, cloudtag.KindView, ids)
	if err != nil {
		return SavedView{}, fmt.Errorf("find views: %w", err)
	}
	var free *SavedView
	for _, id := range ids {
		view := SavedView{ID: id, Deleted: true}
		if document, known := found[id]; known {
			if view, err = viewCodec().Record(document); err != nil {
				return SavedView{}, err
			}
		}
		switch {
		case !view.Deleted && view.Page == draft.Page && view.Name == draft.Name:
			return SavedView{}, errViewConflict()
		case view.Deleted && free == nil:
			free = &SavedView{ID: id, Version: view.Version, Owner: caller.Subject}
		}
	}
	if free == nil {
		return SavedView{}, errTooManyViews()
	}
	return *free, nil
}

// applied returns a view with the draft's content.
func (d ViewDraft) applied(view SavedView, now time.Time) SavedView {
	view.Version++
	view.Page, view.Name, view.Search, view.Shared, view.UpdatedAt = d.Page, d.Name, d.Search, d.Shared, now
	return view
}

// Delete deletes a view of the caller's. Errors: FORBIDDEN unless the caller decides, NOT_FOUND for one that is not the
// caller's, CONFLICT if it was changed concurrently.
func (v *SavedViews) Delete(ctx context.Context, caller cloudtag.Caller, id string) (SavedView, error) {
	if !caller.Decides() {
		return SavedView{}, cloudtag.Forbidden()
	}
	before, err := v.own(ctx, caller, id)
	if err != nil {
		return SavedView{}, err
	}
	deleted := before
	deleted.Version++
	deleted.Deleted, deleted.UpdatedAt = true, v.clock.Now()
	return v.put(ctx, caller, &before, deleted, cloudtag.ActionViewDeleted)
}

// own returns a view that the caller may change.
func (v *SavedViews) own(ctx context.Context, caller cloudtag.Caller, id string) (SavedView, error) {
	found, err := viewCodec().Find(ctx, v.store, id)
	if err == nil && !found.MayChange(caller) {
		err = cloudtag.NotFound()
	}
	return found, err
}

func (v *SavedViews) put(ctx context.Context, caller cloudtag.Caller, before *SavedView, after SavedView, action cloudtag.Action) (SavedView, error) {
	err := viewCodec().Save(ctx, v.store, before, after, cloudtag.Entry{
		At: after.UpdatedAt, Actor: caller.Subject, Action: action, Subjects: []cloudtag.Subject{"view:" + cloudtag.Subject(after.ID)},
	})
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return SavedView{}, errViewConflict()
	}
	return after, err
}

func errViewConflict() error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "您在此页面已有同名视图，或该视图刚刚被更改。",
		EN: "You have another view of this name on this page, or this one has just been changed.",
	}, "input", "name")
}

func errTooManyViews() error {
	return cloudtag.Refuse(cloudtag.CodeTooManyViews, cloudtag.Text{
		ZH: fmt.Sprintf("每人最多保存 %d 个视图，请先删除不用的。", MaxViews),
		EN: fmt.Sprintf("One person keeps at most %d views; delete one that is not used.", MaxViews),
	}, "input")
}
