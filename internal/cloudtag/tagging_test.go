package cloudtag_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// market is a set of shops with orders, and the services.
type market struct {
	placed  int // orders
	t       *testing.T
	store   *shelf
	clock   *stillClock
	tagging *Tagging
	ids     int
}

func newMarket(t *testing.T) *market {
	m := &market{t: t, store: newShelf(t), clock: &stillClock{now: start}}
	ids := IDFunc(func() string { m.ids++; return fmt.Sprintf("id-%d", m.ids) })
	m.tagging = NewTagging(m.store, m.clock, ids)
	for _, shop := range []MerchantID{"A", "B", "C", "D"} {
		m.store.put(m.store.kinds.Merchants, Merchant{ID: shop, Name: "shop " + string(shop), EntityID: EntityID(shop), Permission: PermissionActive})
	}
	return m
}

// order stores an order of a shop by a buyer and returns its number.
func (m *market) order(shop MerchantID, buyer BuyerID) OrderNo {
	number := OrderNo(fmt.Sprintf("%010d", 1000000001+m.placed))
	m.placed++
	m.store.put(m.store.kinds.Orders, Order{
		OrderNo: number, MerchantID: shop, BuyerID: buyer, PlacedAt: start.Add(-72 * time.Hour), AmountCents: 100, Currency: "CNY",
		ReportOutcome: ReportNone,
	})
	return number
}

func (m *market) submit(shop MerchantID, key string, orders ...OrderNo) (Submitted, error) {
	return m.tagging.Submit(context.Background(), shopCaller(shop), SubmitInput{
		OrderNos: orders, Scenario: testScenario, Note: "空包裹", IdempotencyKey: key,
	})
}

func platform() Caller { return Caller{Subject: "importer", Roles: []Role{RolePlatform}} }

func (m *market) submitOne(shop MerchantID, buyer BuyerID) OrderNo {
	m.t.Helper()
	order := m.order(shop, buyer)
	if _, err := m.submit(shop, "key-"+string(order), order); err != nil {
		m.t.Fatal(err)
	}
	return order
}

// evaluateDue evaluates the cases that are due, as a sweep does.
func (m *market) evaluateDue() {
	m.t.Helper()
	now := m.clock.Now()
	due, err := m.store.WakingCases(m.t.Context(), now, 100)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, id := range due {
		if _, err := m.store.Amend(m.t.Context(), id, func(file *CaseFile) error { file.Evaluate(now); return nil }); err != nil {
			m.t.Fatal(err)
		}
	}
}

func codes(batch Batch) []Code {
	var found []Code
	for _, result := range batch.Results {
		found = append(found, result.Code)
	}
	return found
}

func TestEachOrderOfABatchGetsItsOwnResult(t *testing.T) {
	m := newMarket(t)
	tagged, foreign := m.order("A", "b-0"), m.order("B", "b-0")
	if _, err := m.submit("A", "before", tagged); err != nil {
		t.Fatal(err)
	}
	var input []OrderNo
	var want []Code
	add := func(number OrderNo, code Code) { input, want = append(input, number), append(want, code) }
	for i := range 15 {
		add(m.order("A", BuyerID(fmt.Sprintf("b-%d", i))), "")
	}
	add(input[3], CodeDuplicateInBatch)
	add("9999999999", CodeOrderNotFound)
	add(foreign, CodeOrderNotFound)
	add(tagged, CodeAlreadyTagged)
	add("not an order", CodeInvalidOrderNo)

	first, err := m.submit("A", "key", input...)
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(first.Batch); !slices.Equal(got, want) {
		t.Errorf("results %v, want %v", got, want)
	}
	// An order that is already tagged is returned with its tag.
	if had := first.Tags[tagged]; first.Batch.AcceptedCount() != 15 || len(first.Tags) != 16 || had.Status != TagAccumulating || had.BatchID == first.Batch.ID {
		t.Errorf("%d accepted with %d tags, want 15 with 16; the earlier one is %+v", first.Batch.AcceptedCount(), len(first.Tags), had)
	}
	if foreignError, unknownError := first.Batch.Results[17].ResultError(), first.Batch.Results[16].ResultError(); !reflect.DeepEqual(foreignError, unknownError) {
		t.Errorf("another shop's order %v, an unknown one %v: they must look the same", foreignError, unknownError)
	}
	logged := len(m.store.log())
	again, err := m.submit("A", "key", input...)
	if err != nil || !reflect.DeepEqual(first, again) {
		t.Errorf("the same key again: %v, %+v", err, again)
	}
	if len(m.store.log()) != logged {
		t.Error("the same key again changed something")
	}
}

func TestInvalidBatchesAreRejectedAsAWhole(t *testing.T) {
	long := strings.Repeat("长", MaxNoteLength)
	tests := []struct {
		name  string
		in    SubmitInput
		setup func(*market)
		code  Code
		field string
	}{
		{"no order", SubmitInput{OrderNos: nil}, nil, CodeEmptyBatch, "orderNos"},
		{"21 orders", SubmitInput{OrderNos: repeated(OrderNo("1"), 21)}, nil, CodeTooManyOrders, "orderNos"},
		{"unknown scenario", SubmitInput{Scenario: "NONE"}, nil, CodeUnknownScenario, "scenario"},
		{"no scenario", SubmitInput{Scenario: "-"}, nil, CodeUnknownScenario, "scenario"},
		{"note of 301", SubmitInput{Note: long + "长"}, nil, CodeNoteTooLong, "note"},
		{"note with NUL", SubmitInput{Note: "a\x00b"}, nil, CodeInvalidNote, "note"},
		{"note of broken UTF-8", SubmitInput{Note: "a\xffb"}, nil, CodeInvalidNote, "note"},
		{"key with a space", SubmitInput{IdempotencyKey: "a b"}, nil, CodeInvalidIdempotencyKey, "idempotencyKey"},
		{"key of 129", SubmitInput{IdempotencyKey: strings.Repeat("k", 129)}, nil, CodeInvalidIdempotencyKey, "idempotencyKey"},
		{"disabled scenario", SubmitInput{}, func(m *market) {
			policy := m.store.policy()
			for i := range policy.Rules {
				policy.Rules[i].Enabled = false
			}
			m.store.setPolicy(policy)
		}, CodeScenarioDisabled, "scenario"},
		{"revoked", SubmitInput{}, func(m *market) { m.permit("A", PermissionRevoked) }, CodePermissionRevoked, ""},
		{"suspended", SubmitInput{}, func(m *market) { m.permit("A", PermissionSuspended) }, CodePermissionSuspended, ""},
		{"revoked at the last moment", SubmitInput{}, func(m *market) {
			m.store.beforeRecord = func() { m.permit("A", PermissionRevoked) }
		}, CodePermissionRevoked, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMarket(t)
			in := test.in
			if in.OrderNos == nil && test.code != CodeEmptyBatch {
				in.OrderNos = []OrderNo{m.order("A", "b-1")}
			}
			if in.Scenario == "" {
				in.Scenario = testScenario
			}
			if in.IdempotencyKey == "" {
				in.IdempotencyKey = "key"
			}
			if test.setup != nil {
				test.setup(m)
			}
			_, err := m.tagging.Submit(context.Background(), shopCaller("A"), in)
			if CodeOf(err) != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if field := fieldOf(err); field != test.field {
				t.Errorf("names field %q, want %q", field, test.field)
			}
			if len(m.store.tags())+len(m.store.batches())+len(m.store.log()) != 0 {
				t.Error("a refused batch stored something")
			}
		})
	}
}

func TestTheLongestNoteAndKeyAreAccepted(t *testing.T) {
	m := newMarket(t)
	_, err := m.tagging.Submit(context.Background(), shopCaller("A"), SubmitInput{
		OrderNos: []OrderNo{m.order("A", "b-1")}, Scenario: testScenario,
		Note: strings.Repeat("长", MaxNoteLength), IdempotencyKey: strings.Repeat("k", MaxIdempotencyKeyLength),
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOnlyShopsMayTag(t *testing.T) {
	m := newMarket(t)
	order := m.order("A", "b-1")
	callers := []Caller{
		{}, {Subject: "r", Roles: []Role{RoleReviewer}}, {Subject: "a", Roles: []Role{RoleAdmin}}, {Subject: "p", Roles: []Role{RolePlatform}},
		{Subject: "m", Roles: []Role{RoleMerchant}}, {Subject: "m", Roles: []Role{RoleMerchant}, MerchantID: "unknown"},
		{Subject: "r", Roles: []Role{RoleReviewer}, MerchantID: "A"},
	}
	for _, caller := range callers {
		_, err := m.tagging.Submit(context.Background(), caller, SubmitInput{OrderNos: []OrderNo{order}, Scenario: testScenario, IdempotencyKey: "k"})
		if CodeOf(err) != CodeForbidden {
			t.Errorf("%+v: %v", caller, err)
		}
	}
}

func TestAKeyBelongsToItsInputAndItsShop(t *testing.T) {
	m := newMarket(t)
	first, second, foreign := m.order("A", "b-1"), m.order("A", "b-2"), m.order("B", "b-1")
	if _, err := m.submit("A", "key", first); err != nil {
		t.Fatal(err)
	}
	if _, err := m.submit("A", "key", second); CodeOf(err) != CodeIdempotencyConflict {
		t.Errorf("another order under the same key: %v", err)
	}
	whole := SubmitInput{OrderNos: []OrderNo{m.order("A", "b-3"), m.order("A", "b-4")}, Scenario: testScenario, Note: "空包裹", IdempotencyKey: "whole"}
	if _, err := m.tagging.Submit(t.Context(), shopCaller("A"), whole); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*SubmitInput){
		"another scenario": func(in *SubmitInput) { in.Scenario = FreightInsuranceScenario },
		"another note":     func(in *SubmitInput) { in.Note = "空包裹。" },
		"no note":          func(in *SubmitInput) { in.Note = "" },
		"an order less":    func(in *SubmitInput) { in.OrderNos = in.OrderNos[:1] },
		"another sequence": func(in *SubmitInput) { in.OrderNos = []OrderNo{in.OrderNos[1], in.OrderNos[0]} },
	} {
		in := whole
		change(&in)
		if _, err := m.tagging.Submit(t.Context(), shopCaller("A"), in); CodeOf(err) != CodeIdempotencyConflict {
			t.Errorf("%s under the same key: %v", name, err)
		}
	}
	if _, tagged := m.store.tags()[second]; tagged {
		t.Error("the conflicting batch tagged its order")
	}
	if got, err := m.submit("B", "key", foreign); err != nil || got.Batch.AcceptedCount() != 1 {
		t.Errorf("the same key of another shop: %v", err)
	}
}

func TestConcurrentRetriesAreStoredOnce(t *testing.T) {
	m := newMarket(t)
	order := m.order("A", "b-1")
	m.store.beforeRecord = func() {
		if _, err := m.submit("A", "key", order); err != nil {
			t.Error(err)
		}
	}
	got, err := m.submit("A", "key", order)
	if err != nil || got.Batch.AcceptedCount() != 1 || len(m.store.log()) == 0 {
		t.Fatalf("%v, %+v", err, got)
	}
	submitted := 0
	for _, entry := range m.store.log() {
		if entry.Action == ActionTagSubmitted {
			submitted++
		}
	}
	if submitted != 1 {
		t.Errorf("tagged %d times", submitted)
	}
}

func TestOrderAgeAndReport(t *testing.T) {
	m := newMarket(t)
	policy := m.store.policy()
	policy.MaxOrderAgeDays, policy.RequireRejectedReport = 30, true
	m.store.setPolicy(policy)
	tests := []struct {
		age    time.Duration
		report ReportOutcome
		code   Code
	}{
		{30*day - time.Millisecond, ReportRejected, ""},
		{30 * day, ReportRejected, CodeOrderTooOld},
		{day, ReportInsufficientEvidence, ""},
		{day, ReportNone, CodeReportRequired},
		{day, ReportPending, CodeReportRequired},
		{day, ReportApproved, CodeReportRequired},
	}
	var input []OrderNo
	for _, test := range tests {
		number := m.order("A", "b-1")
		order := m.store.orders()[number]
		order.PlacedAt, order.ReportOutcome = start.Add(-test.age), test.report
		m.store.put(m.store.kinds.Orders, order)
		input = append(input, number)
	}
	got, err := m.submit("A", "key", input...)
	if err != nil {
		t.Fatal(err)
	}
	for i, test := range tests {
		if code := got.Batch.Results[i].Code; code != test.code {
			t.Errorf("%v old, report %s: %q, want %q", test.age, test.report, code, test.code)
		}
	}
}

func TestAnyOrderAgeIsAcceptedWithoutALimit(t *testing.T) {
	m := newMarket(t)
	policy := m.store.policy()
	policy.MaxOrderAgeDays = 0
	m.store.setPolicy(policy)
	number := m.order("A", "b-1")
	order := m.store.orders()[number]
	order.PlacedAt = start.AddDate(-9, 0, 0)
	m.store.put(m.store.kinds.Orders, order)
	got, err := m.submit("A", "key", number)
	if err != nil || got.Batch.AcceptedCount() != 1 {
		t.Errorf("%+v, %v", got.Batch.Results, err)
	}
}

func TestTheSubmissionThatReachesTheThresholdReturnsSuccess(t *testing.T) {
	m := newMarket(t)
	var last Submitted
	var orders []OrderNo
	for _, shop := range []MerchantID{"A", "B", "C"} {
		order := m.order(shop, "b-1")
		orders = append(orders, order)
		var err error
		if last, err = m.submit(shop, "key", order); err != nil {
			t.Fatal(err)
		}
		m.clock.now = m.clock.now.Add(time.Minute)
	}
	tag := last.Tags[orders[2]]
	if tag.Status != TagSucceeded || tag.MarkResult() != MarkSucceeded || !tag.HandleBy.Equal(tag.SubmittedAt.Add(48*time.Hour)) {
		t.Errorf("third tag: %+v", tag)
	}
	for _, order := range orders {
		if m.store.tags()[order].Status != TagSucceeded {
			t.Errorf("%s: %s", order, m.store.tags()[order].Status)
		}
	}
}

func TestOrderNoValid(t *testing.T) {
	tests := map[OrderNo]bool{
		"1": true, "1000000001": true, "JD-2026_03.A": true, OrderNo(strings.Repeat("9", 64)): true,
		"": false, OrderNo(strings.Repeat("9", 65)): false, OrderNo(strings.Repeat("9", 10000)): false, "1 2": false, " 1": false,
		"1\n": false, "1\x00": false, "订单": false, "1\xff": false, "1\u200b": false, "１": false, "a:b": false, "\ufffd": false,
	}
	for number, want := range tests {
		if got := number.Valid(); got != want {
			t.Errorf("%.20q: %t, want %t", string(number), got, want)
		}
	}
}

// permit sets a shop's permission.
func (m *market) permit(shop MerchantID, permission Permission) {
	merchant := m.store.merchants()[shop]
	merchant.Permission = permission
	m.store.put(m.store.kinds.Merchants, merchant)
}

// counted is an allowance that records what was taken, and rejects more.
type counted struct{ left int }

func (c *counted) Take(_ context.Context, merchant MerchantID, orders int) error {
	if merchant != "A" || orders > c.left {
		return Refuse(CodeRateLimited, Text{ZH: "太多。", EN: "Too much."})
	}
	c.left -= orders
	return nil
}

// Each order of a new batch counts, accepted or not; a retry, and a batch that is rejected as a whole, cost
// nothing.
func TestAllowanceOfAShop(t *testing.T) {
	m := newMarket(t)
	one, two := m.order("A", "b1"), m.order("A", "b2")
	allowance := &counted{left: 5}
	m.tagging = m.tagging.Within(allowance)
	for _, step := range []struct {
		key    string
		orders []OrderNo
		code   Code
		left   int
	}{
		{"k1", []OrderNo{one, "unknown", "unknown"}, "", 2},
		{"k1", []OrderNo{one, "unknown", "unknown"}, "", 2},
		{"k1", []OrderNo{two}, CodeIdempotencyConflict, 2},
		{"k2", nil, CodeEmptyBatch, 2},
		{"k2", []OrderNo{two, "x", "y"}, CodeRateLimited, 2},
		{"k2", []OrderNo{two, "x"}, "", 0},
		{"k1", []OrderNo{one, "unknown", "unknown"}, "", 0},
		{"k3", []OrderNo{"z"}, CodeRateLimited, 0},
	} {
		if _, err := m.submit("A", step.key, step.orders...); CodeOf(err) != step.code || allowance.left != step.left {
			t.Errorf("%s %v: %v with %d left, want %q and %d", step.key, step.orders, err, allowance.left, step.code, step.left)
		}
	}
	if _, known := m.store.batches()["A k3"]; known {
		t.Error("a batch beyond the allowance is stored")
	}
}
