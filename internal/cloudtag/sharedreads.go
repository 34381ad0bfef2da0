package cloudtag

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// sharedReads reads the records of events once for all who follow the log, however many they are.
//
// Whatever changes a record appends an entry. So a record that was read when the log was known to reach as far as some
// entry is right for every event up to that entry, which may show a later state and never an earlier one; for an event
// beyond it the record is read again. Nothing has to be told what changed, and no subscriber sees a record step back.
type sharedReads struct {
	store  recordStore
	newest atomic.Int64 // the highest entry that somebody has asked for: the log is known to reach as far

	tags      readOnce[OrderNo, Tag]
	live      readOnce[CaseID, []Tag]
	cases     readOnce[CaseID, Case]
	ofBuyers  readOnce[BuyerID, []Case]
	merchants readOnce[MerchantID, Merchant]
	counts    readOnce[MerchantID, MerchantCounts]
	orders    readOnce[OrderNo, Order]
	exposures readOnce[BuyerID, Exposure]
	risks     readOnce[BuyerID, RiskProfile]
	policies  readOnce[int, Policy]
	timelines readOnce[struct{}, PolicyTimeline] // the one there is
}

// through returns the store for events up to an entry, which must be in the log.
func (s *sharedReads) through(seq int64) recordStore {
	for newest := s.newest.Load(); newest < seq && !s.newest.CompareAndSwap(newest, seq); newest = s.newest.Load() {
	}
	return readsThrough{recordStore: s.store, shared: s, seq: seq}
}

// readsThrough is the store, with its reads by key shared. What else is read of it is read by each on its own.
type readsThrough struct {
	recordStore
	shared *sharedReads
	seq    int64
}

var _ recordStore = readsThrough{}

func (r readsThrough) TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error) {
	return r.shared.tags.find(ctx, orders, r, r.recordStore.TagsByOrder)
}

func (r readsThrough) LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error) {
	return r.shared.live.find(ctx, cases, r, r.recordStore.LiveTags)
}

func (r readsThrough) Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error) {
	return r.shared.cases.find(ctx, ids, r, r.recordStore.Cases)
}

func (r readsThrough) CasesOfBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID][]Case, error) {
	return r.shared.ofBuyers.find(ctx, buyers, r, r.recordStore.CasesOfBuyers)
}

func (r readsThrough) Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error) {
	return r.shared.merchants.find(ctx, ids, r, r.recordStore.Merchants)
}

func (r readsThrough) MerchantCounts(ctx context.Context, ids []MerchantID) (map[MerchantID]MerchantCounts, error) {
	return r.shared.counts.find(ctx, ids, r, r.recordStore.MerchantCounts)
}

func (r readsThrough) Orders(ctx context.Context, orders []OrderNo) (map[OrderNo]Order, error) {
	return r.shared.orders.find(ctx, orders, r, r.recordStore.Orders)
}

// TagsOf and OrdersOf pick a shop's own: the keys are of events that the shop may see, and not of its choosing, so that it
// learns nothing by the time that others' take.
func (r readsThrough) TagsOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Tag, error) {
	found, err := r.TagsByOrder(ctx, orders)
	return visible(found, func(tag Tag) bool { return tag.MerchantID == merchant }), err
}

func (r readsThrough) OrdersOf(ctx context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error) {
	found, err := r.Orders(ctx, orders)
	return visible(found, func(order Order) bool { return order.MerchantID == merchant }), err
}

// Exposures are of the window as it was when one of those who share them asked: moments ago, of 180 days.
func (r readsThrough) Exposures(ctx context.Context, buyers []BuyerID, since time.Time) (map[BuyerID]Exposure, error) {
	return r.shared.exposures.find(ctx, buyers, r, func(ctx context.Context, buyers []BuyerID) (map[BuyerID]Exposure, error) {
		return r.recordStore.Exposures(ctx, buyers, since)
	})
}

func (r readsThrough) Risks(ctx context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error) {
	return r.shared.risks.find(ctx, buyers, r, r.recordStore.Risks)
}

func (r readsThrough) Policy(ctx context.Context, version int) (Policy, error) {
	found, err := r.shared.policies.find(ctx, []int{version}, r, func(ctx context.Context, versions []int) (map[int]Policy, error) {
		found := make(map[int]Policy, len(versions))
		for _, version := range versions {
			policy, err := r.recordStore.Policy(ctx, version)
			if err != nil {
				return nil, err
			}
			found[version] = policy
		}
		return found, nil
	})
	return found[version], err
}

func (r readsThrough) PolicyTimeline(ctx context.Context) (PolicyTimeline, error) {
	found, err := r.shared.timelines.find(ctx, []struct{}{{}}, r, func(ctx context.Context, _ []struct{}) (map[struct{}]PolicyTimeline, error) {
		timeline, err := r.recordStore.PolicyTimeline(ctx)
		return map[struct{}]PolicyTimeline{{}: timeline}, err
	})
	return found[struct{}{}], err
}

// sharedKept is how many records of a kind are kept at least, and half of how many at most.
const sharedKept = 1024

// readOnce keeps records of one kind as they were read last, and reads what is missing for all who ask at the same time
// by one call. What was read longest ago is forgotten.
type readOnce[K comparable, V any] struct {
	mu     sync.Mutex
	recent map[K]keptRecord[V]
	older  map[K]keptRecord[V] // those kept before recent was begun
	next   *sharedCall[K]      // gathers what the call after the present one asks for; nil: nobody asks
	turn   chan struct{}       // held by the call that is under way
}

// keptRecord is a record, or that there is none, as of an entry or later.
type keptRecord[V any] struct {
	value V
	there bool
	seq   int64
}

// sharedCall is one call of the store for everybody who waits for it.
type sharedCall[K comparable] struct {
	keys map[K]int64   // each with the entry that it has to be as new as
	done chan struct{} // closed when it is over
	err  error         // nil also when who made it left meanwhile: somebody else makes it then
}

// find returns what there is for the keys, as of an entry or later. The map is the caller's, the values are shared.
func (o *readOnce[K, V]) find(ctx context.Context, keys []K, through readsThrough, load func(context.Context, []K) (map[K]V, error)) (map[K]V, error) {
	for {
		found, call, turn := o.look(keys, through.seq)
		if call == nil {
			return found, nil
		}
		select {
		case turn <- struct{}{}:
			if err := o.read(ctx, call, &through.shared.newest, load); err != nil {
				return nil, err
			}
		case <-call.done:
			if call.err != nil {
				return nil, call.err
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// look returns what is kept for the keys or, where that is not all, the call that will read the rest.
func (o *readOnce[K, V]) look(keys []K, seq int64) (found map[K]V, call *sharedCall[K], turn chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	found = make(map[K]V, len(keys))
	for _, key := range keys {
		kept, known := o.kept(key, seq)
		switch {
		case !known:
			if o.next == nil {
				o.next = &sharedCall[K]{keys: make(map[K]int64), done: make(chan struct{})}
			}
			call = o.next
			call.keys[key] = max(call.keys[key], seq)
		case kept.there:
			found[key] = kept.value
		}
	}
	if o.turn == nil {
		o.turn = make(chan struct{}, 1)
	}
	return found, call, o.turn
}

// kept returns what is kept for a key as of an entry. The lock is held.
func (o *readOnce[K, V]) kept(key K, seq int64) (kept keptRecord[V], known bool) {
	if kept, known = o.recent[key]; !known {
		kept, known = o.older[key]
	}
	return kept, known && kept.seq >= seq
}

// read makes a call, unless somebody else has made it, and gives the turn back.
func (o *readOnce[K, V]) read(ctx context.Context, call *sharedCall[K], newest *atomic.Int64, load func(context.Context, []K) (map[K]V, error)) error {
	defer func() { <-o.turn }()
	keys, pending := o.take(call)
	if !pending {
		return call.err
	}
	defer close(call.done)
	if len(keys) == 0 {
		return nil
	}
	seq := newest.Load()
	found, err := load(ctx, keys)
	if err != nil {
		if ctx.Err() == nil {
			call.err = err
		}
		return err
	}
	o.keep(keys, found, seq)
	return nil
}

// take returns the keys that are still to be read for a call; pending is false when somebody else has made it.
func (o *readOnce[K, V]) take(call *sharedCall[K]) (keys []K, pending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.next != call {
		return nil, false
	}
	o.next = nil
	for key, seq := range call.keys {
		if _, known := o.kept(key, seq); !known {
			keys = append(keys, key)
		}
	}
	return keys, true
}

// keep keeps what was read.
func (o *readOnce[K, V]) keep(keys []K, found map[K]V, seq int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.recent) >= sharedKept || o.recent == nil {
		o.older, o.recent = o.recent, make(map[K]keptRecord[V])
	}
	for _, key := range keys {
		value, there := found[key]
		o.recent[key] = keptRecord[V]{value: value, there: there, seq: seq}
	}
}
