package cloudtag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Amount is a sum of money in hundredths of a currency's unit.
type Amount struct {
	Cents    int64
	Currency string
}

// CaseEvidence is a summary of a case's live tags and their orders, for a row of a list.
type CaseEvidence struct {
	Orders     int          // orders with a live tag
	Amounts    []Amount     // their totals, one per currency, by currency
	Shops      []MerchantID // shops with a live tag, latest tag first
	Note       string       // the latest note of a live tag; empty for none
	OtherCases int          // other pending cases of the account
}

// Evidence returns a summary of the evidence of each case. FORBIDDEN unless the caller reviews.
func (r *Records) Evidence(ctx context.Context, caller Caller, cases []Case) (map[CaseID]CaseEvidence, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	ids, buyers := make([]CaseID, len(cases)), make([]BuyerID, len(cases))
	for i, c := range cases {
		ids[i], buyers[i] = c.ID, c.BuyerID
	}
	live, orders, err := r.liveTagsAndOrders(ctx, ids)
	if err != nil {
		return nil, err
	}
	slices.Sort(buyers)
	ofBuyers, err := r.store.CasesOfBuyers(ctx, slices.Compact(buyers))
	if err != nil {
		return nil, fmt.Errorf("find cases of accounts: %w", err)
	}
	evidence := make(map[CaseID]CaseEvidence, len(cases))
	for _, c := range cases {
		summary := evidenceOf(live[c.ID], orders)
		for _, other := range ofBuyers[c.BuyerID] {
			if other.ID != c.ID && other.Handling == HandlingPending {
				summary.OtherCases++
			}
		}
		evidence[c.ID] = summary
	}
	return evidence, nil
}

// evidenceOf summarizes live tags, which are ordered by time of submission.
func evidenceOf(live []Tag, orders map[OrderNo]Order) CaseEvidence {
	evidence := CaseEvidence{Orders: len(live)}
	for _, tag := range slices.Backward(live) {
		if !slices.Contains(evidence.Shops, tag.MerchantID) {
			evidence.Shops = append(evidence.Shops, tag.MerchantID)
		}
		evidence.Note = cmp.Or(evidence.Note, tag.Note)
		order, known := orders[tag.OrderNo]
		if !known {
			continue
		}
		i, found := slices.BinarySearchFunc(evidence.Amounts, order.Currency, func(a Amount, currency string) int { return cmp.Compare(a.Currency, currency) })
		if !found {
			evidence.Amounts = slices.Insert(evidence.Amounts, i, Amount{Currency: order.Currency})
		}
		evidence.Amounts[i].Cents += order.AmountCents
	}
	return evidence
}

// TaggedOrders counts each account's orders that were placed in the window and have a live tag in it: the tagged part of
// [Records.Exposures]. FORBIDDEN unless the caller reviews.
func (r *Records) TaggedOrders(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID]int, error) {
	if !caller.MaySeeCases() {
		return nil, Forbidden()
	}
	policy, err := PolicyAt(ctx, r.store, r.clock.Now())
	if err != nil {
		return nil, err
	}
	cases, err := r.store.CasesOfBuyers(ctx, buyers)
	if err != nil {
		return nil, fmt.Errorf("find cases of accounts: %w", err)
	}
	var ids []CaseID
	for _, of := range cases {
		for _, c := range of {
			ids = append(ids, c.ID)
		}
	}
	live, orders, err := r.liveTagsAndOrders(ctx, ids)
	if err != nil {
		return nil, err
	}
	return taggedSince(live, orders, r.clock.Now().Add(-policy.Window())), nil
}

func taggedSince(live map[CaseID][]Tag, orders map[OrderNo]Order, since time.Time) map[BuyerID]int {
	tagged := make(map[BuyerID]int)
	for _, tags := range live {
		for _, tag := range tags {
			if tag.SubmittedAt.After(since) && orders[tag.OrderNo].PlacedAt.After(since) {
				tagged[tag.BuyerID]++
			}
		}
	}
	return tagged
}

// liveTagsAndOrders returns the live tags of cases, and their orders.
func (r *Records) liveTagsAndOrders(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, map[OrderNo]Order, error) {
	live, err := r.store.LiveTags(ctx, cases)
	if err != nil {
		return nil, nil, fmt.Errorf("find live tags: %w", err)
	}
	var numbers []OrderNo
	for _, tags := range live {
		for _, tag := range tags {
			numbers = append(numbers, tag.OrderNo)
		}
	}
	if len(numbers) == 0 {
		return live, nil, nil
	}
	orders, err := r.store.Orders(ctx, numbers)
	if err != nil {
		return nil, nil, fmt.Errorf("find orders: %w", err)
	}
	return live, orders, nil
}
