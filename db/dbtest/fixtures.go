package dbtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// day0 is when the tests begin; stores must preserve its milliseconds.
var day0 = time.Date(2025, 3, 1, 8, 0, 0, 123_000_000, time.UTC)

// Scenarios of the catalogue that the tests use.
const (
	freight cloudtag.ScenarioCode = "FREIGHT_INSURANCE_ARBITRAGE"
	swapped cloudtag.ScenarioCode = "RETURN_SWAPPED"
	empty   cloudtag.ScenarioCode = "RETURN_EMPTY_OR_SHORT"
)

const (
	tester       = "test:caller"
	handleWithin = 48 * time.Hour // rule 9
	window       = 180 * 24 * time.Hour
)

func (w *world) shop(n int) cloudtag.MerchantID {
	return cloudtag.MerchantID(fmt.Sprintf("%sshop-%02d", w.prefix, n))
}

func (w *world) buyer(name string) cloudtag.BuyerID {
	return cloudtag.BuyerID(w.prefix + "buyer-" + name)
}

func (w *world) order(name string) cloudtag.OrderNo {
	return cloudtag.OrderNo(w.prefix + "order-" + name)
}

// caseOf returns a buyer's case under the default scenario of submissions.
func (w *world) caseOf(name string) cloudtag.CaseID {
	return cloudtag.NewCaseID(freight, w.buyer(name))
}

// entityOf returns the entity of a shop in [world.openShops]: each shop has its own.
func entityOf(shop cloudtag.MerchantID) cloudtag.EntityID {
	return cloudtag.EntityID("entity-of-" + shop)
}

func (w *world) merchant(n int) cloudtag.Merchant {
	shop := w.shop(n)
	return cloudtag.Merchant{
		ID: shop, Name: "店铺 " + string(shop), EntityID: entityOf(shop),
		Permission: cloudtag.PermissionActive, CreatedAt: day0.Add(-time.Duration(n) * time.Hour),
	}
}

// openShops stores the shops 1 to n.
func (w *world) openShops(n int) {
	w.Helper()
	merchants := make([]cloudtag.Merchant, n)
	for i := range merchants {
		merchants[i] = w.merchant(i + 1)
	}
	w.putMerchants(merchants...)
}

func (w *world) putMerchants(merchants ...cloudtag.Merchant) []cloudtag.PutResult {
	w.Helper()
	for _, merchant := range merchants {
		w.known.shop(merchant.ID)
	}
	results, err := w.store.PutMerchants(w.ctx, merchants, merchantEntry)
	w.noError(err, "put merchants")
	return results
}

func (w *world) putOrders(orders ...cloudtag.Order) []cloudtag.PutResult {
	w.Helper()
	for _, order := range orders {
		w.known.order(order.OrderNo)
		w.known.buyer(order.BuyerID)
	}
	results, err := w.store.PutOrders(w.ctx, orders, orderEntry, w.newOrdersEntry)
	w.noError(err, "put orders")
	return results
}

func (w *world) putRisks(profiles ...cloudtag.RiskProfile) []cloudtag.PutResult {
	w.Helper()
	for _, profile := range profiles {
		w.known.buyer(profile.BuyerID)
	}
	results, err := w.store.PutRisks(w.ctx, profiles, riskEntry)
	w.noError(err, "put risks")
	return results
}

func (w *world) risk(buyer string, score int, signals ...cloudtag.RiskSignal) cloudtag.RiskProfile {
	return cloudtag.RiskProfile{BuyerID: w.buyer(buyer), Score: score, Signals: signals, UpdatedAt: day0}
}

func (w *world) purchase(name string, shop int, buyer string) cloudtag.Order {
	return cloudtag.Order{
		OrderNo: w.order(name), MerchantID: w.shop(shop), BuyerID: w.buyer(buyer), PlacedAt: day0,
		AmountCents: 129_900, Currency: "CNY", FreightInsured: true, ReportOutcome: cloudtag.ReportNone,
	}
}

func merchantEntry(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
	return importEntry(cloudtag.ActionMerchantImported, cloudtag.MerchantSubject(after.ID), before, after)
}

func orderEntry(before, after cloudtag.Order) cloudtag.Entry {
	return importEntry(cloudtag.ActionOrderChanged, cloudtag.OrderSubject(after.OrderNo), &before, after)
}

func (w *world) newOrdersEntry(count int) cloudtag.Entry {
	return cloudtag.Entry{
		At: day0, Actor: w.prefix + tester, Action: cloudtag.ActionOrdersImported,
		After: mustJSON(map[string]int{"orders": count}),
	}
}

func riskEntry(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry {
	return importEntry(cloudtag.ActionRiskImported, cloudtag.BuyerSubject(after.BuyerID), before, after)
}

func policyEntry(policy cloudtag.Policy) cloudtag.Entry {
	return cloudtag.Entry{
		At: policy.CreatedAt, Actor: policy.CreatedBy, Action: cloudtag.ActionPolicyCreated,
		Reason: policy.Reason, After: mustJSON(map[string]int{"window": policy.WindowDays}),
	}
}

func permissionEntry(shop cloudtag.MerchantID, reason string) cloudtag.Entry {
	return cloudtag.Entry{
		At: day0, Actor: tester, Action: "merchant.permission", Reason: reason,
		Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(shop)},
	}
}

func importEntry[T any](action cloudtag.Action, subject cloudtag.Subject, before *T, after T) cloudtag.Entry {
	entry := cloudtag.Entry{
		At: day0, Actor: tester, Action: action, Subjects: []cloudtag.Subject{subject}, After: mustJSON(after),
	}
	if before != nil {
		entry.Before = mustJSON(*before)
	}
	return entry
}

// mustJSON encodes values of the tests, which can't fail.
func mustJSON(value any) json.RawMessage {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encoded
}

// submission builds a batch to be recorded.
type submission struct {
	w        *world
	sent     cloudtag.Submission
	shop     cloudtag.MerchantID
	scenario cloudtag.ScenarioCode
	time     time.Time
	placedAt time.Time // of the orders; zero: unknown
	note     string
}

// from begins a submission of a shop with an idempotency key.
func (w *world) from(shop int, key string) *submission {
	batch := cloudtag.Batch{
		ID: cloudtag.BatchID(fmt.Sprintf("batch-of-%s-%s", w.shop(shop), key)), MerchantID: w.shop(shop), Key: w.prefix + key,
		InputHash: "hash-of-" + key, Scenario: freight, SubmittedAt: day0,
	}
	return &submission{w: w, sent: cloudtag.Submission{Batch: batch}, shop: w.shop(shop), scenario: freight, time: day0}
}

// replayed is the batch identifier of replayed tags. The batch is never stored.
const replayed cloudtag.BatchID = "replay"

// fromHistory begins a replay of past tags: without a key, of any shops, scenarios and times.
func (w *world) fromHistory() *submission {
	batch := cloudtag.Batch{ID: replayed, SubmittedAt: day0.AddDate(1, 0, 0)}
	return &submission{w: w, sent: cloudtag.Submission{Batch: batch}, shop: w.shop(1), scenario: freight, time: day0}
}

func (s *submission) isHistory() bool { return s.sent.Batch.ID == replayed }

// by sets the shop; only a replay has tags of several.
func (s *submission) by(shop int) *submission {
	s.shop = s.w.shop(shop)
	return s
}

// at sets the time of submission.
func (s *submission) at(at time.Time) *submission {
	s.time = at
	if !s.isHistory() {
		s.sent.Batch.SubmittedAt = at
	}
	return s
}

// under sets the scenario.
func (s *submission) under(scenario cloudtag.ScenarioCode) *submission {
	s.scenario = scenario
	if !s.isHistory() {
		s.sent.Batch.Scenario = scenario
	}
	return s
}

// noting sets the note.
func (s *submission) noting(note string) *submission {
	s.note = note
	return s
}

// as sets the identifier of the batch: each repetition of a request gets a new one.
func (s *submission) as(id string) *submission {
	s.sent.Batch.ID = cloudtag.BatchID(s.w.prefix + id + "-of-" + string(s.shop))
	for i := range s.sent.Tags {
		s.sent.Tags[i].BatchID = s.sent.Batch.ID
	}
	return s
}

// tag adds orders of a buyer that have passed every check so far.
func (s *submission) tag(buyer string, orders ...string) *submission {
	for _, order := range orders {
		s.add(s.w.buyer(buyer), s.w.order(order))
	}
	return s
}

// placed sets when the orders added next were placed.
func (s *submission) placed(at time.Time) *submission {
	s.placedAt = at
	return s
}

func (s *submission) add(buyer cloudtag.BuyerID, order cloudtag.OrderNo) {
	tag := cloudtag.Tag{
		OrderNo: order, Scenario: s.scenario, MerchantID: s.shop, EntityID: entityOf(s.shop), BuyerID: buyer,
		Note: s.note, PlacedAt: s.placedAt, SubmittedAt: s.time, HandleBy: s.time.Add(handleWithin), BatchID: s.sent.Batch.ID,
	}
	if s.isHistory() {
		tag.HandledAt = s.time
	}
	s.sent.Tags = append(s.sent.Tags, tag)
	s.sent.Batch.Results = append(s.sent.Batch.Results, cloudtag.OrderResult{OrderNo: order})
}

// refused adds an order that has failed a check.
func (s *submission) refused(order string, code cloudtag.Code) *submission {
	s.sent.Batch.Results = append(s.sent.Batch.Results, cloudtag.OrderResult{OrderNo: s.w.order(order), Code: code})
	return s
}

// want returns the batch as it must be stored if these orders are already tagged.
func (s *submission) want(tagged ...string) cloudtag.Batch {
	batch := s.sent.Batch
	batch.Results = slices.Clone(batch.Results)
	for i, result := range batch.Results {
		isTagged := func(order string) bool { return s.w.order(order) == result.OrderNo }
		if result.Accepted() && slices.ContainsFunc(tagged, isTagged) {
			batch.Results[i].Code = cloudtag.CodeAlreadyTagged
		}
	}
	return batch
}

// try records the submission.
func (s *submission) try(ctx context.Context) (cloudtag.Batch, bool, error) {
	if s.sent.Batch.Key != "" {
		s.w.known.key(batchKey{s.sent.Batch.MerchantID, s.sent.Batch.Key})
	}
	for _, tag := range s.sent.Tags {
		s.w.known.order(tag.OrderNo)
		s.w.known.buyer(tag.BuyerID)
	}
	sent := s.sent
	sent.Tags = slices.Clone(sent.Tags)
	sent.Batch.Results = slices.Clone(sent.Batch.Results)
	return s.w.store.Record(ctx, sent, addAll)
}

// record records the submission, which must be new.
func (s *submission) record() cloudtag.Batch {
	s.w.Helper()
	stored, repeated, err := s.try(s.w.ctx)
	s.w.noError(err, "record "+string(s.sent.Batch.ID))
	if repeated {
		s.w.Fatalf("record %s: repeated, want stored for the first time", s.sent.Batch.ID)
	}
	return stored
}

// addAll is the edit of a submission.
func addAll(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, tester)
	}
}

// amend amends a case by an edit that can't fail.
func (w *world) amend(id cloudtag.CaseID, edit func(*cloudtag.CaseFile)) cloudtag.Case {
	w.Helper()
	amended, err := w.store.Amend(w.ctx, id, func(file *cloudtag.CaseFile) error {
		edit(file)
		return nil
	})
	w.noError(err, "amend "+string(id))
	return amended
}

func (k *knownNames) shop(id cloudtag.MerchantID)  { remember(k, &k.shops, id) }
func (k *knownNames) order(no cloudtag.OrderNo)    { remember(k, &k.orders, no) }
func (k *knownNames) buyer(buyer cloudtag.BuyerID) { remember(k, &k.buyers, buyer) }
func (k *knownNames) key(key batchKey)             { remember(k, &k.keys, key) }
func (k *knownNames) document(key documentKey)     { remember(k, &k.documents, key) }

// forget drops all names.
func (k *knownNames) forget() {
	k.shops, k.orders, k.buyers, k.keys, k.documents = nil, nil, nil, nil, nil
}

func remember[T comparable](k *knownNames, names *[]T, name T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	*names = append(*names, name)
}

// unique returns each name once, in the order of first occurrence.
func unique[T comparable](names []T) []T {
	seen := make(map[T]bool, len(names))
	var once []T
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			once = append(once, name)
		}
	}
	return once
}
