package restrictions

import (
	"context"
	"fmt"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Service files shops' restrictions of buyers and reviews them for the platform. A successful tag never causes one
// (rule 12).
type Service struct {
	store restrictionStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type restrictionStore interface {
	cloudtag.DocumentStore
	OrdersOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
}

// New returns the service over a store.
func New(store restrictionStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Service {
	return &Service{store: store, clock: clock, ids: ids}
}

// Restrict requests a restriction of the buyer who placed one of the caller's orders. Errors: FORBIDDEN unless the caller is a
// merchant, ORDER_NOT_FOUND, BAD_USER_INPUT without modes, REASON_REQUIRED without a description, INVALID_STATE while one by
// the same order is under review or active.
func (r *Service) Restrict(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, modes []Mode, description string) (Restriction, error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Restriction{}, cloudtag.Forbidden()
	}
	modes, err := checkModes(modes)
	if err != nil {
		return Restriction{}, err
	}
	if !cloudtag.HasVisibleText(description, maxDescriptionLength) {
		return Restriction{}, cloudtag.Refuse(cloudtag.CodeReasonRequired, cloudtag.Text{
			ZH: fmt.Sprintf("请填写问题描述（1 至 %d 个字）。", maxDescriptionLength),
			EN: fmt.Sprintf("Describe the problem in 1 to %d characters.", maxDescriptionLength),
		}, "input", "description")
	}
	order, err := r.ownOrder(ctx, caller.MerchantID, number)
	if err != nil {
		return Restriction{}, err
	}
	now := r.clock.Now()
	restriction := Restriction{
		ID: r.ids.NewID(), Version: 1, MerchantID: order.MerchantID, BuyerID: order.BuyerID, OrderNo: number, Modes: modes,
		Description: description, State: Pending, RequestedBy: caller.Subject, RequestedAt: now,
		DecideBy: now.Add(ReviewWithin),
	}
	err = restrictionCodec().Save(ctx, r.store, nil, restriction, restriction.entry(caller, cloudtag.ActionRestrictionRequested, now, ""))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Restriction{}, cloudtag.InvalidState("orderNo")
	}
	return restriction, err
}

// ownOrder returns an order of a shop, or ORDER_NOT_FOUND.
func (r *Service) ownOrder(ctx context.Context, shop cloudtag.MerchantID, number cloudtag.OrderNo) (cloudtag.Order, error) {
	if number.Valid() {
		orders, err := r.store.OrdersOf(ctx, shop, []cloudtag.OrderNo{number})
		if err != nil {
			return cloudtag.Order{}, fmt.Errorf("find order: %w", err)
		}
		if order, known := orders[number]; known {
			return order, nil
		}
	}
	return cloudtag.Order{}, cloudtag.Refuse(cloudtag.CodeOrderNotFound, cloudtag.OrderResultText(cloudtag.CodeOrderNotFound), "input", "orderNo")
}

func checkModes(modes []Mode) ([]Mode, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(modes)))
	unknown := slices.ContainsFunc(sorted, func(mode Mode) bool { return !slices.Contains(Modes(), mode) })
	if len(sorted) == 0 || unknown {
		return nil, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: "请至少选择一种限制方式。", EN: "Choose at least one mode."}, "input", "modes")
	}
	return sorted, nil
}

// Decide approves or declines a restriction. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, REASON_REQUIRED,
// INVALID_STATE unless it is under review.
func (r *Service) Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (Restriction, error) {
	if !caller.Decides() {
		return Restriction{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Restriction{}, err
	}
	return r.change(ctx, id, func(before Restriction) (Restriction, cloudtag.Entry, error) {
		if before.State != Pending {
			return before, cloudtag.Entry{}, cloudtag.InvalidState("id")
		}
		after := before
		after.State, after.DecidedAt, after.DecidedBy, after.Reason = Declined, r.clock.Now(), caller.Subject, reason
		if approve {
			after.State = Active
		}
		return after, after.entry(caller, cloudtag.ActionRestrictionDecided, after.DecidedAt, reason), nil
	})
}

// Lift ends a restriction of the caller's shop, or withdraws its request. Errors: FORBIDDEN unless the caller is a merchant,
// NOT_FOUND for another shop's, INVALID_STATE if it has ended.
func (r *Service) Lift(ctx context.Context, caller cloudtag.Caller, id string) (Restriction, error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Restriction{}, cloudtag.Forbidden()
	}
	return r.change(ctx, id, func(before Restriction) (Restriction, cloudtag.Entry, error) {
		if before.MerchantID != caller.MerchantID {
			return before, cloudtag.Entry{}, cloudtag.NotFound()
		}
		if before.State != Active && before.State != Pending {
			return before, cloudtag.Entry{}, cloudtag.InvalidState("id")
		}
		after := before
		after.State, after.LiftedAt = Lifted, r.clock.Now()
		return after, after.entry(caller, cloudtag.ActionRestrictionLifted, after.LiftedAt, ""), nil
	})
}

// change applies an edit to the stored restriction; INVALID_STATE after a concurrent change.
func (r *Service) change(ctx context.Context, id string, edit func(Restriction) (Restriction, cloudtag.Entry, error)) (Restriction, error) {
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
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Restriction{}, cloudtag.InvalidState("id")
	}
	return after, err
}

// Query selects restrictions; zero fields select all.
type Query struct {
	MerchantID cloudtag.MerchantID
	BuyerID    cloudtag.BuyerID
	State      State
}

// scope restricts the query to what the caller may see: a shop its own, reviewers and services all. Errors: FORBIDDEN, also
// for a shop that asks by account (rule 15); BAD_USER_INPUT.
func (q Query) scope(caller cloudtag.Caller) (cloudtag.DocumentFilter, error) {
	if !caller.Reviews() && !caller.Serves() {
		foreign := q.MerchantID != "" && q.MerchantID != caller.MerchantID
		if !caller.ActsFor(caller.MerchantID) || foreign || q.BuyerID != "" {
			return cloudtag.DocumentFilter{}, cloudtag.Forbidden()
		}
		q.MerchantID = caller.MerchantID
	}
	if err := cloudtag.CheckKnownOrEmpty(q.State, States(), "state"); err != nil {
		return cloudtag.DocumentFilter{}, err
	}
	return cloudtag.DocumentFilter{State: string(q.State), MerchantID: q.MerchantID, BuyerID: q.BuyerID}, nil
}

// List returns up to 1,000 restrictions: those under review, by due time, then the others, latest requested first. FORBIDDEN
// as of Page.
func (r *Service) List(ctx context.Context, caller cloudtag.Caller, query Query) ([]Restriction, error) {
	filter, err := query.scope(caller)
	if err != nil {
		return nil, err
	}
	return restrictionCodec().List(ctx, r.store, filter, cloudtag.MaxListed)
}

// Page returns a page of restrictions in the order of List: its own to a shop, all to reviewers and services. Errors:
// FORBIDDEN, also for a shop that asks by account or for another's (rule 15); BAD_USER_INPUT.
func (r *Service) Page(ctx context.Context, caller cloudtag.Caller, query Query, request cloudtag.PageRequest) (cloudtag.Page[Restriction], error) {
	filter, err := query.scope(caller)
	if err != nil {
		return cloudtag.Page[Restriction]{}, err
	}
	return restrictionCodec().Page(ctx, r.store, filter, request)
}

// Count counts restrictions, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as for Page.
func (r *Service) Count(ctx context.Context, caller cloudtag.Caller, query Query) (int, error) {
	filter, err := query.scope(caller)
	if err != nil {
		return 0, err
	}
	return restrictionCodec().Count(ctx, r.store, filter)
}

// Find returns a restriction: its own to a shop, all to reviewers and services. NOT_FOUND if there is none that the caller may
// see.
func (r *Service) Find(ctx context.Context, caller cloudtag.Caller, id string) (Restriction, error) {
	found, err := restrictionCodec().Find(ctx, r.store, id)
	if err == nil && !caller.MaySeeOrder(found.MerchantID) {
		return Restriction{}, cloudtag.NotFound()
	}
	return found, err
}

// Of returns each account's restrictions, in the order of List. FORBIDDEN unless the caller reviews or is a service.
func (r *Service) Of(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]Restriction, error) {
	if !caller.MaySeeBuyers() {
		return nil, cloudtag.Forbidden()
	}
	return restrictionCodec().OfBuyers(ctx, r.store, buyers)
}
