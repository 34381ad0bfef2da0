package cloudtag

import (
	"context"
	"fmt"
	"time"
)

// Records reads stored records, and returns to each caller only what rule 15 and its role allow. Methods with several keys
// omit records that do not exist and those that the caller may not see, without distinguishing the two.
type Records struct {
	store RecordStore
	clock Clock
}

// RecordStore is what [Records] reads.
type RecordStore interface {
	TagReader
	CaseReader
	Finder
	BatchByID(ctx context.Context, id BatchID) (Batch, error)
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
	MerchantCounts(ctx context.Context, ids []MerchantID) (map[MerchantID]MerchantCounts, error)
	MerchantPage(ctx context.Context, filter MerchantFilter, slice Slice) ([]Merchant, bool, error)
	CountMerchants(ctx context.Context, filter MerchantFilter, limit int) (int, error)
	Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error)
	OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error)
	OrdersPlaced(ctx context.Context, filter OrderFilter, after *Position, limit int) ([]Order, bool, error)
	Exposures(ctx context.Context, buyers []BuyerID, since time.Time) (map[BuyerID]Exposure, error)
	KnownBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID]bool, error)
	Risks(ctx context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error)
	Policy(ctx context.Context, version int) (Policy, error)
	PolicyReader
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
}

// NewRecords returns the service over a store.
func NewRecords(store RecordStore, clock Clock) *Records { return &Records{store: store, clock: clock} }

// visible removes what the caller may not see.
func visible[K comparable, V any](found map[K]V, may func(V) bool) map[K]V {
	for key, value := range found {
		if !may(value) {
			delete(found, key)
		}
	}
	return found
}

// findAllowed calls all for callers who may see all records, own for a shop, and returns nothing to others.
func findAllowed[V any](
	what string, caller Caller, maySeeAll bool, own func(MerchantID) (map[OrderNo]V, error), all func() (map[OrderNo]V, error),
) (found map[OrderNo]V, err error) {
	switch {
	case maySeeAll:
		found, err = all()
	case caller.ActsFor(caller.MerchantID):
		found, err = own(caller.MerchantID)
	default:
		return map[OrderNo]V{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", what, err)
	}
	return found, nil
}

// Orders returns orders by number: its own to a shop, all to reviewers and services.
func (r *Records) Orders(ctx context.Context, caller Caller, orders []OrderNo) (map[OrderNo]Order, error) {
	return findAllowed("orders", caller, caller.Reviews() || caller.Serves(), func(shop MerchantID) (map[OrderNo]Order, error) {
		return r.store.OrdersOf(ctx, shop, orders)
	}, func() (map[OrderNo]Order, error) { return r.store.Orders(ctx, orders) })
}

// KnownBuyers returns which of the accounts exist, to reviewers and services only.
func (r *Records) KnownBuyers(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]bool, error) {
	if !caller.MaySeeBuyers() {
		return map[BuyerID]bool{}, nil
	}
	return r.store.KnownBuyers(ctx, buyers)
}

// BuyerRisk is the platform's judgement of an account.
type BuyerRisk struct {
	Profile RiskProfile
	Level   RiskLevel // by the current policy
}

// Risks returns risk profiles by account. FORBIDDEN unless the caller may see accounts.
func (r *Records) Risks(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]BuyerRisk, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	found, err := r.store.Risks(ctx, buyers)
	if err != nil {
		return nil, fmt.Errorf("find risk data: %w", err)
	}
	risks := make(map[BuyerID]BuyerRisk, len(found))
	for id, profile := range found {
		risks[id] = BuyerRisk{Profile: profile, Level: policy.RiskLevel(&profile)}
	}
	return risks, nil
}

// Exposures counts each account's orders in the window. FORBIDDEN unless the caller may see accounts.
func (r *Records) Exposures(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]Exposure, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	return r.store.Exposures(ctx, buyers, r.clock.Now().Add(-policy.Window()))
}

// ScenarioRules returns the current policy's rule for every scenario of the catalogue. Everyone may see whether it is enabled,
// only reviewers its threshold.
func (r *Records) ScenarioRules(ctx context.Context) (map[ScenarioCode]PolicyRule, error) {
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	rules := make(map[ScenarioCode]PolicyRule)
	for _, scenario := range Scenarios() {
		rules[scenario.Code] = policy.Rule(scenario.Code)
	}
	return rules, nil
}
