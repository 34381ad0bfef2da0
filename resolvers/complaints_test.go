package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"cloudtag/internal/cloudtag"
)

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

func TestAppealsAreDecidedByAnotherReviewer(t *testing.T) {
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
	// The reviewer who decided the case may not decide its appeal.
	var now struct{ Case struct{ Version int } }
	c.Do(ann, fmt.Sprintf(`{ case(id: %q) { version } }`, c.plan.waiting()), nil).Into(t, &now)
	_, refused = c.call(ann, "decideCase", fmt.Sprintf(`caseId: %q, decision: CONFIRM, reason: "r", expectedVersion: %d`, c.plan.waiting(), now.Case.Version), "case { id }")
	expect(t, "confirmed", refused, "")
	payload, refused = file(c.plan.waiting(), "s")
	expect(t, "filed", refused, "")
	id = field(payload, "appeal.id")
	_, refused = decide("sorry")
	expect(t, "by the reviewer who decided the case", refused, "SAME_PERSON input.id")
}
