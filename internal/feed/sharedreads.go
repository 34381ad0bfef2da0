package feed

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// sharedReads reads the records of events once for all subscribers that follow the log.
//
// Every change of a record appends an entry. So a record that was read after the log had reached an entry is recent enough
// for every event up to that entry, which may show a later state but never an earlier one; for a later event it is read
// again. This needs no invalidation, and no subscriber sees a record go back to an earlier state.
type sharedReads struct {
	store  Store
	newest atomic.Int64 // the highest entry that was asked for, which the log is known to have reached

	tags      readOnce[cloudtag.OrderNo, cloudtag.Tag]
	live      readOnce[cloudtag.CaseID, []cloudtag.Tag]
	cases     readOnce[cloudtag.CaseID, cloudtag.Case]
	ofBuyers  readOnce[cloudtag.BuyerID, []cloudtag.Case]
	merchants readOnce[cloudtag.MerchantID, cloudtag.Merchant]
	counts    readOnce[cloudtag.MerchantID, cloudtag.MerchantCounts]
	orders    readOnce[cloudtag.OrderNo, cloudtag.Order]
	exposures readOnce[cloudtag.BuyerID, cloudtag.Exposure]
	risks     readOnce[cloudtag.BuyerID, cloudtag.RiskProfile]
	policies  readOnce[int, cloudtag.Policy]
	timelines readOnce[struct{}, cloudtag.PolicyTimeline] // there is only one
}

// through returns the store for events up to an entry, which must be in the log.
func (s *sharedReads) through(seq int64) Store {
	for newest := s.newest.Load(); newest < seq && !s.newest.CompareAndSwap(newest, seq); newest = s.newest.Load() {
	}
	return readsThrough{Store: s.store, shared: s, seq: seq}
}

// readsThrough is the store with shared reads by key. Other reads are not shared.
type readsThrough struct {
	Store
	shared *sharedReads
	seq    int64
}

var _ Store = readsThrough{}

func (r readsThrough) TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	return r.shared.tags.find(ctx, orders, r, r.Store.TagsByOrder)
}

func (r readsThrough) LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	return r.shared.live.find(ctx, cases, r, r.Store.LiveTags)
}

func (r readsThrough) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return r.shared.cases.find(ctx, ids, r, r.Store.Cases)
}

func (r readsThrough) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	return r.shared.ofBuyers.find(ctx, buyers, r, r.Store.CasesOfBuyers)
}

func (r readsThrough) Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	return r.shared.merchants.find(ctx, ids, r, r.Store.Merchants)
}

func (r readsThrough) MerchantCounts(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	return r.shared.counts.find(ctx, ids, r, r.Store.MerchantCounts)
}

func (r readsThrough) Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	return r.shared.orders.find(ctx, orders, r, r.Store.Orders)
}

// TagsOf and OrdersOf filter by shop. The keys are from events that the shop may see, not from the shop's input, so that it
// learns nothing from how long reads of other shops' records take.
func (r readsThrough) TagsOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	found, err := r.TagsByOrder(ctx, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, tag cloudtag.Tag) bool { return tag.MerchantID != merchant })
	return found, err
}

func (r readsThrough) OrdersOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	found, err := r.Orders(ctx, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, order cloudtag.Order) bool { return order.MerchantID != merchant })
	return found, err
}

// Exposures are of the window at the time of the shared read, which is negligibly earlier compared to 180 days.
func (r readsThrough) Exposures(ctx context.Context, buyers []cloudtag.BuyerID, since time.Time) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	return r.shared.exposures.find(ctx, buyers, r, func(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
		return r.Store.Exposures(ctx, buyers, since)
	})
}

func (r readsThrough) Risks(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	return r.shared.risks.find(ctx, buyers, r, r.Store.Risks)
}

func (r readsThrough) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	found, err := r.shared.policies.find(ctx, []int{version}, r, func(ctx context.Context, versions []int) (map[int]cloudtag.Policy, error) {
		found := make(map[int]cloudtag.Policy, len(versions))
		for _, version := range versions {
			policy, err := r.Store.Policy(ctx, version)
			if err != nil {
				return nil, err
			}
			found[version] = policy
		}
		return found, nil
	})
	return found[version], err
}

func (r readsThrough) PolicyTimeline(ctx context.Context) (cloudtag.PolicyTimeline, error) {
	found, err := r.shared.timelines.find(ctx, []struct{}{{}}, r, func(ctx context.Context, _ []struct{}) (map[struct{}]cloudtag.PolicyTimeline, error) {
		timeline, err := r.Store.PolicyTimeline(ctx)
		return map[struct{}]cloudtag.PolicyTimeline{{}: timeline}, err
	})
	return found[struct{}{}], err
}
