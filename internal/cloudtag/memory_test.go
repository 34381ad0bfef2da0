package cloudtag

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// memory is a store for this package's own tests: maps behind a mutex, and no more than the services under test
// need. What real stores must hold to is checked by db/dbtest.
type memory struct {
	mu           sync.Mutex
	policies     []Policy
	merchants    map[MerchantID]Merchant
	recounts     map[MerchantID]bool
	orders       map[OrderNo]Order
	risks        map[BuyerID]RiskProfile
	newRisks     map[BuyerID]bool
	cases        map[CaseID]Case
	tags         map[OrderNo]Tag
	batches      map[string]Batch
	log          []Entry
	documents    map[string]Document
	meetings     map[BuyerID][]MerchantID
	links        map[[2]MerchantID]LinkedPair
	beforeRecord func() // runs once before the next Record, as if another instance had been faster
}

func newMemory() *memory {
	return &memory{
		policies: []Policy{DefaultPolicy(start)}, merchants: map[MerchantID]Merchant{}, recounts: map[MerchantID]bool{},
		orders: map[OrderNo]Order{}, risks: map[BuyerID]RiskProfile{}, newRisks: map[BuyerID]bool{},
		cases: map[CaseID]Case{}, tags: map[OrderNo]Tag{}, batches: map[string]Batch{},
		documents: map[string]Document{}, meetings: map[BuyerID][]MerchantID{}, links: map[[2]MerchantID]LinkedPair{},
	}
}

func (m *memory) append(entries ...Entry) {
	for _, entry := range entries {
		entry.Seq = int64(len(m.log) + 1)
		var before []byte
		if len(m.log) > 0 {
			before = m.log[len(m.log)-1].Hash
		}
		entry.Hash = entry.ChainHash(before)
		m.log = append(m.log, entry)
	}
}

func (m *memory) file(id CaseID) *CaseFile {
	policy := m.policies[len(m.policies)-1]
	var stored *Case
	if c, known := m.cases[id]; known {
		stored = &c
	}
	_, buyer, _ := id.Parts()
	var risk *RiskProfile
	if profile, known := m.risks[buyer]; known {
		risk = &profile
	}
	var live []Tag
	for _, tag := range m.tags {
		if tag.Live && tag.CaseID() == id {
			live = append(live, tag)
		}
	}
	return OpenCaseFile(id, stored, live, &policy, risk)
}

func (m *memory) save(file *CaseFile) {
	change, ok := file.Change()
	if !ok {
		return
	}
	m.cases[change.Case.ID] = change.Case
	for _, tag := range append(change.Added, change.Changed...) {
		m.tags[tag.OrderNo] = tag
	}
	m.append(change.Entries...)
}

func (m *memory) Record(_ context.Context, submission Submission, edit func(*CaseFile, []Tag)) (Batch, bool, error) {
	if run := m.beforeRecord; run != nil {
		m.beforeRecord = nil
		run()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	batch := submission.Batch
	key := string(batch.MerchantID) + "/" + batch.Key
	if stored, taken := m.batches[key]; taken && batch.Key != "" {
		return stored, true, nil
	}
	if err := m.merchants[batch.MerchantID].Permission.Refusal(); batch.Key != "" && err != nil {
		return Batch{}, false, err
	}
	groups := map[CaseID][]Tag{}
	var ids []CaseID
	for _, tag := range submission.Tags {
		if _, taken := m.tags[tag.OrderNo]; taken {
			place := slices.IndexFunc(batch.Results, func(r OrderResult) bool { return r.OrderNo == tag.OrderNo && r.Accepted() })
			batch.Results[place].Code = CodeAlreadyTagged
			continue
		}
		tag.EntityID = m.merchants[tag.MerchantID].EntityID
		if groups[tag.CaseID()] == nil {
			ids = append(ids, tag.CaseID())
		}
		groups[tag.CaseID()] = append(groups[tag.CaseID()], tag)
	}
	for _, id := range ids {
		file := m.file(id)
		edit(file, groups[id])
		m.save(file)
	}
	if batch.Key != "" {
		m.batches[key] = batch
	}
	return batch, false, nil
}

func (m *memory) Amend(_ context.Context, id CaseID, edit func(*CaseFile) error) (Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.cases[id]; !known {
		return Case{}, errNotFound()
	}
	file := m.file(id)
	if err := edit(file); err != nil {
		return Case{}, err
	}
	m.save(file)
	return m.cases[id], nil
}

func (m *memory) Recover(context.Context) (int, error) { return 0, nil }

func (m *memory) Batch(_ context.Context, merchant MerchantID, key string) (Batch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if batch, known := m.batches[string(merchant)+"/"+key]; known {
		return batch, nil
	}
	return Batch{}, errNotFound()
}

func (m *memory) Policy(_ context.Context, version int) (Policy, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version == 0 {
		version = len(m.policies)
	}
	if version < 1 || version > len(m.policies) {
		return Policy{}, errNotFound()
	}
	return m.policies[version-1], nil
}

func (m *memory) AddPolicy(_ context.Context, policy Policy, entry Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if policy.Version != len(m.policies)+1 {
		return Refuse(CodeConflict, Text{})
	}
	m.policies = append(m.policies, policy)
	m.append(entry)
	return nil
}

func (m *memory) TagsByOrder(_ context.Context, orders []OrderNo) (map[OrderNo]Tag, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.tags, orders), nil
}

func (m *memory) TagsOf(_ context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Tag, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := pick(m.tags, orders)
	maps.DeleteFunc(found, func(_ OrderNo, tag Tag) bool { return tag.MerchantID != merchant })
	return found, nil
}

func (m *memory) OrdersOf(_ context.Context, merchant MerchantID, orders []OrderNo) (map[OrderNo]Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := pick(m.orders, orders)
	maps.DeleteFunc(found, func(_ OrderNo, order Order) bool { return order.MerchantID != merchant })
	return found, nil
}

func (m *memory) Orders(_ context.Context, orders []OrderNo) (map[OrderNo]Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.orders, orders), nil
}

func (m *memory) Merchants(_ context.Context, ids []MerchantID) (map[MerchantID]Merchant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.merchants, ids), nil
}

func (m *memory) Cases(_ context.Context, ids []CaseID) (map[CaseID]Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.cases, ids), nil
}

func (m *memory) CasesOfBuyers(_ context.Context, buyers []BuyerID) (map[BuyerID][]Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[BuyerID][]Case{}
	for _, c := range m.cases {
		if slices.Contains(buyers, c.BuyerID) {
			found[c.BuyerID] = append(found[c.BuyerID], c)
		}
	}
	return found, nil
}

func (m *memory) WakingCases(_ context.Context, asOf time.Time, limit int) ([]CaseID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []CaseID
	for _, c := range m.cases {
		if wake := c.WakeAt(); !wake.IsZero() && !wake.After(asOf) {
			ids = append(ids, c.ID)
		}
	}
	return ids[:min(limit, len(ids))], nil
}

func (m *memory) LiveCasesOf(_ context.Context, merchant MerchantID, after CaseID, limit int) ([]CaseID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set := map[CaseID]bool{}
	for _, tag := range m.tags {
		if tag.Live && tag.MerchantID == merchant && tag.CaseID() > after {
			set[tag.CaseID()] = true
		}
	}
	ids := slices.Sorted(maps.Keys(set))
	return ids[:min(limit, len(ids))], nil
}

func (m *memory) PutMerchants(_ context.Context, rows []Merchant, entryFor func(*Merchant, Merchant) Entry) ([]PutResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	results := make([]PutResult, len(rows))
	for i, row := range rows {
		var before *Merchant
		if stored, known := m.merchants[row.ID]; known {
			row.Permission, row.CreatedAt = stored.Permission, stored.CreatedAt
			if results[i] = PutUnchanged; row == stored {
				continue
			}
			m.recounts[row.ID] = m.recounts[row.ID] || row.EntityID != stored.EntityID
			before = &stored
		}
		results[i], m.merchants[row.ID] = PutStored, row
		m.append(entryFor(before, row))
	}
	return results, nil
}

func (m *memory) SetPermission(_ context.Context, id MerchantID, permission Permission, entry Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	merchant := m.merchants[id]
	merchant.Permission = permission
	m.merchants[id] = merchant
	m.append(entry)
	return nil
}

func (m *memory) MerchantPage(_ context.Context, filter MerchantFilter, slice Slice) ([]Merchant, bool, error) {
	var found []Merchant
	for _, id := range slices.Sorted(maps.Keys(m.merchants)) {
		if filter.Matches(m.merchants[id]) && (slice.After == nil || string(id) > slice.After.ID) {
			found = append(found, m.merchants[id])
		}
	}
	more := len(found) > slice.Limit
	return found[:min(len(found), slice.Limit)], more, nil
}

func (m *memory) CountMerchants(ctx context.Context, filter MerchantFilter, limit int) (int, error) {
	found, _, err := m.MerchantPage(ctx, filter, Slice{Limit: limit})
	return len(found), err
}

func (m *memory) MerchantsToRecount(context.Context, int) ([]Merchant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var marked []Merchant
	for id, is := range m.recounts {
		if is {
			marked = append(marked, m.merchants[id])
		}
	}
	return marked, nil
}

func (m *memory) MerchantRecounted(_ context.Context, id MerchantID, entity EntityID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recounts[id] = m.merchants[id].EntityID != entity
	return nil
}

func (m *memory) MerchantCounts(context.Context, []MerchantID) (map[MerchantID]MerchantCounts, error) {
	return map[MerchantID]MerchantCounts{}, nil
}

func (m *memory) PutOrders(_ context.Context, rows []Order, entryFor func(Order, Order) Entry, entryForNew func(int) Entry) ([]PutResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	results := make([]PutResult, len(rows))
	added := 0
	for i, row := range rows {
		stored, known := m.orders[row.OrderNo]
		switch {
		case known && stored == row:
			results[i] = PutUnchanged
			continue
		case known && (stored.MerchantID != row.MerchantID || stored.BuyerID != row.BuyerID):
			results[i] = PutConflict
			continue
		case known:
			m.append(entryFor(stored, row))
		default:
			added++
		}
		results[i], m.orders[row.OrderNo] = PutStored, row
	}
	if added > 0 {
		m.append(entryForNew(added))
	}
	return results, nil
}

func (m *memory) Exposures(context.Context, []BuyerID, time.Time) (map[BuyerID]Exposure, error) {
	return map[BuyerID]Exposure{}, nil
}

func (m *memory) KnownBuyers(context.Context, []BuyerID) (map[BuyerID]bool, error) {
	return map[BuyerID]bool{}, nil
}

func (m *memory) Risks(_ context.Context, buyers []BuyerID) (map[BuyerID]RiskProfile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pick(m.risks, buyers), nil
}

func (m *memory) PutRisks(_ context.Context, rows []RiskProfile, entryFor func(*RiskProfile, RiskProfile) Entry) ([]PutResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	results := make([]PutResult, len(rows))
	for i, row := range rows {
		var before *RiskProfile
		if stored, known := m.risks[row.BuyerID]; known {
			switch {
			case stored.Same(row):
				results[i] = PutUnchanged
				continue
			case row.UpdatedAt.Before(stored.UpdatedAt):
				results[i] = PutStale
				continue
			}
			before = &stored
		}
		results[i], m.risks[row.BuyerID], m.newRisks[row.BuyerID] = PutStored, row, true
		m.append(entryFor(before, row))
	}
	return results, nil
}

func (m *memory) RisksToEvaluate(context.Context, int) ([]RiskProfile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var marked []RiskProfile
	for id, is := range m.newRisks {
		if is {
			marked = append(marked, m.risks[id])
		}
	}
	slices.SortFunc(marked, func(a, b RiskProfile) int { return cmp.Compare(a.BuyerID, b.BuyerID) })
	return marked, nil
}

func (m *memory) RiskEvaluated(_ context.Context, profile RiskProfile) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.newRisks[profile.BuyerID] = !m.risks[profile.BuyerID].Same(profile)
	return nil
}

func pick[K comparable, V any](all map[K]V, keys []K) map[K]V {
	found := map[K]V{}
	for _, key := range keys {
		if value, known := all[key]; known {
			found[key] = value
		}
	}
	return found
}

// stillClock is a clock that moves when told.
type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time { return c.now }
