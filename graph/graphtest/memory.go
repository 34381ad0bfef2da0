package graphtest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

// Memory is a store of maps behind a mutex that counts how often each of its reading methods is called. What real
// stores must hold to is checked by db/dbtest; this one is for tests of what is in front of the services.
type Memory struct {
	mu        sync.Mutex
	policies  []cloudtag.Policy
	merchants map[cloudtag.MerchantID]cloudtag.Merchant
	orders    map[cloudtag.OrderNo]cloudtag.Order
	risks     map[cloudtag.BuyerID]cloudtag.RiskProfile
	newRisks  map[cloudtag.BuyerID]bool
	cases     map[cloudtag.CaseID]cloudtag.Case
	tags      map[cloudtag.OrderNo]cloudtag.Tag
	batches   map[string]cloudtag.Batch
	log       []cloudtag.Entry
	calls     map[string]int
	failures  map[string]error
	documents map[string]cloudtag.Document
	meetings  map[cloudtag.BuyerID][]cloudtag.MerchantID
	links     map[[2]cloudtag.MerchantID]cloudtag.LinkedPair

	appended func()
}

func newMemory(now time.Time) *Memory {
	return &Memory{
		policies:  []cloudtag.Policy{cloudtag.DefaultPolicy(now)},
		merchants: map[cloudtag.MerchantID]cloudtag.Merchant{}, orders: map[cloudtag.OrderNo]cloudtag.Order{},
		risks: map[cloudtag.BuyerID]cloudtag.RiskProfile{}, newRisks: map[cloudtag.BuyerID]bool{},
		cases: map[cloudtag.CaseID]cloudtag.Case{}, tags: map[cloudtag.OrderNo]cloudtag.Tag{},
		batches: map[string]cloudtag.Batch{}, calls: map[string]int{}, failures: map[string]error{},
		documents: map[string]cloudtag.Document{}, meetings: map[cloudtag.BuyerID][]cloudtag.MerchantID{},
		links: map[[2]cloudtag.MerchantID]cloudtag.LinkedPair{},
	}
}

// Calls returns how often each method was called since it was last asked.
func (m *Memory) Calls() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	calls := m.calls
	m.calls = map[string]int{}
	return calls
}

// Fail makes a method fail until it is called with nil.
func (m *Memory) Fail(method string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failures[method] = err
}

// open counts a call and takes the lock, which the returned function gives back.
func (m *Memory) open(method string) (unlock func(), err error) {
	m.mu.Lock()
	m.calls[method]++
	return m.mu.Unlock, m.failures[method]
}

func (m *Memory) append(entries ...cloudtag.Entry) {
	for _, entry := range entries {
		entry.Seq = int64(len(m.log) + 1)
		var before []byte
		if len(m.log) > 0 {
			before = m.log[len(m.log)-1].Hash
		}
		entry.Hash = entry.ChainHash(before)
		m.log = append(m.log, entry)
	}
	if len(entries) > 0 && m.appended != nil {
		m.appended()
	}
}

func (m *Memory) file(id cloudtag.CaseID) *cloudtag.CaseFile {
	policy := m.policies[len(m.policies)-1]
	var stored *cloudtag.Case
	if c, known := m.cases[id]; known {
		stored = &c
	}
	_, buyer, _ := id.Parts()
	var risk *cloudtag.RiskProfile
	if profile, known := m.risks[buyer]; known {
		risk = &profile
	}
	file := cloudtag.OpenCaseFile(id, stored, m.liveOf(id), &policy, risk)
	if file.WantsLinks() {
		file.Link(m.linksOf(file))
	}
	return file
}

func (m *Memory) liveOf(id cloudtag.CaseID) []cloudtag.Tag {
	var live []cloudtag.Tag
	for _, tag := range m.tags {
		if tag.Live && tag.CaseID() == id {
			live = append(live, tag)
		}
	}
	return live
}

func (m *Memory) save(file *cloudtag.CaseFile) {
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

// Record implements [cloudtag.Ledger].
func (m *Memory) Record(_ context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag)) (cloudtag.Batch, bool, error) {
	unlock, err := m.open("Record")
	defer unlock()
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	batch := submission.Batch
	key := string(batch.MerchantID) + "/" + batch.Key
	if stored, taken := m.batches[key]; taken {
		return stored, true, nil
	}
	if err := m.merchants[batch.MerchantID].Permission.Refusal(); err != nil {
		return cloudtag.Batch{}, false, err
	}
	groups := map[cloudtag.CaseID][]cloudtag.Tag{}
	var ids []cloudtag.CaseID
	for _, tag := range submission.Tags {
		if _, taken := m.tags[tag.OrderNo]; taken {
			place := slices.IndexFunc(batch.Results, func(r cloudtag.OrderResult) bool { return r.OrderNo == tag.OrderNo && r.Accepted() })
			batch.Results[place].Code = cloudtag.CodeAlreadyTagged
			continue
		}
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
	m.batches[key] = batch
	return batch, false, nil
}

// Amend implements [cloudtag.Ledger].
func (m *Memory) Amend(_ context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (cloudtag.Case, error) {
	unlock, err := m.open("Amend")
	defer unlock()
	if err != nil {
		return cloudtag.Case{}, err
	}
	if _, known := m.cases[id]; !known {
		return cloudtag.Case{}, notFound()
	}
	file := m.file(id)
	if err := edit(file); err != nil {
		return cloudtag.Case{}, err
	}
	m.save(file)
	return m.cases[id], nil
}

func notFound() error {
	return cloudtag.Refuse(cloudtag.CodeNotFound, cloudtag.Text{ZH: "没有。", EN: "There is none."})
}

// Recover implements [cloudtag.Recoverer]: nothing is ever half done here.
func (m *Memory) Recover(context.Context) (int, error) { return 0, nil }

// Batch implements [cloudtag.BatchReader].
func (m *Memory) Batch(_ context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	unlock, err := m.open("Batch")
	defer unlock()
	if err != nil {
		return cloudtag.Batch{}, err
	}
	if batch, known := m.batches[string(merchant)+"/"+key]; known {
		return batch, nil
	}
	return cloudtag.Batch{}, notFound()
}

// Policy implements [cloudtag.PolicyStore].
func (m *Memory) Policy(_ context.Context, version int) (cloudtag.Policy, error) {
	unlock, err := m.open("Policy")
	defer unlock()
	if version == 0 {
		version = len(m.policies)
	}
	if err == nil && (version < 0 || version > len(m.policies)) {
		err = notFound()
	}
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return m.policies[version-1], nil
}

// AddPolicy implements [cloudtag.PolicyStore].
func (m *Memory) AddPolicy(_ context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	unlock, err := m.open("AddPolicy")
	defer unlock()
	if err != nil {
		return err
	}
	if policy.Version != len(m.policies)+1 {
		return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{})
	}
	m.policies = append(m.policies, policy)
	m.append(entry)
	return nil
}

// pick reads some records by key.
func pick[K comparable, V any](m *Memory, method string, all map[K]V, keys []K) (map[K]V, error) {
	unlock, err := m.open(method)
	defer unlock()
	if err != nil {
		return nil, err
	}
	found := map[K]V{}
	for _, key := range keys {
		if value, known := all[key]; known {
			found[key] = value
		}
	}
	return found, nil
}

// TagsByOrder implements [cloudtag.TagReader].
func (m *Memory) TagsByOrder(_ context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	return pick(m, "TagsByOrder", m.tags, orders)
}

// TagsOf implements [cloudtag.TagReader].
func (m *Memory) TagsOf(_ context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	found, err := pick(m, "TagsOf", m.tags, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, tag cloudtag.Tag) bool { return tag.MerchantID != merchant })
	return found, err
}

// OrdersOf implements [cloudtag.OrderStore].
func (m *Memory) OrdersOf(_ context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	found, err := pick(m, "OrdersOf", m.orders, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, order cloudtag.Order) bool { return order.MerchantID != merchant })
	return found, err
}

// Orders implements [cloudtag.OrderStore].
func (m *Memory) Orders(_ context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	return pick(m, "Orders", m.orders, orders)
}

// Merchants implements [cloudtag.MerchantStore].
func (m *Memory) Merchants(_ context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	return pick(m, "Merchants", m.merchants, ids)
}

// Cases implements [cloudtag.CaseReader].
func (m *Memory) Cases(_ context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return pick(m, "Cases", m.cases, ids)
}

// Risks implements [cloudtag.RiskStore].
func (m *Memory) Risks(_ context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	return pick(m, "Risks", m.risks, buyers)
}

// LiveTags implements [cloudtag.TagReader].
func (m *Memory) LiveTags(_ context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	unlock, err := m.open("LiveTags")
	defer unlock()
	live := map[cloudtag.CaseID][]cloudtag.Tag{}
	for _, id := range cases {
		live[id] = m.liveOf(id)
	}
	return live, err
}

// LiveCasesOf implements [cloudtag.TagReader].
func (m *Memory) LiveCasesOf(_ context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	unlock, err := m.open("LiveCasesOf")
	defer unlock()
	set := map[cloudtag.CaseID]bool{}
	for _, tag := range m.tags {
		if tag.Live && tag.MerchantID == merchant && tag.CaseID() > after {
			set[tag.CaseID()] = true
		}
	}
	ids := slices.Sorted(maps.Keys(set))
	return ids[:min(limit, len(ids))], err
}

// CasesOfBuyers implements [cloudtag.CaseReader].
func (m *Memory) CasesOfBuyers(_ context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	unlock, err := m.open("CasesOfBuyers")
	defer unlock()
	found := map[cloudtag.BuyerID][]cloudtag.Case{}
	for _, c := range m.cases {
		if slices.Contains(buyers, c.BuyerID) {
			found[c.BuyerID] = append(found[c.BuyerID], c)
		}
	}
	for _, cases := range found {
		slices.SortFunc(cases, func(a, b cloudtag.Case) int {
			return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return found, err
}

// WakingCases implements [cloudtag.CaseReader].
func (m *Memory) WakingCases(_ context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	unlock, err := m.open("WakingCases")
	defer unlock()
	var ids []cloudtag.CaseID
	for _, c := range m.cases {
		if wake := c.WakeAt(); !wake.IsZero() && !wake.After(asOf) {
			ids = append(ids, c.ID)
		}
	}
	return ids[:min(limit, len(ids))], err
}

// Log returns the log so far.
func (m *Memory) Log() []cloudtag.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.log)
}
