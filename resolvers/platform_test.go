package resolvers_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// told is a mutation's payload: what it names, and the codes with their fields, such as "CONFLICT input.expectedVersion".
func told(t *testing.T, answer graphtest.Answer) (payload map[string]any, refusals string) {
	t.Helper()
	var data map[string]map[string]any
	answer.Into(t, &data)
	for _, only := range data {
		payload = only
	}
	errors, _ := payload["userErrors"].([]any)
	return payload, refusalsOf(errors)
}

func refusalsOf(userErrors []any) string {
	var codes []string
	for _, entry := range userErrors {
		refusal := entry.(map[string]any)
		code := refusal["code"].(string)
		if refusal["message"] == "" {
			code += " without a message"
		}
		if path, ok := refusal["field"].([]any); ok {
			var names []string
			for _, name := range path {
				names = append(names, name.(string))
			}
			code += " " + strings.Join(names, ".")
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, ", ")
}

// call runs a mutation of one input and one payload.
func (c *city) call(caller, name, input, fields string) (map[string]any, string) {
	c.T.Helper()
	t := c.T.(*testing.T)
	return told(t, c.Do(caller, fmt.Sprintf("mutation { %s(input: {%s}) { %s userErrors { code message field } } }", name, input, fields), nil))
}

// field walks an answer by dots.
func field(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

// line puts values on a line.
func line(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const caseFields = "case { id version state handling canDecide canUndo undoUntil claim { by until } decision { decision by } }"

func (c *city) reviewer(name string) string {
	return c.Token(person(name, cloudtag.RoleReviewer), time.Hour)
}

// Who reviews and acts for a shop as well is not offered cases with that shop's tags.
func TestReviewersOfAShopAreBarredFromItsCases(t *testing.T) {
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
		t.Fatal("the holder gets no token")
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
		t.Error("the author is not told until when")
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

func TestFreightInsuranceAndComplaints(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	service := c.As(cloudtag.RolePlatform)
	answerFor := func(caller string) any {
		var data map[string]any
		c.Do(caller, `{ freightInsuranceDecision(orderNo: "own-order-1") { answer grounds(language: ZH) version tag { status } complaint { state } } }`, nil).Into(t, &data)
		d := data["freightInsuranceDecision"]
		return line(field(d, "answer"), field(d, "version"), field(d, "tag.status"), field(d, "complaint.state"))
	}
	expect(t, "to a service", answerFor(service), "REFUSE 1 <nil> <nil>")
	payload, refused := c.call(service, "openComplaint", `orderNo: "own-order-1"`, "complaint { id state decidedAt }")
	expect(t, "opened", line(refused, field(payload, "complaint.state"), field(payload, "complaint.decidedAt")), "OPEN <nil>")
	id := field(payload, "complaint.id")
	_, refused = c.call(service, "openComplaint", `orderNo: "own-order-1"`, "complaint { id }")
	expect(t, "a second complaint", refused, "INVALID_STATE input.orderNo")
	_, refused = c.call(service, "openComplaint", `orderNo: "none"`, "complaint { id }")
	expect(t, "no order", refused, "NOT_FOUND")
	expect(t, "to a reviewer", answerFor(c.As(cloudtag.RoleReviewer)), "AWAIT_COMPLAINT 2 SUCCEEDED OPEN")
	_, refused = c.call(service, "decideComplaint", fmt.Sprintf("id: %q, state: OPEN", id), "complaint { state }")
	expect(t, "decided as open", refused, "INVALID_STATE input.state")
	payload, refused = c.call(service, "decideComplaint", fmt.Sprintf("id: %q, state: CONSUMER_UPHELD", id), "complaint { state }")
	expect(t, "decided", line(refused, field(payload, "complaint.state")), "CONSUMER_UPHELD")
	_, refused = c.call(service, "decideComplaint", `id: "none", state: WITHDRAWN`, "complaint { state }")
	expect(t, "no complaint", refused, "NOT_FOUND")
	expect(t, "afterwards", answerFor(service), "PAY 3 <nil> CONSUMER_UPHELD")
	if codes := c.Do(service, `{ freightInsuranceDecision(orderNo: "none") { answer } }`, nil).Codes(); !slices.Equal(codes, []string{"NOT_FOUND"}) {
		t.Errorf("an unknown order: %v", codes)
	}
}

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
		t.Errorf("the buyer is told %q", notice)
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

func TestRevocationsByTwoPeople(t *testing.T) {
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

func TestAppealsByAnother(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	service, ann := c.As(cloudtag.RolePlatform), c.reviewer("ann")
	file := func(id cloudtag.CaseID, statement string) (map[string]any, string) {
		return c.call(service, "fileAppeal", fmt.Sprintf("caseId: %q, statement: %q", id, statement), "appeal { id state case { id } facts { state } canDecide }")
	}
	_, refused := file(c.plan.confirmed(), "")
	expect(t, "no statement", refused, "REASON_REQUIRED input.statement")
	_, refused = file("RETURN_SWAPPED:nobody", "s")
	expect(t, "no case", refused, "NOT_FOUND")
	_, refused = file(c.plan.waiting(), "s")
	expect(t, "no effect", refused, "INVALID_STATE input.caseId")
	payload, refused := file(c.plan.confirmed(), "s")
	expect(t, "filed", line(refused, field(payload, "appeal.state"), field(payload, "appeal.case"), field(payload, "appeal.facts")), "OPEN <nil> <nil>")
	id := field(payload, "appeal.id")
	var list struct{ Appeals []map[string]any }
	c.Do(ann, `{ appeals(state: OPEN) { statement canDecide case { state } facts { state version explanation { count votes { merchants { id } } } tags { orderNo status merchant { name } } } } }`, nil).Into(t, &list)
	if len(list.Appeals) != 1 || field(list.Appeals[0], "facts.explanation.count") != 3.0 || list.Appeals[0]["canDecide"] != true || len(field(list.Appeals[0], "facts.tags").([]any)) != 3 {
		t.Errorf("for the reviewer: %v", list.Appeals)
	}
	decide := func(reply string) (map[string]any, string) {
		return c.call(ann, "decideAppeal", fmt.Sprintf("id: %q, accept: true, reply: %q", id, reply), "appeal { state decidedBy reply case { state } facts { state } }")
	}
	var one struct{ Appeal, None map[string]any }
	c.Do(ann, fmt.Sprintf(`{ appeal(id: %q) { statement facts { version } } none: appeal(id: "none") { id } }`, id), nil).Into(t, &one)
	if one.None != nil || one.Appeal["statement"] != "s" || field(one.Appeal, "facts.version") == nil {
		t.Errorf("one appeal: %v", one)
	}
	c.Do(service, fmt.Sprintf(`{ appeal(id: %q) { statement } }`, id), nil).Into(t, &one)
	if one.Appeal != nil {
		t.Errorf("one appeal for a service: %v", one.Appeal)
	}
	_, refused = decide("")
	expect(t, "no reply", refused, "REASON_REQUIRED input.reply")
	payload, refused = decide("sorry")
	expect(t, "accepted", line(refused, field(payload, "appeal.state"), field(payload, "appeal.case.state"), field(payload, "appeal.facts.state")), "ACCEPTED OVERTURNED CONFIRMED")
	_, refused = decide("again")
	expect(t, "decided twice", refused, "INVALID_STATE input.id")
	// Who decided the case does not decide its appeal.
	var now struct{ Case struct{ Version int } }
	c.Do(ann, fmt.Sprintf(`{ case(id: %q) { version } }`, c.plan.waiting()), nil).Into(t, &now)
	_, refused = c.call(ann, "decideCase", fmt.Sprintf(`caseId: %q, decision: CONFIRM, reason: "r", expectedVersion: %d`, c.plan.waiting(), now.Case.Version), "case { id }")
	expect(t, "confirmed", refused, "")
	payload, refused = file(c.plan.waiting(), "s")
	expect(t, "filed", refused, "")
	id = field(payload, "appeal.id")
	_, refused = decide("sorry")
	expect(t, "by who decided the case", refused, "SAME_PERSON input.id")
}

func TestSavedViews(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, ben := c.reviewer("ann"), c.reviewer("ben")
	save := func(caller, input string) (map[string]any, string) {
		return c.call(caller, "saveView", input, "view { id page name search shared createdBy canEdit }")
	}
	payload, refused := save(ann, `page: "queue", name: "urgent", search: "a=b", shared: true`)
	expect(t, "saved", line(refused, field(payload, "view.createdBy"), field(payload, "view.canEdit")), "ann true")
	id := field(payload, "view.id")
	_, refused = save(ann, `page: "queue", name: "urgent", search: "", shared: false`)
	expect(t, "the same name", refused, "CONFLICT input.name")
	_, refused = save(ben, fmt.Sprintf(`id: %q, page: "queue", name: "mine now", search: "", shared: false`, id))
	expect(t, "changed by another", refused, "NOT_FOUND")
	payload, refused = save(ann, fmt.Sprintf(`id: %q, page: "queue", name: "very urgent", search: "", shared: true`, id))
	expect(t, "changed", line(refused, field(payload, "view.name"), field(payload, "view.id")), fmt.Sprintf("very urgent %s", id))
	var list struct{ Mine, Shared any }
	c.Do(ben, `{ mine: savedViews(page: "queue") { totalCount }, shared: savedViews(page: "queue", shared: true) { totalCount nodes { name canEdit } } }`, nil).Into(t, &list)
	expect(t, "ben's own", list.Mine, any(map[string]any{"totalCount": 0.0}))
	expect(t, "for others", list.Shared, any(map[string]any{"totalCount": 1.0, "nodes": []any{map[string]any{"name": "very urgent", "canEdit": false}}}))
	remove := func(caller string) (map[string]any, string) {
		return c.call(caller, "deleteView", fmt.Sprintf("id: %q", id), "deletedId")
	}
	payload, refused = remove(ben)
	expect(t, "deleted by another", line(refused, payload["deletedId"]), "NOT_FOUND <nil>")
	payload, refused = remove(ann)
	expect(t, "deleted", line(refused, payload["deletedId"]), id)
	for n := range cloudtag.MaxViews {
		if _, refused := save(ann, fmt.Sprintf(`page: "queue", name: "%d", search: "", shared: false`, n)); refused != "" {
			t.Fatal(refused)
		}
	}
	_, refused = save(ann, `page: "queue", name: "one more", search: "", shared: false`)
	expect(t, "one more", refused, "TOO_MANY_VIEWS input")
}

// The connections page, filter and count; what waits comes first. The lists beside them are their beginning.
func TestConnectionsOfDecisions(t *testing.T) {
	c := newCity(t, fullPlan())
	reviewer := c.reviewer("ann")
	for name, query := range map[string]string{
		"restrictions": `list: restrictions { id } page: restrictionConnection { nodes { id } totalCount }
			first: restrictionConnection(first: 1) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: restrictionConnection(filter: {state: PENDING_REVIEW}) { totalCount }`,
		"revocations": `list: revocations { id } page: revocationConnection { nodes { id } totalCount }
			first: revocationConnection(first: 1, filter: {merchantId: "secret-shop-1", kind: FALSE_REPORT, proposedBy: "secret-reviewer", state: PROPOSED}) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: revocationConnection(filter: {kind: THREATENED_BUYER}) { totalCount }`,
		"appeals": `list: appeals { id } page: appealConnection { nodes { id } totalCount }
			first: appealConnection(first: 1, filter: {buyerId: null}) { edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage } totalCount }
			waiting: appealConnection(filter: {state: ACCEPTED}) { totalCount }`,
	} {
		answer := c.Do(reviewer, "{ "+query+" }", nil)
		var data struct {
			List []struct{ ID string }
			Page struct {
				Nodes      []struct{ ID string }
				TotalCount int
			}
			First struct {
				Edges []struct {
					Cursor string
					Node   struct{ ID, State string }
				}
				TotalCount int
			}
			Waiting struct{ TotalCount int }
		}
		answer.Into(t, &data)
		if len(data.List) == 0 || !slices.Equal(data.List, data.Page.Nodes) || data.Page.TotalCount != len(data.List) {
			t.Errorf("%s: %s", name, answer.Raw)
		}
		if len(data.First.Edges) != 1 || data.First.Edges[0].Cursor == "" || data.First.TotalCount < 1 {
			t.Errorf("%s: %s", name, answer.Raw)
		}
		if data.Waiting.TotalCount >= data.Page.TotalCount {
			t.Errorf("%s: the filter selects all: %s", name, answer.Raw)
		}
	}
}

func TestAbilitiesOfCallers(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	for name, test := range map[string]struct{ caller, want string }{
		"a shop":     {c.owner(), "manageWebhooks restrictBuyers seeWebhooks submitTags"},
		"a stranger": {c.As(cloudtag.RoleMerchant, "unknown"), "manageWebhooks restrictBuyers seeWebhooks"},
		"REVIEWER":   {c.As(cloudtag.RoleReviewer), "decide readLog seeBuyers seeCases shareViews"},
		"ADMIN":      {c.As(cloudtag.RoleAdmin), "administrate decide manageWebhooks readLog seeBuyers seeCases seeWebhooks shareViews"},
		"AUDITOR":    {c.As(cloudtag.RoleAuditor), "readLog seeBuyers seeCases seeWebhooks"},
		"PLATFORM":   {c.As(cloudtag.RolePlatform), "importData manageWebhooks seeBuyers seeWebhooks serveClaims"},
	} {
		var data struct {
			Viewer struct{ Can map[string]bool }
		}
		c.Do(test.caller, `{ viewer { can { submitTags restrictBuyers seeCases seeBuyers readLog decide administrate shareViews importData serveClaims seeWebhooks manageWebhooks } } }`, nil).Into(t, &data)
		var can []string
		for _, ability := range slices.Sorted(maps.Keys(data.Viewer.Can)) {
			if data.Viewer.Can[ability] {
				can = append(can, ability)
			}
		}
		expect(t, name, strings.Join(can, " "), test.want)
	}
}

func TestLinkedPairsAndSignals(t *testing.T) {
	c := newCity(t, fullPlan())
	var data struct {
		LinkedPairs []map[string]any
		Case        map[string]any
	}
	c.Do(c.As(cloudtag.RoleAuditor), fmt.Sprintf(`{ linkedPairs { a { id } b { name } commonBuyers buyersOfA buyersOfB lift }
		case(id: %q) { signals { burst { entities from to } linkedPairs { a { id } b { id } } } } }`, c.plan.confirmed()), nil).Into(t, &data)
	// 7 in common of 8 and 9 among 1,000: 7 × 1000 / (8 × 9).
	expect(t, "pairs", data.LinkedPairs, []map[string]any{{
		"a": map[string]any{"id": "secret-shop-0"}, "b": map[string]any{"name": "Shop secret-shop-1"},
		"commonBuyers": 7, "buyersOfA": 8, "buyersOfB": 9, "lift": 7000.0 / 72,
	}})
	var pages struct {
		LinkedPairConnection struct {
			Nodes []map[string]any
			Edges []struct {
				Cursor string
				Node   map[string]any
			}
			TotalCount int
		}
		TokenRevocations          []map[string]any
		TokenRevocationConnection struct {
			Nodes      []map[string]any
			TotalCount int
		}
	}
	c.Do(c.As(cloudtag.RoleAuditor), `{ linkedPairConnection(first: 1) { nodes { a { id } b { name } commonBuyers buyersOfA buyersOfB lift } edges { cursor node { at } } totalCount }
		tokenRevocations { id subject } tokenRevocationConnection { nodes { id subject } totalCount } }`, nil).Into(t, &pages)
	expect(t, "the page of pairs", pages.LinkedPairConnection.Nodes, data.LinkedPairs)
	if edges := pages.LinkedPairConnection.Edges; len(edges) != 1 || edges[0].Cursor == "" || edges[0].Node["at"] == "" || pages.LinkedPairConnection.TotalCount != 1 {
		t.Errorf("%+v", pages.LinkedPairConnection)
	}
	expect(t, "the page of revocations", pages.TokenRevocationConnection.Nodes, pages.TokenRevocations)
	expect(t, "revocations", pages.TokenRevocationConnection.TotalCount, 1)
	expect(t, "entities of the burst", field(data.Case, "signals.burst.entities"), 3)
	expect(t, "pairs of the case", len(field(data.Case, "signals.linkedPairs").([]any)), 1)
}

// One query of an account, or of a case, brings everything there is about it, with one call per relation; a page of cases
// costs no more calls than one case.
func TestEverythingAboutACaseWithoutReadingRowByRow(t *testing.T) {
	c := newCity(t, fullPlan())
	const aboutBuyer = `id risk { score level signals { code label } } exposure { orders merchants } complaints { id state }
		restrictions { id modes description merchant { name permission } } appeals { id statement canDecide case { id state } }
		tags(first: 10) { nodes { orderNo status merchant { name } order { amountCents } } }
		cases { id state scenario { name } explanation { count votes { merchants { name } } } }`
	const aboutCase = `id state claim { by } explanation { text votes { entityId merchants { name } } } signals { burst { entities } linkedPairs { a { name } } }
		tags(first: 10) { nodes { orderNo status merchant { name } order { amountCents } } } decision { reason } timeline(first: 10) { nodes { action } }`
	auditor := c.As(cloudtag.RoleAuditor)
	calls := func(query string) map[string]int {
		t.Helper()
		c.Store.Calls()
		var data any
		c.Do(auditor, query, nil).Into(t, &data)
		counted := c.Store.Calls()
		delete(counted, "last") // the tail polls
		delete(counted, "log")
		return counted
	}
	ofBuyer := map[string]int{
		"get risks":   2,                  // of the account: to know it, its level
		"list orders": 1, "get orders": 1, // the exposure, the orders of its tags
		"get cases": 4, "get tags": 2, // its cases, their live tags, those of the appeals; its tags, through its cases
		"list documents": 3, // complaints, restrictions, appeals
		"get merchants":  3, // of the tags, the restrictions and the votes
		"get policies":   2, // risk levels, the window of the exposure
	}
	if got := calls(fmt.Sprintf(`{ buyer(id: %q) { %s } }`, c.plan.first, aboutBuyer)); !maps.Equal(got, ofBuyer) {
		t.Errorf("calls for an account:\n%v\nwant\n%v", got, ofBuyer)
	}
	ofCase := maps.Clone(ofBuyer)
	ofCase["get risks"]-- // the case vouches for its account
	for call, more := range map[string]int{
		"get cases": 4, "get tags": 3, "get policies": 1, // the case, its explanation, its signals; its tags, through it
		"get documents": 1,                     // the records of its shops, for links
		"get orders":    1, "get merchants": 3, // its tags with their shops, its votes', the pairs'
	} {
		ofCase[call] += more
	}
	if got := calls(fmt.Sprintf(`{ case(id: %q) { %s buyer { %s } } }`, c.plan.confirmed(), aboutCase, aboutBuyer)); !maps.Equal(got, ofCase) {
		t.Errorf("calls for a case:\n%v\nwant\n%v", got, ofCase)
	}
	// The pages within rows are read row by row; all else is read once for both cases.
	const row = `id explanation { votes { merchants { name } } } signals { linkedPairs { a { name } } } buyer { risk { score } exposure { orders }
		complaints { id } restrictions { id merchant { name } } appeals { id case { id } } cases { id } }`
	one, both := calls(`{ cases(filter: {state: [CONFIRMED]}) { nodes { `+row+` } } }`), calls(`{ cases { nodes { `+row+` } } }`)
	if !maps.Equal(one, both) {
		t.Errorf("calls for one case:\n%v\nfor two\n%v", one, both)
	}
}

// A failure of a store behind the platform's services is a fault, and says nothing of its cause.
func TestPlatformFaults(t *testing.T) {
	c := newCity(t, fullPlan())
	c.Store.Fail("list documents", errors.New("secret disk"))
	answer := c.Do(c.As(cloudtag.RoleReviewer), fmt.Sprintf(`{ buyer(id: %q) { complaints { id } } }`, c.plan.first), nil)
	if !slices.Equal(answer.Codes(), []string{"INTERNAL"}) || strings.Contains(answer.Raw, "disk") {
		t.Errorf("%s", answer.Raw)
	}
}

func TestOrdersThatAShopHasNotTagged(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	var list struct {
		UntaggedOrders struct {
			Nodes    []struct{ OrderNo, ReportOutcome string }
			Edges    []struct{ Cursor string }
			PageInfo struct {
				HasNextPage bool
				EndCursor   *string
			}
		}
	}
	ask := func(arguments string) {
		c.Do(c.owner(), `{ untaggedOrders`+arguments+` { nodes { orderNo reportOutcome } edges { cursor } pageInfo { hasNextPage endCursor } } }`, nil).Into(t, &list)
	}
	ask("")
	if page := list.UntaggedOrders; len(page.Nodes) != 1 || page.Nodes[0].OrderNo != "own-order-3" || page.PageInfo.HasNextPage || len(page.Edges) != 1 {
		t.Errorf("all: %+v", page)
	}
	ask(`(filter: {search: "order-2"})`)
	if page := list.UntaggedOrders; len(page.Nodes) != 0 || page.PageInfo.HasNextPage {
		t.Errorf("one that is tagged: %+v", page)
	}
	if codes := c.Do(c.owner(), `{ untaggedOrders(first: 101) { nodes { orderNo } } }`, nil).Codes(); !slices.Equal(codes, []string{"BAD_USER_INPUT"}) {
		t.Errorf("too many: %v", codes)
	}
	if codes := c.Do(c.reviewer("ann"), `{ untaggedOrders { nodes { orderNo } } }`, nil).Codes(); !slices.Equal(codes, []string{"FORBIDDEN"}) {
		t.Errorf("a reviewer: %v", codes)
	}
}

func TestAShopsQuotaAndAnswers(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	quota := func(caller, id string) string {
		return string(c.Do(caller, `query ($id: ID!) { merchant(id: $id) { tagQuota { limit remaining } revokedFor } }`, map[string]any{"id": id}).Data)
	}
	expect(t, "its own", quota(c.owner(), "own-shop"), `{"merchant":{"tagQuota":{"limit":1000,"remaining":1000},"revokedFor":null}}`)
	expect(t, "a reviewer's look", quota(c.reviewer("ann"), "own-shop"), `{"merchant":{"tagQuota":null,"revokedFor":null}}`)
	answer := func() string {
		return string(c.Do(c.owner(), `{ order(orderNo: "own-order-1") { freightInsurance { answer complaint { state } tag { status } } } }`, nil).Data)
	}
	expect(t, "before anybody asked", answer(), `{"order":{"freightInsurance":null}}`)
	c.Do(c.As(cloudtag.RolePlatform), `{ freightInsuranceDecision(orderNo: "own-order-1") { answer } }`, nil)
	expect(t, "given", answer(), `{"order":{"freightInsurance":{"answer":"REFUSE","complaint":null,"tag":null}}}`)
}
