package rings

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
	"cloudtag/internal/vetting"
)

// market is the domain's services over a store in memory, on a simulated clock.
type market struct {
	now       time.Time
	store     *store.Store
	tagging   *cloudtag.Tagging
	appeals   *appeals.Service
	collusion *collusion.Service // nil where the policy asks for no linked pairs and no shop records
	vettings  *vetting.Service
	reviews   *cloudtag.Reviews
	lastID    int
}

// Now implements [cloudtag.Clock].
func (m *market) Now() time.Time { return m.now }

// NewID implements [cloudtag.IDSource].
func (m *market) NewID() string {
	m.lastID++
	return strconv.Itoa(m.lastID)
}

var (
	reviewer = cloudtag.Caller{Subject: "reviewer", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	admin    = cloudtag.Caller{Subject: "admin", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	platform = cloudtag.SystemCaller("rings")
)

// newMarket returns a market under a policy, with the shops and orders of a data set and a campaign.
func newMarket(ctx context.Context, s *dataSet, c campaign, policy cloudtag.Policy) (*market, error) {
	m := &market{now: s.honest[0].at.Add(-day)}
	m.store = store.New(memory.Open(memory.NewData(), memory.Options{}), store.NewCatalogue())
	m.tagging = cloudtag.NewTagging(m.store, m, m)
	m.appeals = appeals.New(m.store, m, m)
	m.collusion = collusion.New(m.store, m)
	m.vettings = vetting.New(m.store, m, m)
	m.reviews = cloudtag.NewReviews(m.store, m, m)
	err := m.store.AddPolicy(ctx, policy, []cloudtag.Entry{{At: m.now, Actor: platform.Subject, Action: cloudtag.ActionPolicyCreated}})
	if err != nil {
		return nil, fmt.Errorf("store the policy: %w", err)
	}
	return m, m.seed(ctx, s, c)
}

// seed stores the shops and orders.
func (m *market) seed(ctx context.Context, s *dataSet, c campaign) error {
	var shops []cloudtag.Merchant
	for _, id := range append(append([]cloudtag.MerchantID{}, s.shops...), c.shops...) {
		shops = append(shops, cloudtag.Merchant{
			ID: id, Name: string(id), EntityID: cloudtag.EntityID(id), Permission: cloudtag.PermissionActive, CreatedAt: m.now,
		})
	}
	var orders []cloudtag.Order
	for _, tag := range s.honest {
		orders = append(orders, s.orders[tag.order])
	}
	for _, tag := range c.tags {
		orders = append(orders, cloudtag.Order{
			OrderNo: tag.order, MerchantID: tag.shop, BuyerID: tag.buyer, PlacedAt: tag.at.Add(-orderBefore), Currency: "CNY",
			ReportOutcome: cloudtag.ReportNone,
		})
	}
	_, err := m.store.PutMerchants(ctx, shops, func(*cloudtag.Merchant, cloudtag.Merchant) cloudtag.Entry {
		return cloudtag.Entry{At: m.now, Actor: platform.Subject, Action: cloudtag.ActionMerchantImported}
	})
	if err != nil {
		return fmt.Errorf("store shops: %w", err)
	}
	_, err = m.store.PutOrders(ctx, orders, nil, func(int) cloudtag.Entry {
		return cloudtag.Entry{At: m.now, Actor: platform.Subject, Action: cloudtag.ActionOrdersImported}
	})
	if err != nil {
		return fmt.Errorf("store orders: %w", err)
	}
	return nil
}

// submit submits a tag at its time, and returns the case after it.
func (m *market) submit(ctx context.Context, tag tagging) (cloudtag.Case, error) {
	m.now = tag.at
	if m.collusion != nil {
		if err := m.collusion.CatchUp(ctx); err != nil {
			return cloudtag.Case{}, err
		}
	}
	caller := cloudtag.Caller{Subject: string(tag.shop), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: tag.shop}
	submitted, err := m.tagging.Submit(ctx, caller, cloudtag.SubmitInput{
		OrderNos: []cloudtag.OrderNo{tag.order}, Scenario: tag.scenario, IdempotencyKey: string(tag.order),
	})
	if err != nil {
		return cloudtag.Case{}, fmt.Errorf("tag order %s: %w", tag.order, err)
	}
	if code := submitted.Batch.Results[0].Code; code != "" {
		return cloudtag.Case{}, fmt.Errorf("tag order %s: %s", tag.order, code)
	}
	id := cloudtag.NewCaseID(tag.scenario, tag.buyer)
	cases, err := m.store.Cases(ctx, []cloudtag.CaseID{id})
	return cases[id], err
}

// overturn files and accepts an appeal against a case, unless the case has no effect any more.
func (m *market) overturn(ctx context.Context, id cloudtag.CaseID, at time.Time) error {
	m.now = at
	appeal, err := m.appeals.File(ctx, platform, id, "the reports are wrong")
	if cloudtag.CodeOf(err) == cloudtag.CodeInvalidState {
		return nil
	}
	if err != nil {
		return fmt.Errorf("appeal: %w", err)
	}
	if _, err = m.appeals.Decide(ctx, reviewer, appeal.ID, true, "the reports are wrong"); err != nil {
		return fmt.Errorf("decide the appeal: %w", err)
	}
	return nil
}

// reject rejects a case, if it is still pending.
func (m *market) reject(ctx context.Context, id cloudtag.CaseID, at time.Time) error {
	m.now = at
	cases, err := m.store.Cases(ctx, []cloudtag.CaseID{id})
	if err != nil || cases[id].Handling != cloudtag.HandlingPending {
		return err
	}
	_, err = m.reviews.Decide(ctx, reviewer, id, cloudtag.Ruling{
		Decision: cloudtag.DecisionReject, Reason: "the reports are wrong", ExpectedVersion: cases[id].Version,
	})
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict { // the decision expired a tag, which changed the version
		return nil
	}
	if err != nil {
		return fmt.Errorf("reject: %w", err)
	}
	return nil
}

// vet has two people vouch for a shop.
func (m *market) vet(ctx context.Context, v vettedShop) error {
	m.now = v.at
	proposal, err := m.vettings.Propose(ctx, reviewer, v.shop, true, "it has served many orders")
	if err != nil {
		return fmt.Errorf("propose to vouch for %s: %w", v.shop, err)
	}
	if _, err = m.vettings.Decide(ctx, admin, proposal.ID, true, "it has"); err != nil {
		return fmt.Errorf("vouch for %s: %w", v.shop, err)
	}
	return nil
}
