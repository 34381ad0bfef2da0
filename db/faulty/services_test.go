package faulty

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/db/sqlite"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
	"cloudtag/internal/policylab"
	"cloudtag/internal/revocations"
	"cloudtag/internal/store"
	"cloudtag/internal/upkeep"
)

// market is a store with shops and orders, and services over the same store with injected faults.
type market struct {
	t       *testing.T
	inner   *store.Store
	plan    *Plan
	tagging *cloudtag.Tagging
	reviews *cloudtag.Reviews
	upkeep  *upkeep.Service
	revoke  *revocations.Service
}

const (
	marketShops  = 5
	marketOrders = 40 // of each shop
	scenario     = cloudtag.ScenarioCode("RETURN_SWAPPED")
)

func shopName(shop int) cloudtag.MerchantID { return cloudtag.MerchantID(fmt.Sprintf("m-%d", shop)) }

// orderOf is the n-th order of a shop. Its account is the n-th account, which ordered at the first 1 to 5 shops.
func orderOf(shop, n int) cloudtag.OrderNo { return cloudtag.OrderNo(fmt.Sprintf("%d-%02d", shop, n)) }

func openMarket(t *testing.T, seed uint64, share float64) *market {
	t.Helper()
	kinds, clock := store.NewCatalogue(), cloudtag.SystemClock{}
	engine, err := sqlite.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "cloudtag.db"), kinds, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	m := &market{t: t, inner: store.New(engine, kinds), plan: NewPlan(seed, 0)}
	broken := store.New(Wrap(engine, m.plan), kinds)
	var last atomic.Int64
	ids := cloudtag.IDFunc(func() string { return fmt.Sprintf("id-%d", last.Add(1)) })
	if err := policylab.NewPolicies(m.inner, clock).EnsureDefault(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.upkeep = upkeep.New(broken, clock)
	m.tagging, m.reviews = cloudtag.NewTagging(broken, clock, ids), cloudtag.NewReviews(broken, clock, ids)
	m.revoke = revocations.New(broken, m.upkeep, clock, ids)
	imports, system := importing.New(m.inner, m.upkeep, clock), cloudtag.SystemCaller("test")
	for shop := range marketShops {
		_, err := imports.Merchants(t.Context(), system, []cloudtag.Merchant{{ID: shopName(shop), Name: "店铺"}})
		if err != nil {
			t.Fatal(err)
		}
		var orders []cloudtag.Order
		for n := range marketOrders {
			orders = append(orders, cloudtag.Order{
				OrderNo: orderOf(shop, n), MerchantID: shopName(shop), BuyerID: cloudtag.BuyerID(fmt.Sprintf("b-%d", n)),
				PlacedAt: clock.Now().Add(-time.Hour), AmountCents: 9900, Currency: "CNY", ReportOutcome: cloudtag.ReportNone,
			})
		}
		if _, err := imports.Orders(t.Context(), system, orders); err != nil {
			t.Fatal(err)
		}
	}
	m.plan.Break(share)
	return m
}

// failsWell checks that an error asks the user to try again, and contains no internals.
func (m *market) failsWell(err error) {
	m.t.Helper()
	var known *cloudtag.Error
	switch {
	case err == nil:
	case !errors.As(err, &known) || known.Code != cloudtag.CodeUnavailable:
		m.t.Errorf("a fault of the store is returned as %v", err)
	case strings.Contains(known.Message.EN+known.Message.ZH, Secret):
		m.t.Errorf("the message contains internals: %q", known.Message)
	case !strings.Contains(known.Message.EN, "try again") || !strings.Contains(known.Message.ZH, "重试"):
		m.t.Errorf("the message does not say to try again: %q", known.Message)
	}
}

// batches returns the submissions of a shop: the n-th account ordered at shops 0 to n%5.
func batches(shop int, random *rand.Rand) [][]cloudtag.OrderNo {
	var all [][]cloudtag.OrderNo
	var batch []cloudtag.OrderNo
	size := 1 + random.IntN(6)
	for _, n := range random.Perm(marketOrders) {
		if shop <= n%marketShops {
			batch = append(batch, orderOf(shop, n))
		}
		if len(batch) == size {
			all, batch, size = append(all, batch), nil, 1+random.IntN(6)
		}
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}

func merchantOf(shop int) cloudtag.Caller {
	return cloudtag.Caller{
		Subject: "someone@" + string(shopName(shop)), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: shopName(shop),
	}
}

func (m *market) submit(ctx context.Context, shop int, orders []cloudtag.OrderNo) (cloudtag.Submitted, error) {
	return m.tagging.Submit(ctx, merchantOf(shop), cloudtag.SubmitInput{
		OrderNos: orders, Scenario: scenario, IdempotencyKey: "key-" + string(orders[0]),
	})
}

// TestSubmissionsThroughFaults sends batches from several shops concurrently with faults in every third call. Once the
// faults are cleared, repeating them leads to the same state as without faults.
func TestSubmissionsThroughFaults(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := openMarket(t, seed, 1.0/3)
			sent := make([][][]cloudtag.OrderNo, marketShops)
			var shops sync.WaitGroup
			var failed, acknowledged atomic.Int64
			for shop := range marketShops {
				random := rand.New(rand.NewPCG(seed, uint64(shop))) //nolint:gosec // the same again for the same seed
				sent[shop] = batches(shop, random)
				shops.Go(func() {
					for _, orders := range sent[shop] {
						for range 1 + random.IntN(3) { // some give up early
							if _, err := m.submit(t.Context(), shop, orders); err != nil {
								failed.Add(1)
								m.failsWell(err)
								continue
							}
							acknowledged.Add(1)
							break
						}
					}
				})
			}
			shops.Wait()
			if failed.Load() == 0 || acknowledged.Load() == 0 || m.plan.Drawn(Half) == 0 || m.plan.Drawn(Cut) == 0 {
				t.Fatal("the faults had no effect")
			}
			m.plan.Clear()
			for shop := range marketShops {
				for _, orders := range sent[shop] {
					got, err := m.submit(t.Context(), shop, orders)
					if err != nil || got.Batch.AcceptedCount() != len(orders) {
						t.Errorf("batch %v again: %+v, %v", orders, got.Batch, err)
					}
				}
			}
			m.wantEachOnce()
		})
	}
}

// wantEachOnce checks the state that follows from the rules: the n-th account was tagged by 1 + n%5 shops.
func (m *market) wantEachOnce() {
	m.t.Helper()
	entries := m.entries()
	for n := range marketOrders {
		for shop := range marketShops {
			order := orderOf(shop, n)
			tagged, flipped := 0, 0
			if shop <= n%marketShops {
				tagged = 1
			}
			if tagged == 1 && 1+n%marketShops >= 3 {
				flipped = 1
			}
			subject := string(cloudtag.TagSubject(order))
			if entries["tag.submitted "+subject] != tagged || entries["tag.succeeded "+subject] != flipped {
				m.t.Errorf("order %s: submitted %d times, flipped %d times, want %d and %d", order,
					entries["tag.submitted "+subject], entries["tag.succeeded "+subject], tagged, flipped)
			}
			found, err := m.inner.TagsByOrder(m.t.Context(), []cloudtag.OrderNo{order})
			if err != nil {
				m.t.Fatal(err)
			}
			if tag, there := found[order]; there != (tagged == 1) || (tag.Status == cloudtag.TagSucceeded) != (flipped == 1) {
				m.t.Errorf("order %s: %+v", order, tag)
			}
		}
	}
}

// entries counts the log by action and first subject, and checks its chain.
func (m *market) entries() map[string]int {
	m.t.Helper()
	verification, err := auditlog.Verify(m.t.Context(), m.inner, nil)
	if err != nil || verification.Break != nil {
		m.t.Fatalf("the log: %+v, %v", verification, err)
	}
	all, more, err := m.inner.LogPage(m.t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 10_000})
	if err != nil || more {
		m.t.Fatalf("read the log: more %v, %v", more, err)
	}
	counted := map[string]int{}
	for _, entry := range all {
		for _, subject := range entry.Subjects {
			counted[string(entry.Action)+" "+string(subject)]++
		}
		counted[string(entry.Action)+" because "+entry.Reason]++
	}
	return counted
}

// TestDecisionsThroughFaults decides cases and revokes a shop with faults. Every change happens once, whether it was
// acknowledged or retried.
func TestDecisionsThroughFaults(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := openMarket(t, seed, 0)
			for n := range marketOrders {
				for shop := range 2 {
					if _, err := m.submit(t.Context(), shop, []cloudtag.OrderNo{orderOf(shop, n)}); err != nil {
						t.Fatal(err)
					}
				}
			}
			m.plan.Break(1.0 / 3)
			reviewer := cloudtag.Caller{Subject: "lin", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
			decide := func(n int) error {
				_, err := m.reviews.Decide(t.Context(), reviewer, cloudtag.NewCaseID(scenario, cloudtag.BuyerID(fmt.Sprintf("b-%d", n))),
					cloudtag.Ruling{Decision: cloudtag.DecisionConfirm, Reason: fmt.Sprintf("case %d", n), ExpectedVersion: 2})
				return err
			}
			answered := map[int]bool{}
			failed := 0
			for n := range marketOrders / 2 {
				err := decide(n)
				if answered[n] = err == nil; err != nil {
					failed++
				}
				m.failsWell(err)
			}
			if failed == 0 || failed == marketOrders/2 {
				t.Fatal("the faults had no effect")
			}
			m.revokeThroughFaults()
			m.plan.Clear()
			for n := range marketOrders / 2 {
				code := cloudtag.CodeOf(decide(n))
				if answered[n] && code == "" || code != "" && code != cloudtag.CodeConflict && code != cloudtag.CodeInvalidState {
					t.Errorf("case %d, answered %v, decided again: %q", n, answered[n], code)
				}
			}
			entries := m.entries()
			for n := range marketOrders / 2 {
				if got := entries[fmt.Sprintf("case.decided because CONFIRM: case %d", n)]; got > 1 || answered[n] && got != 1 {
					t.Errorf("case %d, answered %v, is decided %d times", n, answered[n], got)
				}
			}
			m.wantRevokedOnce(entries)
		})
	}
}

// revokeThroughFaults proposes and approves the revocation of shop 1, retrying until it is done, and completes it.
func (m *market) revokeThroughFaults() {
	m.t.Helper()
	rita := cloudtag.Caller{Subject: "rita", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	adam := cloudtag.Caller{Subject: "adam", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	ctx := m.t.Context()
	tried := func(do func() error) { // until it is done
		for range 1000 {
			err := do()
			if err == nil || cloudtag.CodeOf(err) == cloudtag.CodeInvalidState {
				return
			}
			m.failsWell(err)
		}
		m.t.Fatal("a thousand attempts failed")
	}
	tried(func() error {
		_, err := m.revoke.Propose(ctx, rita, revocations.Proposal{
			MerchantID: shopName(1), Kind: cloudtag.ViolationFalseReport, Reason: "虚假标记", Evidence: []string{"录像"},
		})
		return err
	})
	tried(func() error {
		proposed, err := m.revoke.List(ctx, rita, revocations.Query{MerchantID: shopName(1)})
		if err != nil {
			return err
		}
		if len(proposed) != 1 {
			m.t.Fatalf("proposals: %+v", proposed)
		}
		_, err = m.revoke.Decide(ctx, adam, proposed[0].ID, true, "属实")
		return err
	})
	tried(func() error { return m.revoke.Apply(ctx, time.Now()) })
}

// wantRevokedOnce checks that every tag of shop 1 was taken out of the count once.
func (m *market) wantRevokedOnce(entries map[string]int) {
	m.t.Helper()
	for _, action := range []cloudtag.Action{cloudtag.ActionRevocationProposed, cloudtag.ActionRevocationDecided, cloudtag.ActionRevocationCompleted} {
		total := 0
		for name, count := range entries {
			if strings.HasPrefix(name, string(action)+" revocation:") {
				total += count
			}
		}
		if total != 1 {
			m.t.Errorf("%s is logged %d times", action, total)
		}
	}
	for n := range marketOrders {
		subject := string(cloudtag.TagSubject(orderOf(1, n)))
		if got := entries["tag.voided "+subject] + entries["tag.discounted "+subject]; got != 1 {
			m.t.Errorf("order %s is taken out of the count %d times", orderOf(1, n), got)
		}
	}
	left, err := m.inner.CountLiveCasesOf(m.t.Context(), shopName(1))
	if err != nil || left != 0 {
		m.t.Errorf("the shop still counts in %d cases, %v", left, err)
	}
}
