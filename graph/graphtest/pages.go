package graphtest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// page cuts a slice out of all records that match.
func page[T any](all []T, descending bool, slice cloudtag.Slice, positionOf func(T) cloudtag.Position) ([]T, bool) {
	compare := func(a, b cloudtag.Position) int {
		order := cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
		if descending {
			return -order
		}
		return order
	}
	slices.SortFunc(all, func(a, b T) int { return compare(positionOf(a), positionOf(b)) })
	all = slices.DeleteFunc(all, func(item T) bool {
		position := positionOf(item)
		return slice.After != nil && compare(position, *slice.After) <= 0 ||
			slice.Before != nil && compare(position, *slice.Before) >= 0
	})
	more := len(all) > slice.Limit
	if more && slice.Backward {
		all = all[len(all)-slice.Limit:]
	}
	return all[:min(slice.Limit, len(all))], more
}

func matching[K comparable, V any](all map[K]V, matches func(V) bool) []V {
	var found []V
	for _, value := range all {
		if matches(value) {
			found = append(found, value)
		}
	}
	return found
}

// TagPage implements [cloudtag.TagReader].
func (m *Memory) TagPage(_ context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
	unlock, err := m.open("TagPage")
	defer unlock()
	tags, more := page(matching(m.tags, filter.Matches), order != cloudtag.TagsBySubmittedAsc, slice, order.PositionOf)
	return tags, more, err
}

// CountTags implements [cloudtag.TagReader].
func (m *Memory) CountTags(_ context.Context, filter cloudtag.TagFilter, limit int) (int, error) {
	unlock, err := m.open("CountTags")
	defer unlock()
	return min(limit, len(matching(m.tags, filter.Matches))), err
}

// CasePage implements [cloudtag.CaseReader].
func (m *Memory) CasePage(_ context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
	unlock, err := m.open("CasePage")
	defer unlock()
	cases, more := page(matching(m.cases, filter.Matches), order != cloudtag.CasesByDueAsc, slice, order.PositionOf)
	return cases, more, err
}

// CountCases implements [cloudtag.CaseReader].
func (m *Memory) CountCases(_ context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	unlock, err := m.open("CountCases")
	defer unlock()
	return min(limit, len(matching(m.cases, filter.Matches))), err
}

// MerchantPage implements [cloudtag.MerchantStore].
func (m *Memory) MerchantPage(_ context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice) ([]cloudtag.Merchant, bool, error) {
	unlock, err := m.open("MerchantPage")
	defer unlock()
	merchants, more := page(matching(m.merchants, filter.Matches), false, slice, func(shop cloudtag.Merchant) cloudtag.Position {
		return cloudtag.Position{ID: string(shop.ID)}
	})
	return merchants, more, err
}

// CountMerchants implements [cloudtag.MerchantStore].
func (m *Memory) CountMerchants(_ context.Context, filter cloudtag.MerchantFilter, limit int) (int, error) {
	unlock, err := m.open("CountMerchants")
	defer unlock()
	return min(limit, len(matching(m.merchants, filter.Matches))), err
}

// LogPage implements [cloudtag.LogReader].
func (m *Memory) LogPage(_ context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	unlock, err := m.open("LogPage")
	defer unlock()
	var found []cloudtag.Entry
	for _, entry := range m.log {
		if filter.Matches(entry) {
			found = append(found, entry)
		}
	}
	entries, more := page(found, false, slice, func(e cloudtag.Entry) cloudtag.Position { return cloudtag.Position{Key: e.Seq} })
	return entries, more, err
}

// CountLog implements [cloudtag.LogReader].
func (m *Memory) CountLog(_ context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	unlock, err := m.open("CountLog")
	defer unlock()
	count := 0
	for _, entry := range m.log {
		if filter.Matches(entry) {
			count++
		}
	}
	return min(limit, count), err
}

// LastSeq implements [cloudtag.LogReader].
func (m *Memory) LastSeq(context.Context) (int64, error) {
	unlock, err := m.open("LastSeq")
	defer unlock()
	return int64(len(m.log)), err
}

// MerchantCounts implements [cloudtag.MerchantStore].
func (m *Memory) MerchantCounts(_ context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	unlock, err := m.open("MerchantCounts")
	defer unlock()
	counts := map[cloudtag.MerchantID]cloudtag.MerchantCounts{}
	for _, tag := range m.tags {
		if !slices.Contains(ids, tag.MerchantID) {
			continue
		}
		count := counts[tag.MerchantID]
		count.Tags++
		switch tag.Status {
		case cloudtag.TagSucceeded:
			count.Succeeded++
		case cloudtag.TagOverturned:
			count.Overturned++
		}
		counts[tag.MerchantID] = count
	}
	return counts, err
}

// Exposures implements [cloudtag.OrderStore].
func (m *Memory) Exposures(_ context.Context, buyers []cloudtag.BuyerID, since time.Time) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	unlock, err := m.open("Exposures")
	defer unlock()
	exposures := map[cloudtag.BuyerID]cloudtag.Exposure{}
	for _, buyer := range buyers {
		shops := map[cloudtag.MerchantID]bool{}
		orders := matching(m.orders, func(o cloudtag.Order) bool { return o.BuyerID == buyer && o.PlacedAt.After(since) })
		for _, order := range orders {
			shops[order.MerchantID] = true
		}
		if len(orders) > 0 {
			exposures[buyer] = cloudtag.Exposure{Orders: len(orders), Merchants: len(shops)}
		}
	}
	return exposures, err
}

// KnownBuyers implements [cloudtag.OrderStore].
func (m *Memory) KnownBuyers(_ context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error) {
	unlock, err := m.open("KnownBuyers")
	defer unlock()
	known := map[cloudtag.BuyerID]bool{}
	for _, order := range m.orders {
		if slices.Contains(buyers, order.BuyerID) {
			known[order.BuyerID] = true
		}
	}
	for _, buyer := range buyers {
		if _, judged := m.risks[buyer]; judged {
			known[buyer] = true
		}
	}
	return known, err
}
