package resolvers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func TestRestrictionsOfAShop(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	owner, ann := c.owner(), c.reviewer("ann")
	restrict := func(order, modes, description string) (map[string]any, string) {
		return c.call(owner, "restrictBuyer", fmt.Sprintf("orderNo: %q, modes: [%s], description: %q", order, modes, description),
			"restriction { id state description orderNo modes buyerNotice(language: EN) merchant { id } canDecide }")
	}
	payload, refused := restrict("own-order-2", "NO_ORDERING, NO_CASH_ON_DELIVERY", "empty parcels")
	expect(t, "asked", line(refused, field(payload, "restriction.state"), field(payload, "restriction.canDecide")), "PENDING_REVIEW false")
	if notice := fmt.Sprint(field(payload, "restriction.buyerNotice")); !strings.Contains(notice, "appeal") || strings.Contains(notice, "empty parcels") {
		t.Errorf("the buyer's notice is %q", notice)
	}
	id := field(payload, "restriction.id")
	_, refused = restrict("own-order-2", "NO_ORDERING", "again")
	expect(t, "the same order again", refused, "INVALID_STATE input.orderNo")
	_, refused = restrict("secret-1-order-1", "NO_ORDERING", "not mine")
	expect(t, "another shop's order", refused, "ORDER_NOT_FOUND input.orderNo")
	_, refused = restrict("own-order-3", "NO_ORDERING", "")
	expect(t, "no description", refused, "REASON_REQUIRED input.description")
	var list struct{ Restrictions []map[string]any }
	c.Do(ann, `{ restrictions(state: PENDING_REVIEW) { id buyerId description canDecide } }`, nil).Into(t, &list)
	if len(list.Restrictions) != 1 || list.Restrictions[0]["buyerId"] != "b-2" || list.Restrictions[0]["canDecide"] != true {
		t.Errorf("for the reviewer: %v", list.Restrictions)
	}
	decide := func(reason string) (map[string]any, string) {
		return c.call(ann, "decideRestriction", fmt.Sprintf("id: %q, approve: true, reason: %q", id, reason), "restriction { state decidedBy reason }")
	}
	_, refused = decide("")
	expect(t, "no reason", refused, "REASON_REQUIRED input.reason")
	payload, refused = decide("justified")
	expect(t, "approved", line(refused, field(payload, "restriction.state"), field(payload, "restriction.decidedBy")), "ACTIVE ann")
	_, refused = decide("again")
	expect(t, "approved twice", refused, "INVALID_STATE input.id")
	lift := func(caller string) (map[string]any, string) {
		return c.call(caller, "liftRestriction", fmt.Sprintf("id: %q", id), "restriction { state decidedBy reason }")
	}
	_, refused = lift(c.As(cloudtag.RoleMerchant, "secret-shop-0"))
	expect(t, "lifted by another shop", refused, "NOT_FOUND")
	payload, refused = lift(owner)
	expect(t, "lifted", line(refused, field(payload, "restriction.state"), field(payload, "restriction.decidedBy"), field(payload, "restriction.reason")), "LIFTED <nil> justified")
	_, refused = lift(owner)
	expect(t, "lifted twice", refused, "INVALID_STATE input.id")
}

func TestRevocationsNeedTwoPeople(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	boss := c.Token(person("boss", cloudtag.RoleAdmin), time.Hour)
	proposer := c.Token(person("rev", cloudtag.RoleReviewer, cloudtag.RoleAdmin), time.Hour)
	propose := func(shop, reason string) (map[string]any, string) {
		return c.call(proposer, "proposeRevocation", fmt.Sprintf(`merchantId: %q, kind: FALSE_REPORT, reason: %q, evidence: ["chat"], suspend: true`, shop, reason),
			"revocation { id state suspended canDecide casesToRecount merchant { permission } }")
	}
	_, refused := propose("own-shop", "")
	expect(t, "no reason", refused, "REASON_REQUIRED input.reason")
	_, refused = propose("nobody", "r")
	expect(t, "no shop", refused, "NOT_FOUND")
	payload, refused := propose("own-shop", "r")
	expect(t, "proposed", line(refused, field(payload, "revocation.state"), field(payload, "revocation.canDecide"),
		field(payload, "revocation.casesToRecount"), field(payload, "revocation.merchant.permission")), "PROPOSED false 0 SUSPENDED")
	id := field(payload, "revocation.id")
	_, refused = propose("own-shop", "again")
	expect(t, "proposed twice", refused, "INVALID_STATE input.merchantId")
	decide := func(caller string) (map[string]any, string) {
		return c.call(caller, "decideRevocation", fmt.Sprintf(`id: %q, approve: true, reason: "proven"`, id),
			"revocation { state approvedBy decidedBy casesToRecount casesRecounted completedAt }")
	}
	_, refused = decide(proposer)
	expect(t, "by the proposer", refused, "SAME_PERSON input.id")
	payload, refused = decide(boss)
	expect(t, "approved", line(refused, field(payload, "revocation.state"), field(payload, "revocation.approvedBy"),
		field(payload, "revocation.casesToRecount"), field(payload, "revocation.casesRecounted")), "APPROVED boss 2 0")
	_, refused = decide(boss)
	expect(t, "approved twice", refused, "INVALID_STATE input.id")
	revocations := c.Deps.Revocations
	c.must(revocations.Apply(context.Background(), c.Clock.Now()))
	var list struct{ Revocations []map[string]any }
	c.Do(boss, `{ revocations(merchantId: "own-shop") { casesToRecount casesRecounted completedAt merchant { permission } } }`, nil).Into(t, &list)
	if len(list.Revocations) != 1 || list.Revocations[0]["casesRecounted"] != 2.0 || list.Revocations[0]["completedAt"] == nil || field(list.Revocations[0], "merchant.permission") != "REVOKED" {
		t.Errorf("after the recount: %v", list.Revocations)
	}
	var submitted struct {
		SubmitTags struct{ UserErrors []any }
	}
	c.Do(c.owner(), `mutation { submitTags(input: {orderNos: ["own-order-3"], scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { userErrors { code message field } } }`, nil).Into(t, &submitted)
	expect(t, "the shop tags", refusalsOf(submitted.SubmitTags.UserErrors), "PERMISSION_REVOKED")
}
