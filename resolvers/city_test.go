package resolvers_test

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/auth"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/webhooks"
)

const (
	freight = cloudtag.FreightInsuranceScenario
	swapped = cloudtag.ScenarioCode("RETURN_SWAPPED")
	ownShop = cloudtag.MerchantID("own-shop")
)

// city is a market with records of every type of the schema. Everything that the shop own-shop must not see is named
// secret-something. Two cities of different sizes look the same to that shop: its own tags have the same statuses, for other
// reasons.
type city struct {
	*graphtest.Stack
	plan plan
	ids  map[string]string // identifiers by the kind of record; the same keys in every city
}

// plan has the properties in which cities differ.
type plan struct {
	threshold int  // of every scenario, and the number of other shops
	alone     bool // own-shop's second order is the only one of its account that is tagged; else one vote is missing
	full      bool // there are complaints, restrictions, appeals, revocations and views of others
	// The accounts behind the orders: own-shop's first order is of the first, as are the first orders of the others.
	first, second cloudtag.BuyerID
	third         cloudtag.BuyerID // of own-shop's third order, which nobody has tagged; second by default
}

// cityTime is the time at which every city starts.
var cityTime = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// fullPlan is the plan of a city with records of every type.
func fullPlan() plan {
	return plan{threshold: 3, full: true, first: "secret-buyer-1", second: "secret-buyer-2"}
}

func (p plan) confirmed() cloudtag.CaseID { return cloudtag.NewCaseID(freight, p.first) }
func (p plan) waiting() cloudtag.CaseID   { return cloudtag.NewCaseID(swapped, p.second) }

// owner returns the token of a person of own-shop.
func (c *city) owner() string {
	return c.Token(cloudtag.Caller{Subject: "own-person", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: ownShop}, time.Hour)
}

func (c *city) must(err error) {
	c.T.Helper()
	if err != nil {
		c.T.Fatal(err)
	}
}

func person(name string, roles ...cloudtag.Role) cloudtag.Caller {
	return cloudtag.Caller{Subject: name, Roles: roles}
}

func keeper(shop cloudtag.MerchantID) cloudtag.Caller {
	return cloudtag.Caller{Subject: "of " + string(shop), Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: shop}
}

// newCity builds a city in which the tag of own-shop's second order waits in the queue, since one vote is missing, and that of
// its first order is confirmed an hour later. The clock stands still, at the same time in every city.
func newCity(t *testing.T, plan plan) *city {
	t.Helper()
	// The tests run documents that are deeper than the cost limit allows.
	c := &city{plan: plan, Stack: graphtest.New(t, func(s *graphtest.Stack, config *graph.Config) {
		s.Clock.Stop(cityTime)
		config.Limits.Complexity = 1 << 30
	})}
	threshold := plan.threshold
	shops := []cloudtag.MerchantID{ownShop}
	for i := range threshold {
		shops = append(shops, cloudtag.MerchantID(fmt.Sprintf("secret-shop-%d", i)))
	}
	var orders []cloudtag.Order
	for i, shop := range shops {
		name := "own"
		if i > 0 {
			name = fmt.Sprintf("secret-%d", i)
		}
		orders = append(orders,
			c.Order(cloudtag.OrderNo(name+"-order-1"), shop, plan.first), c.Order(cloudtag.OrderNo(name+"-order-2"), shop, plan.second),
			c.Order(cloudtag.OrderNo(name+"-order-3"), shop, cmp.Or(plan.third, plan.second)))
	}
	c.Import(shops, orders...)
	c.policy(threshold)
	// Own-shop and enough others confirm the account; one is missing for the other account.
	for i := 1; i < threshold-1 && !plan.alone; i++ {
		c.tag(shops[i], orders[3*i+1].OrderNo, swapped)
	}
	c.tag(ownShop, orders[1].OrderNo, swapped)
	own := c.tag(ownShop, orders[0].OrderNo, freight)
	c.Clock.Advance(time.Hour)
	var other cloudtag.BatchID
	for i := 1; i < threshold; i++ {
		other = c.tag(shops[i], orders[3*i].OrderNo, freight)
	}
	c.ids = map[string]string{
		"own order": "own-order-1", "untagged order": "own-order-3", "other order": "secret-1-order-1", "no order": "nothing",
		"own shop": string(ownShop), "other shop": "secret-shop-0", "account": "secret-buyer-1", "other account": "secret-buyer-2",
		"case": string(fullPlan().confirmed()), "waiting case": string(fullPlan().waiting()),
		"scenario": string(freight), "page": "queue", "actor": "secret-reviewer", "action": "tag.submitted",
		"subject": "buyer:secret-buyer-1", "own subject": "merchant:" + string(ownShop),
		"complaint": "no-complaint", "restriction": "no-restriction", "appeal": "no-appeal", "revocation": "no-revocation",
		"view": "no-view", "policy draft": "no-draft", "second review": "no-second-review", "webhook": "no-webhook", "entry": "1",
		"cursor": c.LogCursor(c.owner(), 0), "own batch": string(own), "other batch": string(other),
	}
	ctx := context.Background()
	restriction, err := c.Deps.Restrictions.Restrict(ctx, keeper(ownShop), "own-order-1", []restrictions.Mode{restrictions.ModeNoOrdering}, "own words")
	c.must(err)
	_, err = c.Deps.Restrictions.Decide(ctx, person("secret-reviewer", cloudtag.RoleReviewer), restriction.ID, true, "own answer")
	c.must(err)
	c.ids["own restriction"] = restriction.ID
	if plan.full {
		for i := 1; i < threshold; i++ { // for a reviewer to confirm
			c.tag(shops[i], orders[3*i+2].OrderNo, "EXTORTION_CLAIM")
		}
		c.fill(ctx)
	}
	return c
}

// policy sets the threshold of every scenario; in a full city later versions need two people.
func (c *city) policy(threshold int) {
	c.T.Helper()
	admin := person("secret-admin", cloudtag.RoleAdmin)
	policy, err := c.Deps.Policies.Find(context.Background(), admin, 0)
	c.must(err)
	for i := range policy.Rules {
		policy.Rules[i].Threshold = threshold
	}
	policy.Reason, policy.RequireApproval, policy.SecondReviewPercent = "secret reason", c.plan.full, 100
	_, err = c.Deps.Simulations.Run(context.Background(), admin, policylab.SimulationRequest{BasedOn: policy.Version, Policy: policy}, nil)
	c.must(err)
	_, err = c.Deps.PolicyDrafts.Publish(context.Background(), admin, policylab.Publication{BasedOn: policy.Version, Policy: policy})
	c.must(err)
}

func (c *city) tag(shop cloudtag.MerchantID, order cloudtag.OrderNo, scenario cloudtag.ScenarioCode) cloudtag.BatchID {
	c.T.Helper()
	note := "secret note"
	if shop == ownShop {
		note = "own note"
	}
	submitted, err := c.Deps.Tagging.Submit(context.Background(), keeper(shop), cloudtag.SubmitInput{
		OrderNos: []cloudtag.OrderNo{order, "nobodys"}, Scenario: scenario, Note: note, IdempotencyKey: string(order),
	})
	c.must(err)
	if submitted.Batch.AcceptedCount() != 1 {
		c.T.Fatalf("%s can't tag %s: %+v", shop, order, submitted.Batch.Results)
	}
	return submitted.Batch.ID
}

// fill adds the records of other shops and people.
func (c *city) fill(ctx context.Context) {
	c.T.Helper()
	service, reviewer := person("secret-service", cloudtag.RolePlatform), person("secret-reviewer", cloudtag.RoleReviewer)
	_, err := c.Deps.Imports.Risk(ctx, service, []cloudtag.RiskProfile{{
		BuyerID: c.plan.first, Score: 50, UpdatedAt: c.Clock.Now(), Signals: []cloudtag.RiskSignal{{Code: "secret-signal", Value: 1, Weight: 2}},
	}})
	c.must(err)
	complaint, err := c.Deps.FreightInsurance.OpenComplaint(ctx, service, "secret-1-order-1")
	c.must(err)
	restriction, err := c.Deps.Restrictions.Restrict(ctx, keeper("secret-shop-0"), "secret-1-order-1",
		[]restrictions.Mode{restrictions.ModeShortPaymentWindow}, "secret words")
	c.must(err)
	appeal, err := c.Deps.Appeals.File(ctx, service, c.plan.confirmed(), "secret statement")
	c.must(err)
	revocation, err := c.Deps.Revocations.Propose(ctx, reviewer, revocations.Proposal{
		MerchantID: "secret-shop-1", Kind: cloudtag.ViolationFalseReport, Reason: "secret reason", Evidence: []string{"secret evidence"},
	})
	c.must(err)
	_, err = c.Deps.Revoker.Revoke(ctx, person("secret-admin", cloudtag.RoleAdmin), auth.RevokeInput{Subject: "secret-person", Reason: "secret reason"})
	c.must(err)
	_, err = c.Deps.Views.Save(ctx, person("everybody", cloudtag.RoleReviewer), casework.ViewDraft{Page: "queue", Name: "own view"})
	c.must(err)
	view, err := c.Deps.Views.Save(ctx, reviewer, casework.ViewDraft{Page: "queue", Name: "secret view", Shared: true})
	c.must(err)
	hook, err := c.Deps.Webhooks.Create(ctx, service, webhooks.Draft{URL: "https://secret.example/secret-path", Description: "secret hook"})
	c.must(err)
	c.ids["webhook"] = hook.ID
	c.deliver(ctx, hook)
	// Held under a policy that has been replaced since: the hold remains until the case's next evaluation.
	_, err = c.Store.Amend(ctx, c.plan.waiting(), func(file *cloudtag.CaseFile) error {
		file.Case.Holds = []string{cloudtag.HoldBurst}
		file.Case.Work = cloudtag.CaseWork{
			Assignment: &cloudtag.Assignment{To: reviewer.Subject, By: "secret-admin", At: c.Clock.Now()},
			Snooze:     &cloudtag.Snooze{Until: c.Clock.Now().Add(time.Hour), By: reviewer.Subject, At: c.Clock.Now(), Reason: "secret reason"},
			Escalation: &cloudtag.Escalation{By: reviewer.Subject, At: c.Clock.Now(), Reason: "secret reason"},
		}
		return file.Claim(reviewer.Subject, "", "secret token", c.Clock.Now())
	})
	c.must(err)
	c.must(c.Deps.Metrics.CatchUp(ctx)) // so that the reviewers are known
	_, err = c.Deps.Team.Note(ctx, reviewer, c.plan.waiting(), "secret note to @everybody")
	c.must(err)
	c.reviewTwice(ctx, reviewer)
	c.link(ctx, "secret-shop-0", "secret-shop-1")
	c.ids["policy draft"] = c.policies(ctx)
	_, err = c.Deps.Vettings.Propose(ctx, reviewer, "secret-shop-1", true, "secret reason")
	c.must(err)
	c.ids["complaint"], c.ids["restriction"], c.ids["appeal"] = complaint.ID, restriction.ID, appeal.ID
	c.ids["revocation"], c.ids["view"] = revocation.ID, view.ID
}

// policies has a version that was scheduled and withdrawn, and a draft that waits for approval.
func (c *city) policies(ctx context.Context) (draft string) {
	c.T.Helper()
	admin, other := person("secret-admin", cloudtag.RoleAdmin), person("secret-other", cloudtag.RoleAdmin)
	propose := func(change func(*cloudtag.Policy)) string {
		policy, err := c.Deps.Policies.Find(ctx, admin, 0)
		c.must(err)
		policy.Reason = "secret reason"
		change(&policy)
		_, err = c.Deps.Simulations.Run(ctx, admin, policylab.SimulationRequest{BasedOn: policy.Version, Policy: policy}, nil)
		c.must(err)
		published, err := c.Deps.PolicyDrafts.Publish(ctx, admin, policylab.Publication{BasedOn: policy.Version, Policy: policy})
		c.must(err)
		return published.Draft.ID
	}
	scheduled := propose(func(p *cloudtag.Policy) { p.StartsAt = c.Clock.Now().Add(time.Hour) })
	published, err := c.Deps.PolicyDrafts.Decide(ctx, other, scheduled, true, "secret reason")
	c.must(err)
	_, err = c.Deps.Policies.Withdraw(ctx, admin, published.Policy.Version, "secret reason")
	c.must(err)
	return propose(func(p *cloudtag.Policy) { p.StartsAt = c.Clock.Now().Add(time.Hour) })
}

// reviewTwice lets a reviewer confirm a case and second reviewers agree with the confirmations by votes, then updates the
// metrics.
func (c *city) reviewTwice(ctx context.Context, reviewer cloudtag.Caller) {
	c.T.Helper()
	id := cloudtag.NewCaseID("EXTORTION_CLAIM", cmp.Or(c.plan.third, c.plan.second))
	found, err := c.Deps.Records.Cases(ctx, reviewer, []cloudtag.CaseID{id})
	c.must(err)
	_, err = c.Deps.Reviews.Decide(ctx, reviewer, id, cloudtag.Ruling{
		Decision: cloudtag.DecisionConfirm, Reason: "secret grounds", ExpectedVersion: found[id].Version,
	})
	c.must(err)
	c.must(c.Deps.SecondReviews.CatchUp(ctx))
	of, err := c.Deps.SecondReviews.Page(ctx, reviewer, secondreview.Query{CaseID: c.plan.confirmed()}, cloudtag.PageRequest{})
	c.must(err)
	reviewed, err := c.Deps.SecondReviews.Decide(ctx, reviewer, of.Items[0].ID, true, "secret agreement")
	c.must(err)
	c.ids["second review"] = reviewed.ID
	c.must(c.Deps.Metrics.CatchUp(ctx))
}

// link stores two shops as a linked pair, as [collusion.Service] does.
func (c *city) link(ctx context.Context, a, b string) {
	c.T.Helper()
	at := c.Clock.Now().Format(time.RFC3339Nano)
	evidence := `"common": 7, "buyersOfA": 8, "buyersOfB": 9, "buyers": 1000, "pairs": 10`
	link := func(shop, with string) string {
		return fmt.Sprintf(`{"version": 1, "merchantId": %q, "accounts": 8, "overturned": 5, "links": [{"with": %q, "common": 7, "own": 8, "theirs": 9, "accounts": 1000, "pairs": 10, "at": %q}]}`, shop, with, at)
	}
	account := fmt.Sprintf(`{"version": 1, "buyerId": %q, "shops": [{"merchantId": %q, "tags": 1, "credit": 500000}, {"merchantId": %q, "tags": 1, "met": [{"with": %[2]q, "gave": 500000}]}]}`,
		c.plan.first, ownShop, a)
	for id, body := range map[string]string{
		"2/account/" + string(c.plan.first): account,
		"2/shop/" + a:                       link(a, b),
		"2/shop/" + b:                       link(b, a),
		"2/pair/" + a + "/" + b:             fmt.Sprintf(`{"version": 1, "a": %q, "b": %q, "common": 7, "linkedAt": %q, "evidence": {"a": %[1]q, "b": %[2]q, %[4]s}}`, a, b, at, evidence),
	} {
		c.must(c.Store.SaveDocument(ctx, cloudtag.Document{
			Kind: cloudtag.KindCollusion, ID: id, Version: 1, State: "LINKED", Body: []byte(body),
		}, nil))
	}
}

// deliver delivers the logged events to an endpoint whose receiver refuses the first one.
func (c *city) deliver(ctx context.Context, hook webhooks.Endpoint) {
	c.T.Helper()
	_, err := c.Deps.Webhooks.Replay(ctx, person("service", cloudtag.RolePlatform), hook.ID, webhooks.Since{Seq: 1})
	c.must(err)
	refuse := &oneRefused{clock: c.Clock}
	deliverer := webhooks.NewDeliverer(c.Store, refuse, c.Clock, cloudtag.IDFunc(func() string { return "instance" }), func() float64 { return 0 }, refuse)
	_, err = deliverer.Deliver(ctx, hook.ID, func(time.Time) {})
	c.must(err)
}

// oneRefused is a receiver that refuses the first message.
type oneRefused struct {
	clock cloudtag.Clock
	once  sync.Once
}

func (r *oneRefused) Send(context.Context, webhooks.Message) webhooks.Answer {
	answer := webhooks.Answer{Attempt: webhooks.Attempt{At: r.clock.Now(), Status: 200}}
	r.once.Do(func() { answer.Status, answer.Failure = 500, webhooks.FailureStatus })
	return answer
}

func (r *oneRefused) Attempted(webhooks.Endpoint, webhooks.Attempt, time.Duration) {}
func (r *oneRefused) Disabled(webhooks.Endpoint)                                   {}
