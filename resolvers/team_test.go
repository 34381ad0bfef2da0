package resolvers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// Notes are sent at once as changes of their case, and conflict with no decision: the version does not change.
func TestNotesAreEvents(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ann, id := c.Connect(c.reviewer("ann")), c.plan.waiting()
	ann.Subscribe("1", `subscription ($after: Cursor) { caseChanged(after: $after) { action case { version noteCount notes { id by text } } } }`,
		graphtest.Variables{"after": c.LogCursor(c.As(cloudtag.RoleReviewer), len(c.Store.Log()))})
	found, err := c.Store.Cases(context.Background(), []cloudtag.CaseID{id})
	c.must(err)
	_, err = c.Deps.Team.Note(context.Background(), person("ben", cloudtag.RoleReviewer), id, "three parcels, three bricks")
	c.must(err)
	seq := len(c.Store.Log())
	expect(t, "event of the note", next(c, ann, "1").Raw, fmt.Sprintf(
		`{"data":{"caseChanged":{"action":"case.noted","case":{"version":%d,"noteCount":1,"notes":[{"id":"%d","by":"ben","text":"three parcels, three bricks"}]}}}}`,
		found[id].Version, seq))
	withdraw := `mutation ($note: ID!) { withdrawCaseNote(input: {caseId: "` + string(id) + `", noteId: $note}) { case { noteCount notes { text withdrawnBy canWithdraw } } userErrors { code } } }`
	for _, note := range []string{"x", "0", fmt.Sprint(seq)} {
		expect(t, "another's note "+note, c.Do(c.reviewer("ann"), withdraw, graphtest.Variables{"note": note}).Raw,
			`{"data":{"withdrawCaseNote":{"case":null,"userErrors":[{"code":"NOT_FOUND"}]}}}`)
	}
	expect(t, "one's own", c.Do(c.reviewer("ben"), withdraw, graphtest.Variables{"note": fmt.Sprint(seq)}).Raw,
		`{"data":{"withdrawCaseNote":{"case":{"noteCount":0,"notes":[{"text":null,"withdrawnBy":"ben","canWithdraw":false}]},"userErrors":[]}}}`)
}

// The filters by assignment, snooze and escalation are evaluated as of now, and for the caller.
func TestFiltersByTeamwork(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	ctx, id, chief := context.Background(), c.plan.waiting(), person("chief", cloudtag.RoleAdmin)
	count := func(caller, filter string) int {
		t.Helper()
		var data struct{ Cases struct{ TotalCount int } }
		c.Do(caller, `{ cases(filter: {`+filter+`}) { totalCount } }`, nil).Into(t, &data)
		return data.Cases.TotalCount
	}
	_, err := c.Deps.Team.Assign(ctx, chief, []cloudtag.CaseID{id}, "chief")
	c.must(err)
	_, err = c.Deps.Team.Snooze(ctx, chief, id, c.Clock.Now().Add(time.Hour), "")
	c.must(err)
	chiefs, annas := c.Token(chief, time.Hour), c.reviewer("ann")
	for _, test := range []struct {
		caller, filter string
		want           int
	}{
		{chiefs, "assignedToMe: true", 1},
		{annas, "assignedToMe: true", 0},
		{annas, "assignedToMe: false, handling: PENDING", 1},
		{annas, `assignedTo: "chief"`, 1},
		{chiefs, `assignedTo: "chief", assignedToMe: true`, 1},
		{annas, "snoozed: true", 1},
		{annas, "snoozed: false, handling: PENDING", 0},
		{annas, "escalated: true", 0},
		{annas, "escalated: false, handling: PENDING", 1},
	} {
		if got := count(test.caller, test.filter); got != test.want {
			t.Errorf("%s: %d, want %d", test.filter, got, test.want)
		}
	}
	if answer := c.Do(annas, `{ cases(filter: {assignedToMe: true, assignedTo: "chief"}) { totalCount } }`, nil); !strings.Contains(answer.Raw, "BAD_USER_INPUT") {
		t.Errorf("two people at once: %s", answer.Raw)
	}
	c.Clock.Advance(time.Hour)
	if got := count(annas, "snoozed: false, handling: PENDING"); got != 1 {
		t.Errorf("at the end of the snooze: %d", got)
	}
	expect(t, "of the case", c.Do(annas, `{ case(id: "`+string(id)+`") { snooze { by } assignment { to by } } }`, nil).Raw,
		`{"data":{"case":{"snooze":null,"assignment":{"to":"chief","by":"chief"}}}}`)
}

// A lead assigns several cases independently; a refusal names its index in the list.
func TestAssignCases(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	chief := c.Token(person("chief", cloudtag.RoleAdmin), time.Hour)
	assign := `mutation ($ids: [ID!]!, $to: String) { assignCases(input: {caseIds: $ids, to: $to}) { results { case { assignment { to } } userErrors { code field } } } }`
	ids := []string{string(c.plan.confirmed()), string(c.plan.waiting()), "RETURN_SWAPPED:nobody"}
	expect(t, "to oneself", c.Do(chief, assign, graphtest.Variables{"ids": ids, "to": "chief"}).Raw,
		`{"data":{"assignCases":{"results":[`+
			`{"case":{"assignment":null},"userErrors":[{"code":"INVALID_STATE","field":["input","caseIds","0","caseId"]}]},`+
			`{"case":{"assignment":{"to":"chief"}},"userErrors":[]},`+
			`{"case":null,"userErrors":[{"code":"NOT_FOUND","field":["input","caseIds","2"]}]}]}}}`)
	if answer := c.Do(chief, assign, graphtest.Variables{"ids": ids, "to": "nobody-of-that-name"}); !strings.Contains(answer.Raw, `"field":["input","to"]`) {
		t.Errorf("to an unknown reviewer: %s", answer.Raw)
	}
	if answer := c.Do(c.reviewer("ann"), assign, graphtest.Variables{"ids": ids, "to": "ann"}); !strings.Contains(answer.Raw, "FORBIDDEN") {
		t.Errorf("by a reviewer: %s", answer.Raw)
	}
}

// A takeover returns a token to the lead; the previous holder of the claim sees only the lead's name.
func TestTakeOverCase(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	id := c.plan.waiting()
	_, err := c.Deps.Reviews.Claim(context.Background(), person("ann", cloudtag.RoleReviewer), id, "")
	c.must(err)
	var data struct{ TakeOverCase struct{ Token *string } }
	c.Do(c.Token(person("chief", cloudtag.RoleAdmin), time.Hour), `mutation { takeOverCase(input: {caseId: "`+string(id)+`"}) { token userErrors { code } } }`, nil).Into(t, &data)
	if data.TakeOverCase.Token == nil {
		t.Fatal("no token")
	}
	expect(t, "for the previous holder", c.Do(c.reviewer("ann"), `{ case(id: "`+string(id)+`") { canDecide claim { by takenFrom } } }`, nil).Raw,
		`{"data":{"case":{"canDecide":false,"claim":{"by":"chief","takenFrom":"ann"}}}}`)
}
