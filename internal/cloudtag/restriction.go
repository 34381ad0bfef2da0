package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// RestrictionMode is what a shop no longer lets a buyer do.
type RestrictionMode string

// The modes (rule 12).
const (
	ModeNoOrdering         RestrictionMode = "NO_ORDERING"
	ModeNoCashOnDelivery   RestrictionMode = "NO_CASH_ON_DELIVERY"
	ModeNoCompanyTransfer  RestrictionMode = "NO_COMPANY_TRANSFER"
	ModeShortPaymentWindow RestrictionMode = "SHORT_PAYMENT_WINDOW"
)

// RestrictionModes lists every mode.
func RestrictionModes() []RestrictionMode {
	return []RestrictionMode{ModeNoOrdering, ModeNoCashOnDelivery, ModeNoCompanyTransfer, ModeShortPaymentWindow}
}

// RestrictionState is the state of a restriction.
type RestrictionState string

// The states of a restriction.
const (
	RestrictionPending  RestrictionState = "PENDING_REVIEW"
	RestrictionActive   RestrictionState = "ACTIVE"
	RestrictionDeclined RestrictionState = "DECLINED"
	RestrictionLifted   RestrictionState = "LIFTED"
)

const (
	// RestrictionReviewWithin is how long the platform has to review a restriction (rule 12).
	RestrictionReviewWithin = 24 * time.Hour
	maxDescriptionLength    = 500
)

// Restriction is a shop's request not to let a buyer use some functions in that shop. Its text is confidential.
type Restriction struct {
	ID          string            `json:"id"`
	Version     int               `json:"version"`
	MerchantID  MerchantID        `json:"merchantId"`
	BuyerID     BuyerID           `json:"buyerId"`
	OrderNo     OrderNo           `json:"orderNo"` // the order by which the shop named the buyer
	Modes       []RestrictionMode `json:"modes"`
	Description string            `json:"description"`
	State       RestrictionState  `json:"state"`
	RequestedBy string            `json:"requestedBy"`
	RequestedAt time.Time         `json:"requestedAt"`
	DecideBy    time.Time         `json:"decideBy"`
	DecidedAt   time.Time         `json:"decidedAt,omitzero"` // zero until reviewed
	DecidedBy   string            `json:"decidedBy,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	LiftedAt    time.Time         `json:"liftedAt,omitzero"` // zero unless lifted
}

// BuyerNotice is the only text about a restriction that a buyer may see (rule 14): neutral, with how to appeal.
func (r Restriction) BuyerNotice() Text {
	return Text{
		ZH: "因系统原因，您暂时无法在该店铺使用此功能。如有疑问，请联系平台客服申诉。",
		EN: "For system reasons this function is not available to you in this shop at present. Please contact the platform's customer service to appeal.",
	}
}

func restrictionCodec() Codec[Restriction] {
	return Codec[Restriction]{KindRestriction, func(r Restriction) Document {
		document := Document{
			ID: r.ID, Version: r.Version, State: string(r.State), MerchantID: r.MerchantID, BuyerID: r.BuyerID,
			OrderNo: r.OrderNo, Rank: LatestFirst(r.RequestedAt),
		}
		if r.State == RestrictionPending {
			document.Rank = DueFirst(r.DecideBy)
		}
		if r.State == RestrictionPending || r.State == RestrictionActive {
			// Unique by order and not by account: a refusal would reveal to the shop that two of its orders are of one
			// account (rule 15). An account may have several restrictions, each by another of its orders.
			document.Unique = string(r.OrderNo)
		}
		return document
	}}
}

// Restrictions files shops' restrictions of buyers and reviews them for the platform. A successful tag never causes one
// (rule 12).
type Restrictions struct {
	store restrictionStore
	clock Clock
	ids   IDSource
}

type restrictionStore interface {
	DocumentStore
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
}

// NewRestrictions returns the service over a store.
func NewRestrictions(store restrictionStore, clock Clock, ids IDSource) *Restrictions {
	return &Restrictions{store: store, clock: clock, ids: ids}
}

// Restrict requests a restriction of the buyer who placed one of the caller's orders. Errors: FORBIDDEN unless the caller is a
// merchant, ORDER_NOT_FOUND, BAD_USER_INPUT without modes, REASON_REQUIRED without a description, INVALID_STATE while one by
// the same order is under review or active.
func (r *Restrictions) Restrict(ctx context.Context, caller Caller, number OrderNo, modes []RestrictionMode, description string) (Restriction, error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Restriction{}, Forbidden()
	}
	modes, err := checkModes(modes)
	if err != nil {
		return Restriction{}, err
	}
	if !HasVisibleText(description, maxDescriptionLength) {
		return Restriction{}, Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请填写问题描述（1 至 %d 个字）。", maxDescriptionLength),
			EN: fmt.Sprintf("Describe the problem in 1 to %d characters.", maxDescriptionLength),
		}, "input", "description")
	}
	orders, err := r.store.OrdersOf(ctx, caller.MerchantID, validOrderNos([]OrderNo{number}))
	if err != nil {
		return Restriction{}, fmt.Errorf("find order: %w", err)
	}
	order, known := orders[number]
	if !known {
		return Restriction{}, Refuse(CodeOrderNotFound, OrderResultText(CodeOrderNotFound), "input", "orderNo")
	}
	now := r.clock.Now()
	restriction := Restriction{
		ID: r.ids.NewID(), Version: 1, MerchantID: order.MerchantID, BuyerID: order.BuyerID, OrderNo: number, Modes: modes,
		Description: description, State: RestrictionPending, RequestedBy: caller.Subject, RequestedAt: now,
		DecideBy: now.Add(RestrictionReviewWithin),
	}
	err = restrictionCodec().Save(ctx, r.store, nil, restriction, restriction.entry(caller, ActionRestrictionRequested, now, ""))
	if CodeOf(err) == CodeConflict {
		return Restriction{}, InvalidState("orderNo")
	}
	return restriction, err
}

func checkModes(modes []RestrictionMode) ([]RestrictionMode, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(modes)))
	unknown := slices.ContainsFunc(sorted, func(mode RestrictionMode) bool { return !slices.Contains(RestrictionModes(), mode) })
	if len(sorted) == 0 || unknown {
		return nil, Refuse(CodeBadInput, Text{ZH: "请至少选择一种限制方式。", EN: "Choose at least one mode."}, "input", "modes")
	}
	return sorted, nil
}

// Decide approves or declines a restriction. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, REASON_REQUIRED,
// INVALID_STATE unless it is under review.
func (r *Restrictions) Decide(ctx context.Context, caller Caller, id string, approve bool, reason string) (Restriction, error) {
	if !caller.Decides() {
		return Restriction{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Restriction{}, err
	}
	return r.change(ctx, id, func(before Restriction) (Restriction, Entry, error) {
		if before.State != RestrictionPending {
			return before, Entry{}, InvalidState("id")
		}
		after := before
		after.State, after.DecidedAt, after.DecidedBy, after.Reason = RestrictionDeclined, r.clock.Now(), caller.Subject, reason
		if approve {
			after.State = RestrictionActive
		}
		return after, after.entry(caller, ActionRestrictionDecided, after.DecidedAt, reason), nil
	})
}

// Lift ends a restriction of the caller's shop, or withdraws its request. Errors: FORBIDDEN unless the caller is a merchant,
// NOT_FOUND for another shop's, INVALID_STATE if it has ended.
func (r *Restrictions) Lift(ctx context.Context, caller Caller, id string) (Restriction, error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Restriction{}, Forbidden()
	}
	return r.change(ctx, id, func(before Restriction) (Restriction, Entry, error) {
		if before.MerchantID != caller.MerchantID {
			return before, Entry{}, NotFound()
		}
		if before.State != RestrictionActive && before.State != RestrictionPending {
			return before, Entry{}, InvalidState("id")
		}
		after := before
		after.State, after.LiftedAt = RestrictionLifted, r.clock.Now()
		return after, after.entry(caller, ActionRestrictionLifted, after.LiftedAt, ""), nil
	})
}

// change applies an edit to the stored restriction; INVALID_STATE after a concurrent change.
func (r *Restrictions) change(ctx context.Context, id string, edit func(Restriction) (Restriction, Entry, error)) (Restriction, error) {
	codec := restrictionCodec()
	before, err := codec.Find(ctx, r.store, id)
	if err != nil {
		return Restriction{}, err
	}
	after, entry, err := edit(before)
	if err != nil {
		return Restriction{}, err
	}
	after.Version++
	err = codec.Save(ctx, r.store, &before, after, entry)
	if CodeOf(err) == CodeConflict {
		return Restriction{}, InvalidState("id")
	}
	return after, err
}

// RestrictionQuery selects restrictions; zero fields select all.
type RestrictionQuery struct {
	MerchantID MerchantID
	BuyerID    BuyerID
	State      RestrictionState
}

// scope restricts the query to what the caller may see: a shop its own, reviewers and services all. Errors: FORBIDDEN, also
// for a shop that asks by account (rule 15); BAD_USER_INPUT.
func (q RestrictionQuery) scope(caller Caller) (DocumentFilter, error) {
	if !caller.Reviews() && !caller.Serves() {
		foreign := q.MerchantID != "" && q.MerchantID != caller.MerchantID
		if !caller.ActsFor(caller.MerchantID) || foreign || q.BuyerID != "" {
			return DocumentFilter{}, Forbidden()
		}
		q.MerchantID = caller.MerchantID
	}
	if err := CheckKnownOrEmpty(q.State, RestrictionStates(), "state"); err != nil {
		return DocumentFilter{}, err
	}
	return DocumentFilter{State: string(q.State), MerchantID: q.MerchantID, BuyerID: q.BuyerID}, nil
}

// List returns up to 1,000 restrictions: those under review, by due time, then the others, latest requested first. FORBIDDEN
// as of Page.
func (r *Restrictions) List(ctx context.Context, caller Caller, query RestrictionQuery) ([]Restriction, error) {
	filter, err := query.scope(caller)
	if err != nil {
		return nil, err
	}
	return restrictionCodec().List(ctx, r.store, filter, MaxListed)
}

// Page returns a page of restrictions in the order of List: its own to a shop, all to reviewers and services. Errors:
// FORBIDDEN, also for a shop that asks by account or for another's (rule 15); BAD_USER_INPUT.
func (r *Restrictions) Page(ctx context.Context, caller Caller, query RestrictionQuery, request PageRequest) (Page[Restriction], error) {
	filter, err := query.scope(caller)
	if err != nil {
		return Page[Restriction]{}, err
	}
	return restrictionCodec().Page(ctx, r.store, filter, request)
}

// Count counts restrictions, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as for Page.
func (r *Restrictions) Count(ctx context.Context, caller Caller, query RestrictionQuery) (int, error) {
	filter, err := query.scope(caller)
	if err != nil {
		return 0, err
	}
	return restrictionCodec().Count(ctx, r.store, filter)
}

// Find returns a restriction: its own to a shop, all to reviewers and services. NOT_FOUND if there is none that the caller may
// see.
func (r *Restrictions) Find(ctx context.Context, caller Caller, id string) (Restriction, error) {
	found, err := restrictionCodec().Find(ctx, r.store, id)
	if err == nil && !caller.MaySeeOrder(found.MerchantID) {
		return Restriction{}, NotFound()
	}
	return found, err
}

// Of returns each account's restrictions, in the order of List. FORBIDDEN unless the caller reviews or is a service.
func (r *Restrictions) Of(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID][]Restriction, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	return restrictionCodec().OfBuyers(ctx, r.store, buyers)
}

// MayDecide reports whether the caller may review the restriction now.
func (r Restriction) MayDecide(caller Caller) bool {
	return caller.Decides() && r.State == RestrictionPending
}

// MaySeeText reports whether the caller may see the restriction's confidential text: its shop and reviewers may.
func (r Restriction) MaySeeText(caller Caller) bool {
	return caller.Reviews() || caller.ActsFor(r.MerchantID)
}

func (r Restriction) entry(caller Caller, action Action, at time.Time, reason string) Entry {
	return Entry{
		At: at, Actor: caller.Subject, Action: action, Reason: reason,
		Subjects: []Subject{"restriction:" + Subject(r.ID), MerchantSubject(r.MerchantID), BuyerSubject(r.BuyerID)},
	}
}
