package webhooks

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Endpoints manages endpoints, for receivers that are sent events rather than subscribe to them. A shop's endpoints are sent
// events of its own tags, restrictions and permission; the platform's are sent more (see [EventTypes]).
type Endpoints struct {
	store  Store
	log    timeIndex
	clock  cloudtag.Clock
	ids    cloudtag.IDSource
	newKey func() []byte
	rules  Rules
	pinged func()
}

// timeIndex finds places in the log by time.
type timeIndex interface {
	// FirstSince returns the number of the first entry of a time or later, or of the next entry that there will be.
	FirstSince(ctx context.Context, at time.Time) (int64, error)
}

// NewEndpoints returns the service over a store. newKey returns [KeyLength] random bytes. pinged is called after a ping
// is queued, to notify its sender; it must not block.
func NewEndpoints(store Store, log timeIndex, clock cloudtag.Clock, ids cloudtag.IDSource, newKey func() []byte, rules Rules, pinged func()) *Endpoints {
	return &Endpoints{store: store, log: log, clock: clock, ids: ids, newKey: newKey, rules: rules, pinged: pinged}
}

// ownerOf is the owner of endpoints that the caller creates: its shop, or the platform.
func ownerOf(caller cloudtag.Caller) (cloudtag.MerchantID, error) {
	switch {
	case caller.Has(cloudtag.RoleAdmin), caller.Serves():
		return "", nil
	case caller.ActsFor(caller.MerchantID):
		return caller.MerchantID, nil
	default:
		return "", cloudtag.Forbidden()
	}
}

// Types lists what an endpoint of the caller's can be sent. FORBIDDEN for callers who may neither have nor see endpoints.
func (s *Endpoints) Types(caller cloudtag.Caller) ([]cloudtag.Action, error) {
	if !caller.SeesWebhooks() {
		return nil, cloudtag.Forbidden()
	}
	owner, err := ownerOf(caller)
	return EventTypes(err == nil && owner != ""), nil
}

// Create adds an endpoint of the caller's shop, or of the platform for its administrators and services. It is sent what happens
// from now on. Errors: FORBIDDEN for everybody else; PERMISSION_REVOKED for a shop that lost its permission;
// INVALID_WEBHOOK; TOO_MANY_WEBHOOKS; CONFLICT when the owner has one of that address.
func (s *Endpoints) Create(ctx context.Context, caller cloudtag.Caller, draft Draft) (Endpoint, error) {
	owner, err := ownerOf(caller)
	if err != nil {
		return Endpoint{}, err
	}
	if draft, err = draft.check(s.rules, owner != ""); err != nil {
		return Endpoint{}, err
	}
	count, err := s.admit(ctx, owner)
	if err == nil && count >= maxEndpoints(owner) {
		err = errTooManyEndpoints(owner)
	}
	if err != nil {
		return Endpoint{}, err
	}
	last, err := s.store.LastSeq(ctx)
	if err != nil {
		return Endpoint{}, fmt.Errorf("find the log's end: %w", err)
	}
	now := s.clock.Now()
	created := Endpoint{
		ID: s.ids.NewID(), Version: 1, MerchantID: owner, URL: draft.URL, Description: draft.Description, Types: draft.Types,
		State: StateActive, CreatedBy: caller.Subject, CreatedAt: now, ChangedAt: now, StartSeq: last, MessageKey: s.newKey(),
	}
	created.rotate(s.newKey(), now, 0)
	if err := s.save(ctx, nil, created, caller.Subject, cloudtag.ActionWebhookCreated, ""); err != nil {
		return Endpoint{}, err
	}
	return created, s.withdrawBeyond(ctx, caller, created)
}

// withdrawBeyond deletes a new endpoint again, with TOO_MANY_WEBHOOKS, when others were created at the same moment: each had
// counted before any was stored. The last one that is stored counts them all, so that no more than the limit stay; two at once
// may both withdraw. A crash in between leaves one endpoint more than the limit.
func (s *Endpoints) withdrawBeyond(ctx context.Context, caller cloudtag.Caller, created Endpoint) error {
	count, err := s.countOf(ctx, created.MerchantID)
	if err != nil || count <= maxEndpoints(created.MerchantID) {
		return err
	}
	if _, err := s.Delete(ctx, caller, created.ID); err != nil {
		return err
	}
	return errTooManyEndpoints(created.MerchantID)
}

// maxEndpoints is how many endpoints an owner may have.
func maxEndpoints(owner cloudtag.MerchantID) int {
	if owner != "" {
		return MaxPerMerchant
	}
	return MaxOfPlatform
}

func errTooManyEndpoints(owner cloudtag.MerchantID) *cloudtag.Error {
	limit := maxEndpoints(owner)
	return cloudtag.Refuse(cloudtag.CodeTooManyWebhooks, cloudtag.Text{
		ZH: fmt.Sprintf("最多 %d 个推送地址，请先删除不用的。", limit),
		EN: fmt.Sprintf("There may be at most %d endpoints; delete one that is not used.", limit),
	}, "input")
}

// admit returns how many endpoints the owner has, unless it may have none.
func (s *Endpoints) admit(ctx context.Context, owner cloudtag.MerchantID) (int, error) {
	if owner != "" {
		found, err := s.store.Merchants(ctx, []cloudtag.MerchantID{owner})
		if err != nil {
			return 0, fmt.Errorf("find merchant: %w", err)
		}
		if found[owner].Permission == cloudtag.PermissionRevoked {
			return 0, cloudtag.PermissionRevoked.Refusal()
		}
	}
	return s.countOf(ctx, owner)
}

func (s *Endpoints) countOf(ctx context.Context, owner cloudtag.MerchantID) (int, error) {
	all, err := s.all(ctx, owner)
	count := 0
	for _, endpoint := range all {
		if endpoint.MerchantID == owner {
			count++
		}
	}
	return count, err
}

// all returns the endpoints of a shop, or of everybody for none, latest created first.
func (s *Endpoints) all(ctx context.Context, merchant cloudtag.MerchantID) ([]Endpoint, error) {
	var all []Endpoint
	for _, state := range States() {
		found, err := endpointCodec().List(ctx, s.store, cloudtag.DocumentFilter{State: string(state), MerchantID: merchant}, maxEndpointsRead)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b Endpoint) int {
		return b.position().Compare(a.position())
	})
	return all, nil
}

func (s *Endpoints) save(ctx context.Context, before *Endpoint, after Endpoint, actor string, action cloudtag.Action, reason string) error {
	err := s.store.SaveDocument(ctx, endpointCodec().Document(after), []cloudtag.Entry{after.entry(before, actor, action, reason)})
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
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
func (s *Endpoints) find(ctx context.Context, caller cloudtag.Caller, id string, may func(Endpoint, cloudtag.Caller) bool) (Endpoint, error) {
	found, err := endpointCodec().Find(ctx, s.store, id)
	switch {
	case err != nil:
		return Endpoint{}, err
	case found.State == stateDeleted || !found.MaySee(caller):
		return Endpoint{}, cloudtag.NotFound()
	case !may(found, caller):
		return Endpoint{}, cloudtag.Forbidden()
	}
	return found, nil
}

// change applies edit to an endpoint and stores it. Errors: NOT_FOUND for one that the caller may not see, FORBIDDEN unless may
// allows the change, those of edit, CONFLICT.
func (s *Endpoints) change(ctx context.Context, caller cloudtag.Caller, id string, may func(Endpoint, cloudtag.Caller) bool, action cloudtag.Action, edit func(*Endpoint, time.Time) error) (Endpoint, error) {
	before, err := s.find(ctx, caller, id, may)
	if err != nil {
		return Endpoint{}, err
	}
	after := before
	after.Version++
	after.ChangedAt = s.clock.Now()
	if err := edit(&after, after.ChangedAt); err != nil {
		return Endpoint{}, err
	}
	return after, s.save(ctx, &before, after, caller.Subject, action, "")
}

// Update changes the address, the description and the types. Errors: NOT_FOUND, FORBIDDEN, INVALID_WEBHOOK, CONFLICT.
func (s *Endpoints) Update(ctx context.Context, caller cloudtag.Caller, id string, draft Draft) (Endpoint, error) {
	return s.change(ctx, caller, id, Endpoint.MayManage, cloudtag.ActionWebhookUpdated, func(e *Endpoint, _ time.Time) error {
		checked, err := draft.check(s.rules, e.MerchantID != "")
		e.URL, e.Description, e.Types = checked.URL, checked.Description, checked.Types
		return err
	})
}

// Pause stops deliveries until the endpoint is resumed. Errors: NOT_FOUND, FORBIDDEN, INVALID_STATE unless it is
// active, CONFLICT.
func (s *Endpoints) Pause(ctx context.Context, caller cloudtag.Caller, id string) (Endpoint, error) {
	return s.change(ctx, caller, id, Endpoint.MayOperate, cloudtag.ActionWebhookPaused, func(e *Endpoint, _ time.Time) error {
		if e.State != StateActive {
			return cloudtag.InvalidState("id")
		}
		e.State = StatePaused
		return nil
	})
}

// Rotate makes a new secret; for the overlap, messages are signed with the earlier ones too. Errors: NOT_FOUND,
// FORBIDDEN, INVALID_WEBHOOK for an overlap out of 0 to [MaxOverlap], CONFLICT.
func (s *Endpoints) Rotate(ctx context.Context, caller cloudtag.Caller, id string, overlap time.Duration) (Endpoint, error) {
	return s.change(ctx, caller, id, Endpoint.MayManage, cloudtag.ActionWebhookRotated, func(e *Endpoint, now time.Time) error {
		if overlap < 0 || overlap > MaxOverlap {
			return cloudtag.Refuse(cloudtag.CodeInvalidWebhook, cloudtag.Text{
				ZH: fmt.Sprintf("overlapHours 须为 0 至 %d。", int(MaxOverlap.Hours())),
				EN: fmt.Sprintf("overlapHours must be 0 to %d.", int(MaxOverlap.Hours())),
			}, "input", "overlapHours")
		}
		e.rotate(s.newKey(), now, overlap)
		return nil
	})
}

// Delete removes an endpoint and its secrets. Errors: NOT_FOUND, FORBIDDEN, CONFLICT.
func (s *Endpoints) Delete(ctx context.Context, caller cloudtag.Caller, id string) (Endpoint, error) {
	return s.change(ctx, caller, id, Endpoint.MayManage, cloudtag.ActionWebhookDeleted, func(e *Endpoint, _ time.Time) error {
		e.State, e.DisabledReason, e.Secrets, e.MessageKey, e.URL = stateDeleted, "", nil, nil, ""
		return nil
	})
}
