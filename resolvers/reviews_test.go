package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

const caseFields = "case { id version state handling canDecide canUndo undoUntil claim { by until } decision { decision by } }"

// A reviewer who also acts for a shop may not decide cases with that shop's tags.
func TestReviewersMayNotDecideCasesOfTheirShop(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	for shop, want := range map[cloudtag.MerchantID]bool{ownShop: false, "secret-shop-2": true} {
		caller := c.Token(cloudtag.Caller{Subject: "ann", Roles: []cloudtag.Role{cloudtag.RoleReviewer, cloudtag.RoleMerchant}, MerchantID: shop}, time.Hour)
		var data struct{ Case struct{ CanDecide bool } }
		c.Do(caller, fmt.Sprintf(`{ case(id: %q) { canDecide } }`, c.plan.waiting()), nil).Into(t, &data)
		expect(t, string(shop), data.Case.CanDecide, want)
	}
}

func TestClaims(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, ben := c.reviewer("ann"), c.reviewer("ben")
	id := fmt.Sprintf("caseId: %q", c.plan.waiting())

	payload, refused := c.call(ann, "claimCase", id, "token "+caseFields)
	token, _ := payload["token"].(string)
	expect(t, "claimed", refused, "")
	expect(t, "by", field(payload, "case.claim.by"), "ann")
	if token == "" {
		t.Fatal("no token for the holder")
	}
	payload, refused = c.call(ben, "claimCase", id, "token "+caseFields)
	expect(t, "claimed by another", refused, "CLAIMED_BY_OTHER input.caseId")
	expect(t, "token for another", payload["token"], nil)
	expect(t, "the case as it is", field(payload, "case.claim.by"), "ann")
	expect(t, "another may decide", field(payload, "case.canDecide"), false)
	payload, refused = c.call(ann, "claimCase", id+fmt.Sprintf(", token: %q", token), "token "+caseFields)
	expect(t, "heartbeat", line(refused, payload["token"]), token)
	if answer := c.Do(ben, fmt.Sprintf(`{ case(id: %q) { claim { by until } timeline(first: 100) { nodes { before after } } } }`, c.plan.waiting()), nil); strings.Contains(answer.Raw, token) || len(answer.Errors) > 0 {
		t.Errorf("the token is shown: %s", answer.Raw)
	}
	var mine struct{ Cases struct{ TotalCount int } }
	for caller, want := range map[string]int{ann: 1, ben: 0} {
		c.Do(caller, `{ cases(filter: {claimedByMe: true}) { totalCount } }`, nil).Into(t, &mine)
		expect(t, "claimed by me", mine.Cases.TotalCount, want)
	}
	_, refused = c.call(ben, "releaseCase", id+`, token: "guessed"`, caseFields)
	expect(t, "released by another", refused, "CLAIMED_BY_OTHER input.caseId")
	payload, refused = c.call(ann, "releaseCase", id+fmt.Sprintf(", token: %q", token), caseFields)
	expect(t, "released", line(refused, field(payload, "case.claim")), "<nil>")
	_, refused = c.call(ann, "claimCase", `caseId: "RETURN_SWAPPED:nobody"`, "token "+caseFields)
	expect(t, "no case", refused, "NOT_FOUND")
	payload, refused = c.call(ann, "claimCase", fmt.Sprintf("caseId: %q", c.plan.confirmed()), "token "+caseFields)
	expect(t, "nothing to decide", refused, "INVALID_STATE input.caseId")
	expect(t, "the case as it is", field(payload, "case.state"), "CONFIRMED")
}

func TestDecisions(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, ben := c.reviewer("ann"), c.reviewer("ben")
	id := string(c.plan.waiting())
	decide := func(caller, decision, reason string, version int) (map[string]any, string) {
		return c.call(caller, "decideCase", fmt.Sprintf("caseId: %q, decision: %s, reason: %q, expectedVersion: %d", id, decision, reason, version), caseFields)
	}
	var now struct{ Case struct{ Version int } }
	c.Do(ann, fmt.Sprintf(`{ case(id: %q) { version } }`, id), nil).Into(t, &now)
	version := now.Case.Version

	_, refused := decide(ann, "CONFIRM", "", version)
	expect(t, "no reason", refused, "REASON_REQUIRED input.reason")
	payload, refused := decide(ann, "CONFIRM", "r", version-1)
	expect(t, "stale", refused, "CONFLICT input.expectedVersion")
	expect(t, "the case as it is", field(payload, "case.version"), version)
	payload, refused = decide(ann, "REJECT", "r", version)
	expect(t, "rejected", line(refused, field(payload, "case.state"), field(payload, "case.decision.by")), "REJECTED ann")
	expect(t, "the author can undo", field(payload, "case.canUndo"), true)
	if field(payload, "case.undoUntil") == nil {
		t.Error("the author gets no undoUntil")
	}
	_, refused = decide(ben, "CONFIRM", "r", version+1)
	expect(t, "decided already", refused, "INVALID_STATE input.caseId")
	payload, refused = c.call(ben, "undoDecision", fmt.Sprintf("caseId: %q", id), caseFields)
	expect(t, "undone by another", line(refused, field(payload, "case.canUndo"), field(payload, "case.undoUntil")), "INVALID_STATE input.caseId false <nil>")
	payload, refused = c.call(ann, "undoDecision", fmt.Sprintf("caseId: %q", id), caseFields)
	expect(t, "undone", line(refused, field(payload, "case.state"), field(payload, "case.handling")), "ACCUMULATING PENDING")
	_, refused = c.call(ann, "undoDecision", fmt.Sprintf("caseId: %q", id), caseFields)
	expect(t, "undone twice", refused, "INVALID_STATE input.caseId")
	_, refused = c.call(ann, "undoDecision", `caseId: "RETURN_SWAPPED:nobody"`, caseFields)
	expect(t, "no case to undo", refused, "NOT_FOUND")

	answer := c.Do(ann, fmt.Sprintf(`mutation { decideCases(input: {items: [
		{caseId: "RETURN_SWAPPED:nobody", decision: REJECT, reason: "r", expectedVersion: 1},
		{caseId: %q, decision: CONFIRM, reason: "", expectedVersion: 1}, {caseId: %[1]q, decision: CONFIRM, reason: "r", expectedVersion: 1},
		{caseId: %[1]q, decision: CONFIRM, reason: "r", expectedVersion: %[2]d}]}) {
		results { case { id state } userErrors { code message field } } } }`, id, version+2), nil)
	var bulk struct {
		DecideCases struct{ Results []map[string]any }
	}
	answer.Into(t, &bulk)
	for i, want := range []string{
		"NOT_FOUND input.items.0 <nil>", "REASON_REQUIRED input.items.1.reason <nil>",
		"CONFLICT input.items.2.expectedVersion ACCUMULATING", "CONFIRMED",
	} {
		result := bulk.DecideCases.Results[i]
		expect(t, fmt.Sprintf("item %d", i), line(refusalsOf(result["userErrors"].([]any)), field(result, "case.state")), want)
	}
	items := strings.Repeat(`{caseId: "x", decision: REJECT, reason: "r", expectedVersion: 1}, `, cloudtag.MaxRulings+1)
	if answer := c.Do(ann, `mutation { decideCases(input: {items: [`+items+`]}) { results { case { id } } } }`, nil); !slices.Equal(answer.Codes(), []string{"BAD_USER_INPUT"}) {
		t.Errorf("too many: %s", answer.Raw)
	}
	payload, refused = c.call(ann, "voidTag", `orderNo: "own-order-1", reason: "r"`, "tag { status }")
	expect(t, "a success is voided", line(refused, field(payload, "tag.status")), "INVALID_STATE input.orderNo SUCCEEDED")
	_, refused = c.call(ann, "voidTag", `orderNo: "none", reason: "r"`, "tag { status }")
	expect(t, "no tag", refused, "NOT_FOUND")
	_, refused = c.call(ann, "voidTag", `orderNo: "own-order-1", reason: ""`, "tag { status }")
	expect(t, "no reason", refused, "REASON_REQUIRED input.reason")
	c.tag(ownShop, "own-order-3", "REVIEW_FALSE")
	payload, refused = c.call(ann, "voidTag", `orderNo: "own-order-3", reason: "r"`, "tag { status }")
	expect(t, "voided", line(refused, field(payload, "tag.status")), "VOIDED")
}
