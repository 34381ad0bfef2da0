package cloudtag

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"
)

// Webhooks keeps endpoints: services that do not hold sockets are sent what the log says. A shop has its own and is
// told of its own tags, restrictions and permission; the platform's are told more (see [WebhookTypes]).
type Webhooks struct {
	store   webhookStore
	metrics *Metrics
	clock   Clock
	ids     IDSource
	newKey  func() []byte // random, webhookKeyLength bytes
	rules   WebhookRules
	pinged  func()
}

// WebhookKeyLength is how many random bytes make a secret.
const WebhookKeyLength = 32

// NewWebhooks returns the service over a store. newKey makes WebhookKeyLength bytes that nobody can guess. pinged is called
// once a ping is queued, for whoever sends it; it must not block.
func NewWebhooks(store webhookStore, metrics *Metrics, clock Clock, ids IDSource, newKey func() []byte, rules WebhookRules, pinged func()) *Webhooks {
	return &Webhooks{store: store, metrics: metrics, clock: clock, ids: ids, newKey: newKey, rules: rules, pinged: pinged}
}

// WebhookDraft is an endpoint as it comes in.
type WebhookDraft struct {
	URL         string
	Description string
	Types       []Action // empty: all that its owner may be told of
}

// check returns the draft with its types sorted, each once.
func (d WebhookDraft) check(rules WebhookRules, merchant bool) (WebhookDraft, error) {
	if err := rules.check(d.URL); err != nil {
		return d, err
	}
	if !ValidText(d.Description, maxWebhookDescription) {
		return d, Refuse(CodeInvalidWebhook, Text{
			ZH: fmt.Sprintf("description：最多 %d 个字且不含控制字符。", maxWebhookDescription),
			EN: fmt.Sprintf("description: at most %d characters without control characters.", maxWebhookDescription),
		}, "input", "description")
	}
	allowed := WebhookTypes(merchant)
	d.Types = slices.Clone(d.Types)
	slices.Sort(d.Types)
	d.Types = slices.Compact(d.Types)
	for _, action := range d.Types {
		if !slices.Contains(allowed, action) {
			return d, Refuse(CodeInvalidWebhook, Text{
				ZH: fmt.Sprintf("types：不支持 %.60q，请用 webhookTypes 查询可用的类型。", action),
				EN: fmt.Sprintf("types: %.60q is none that this endpoint can be told of; webhookTypes lists them.", action),
			}, "input", "types")
		}
	}
	return d, nil
}

// Secret is the current secret in the form that receivers' libraries take.
func (w WebhookEndpoint) Secret() string {
	return webhookSecretPrefix + base64.StdEncoding.EncodeToString(w.Secrets[0].Key)
}

// OverlapUntil is until when messages are signed with a secret before the current one too; zero: they are not.
func (w WebhookEndpoint) OverlapUntil(now time.Time) time.Time {
	var until time.Time
	for _, secret := range w.Secrets {
		if now.Before(secret.ExpiresAt) && until.Before(secret.ExpiresAt) {
			until = secret.ExpiresAt
		}
	}
	return until
}

// ownerOf is whose endpoints the caller makes: its shop's, or the platform's.
func ownerOf(caller Caller) (MerchantID, error) {
	switch {
	case caller.Has(RoleAdmin), caller.Serves():
		return "", nil
	case caller.ActsFor(caller.MerchantID):
		return caller.MerchantID, nil
	default:
		return "", Forbidden()
	}
}

// Types lists what an endpoint of the caller's can be told of. FORBIDDEN for callers who have none and see none.
func (w *Webhooks) Types(caller Caller) ([]Action, error) {
	if !caller.SeesWebhooks() {
		return nil, Forbidden()
	}
	owner, err := ownerOf(caller)
	return WebhookTypes(err == nil && owner != ""), nil
}

// Create makes an endpoint of the caller's shop, or of the platform's for its administrators and services, told of what
// happens from now on. Errors: FORBIDDEN for everybody else; PERMISSION_REVOKED for a shop that lost its permission;
// INVALID_WEBHOOK; TOO_MANY_WEBHOOKS; CONFLICT when the owner has one of that address.
func (w *Webhooks) Create(ctx context.Context, caller Caller, draft WebhookDraft) (WebhookEndpoint, error) {
	owner, err := ownerOf(caller)
	if err != nil {
		return WebhookEndpoint{}, err
	}
	if draft, err = draft.check(w.rules, owner != ""); err != nil {
		return WebhookEndpoint{}, err
	}
	count, err := w.admit(ctx, owner)
	if err == nil && count >= mostWebhooks(owner) {
		err = errTooManyWebhooks(owner)
	}
	if err != nil {
		return WebhookEndpoint{}, err
	}
	last, err := w.store.LastSeq(ctx)
	if err != nil {
		return WebhookEndpoint{}, fmt.Errorf("find the log's end: %w", err)
	}
	now := w.clock.Now()
	created := WebhookEndpoint{
		ID: w.ids.NewID(), Version: 1, MerchantID: owner, URL: draft.URL, Description: draft.Description, Types: draft.Types,
		State: WebhookActive, CreatedBy: caller.Subject, CreatedAt: now, ChangedAt: now, StartSeq: last, MessageKey: w.newKey(),
	}
	created.rotate(w.newKey(), now, 0)
	if err := w.save(ctx, nil, created, caller.Subject, ActionWebhookCreated, ""); err != nil {
		return WebhookEndpoint{}, err
	}
	return created, w.withdrawBeyond(ctx, caller, created)
}

// withdrawBeyond deletes an endpoint again, and says that there are too many, when others were made at the same moment: all
// of them counted before any was stored. Whoever is stored last counts them all, so that no more than the limit stay; two at
// once may both withdraw. A crash in between leaves the one endpoint more.
func (w *Webhooks) withdrawBeyond(ctx context.Context, caller Caller, created WebhookEndpoint) error {
	count, err := w.countOf(ctx, created.MerchantID)
	if err != nil || count <= mostWebhooks(created.MerchantID) {
		return err
	}
	if _, err := w.Delete(ctx, caller, created.ID); err != nil {
		return err
	}
	return errTooManyWebhooks(created.MerchantID)
}

// mostWebhooks is how many endpoints an owner may have.
func mostWebhooks(owner MerchantID) int {
	if owner != "" {
		return MaxMerchantWebhooks
	}
	return MaxPlatformWebhooks
}

func errTooManyWebhooks(owner MerchantID) *Error {
	most := mostWebhooks(owner)
	return Refuse(CodeTooManyWebhooks, Text{
		ZH: fmt.Sprintf("最多 %d 个推送地址，请先删除不用的。", most),
		EN: fmt.Sprintf("There may be at most %d endpoints; delete one that is not used.", most),
	}, "input")
}

// admit returns how many endpoints the owner has, unless it may have none.
func (w *Webhooks) admit(ctx context.Context, owner MerchantID) (int, error) {
	if owner != "" {
		found, err := w.store.Merchants(ctx, []MerchantID{owner})
		if err != nil {
			return 0, fmt.Errorf("find merchant: %w", err)
		}
		if found[owner].Permission == PermissionRevoked {
			return 0, PermissionRevoked.Refusal()
		}
	}
	return w.countOf(ctx, owner)
}

func (w *Webhooks) countOf(ctx context.Context, owner MerchantID) (int, error) {
	all, err := w.all(ctx, owner)
	count := 0
	for _, endpoint := range all {
		if endpoint.MerchantID == owner {
			count++
		}
	}
	return count, err
}

// all returns the endpoints of a shop, or of everybody for none, latest made first.
func (w *Webhooks) all(ctx context.Context, merchant MerchantID) ([]WebhookEndpoint, error) {
	var all []WebhookEndpoint
	for _, state := range WebhookStates() {
		found, err := webhookCodec().List(ctx, w.store, DocumentFilter{State: string(state), MerchantID: merchant}, maxWebhookEndpointsRead)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b WebhookEndpoint) int {
		return webhookEndpointPosition(b).Compare(webhookEndpointPosition(a))
	})
	return all, nil
}

func (w *Webhooks) save(ctx context.Context, before *WebhookEndpoint, after WebhookEndpoint, actor string, action Action, reason string) error {
	err := w.store.SaveDocument(ctx, webhookCodec().Document(after), []Entry{after.entry(before, actor, action, reason)})
	if CodeOf(err) == CodeConflict {
		return Refuse(CodeConflict, Text{
			ZH: "已有使用此网址的推送地址，或它刚刚被更改。",
			EN: "There is an endpoint of this address already, or this one has just been changed.",
		}, "input", "url")
	}
	if err != nil {
		return fmt.Errorf("save webhook: %w", err)
	}
	return nil
}

// find returns an endpoint that the caller may see, or NOT_FOUND.
func (w *Webhooks) find(ctx context.Context, caller Caller, id string, may func(WebhookEndpoint, Caller) bool) (WebhookEndpoint, error) {
	found, err := webhookCodec().Find(ctx, w.store, id)
	switch {
	case err != nil:
		return WebhookEndpoint{}, err
	case found.State == webhookDeleted || !found.MaySee(caller):
		return WebhookEndpoint{}, NotFound()
	case !may(found, caller):
		return WebhookEndpoint{}, Forbidden()
	}
	return found, nil
}

// change stores what edit makes of an endpoint. Errors: NOT_FOUND for one that the caller may not see, FORBIDDEN for
// one that may not see it changed by the caller, those of edit, CONFLICT.
func (w *Webhooks) change(ctx context.Context, caller Caller, id string, may func(WebhookEndpoint, Caller) bool, action Action, edit func(*WebhookEndpoint, time.Time) error) (WebhookEndpoint, error) {
	before, err := w.find(ctx, caller, id, may)
	if err != nil {
		return WebhookEndpoint{}, err
	}
	after := before
	after.Version++
	after.ChangedAt = w.clock.Now()
	if err := edit(&after, after.ChangedAt); err != nil {
		return WebhookEndpoint{}, err
	}
	return after, w.save(ctx, &before, after, caller.Subject, action, "")
}

// Update changes the address, the description and the types. Errors: NOT_FOUND, FORBIDDEN, INVALID_WEBHOOK, CONFLICT.
func (w *Webhooks) Update(ctx context.Context, caller Caller, id string, draft WebhookDraft) (WebhookEndpoint, error) {
	return w.change(ctx, caller, id, WebhookEndpoint.MayManage, ActionWebhookUpdated, func(e *WebhookEndpoint, _ time.Time) error {
		checked, err := draft.check(w.rules, e.MerchantID != "")
		e.URL, e.Description, e.Types = checked.URL, checked.Description, checked.Types
		return err
	})
}

// Pause stops deliveries until the endpoint is resumed. Errors: NOT_FOUND, FORBIDDEN, INVALID_STATE unless it is
// active, CONFLICT.
func (w *Webhooks) Pause(ctx context.Context, caller Caller, id string) (WebhookEndpoint, error) {
	return w.change(ctx, caller, id, WebhookEndpoint.MayOperate, ActionWebhookPaused, func(e *WebhookEndpoint, _ time.Time) error {
		if e.State != WebhookActive {
			return InvalidState("id")
		}
		e.State = WebhookPaused
		return nil
	})
}

// Resume goes on with deliveries where they stood; events that are refused get their whole time again, or, with
// skipRefused, are passed over: one of each subject that waits. Errors: NOT_FOUND, FORBIDDEN, INVALID_STATE when it is
// active, PERMISSION_REVOKED for a shop that lost its permission, CONFLICT.
func (w *Webhooks) Resume(ctx context.Context, caller Caller, id string, skipRefused bool) (WebhookEndpoint, error) {
	endpoint, err := w.find(ctx, caller, id, WebhookEndpoint.MayManage)
	if err != nil {
		return WebhookEndpoint{}, err
	}
	if endpoint.State == WebhookActive {
		return WebhookEndpoint{}, InvalidState("id")
	}
	if endpoint.DisabledReason == WebhookShopRevoked {
		return WebhookEndpoint{}, PermissionRevoked.Refusal()
	}
	// The progress first: a crash in between leaves the endpoint stopped, and it is resumed again.
	if err := w.restart(ctx, endpoint, skipRefused); err != nil {
		return WebhookEndpoint{}, err
	}
	return w.change(ctx, caller, id, WebhookEndpoint.MayManage, ActionWebhookResumed, func(e *WebhookEndpoint, _ time.Time) error {
		e.State, e.DisabledReason = WebhookActive, ""
		return nil
	})
}

func (w *Webhooks) restart(ctx context.Context, endpoint WebhookEndpoint, skipRefused bool) error {
	return w.move(ctx, endpoint, func(p *webhookProgress, now time.Time) []WebhookDelivery {
		var skipped []WebhookDelivery
		if skipRefused {
			skipped = p.skip(now)
		}
		p.restart(now)
		return skipped
	})
}

// move changes where an endpoint stands, again on what is stored when a delivery was faster.
func (w *Webhooks) move(ctx context.Context, endpoint WebhookEndpoint, edit func(*webhookProgress, time.Time) []WebhookDelivery) error {
	for {
		progress, err := findWebhookProgress(ctx, w.store, endpoint)
		if err != nil {
			return err
		}
		recorded := edit(&progress, w.clock.Now())
		err = recordWebhooks(ctx, w.store, endpoint.ID, progress.Recorded, recorded)
		if err == nil {
			progress.Recorded += int64(len(recorded))
			progress.Version++
			err = w.store.SaveDocument(ctx, webhookProgressCodec().Document(progress), nil)
		}
		if CodeOf(err) != CodeConflict {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("move webhook %s: %w", endpoint.ID, ctx.Err())
		}
	}
}

// Rotate makes a new secret; messages are signed with the ones before too, for the overlap. Errors: NOT_FOUND,
// FORBIDDEN, INVALID_WEBHOOK for an overlap out of 0 to MaxWebhookOverlap, CONFLICT.
func (w *Webhooks) Rotate(ctx context.Context, caller Caller, id string, overlap time.Duration) (WebhookEndpoint, error) {
	return w.change(ctx, caller, id, WebhookEndpoint.MayManage, ActionWebhookRotated, func(e *WebhookEndpoint, now time.Time) error {
		if overlap < 0 || overlap > MaxWebhookOverlap {
			return Refuse(CodeInvalidWebhook, Text{
				ZH: fmt.Sprintf("overlapHours 须为 0 至 %d。", int(MaxWebhookOverlap.Hours())),
				EN: fmt.Sprintf("overlapHours must be 0 to %d.", int(MaxWebhookOverlap.Hours())),
			}, "input", "overlapHours")
		}
		e.rotate(w.newKey(), now, overlap)
		return nil
	})
}

// Delete takes an endpoint away, its secrets with it. Errors: NOT_FOUND, FORBIDDEN, CONFLICT.
func (w *Webhooks) Delete(ctx context.Context, caller Caller, id string) (WebhookEndpoint, error) {
	return w.change(ctx, caller, id, WebhookEndpoint.MayManage, ActionWebhookDeleted, func(e *WebhookEndpoint, _ time.Time) error {
		e.State, e.DisabledReason, e.Secrets, e.MessageKey, e.URL = webhookDeleted, "", nil, nil, ""
		return nil
	})
}

// WebhookSince is from where a replay goes: right behind a number of the log's, or the first entry of a time or later.
// One of them is set.
type WebhookSince struct {
	Seq  int64 // from this number on
	Time time.Time
}

// Replay delivers again what the endpoint was told since a place in the log, in order, with the identifiers of then.
// It returns the number of the first entry that is looked at again. Errors: NOT_FOUND, FORBIDDEN; BAD_USER_INPUT
// without exactly one place, and for a time more than 366 days ago; FORBIDDEN for numbers of one who may not know them.
func (w *Webhooks) Replay(ctx context.Context, caller Caller, id string, since WebhookSince) (int64, error) {
	endpoint, err := w.find(ctx, caller, id, WebhookEndpoint.MayOperate)
	if err != nil {
		return 0, err
	}
	if (since.Seq > 0) == !since.Time.IsZero() || since.Seq < 0 {
		return 0, Refuse(CodeBadInput, Text{ZH: "请给出序号（大于 0）或时间之一。", EN: "Give a number, from 1, or a time, not both."}, "input", "since")
	}
	if since.Seq > 0 && !endpoint.SeesNumbers() && !caller.Has(RoleAdmin) {
		return 0, Forbidden()
	}
	from := since.Seq
	if from == 0 {
		if from, err = w.metrics.FirstSince(ctx, since.Time); err != nil {
			return 0, err
		}
	}
	after := from - 1
	now := w.clock.Now()
	next := endpoint
	next.Version++
	next.ChangedAt = now
	// Its entry first: a replay that is not told of has not happened, and one that was told of and has not can be asked
	// for again.
	if err := w.save(ctx, &endpoint, next, caller.Subject, ActionWebhookReplayed, fmt.Sprintf("from entry %d", from)); err != nil {
		return 0, err
	}
	return from, w.move(ctx, next, func(p *webhookProgress, _ time.Time) []WebhookDelivery {
		p.replay(after)
		return nil
	})
}

// WebhookFilter selects endpoints; zero fields select all.
type WebhookFilter struct {
	State      WebhookState
	MerchantID MerchantID
}

// webhookEndpointList names the list of endpoints in cursors.
const webhookEndpointList = "wh"

func webhookEndpointPosition(e WebhookEndpoint) Position {
	return Position{Key: e.CreatedAt.UnixMilli(), ID: e.ID}
}

// List returns the endpoints that the caller may see and that match, latest made first, and how many there are. Errors:
// FORBIDDEN for callers who see none, BAD_USER_INPUT.
func (w *Webhooks) List(ctx context.Context, caller Caller, filter WebhookFilter, request PageRequest) (Page[WebhookEndpoint], int, error) {
	if !caller.SeesWebhooks() {
		return Page[WebhookEndpoint]{}, 0, Forbidden()
	}
	found, err := w.all(ctx, filter.MerchantID)
	if err != nil {
		return Page[WebhookEndpoint]{}, 0, err
	}
	found = slices.DeleteFunc(found, func(e WebhookEndpoint) bool {
		return !e.MaySee(caller) || filter.State != "" && e.State != filter.State
	})
	page, err := PageOf(webhookEndpointList, found, request, webhookEndpointPosition)
	return page, len(found), err
}

// Find returns an endpoint, or NOT_FOUND for one that the caller may not see.
func (w *Webhooks) Find(ctx context.Context, caller Caller, id string) (WebhookEndpoint, error) {
	return w.find(ctx, caller, id, WebhookEndpoint.MaySee)
}

// Deliveries returns an endpoint's deliveries that match, the latest tried first, and how many there are: those that
// wait, and of the others the newest, [WebhookHistory] of them at least. Errors: NOT_FOUND, BAD_USER_INPUT.
func (w *Webhooks) Deliveries(ctx context.Context, caller Caller, id string, filter WebhookDeliveryFilter, request PageRequest) (Page[WebhookDelivery], int, error) {
	endpoint, err := w.Find(ctx, caller, id)
	if err != nil {
		return Page[WebhookDelivery]{}, 0, err
	}
	if err := CheckAllKnown(filter.States, WebhookDeliveryStates(), "filter", "state"); err != nil {
		return Page[WebhookDelivery]{}, 0, err
	}
	found, err := webhookDeliveries(ctx, w.store, endpoint)
	if err != nil {
		return Page[WebhookDelivery]{}, 0, err
	}
	found = slices.DeleteFunc(found, func(d WebhookDelivery) bool { return !filter.Matches(d) })
	page, err := PageOf(webhookDeliveryList, found, request, webhookPosition)
	return page, len(found), err
}

// WebhookStanding is how the deliveries to an endpoint stand.
type WebhookStanding struct {
	Waiting   int       // subjects whose next event is refused so far
	NextAt    time.Time // when the next of them is tried; zero: none waits
	FailingAt time.Time // since when the longest waiting one is refused; zero: none is
	Through   int64     // up to where the log is looked at
}

// Standings says how the deliveries to endpoints that the caller was shown stand, by their identifiers.
func (w *Webhooks) Standings(ctx context.Context, endpoints []WebhookEndpoint) (map[string]WebhookStanding, error) {
	ids := make([]string, len(endpoints))
	for i, endpoint := range endpoints {
		ids[i] = endpoint.ID
	}
	stored, err := w.store.Documents(ctx, KindWebhookProgress, ids)
	if err != nil {
		return nil, fmt.Errorf("find the progress of webhooks: %w", err)
	}
	standings := make(map[string]WebhookStanding, len(endpoints))
	for _, endpoint := range endpoints {
		progress := webhookProgress{Through: endpoint.StartSeq} // of one that was never delivered to
		if document, known := stored[endpoint.ID]; known {
			if progress, err = webhookProgressCodec().Record(document); err != nil {
				return nil, err
			}
		}
		standings[endpoint.ID] = progress.standing()
	}
	return standings, nil
}

func (p webhookProgress) standing() WebhookStanding {
	standing := WebhookStanding{NextAt: p.nextAt(), Through: p.Through}
	for _, lane := range p.Lanes {
		if lane.Failures == 0 {
			continue
		}
		standing.Waiting++
		if standing.FailingAt.IsZero() || lane.Since.Before(standing.FailingAt) {
			standing.FailingAt = lane.Since
		}
	}
	return standing
}
