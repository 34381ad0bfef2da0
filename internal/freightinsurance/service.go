package freightinsurance

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Service answers the insurer's services and records consumers' complaints (rule 11).
type Service struct {
	store   decisionStore
	visible visibleOrders
	clock   cloudtag.Clock
	ids     cloudtag.IDSource
}

type decisionStore interface {
	cloudtag.DocumentStore
	TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
	Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	cloudtag.PolicyReader
}

// visibleOrders finds the orders that a caller may see.
type visibleOrders interface {
	Orders(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
}

// New returns the service over a store; visible is that store's orders as callers see them.
func New(store decisionStore, visible visibleOrders, clock cloudtag.Clock, ids cloudtag.IDSource) *Service {
	return &Service{store: store, visible: visible, clock: clock, ids: ids}
}

// Decide returns the answer for an order, and stores it with its ground if it differs from the stored one. Errors: FORBIDDEN
// unless the caller is a service or reviews, NOT_FOUND for an unknown order.
func (f *Service) Decide(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (Decision, error) {
	if !caller.Serves() && !caller.Reviews() {
		return Decision{}, cloudtag.Forbidden()
	}
	for {
		decision, err := f.decide(ctx, caller, number)
		if cloudtag.CodeOf(err) != cloudtag.CodeConflict {
			return decision, err
		}
		// An answer was stored concurrently: try again.
	}
}

func (f *Service) decide(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (Decision, error) {
	fresh, err := f.evaluate(ctx, number)
	if err != nil {
		return Decision{}, err
	}
	codec := decisionCodec()
	stored, err := codec.Find(ctx, f.store, string(number))
	var before *Decision
	switch {
	case err == nil:
		if stored.sameAnswer(fresh) {
			return stored, nil
		}
		before, fresh.Version = &stored, stored.Version+1
	case cloudtag.CodeOf(err) != cloudtag.CodeNotFound:
		return Decision{}, err
	}
	return fresh, codec.Save(ctx, f.store, before, fresh, cloudtag.Entry{
		At: fresh.DecidedAt, Actor: caller.Subject, Action: cloudtag.ActionFreightAnswered, Reason: string(fresh.Ground),
		Subjects: []cloudtag.Subject{cloudtag.OrderSubject(number)},
	})
}

// sameAnswer reports whether both have the same answer on the same ground.
func (d Decision) sameAnswer(other Decision) bool {
	return d.Answer == other.Answer && d.Ground == other.Ground && d.TagVersion == other.TagVersion && d.ComplaintID == other.ComplaintID
}

// evaluate computes the answer for an order from the current state.
func (f *Service) evaluate(ctx context.Context, number cloudtag.OrderNo) (Decision, error) {
	orders, err := f.store.Orders(ctx, []cloudtag.OrderNo{number})
	if err != nil {
		return Decision{}, fmt.Errorf("find order: %w", err)
	}
	if _, known := orders[number]; !known {
		return Decision{}, cloudtag.NotFound()
	}
	policy, err := cloudtag.PolicyAt(ctx, f.store, f.clock.Now())
	if err != nil {
		return Decision{}, err
	}
	tags, err := f.store.TagsByOrder(ctx, []cloudtag.OrderNo{number})
	if err != nil {
		return Decision{}, fmt.Errorf("find tag: %w", err)
	}
	complaint, err := f.latestComplaint(ctx, number)
	if err != nil {
		return Decision{}, err
	}
	decision := Decision{OrderNo: number, Version: 1, DecidedAt: f.clock.Now(), PolicyVersion: policy.Version}
	var tag *cloudtag.Tag
	if found, known := tags[number]; known {
		tag, decision.TagVersion = &found, found.Version
	}
	if complaint != nil {
		decision.ComplaintID = complaint.ID
	}
	decision.Answer, decision.Ground = AnswerFor(tag, complaint)
	return decision, nil
}

// Given returns the latest stored answers about orders, without computing new ones: for its own orders to a shop, for all to
// reviewers and services.
func (f *Service) Given(ctx context.Context, caller cloudtag.Caller, numbers []cloudtag.OrderNo) (map[cloudtag.OrderNo]Decision, error) {
	orders, err := f.visible.Orders(ctx, caller, numbers)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(orders))
	for number := range orders {
		ids = append(ids, string(number))
	}
	documents, err := f.store.Documents(ctx, cloudtag.KindFreightInsurance, ids)
	if err != nil {
		return nil, fmt.Errorf("find answers: %w", err)
	}
	given := make(map[cloudtag.OrderNo]Decision, len(documents))
	for id, document := range documents {
		if given[cloudtag.OrderNo(id)], err = decisionCodec().Record(document); err != nil {
			return nil, err
		}
	}
	return given, nil
}

// latestComplaint returns the latest complaint about an order, or nil.
func (f *Service) latestComplaint(ctx context.Context, number cloudtag.OrderNo) (*Complaint, error) {
	complaints, err := complaintCodec().List(ctx, f.store, cloudtag.DocumentFilter{OrderNo: number}, 1)
	if err != nil || len(complaints) == 0 {
		return nil, err
	}
	return &complaints[0], nil
}

// ComplaintsOf returns each account's complaints, latest first. FORBIDDEN unless the caller is a service or reviews.
func (f *Service) ComplaintsOf(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]Complaint, error) {
	if !caller.MaySeeBuyers() {
		return nil, cloudtag.Forbidden()
	}
	return complaintCodec().OfBuyers(ctx, f.store, buyers)
}

// ComplaintOf returns the latest complaint about an order, or nil. FORBIDDEN unless the caller is a service or reviews.
func (f *Service) ComplaintOf(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (*Complaint, error) {
	if !caller.MaySeeBuyers() {
		return nil, cloudtag.Forbidden()
	}
	return f.latestComplaint(ctx, number)
}

// OpenComplaint records a consumer's complaint about the refused payout of an order. Errors: FORBIDDEN unless the caller is a
// service, NOT_FOUND for an unknown order, INVALID_STATE unless the answer is REFUSE.
func (f *Service) OpenComplaint(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (Complaint, error) {
	if !caller.Serves() {
		return Complaint{}, cloudtag.Forbidden()
	}
	decision, err := f.Decide(ctx, caller, number)
	if err != nil {
		return Complaint{}, err
	}
	if decision.Answer != Refuse {
		return Complaint{}, cloudtag.InvalidState("orderNo")
	}
	orders, err := f.store.Orders(ctx, []cloudtag.OrderNo{number})
	if err != nil {
		return Complaint{}, fmt.Errorf("find order: %w", err)
	}
	order := orders[number]
	now := f.clock.Now()
	complaint := Complaint{
		ID: f.ids.NewID(), Version: 1, OrderNo: number, BuyerID: order.BuyerID, MerchantID: order.MerchantID,
		State: ComplaintOpen, OpenedAt: now,
	}
	err = complaintCodec().Save(ctx, f.store, nil, complaint, complaint.entry(caller, cloudtag.ActionComplaintOpened, now))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Complaint{}, cloudtag.InvalidState("orderNo")
	}
	if err != nil {
		return Complaint{}, err
	}
	_, err = f.Decide(ctx, caller, number)
	return complaint, err
}

// DecideComplaint closes an open complaint; its outcome prevails over the tag. Errors: FORBIDDEN unless the caller is a
// service, NOT_FOUND, INVALID_STATE unless the complaint is open and the new state is final.
func (f *Service) DecideComplaint(ctx context.Context, caller cloudtag.Caller, id string, state ComplaintState) (Complaint, error) {
	if !caller.Serves() {
		return Complaint{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckKnown(state, ComplaintStates(), "input", "state"); err != nil {
		return Complaint{}, err
	}
	codec := complaintCodec()
	before, err := codec.Find(ctx, f.store, id)
	if err != nil {
		return Complaint{}, err
	}
	if before.State != ComplaintOpen || state == ComplaintOpen {
		return Complaint{}, cloudtag.InvalidState("state")
	}
	after := before
	after.State, after.DecidedAt = state, f.clock.Now()
	after.Version++
	err = codec.Save(ctx, f.store, &before, after, after.entry(caller, cloudtag.ActionComplaintDecided, after.DecidedAt))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Complaint{}, cloudtag.InvalidState("state")
	}
	if err != nil {
		return Complaint{}, err
	}
	_, err = f.Decide(ctx, caller, after.OrderNo)
	return after, err
}
