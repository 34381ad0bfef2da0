package graphtest

import (
	"cmp"
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// PutMerchants implements [cloudtag.MerchantStore], for shops whose entity never changes.
func (m *Memory) PutMerchants(_ context.Context, rows []cloudtag.Merchant, entryFor func(*cloudtag.Merchant, cloudtag.Merchant) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	unlock, err := m.open("PutMerchants")
	defer unlock()
	results := make([]cloudtag.PutResult, len(rows))
	for i, row := range rows {
		var before *cloudtag.Merchant
		if stored, known := m.merchants[row.ID]; known {
			before = &stored
		}
		results[i], m.merchants[row.ID] = cloudtag.PutStored, row
		m.append(entryFor(before, row))
	}
	return results, err
}

// SetPermission implements [cloudtag.MerchantStore].
func (m *Memory) SetPermission(_ context.Context, id cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry) error {
	unlock, err := m.open("SetPermission")
	defer unlock()
	merchant := m.merchants[id]
	merchant.Permission = permission
	m.merchants[id] = merchant
	m.append(entry)
	return err
}

// MerchantsToRecount implements [cloudtag.MerchantStore].
func (m *Memory) MerchantsToRecount(context.Context, int) ([]cloudtag.Merchant, error) {
	return nil, nil
}

// MerchantRecounted implements [cloudtag.MerchantStore].
func (m *Memory) MerchantRecounted(context.Context, cloudtag.MerchantID, cloudtag.EntityID) error {
	return nil
}

// PutOrders implements [cloudtag.OrderStore].
func (m *Memory) PutOrders(_ context.Context, rows []cloudtag.Order, entryFor func(before, after cloudtag.Order) cloudtag.Entry, entryForNew func(int) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	unlock, err := m.open("PutOrders")
	defer unlock()
	if err != nil {
		return nil, err
	}
	results := make([]cloudtag.PutResult, len(rows))
	added := 0
	for i, row := range rows {
		stored, known := m.orders[row.OrderNo]
		switch {
		case known && stored == row:
			results[i] = cloudtag.PutUnchanged
			continue
		case known && (stored.MerchantID != row.MerchantID || stored.BuyerID != row.BuyerID):
			results[i] = cloudtag.PutConflict
			continue
		case known:
			m.append(entryFor(stored, row))
		default:
			added++
		}
		results[i], m.orders[row.OrderNo] = cloudtag.PutStored, row
	}
	if added > 0 {
		m.append(entryForNew(added))
	}
	return results, nil
}

// PutRisks implements [cloudtag.RiskStore].
func (m *Memory) PutRisks(_ context.Context, rows []cloudtag.RiskProfile, entryFor func(*cloudtag.RiskProfile, cloudtag.RiskProfile) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	unlock, err := m.open("PutRisks")
	defer unlock()
	results := make([]cloudtag.PutResult, len(rows))
	for i, row := range rows {
		var before *cloudtag.RiskProfile
		if stored, known := m.risks[row.BuyerID]; known {
			if results[i] = cloudtag.PutUnchanged; stored.Same(row) {
				continue
			}
			before = &stored
		}
		results[i], m.risks[row.BuyerID], m.newRisks[row.BuyerID] = cloudtag.PutStored, row, true
		m.append(entryFor(before, row))
	}
	return results, err
}

// RisksToEvaluate implements [cloudtag.RiskStore].
func (m *Memory) RisksToEvaluate(_ context.Context, limit int) ([]cloudtag.RiskProfile, error) {
	unlock, err := m.open("RisksToEvaluate")
	defer unlock()
	var marked []cloudtag.RiskProfile
	for id, is := range m.newRisks {
		if is {
			marked = append(marked, m.risks[id])
		}
	}
	slices.SortFunc(marked, func(a, b cloudtag.RiskProfile) int { return cmp.Compare(a.BuyerID, b.BuyerID) })
	return marked[:min(limit, len(marked))], err
}

// RiskEvaluated implements [cloudtag.RiskStore].
func (m *Memory) RiskEvaluated(_ context.Context, profile cloudtag.RiskProfile) error {
	unlock, err := m.open("RiskEvaluated")
	defer unlock()
	m.newRisks[profile.BuyerID] = !m.risks[profile.BuyerID].Same(profile)
	return err
}
