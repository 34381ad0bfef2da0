package resolvers_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

func TestPolicyChanges(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	boss := c.Token(person("boss", cloudtag.RoleAdmin), time.Hour)
	const all = `policy { version windowDays handleWithinHours highRiskFrom mediumRiskFrom adjustHigh adjustMedium adjustLow maxOrderAgeDays
		requireRejectedReport linkedPairsCountOnce holdLinkedPairs holdBursts rules { scenario threshold enabled } }`
	update := func(input string) (map[string]any, string) {
		c.Do(boss, `{ simulatePolicy(input: {`+input+`}) { tags } }`, nil) // what can't be published can't be simulated either
		return c.call(boss, "updatePolicy", input, all)
	}
	before, refused := update(`basedOnVersion: 2, maxOrderAgeDays: 90, reason: "r"`)
	expect(t, "updated", line(refused, field(before, "policy.version"), field(before, "policy.maxOrderAgeDays")), "3 90")
	after, refused := update(`basedOnVersion: 3, windowDays: 90, adjustLow: 2, holdBursts: true, rules: [{scenario: "RETURN_SWAPPED", threshold: 5}, {scenario: "REVIEW_FALSE", enabled: false}], reason: "r"`)
	expect(t, "updated again", refused, "")
	want := maps.Clone(before["policy"].(map[string]any))
	want["version"], want["windowDays"], want["adjustLow"], want["holdBursts"] = 4.0, 90.0, 2.0, true
	for i, rule := range want["rules"].([]any) {
		switch rule.(map[string]any)["scenario"] {
		case "RETURN_SWAPPED":
			want["rules"].([]any)[i] = map[string]any{"scenario": "RETURN_SWAPPED", "threshold": 5.0, "enabled": true}
		case "REVIEW_FALSE":
			want["rules"].([]any)[i] = map[string]any{"scenario": "REVIEW_FALSE", "threshold": 3.0, "enabled": false}
		}
	}
	expect(t, "what was left out is as before", after["policy"], want)
	cleared, refused := update(`basedOnVersion: 4, maxOrderAgeDays: null, windowDays: null, reason: "r"`)
	expect(t, "null", line(refused, field(cleared, "policy.maxOrderAgeDays"), field(cleared, "policy.windowDays")), "<nil> 90")
	for input, refusal := range map[string]string{
		`basedOnVersion: 4, reason: "r"`:                                                                  "CONFLICT input.basedOnVersion",
		`basedOnVersion: 99, reason: "r"`:                                                                 "CONFLICT input.basedOnVersion",
		`basedOnVersion: 5, reason: ""`:                                                                   "REASON_REQUIRED input.reason",
		`basedOnVersion: 5, windowDays: 0, reason: "r"`:                                                   "INVALID_POLICY input.windowDays",
		`basedOnVersion: 5, rules: [{scenario: "NONE"}], reason: "r"`:                                     "INVALID_POLICY input.rules.NONE",
		`basedOnVersion: 5, rules: [{scenario: "REVIEW_FALSE"}, {scenario: "REVIEW_FALSE"}], reason: "r"`: "INVALID_POLICY input.rules.REVIEW_FALSE",
	} {
		payload, refused := update(input)
		expect(t, input, refused, refusal)
		if conflict := strings.HasPrefix(refusal, "CONFLICT"); conflict != (payload["policy"] != nil) || conflict && field(payload, "policy.version") != 5.0 {
			t.Errorf("%s comes with %v", input, payload["policy"])
		}
	}
	c.must(c.Deps.Rollouts.Run(context.Background()))
	var rollout struct{ PolicyRollout map[string]any }
	c.Do(boss, `{ policyRollout(version: 5) { policyVersion evaluated cases completedAt } }`, nil).Into(t, &rollout)
	if r := rollout.PolicyRollout; r["evaluated"] != 2.0 || r["cases"] != 2.0 || r["completedAt"] == nil {
		t.Errorf("rollout %v", r)
	}
	c.Do(boss, `{ policyRollout(version: 99) { policyVersion } }`, nil).Into(t, &rollout)
	if rollout.PolicyRollout != nil {
		t.Errorf("rollout of no version: %v", rollout.PolicyRollout)
	}
}

func TestSimulatePolicy(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	for i := range 5 { // five more cases of two votes
		buyer := cloudtag.BuyerID(fmt.Sprintf("more-%d", i))
		orders := []cloudtag.Order{
			c.Order(cloudtag.OrderNo(fmt.Sprintf("m-%d-1", i)), "secret-shop-0", buyer), c.Order(cloudtag.OrderNo(fmt.Sprintf("m-%d-2", i)), "secret-shop-1", buyer),
		}
		c.Import(nil, orders...)
		c.tag("secret-shop-0", orders[0].OrderNo, swapped)
		c.tag("secret-shop-1", orders[1].OrderNo, swapped)
	}
	boss := c.Token(person("boss", cloudtag.RoleAdmin), time.Hour)
	logged := len(c.Store.Log())
	var found struct {
		SimulatePolicy struct {
			Tags, Cases, ConfirmedBefore, ConfirmedAfter, SucceededBefore, SucceededAfter int
			ChangedCases                                                                  struct {
				TotalCount int
				Nodes      []struct{ ID, State string }
				PageInfo   struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
	}
	var changed []string
	var after *string
	for {
		c.Do(boss, `query ($after: Cursor) { simulatePolicy(input: {basedOnVersion: 2, rules: [{scenario: "RETURN_SWAPPED", threshold: 2}], reason: "what if"}) {
			tags cases confirmedBefore confirmedAfter succeededBefore succeededAfter
			changedCases(first: 4, after: $after) { totalCount nodes { id state } pageInfo { hasNextPage endCursor } } } }`, graphtest.Variables{"after": after}).Into(t, &found)
		s := found.SimulatePolicy
		// 3 + 2 tags of the city and 10 more; the six cases of two votes are confirmed by two.
		expect(t, "numbers", line(s.Tags, s.Cases, s.ConfirmedBefore, s.ConfirmedAfter, s.SucceededBefore, s.SucceededAfter, s.ChangedCases.TotalCount), "15 7 1 7 3 15 6")
		for _, node := range s.ChangedCases.Nodes {
			changed = append(changed, node.ID)
		}
		if after = s.ChangedCases.PageInfo.EndCursor; !s.ChangedCases.PageInfo.HasNextPage {
			break
		}
	}
	expect(t, "changed cases", changed, []string{
		"RETURN_SWAPPED:b-2", "RETURN_SWAPPED:more-0", "RETURN_SWAPPED:more-1", "RETURN_SWAPPED:more-2", "RETURN_SWAPPED:more-3", "RETURN_SWAPPED:more-4",
	})
	for _, entry := range c.Store.Log()[logged:] {
		if entry.Action != cloudtag.ActionPolicySimulated {
			t.Errorf("a simulation changed something: %s", entry.Action)
		}
	}
	for input, code := range map[string]string{
		`basedOnVersion: 1, reason: "r"`:                       "CONFLICT",
		`basedOnVersion: 2, handleWithinHours: 0, reason: "r"`: "INVALID_POLICY",
	} {
		if codes := c.Do(boss, `{ simulatePolicy(input: {`+input+`}) { tags } }`, nil).Codes(); !slices.Equal(codes, []string{code}) {
			t.Errorf("%s: %v, want %s", input, codes, code)
		}
	}
}

// The life of a draft through the API: every invalid field is named, concurrent changes conflict, two people publish it.
func TestPolicyDrafts(t *testing.T) {
	c := newCity(t, fullPlan())
	ann, ben := c.Token(person("ann", cloudtag.RoleAdmin), time.Hour), c.Token(person("ben", cloudtag.RoleAdmin), time.Hour)
	const shown = `draft { id revision name state changedBy publishedAs numbers { windowDays requireApproval } simulation { by } proposal { by startsAt decidedBy } canDecide }`
	_, refused := c.call(ann, "savePolicyDraft", `name: "shorter", policy: {basedOnVersion: 2, windowDays: 0, mediumRiskFrom: 99, rules: [{scenario: "RETURN_SWAPPED", threshold: 1}], reason: ""}`, shown)
	expect(t, "wrong numbers", refused, "INVALID_POLICY input.windowDays, INVALID_POLICY input.mediumRiskFrom, INVALID_POLICY input.rules.RETURN_SWAPPED")
	var answer struct {
		SavePolicyDraft struct{ UserErrors []struct{ Field []string } }
	}
	c.Do(ann, `mutation { savePolicyDraft(input: {name: "", policy: {basedOnVersion: 2, windowDays: 0, mediumRiskFrom: 99, rules: [{scenario: "RETURN_SWAPPED", threshold: 1}], reason: ""}}) { userErrors { field } } }`, nil).Into(t, &answer)
	expect(t, "fields", answer.SavePolicyDraft.UserErrors, []struct{ Field []string }{
		{[]string{"input", "name"}}, {[]string{"input", "windowDays"}}, {[]string{"input", "mediumRiskFrom"}}, {[]string{"input", "rules", "RETURN_SWAPPED"}},
	})
	payload, refused := c.call(ann, "savePolicyDraft", `name: "shorter", policy: {basedOnVersion: 2, windowDays: 90, reason: ""}`, shown)
	expect(t, "saved", line(refused, field(payload, "draft.revision"), field(payload, "draft.numbers.windowDays"), field(payload, "draft.simulation")), "1 90 <nil>")
	id := field(payload, "draft.id").(string)
	save := func(caller string, revision, windowDays int) (map[string]any, string) {
		return c.call(caller, "savePolicyDraft", fmt.Sprintf(`id: %q, revision: %d, name: "shorter", policy: {basedOnVersion: 2, windowDays: %d, reason: ""}`, id, revision, windowDays), shown)
	}
	_, refused = save(ben, 1, 60)
	expect(t, "ben saves", refused, "")
	payload, refused = save(ann, 1, 30)
	expect(t, "ann is behind", line(refused, field(payload, "draft.changedBy"), field(payload, "draft.numbers.windowDays")), "CONFLICT input.revision ben 60")

	publish := fmt.Sprintf(`basedOnVersion: 2, windowDays: 60, reason: "why", startsAt: %q, draft: {id: %q, revision: 2}`, c.Clock.Now().Add(time.Hour).Format(time.RFC3339), id)
	_, refused = c.call(ann, "updatePolicy", publish, shown)
	expect(t, "not simulated", refused, "SIMULATION_REQUIRED input")
	events := c.events(ann, `subscription { policySimulated(input: {basedOnVersion: 2, windowDays: 60, reason: ""}, handledPerDay: 5) { done of simulation { tags handledPerDay before { queued queuedPerDay peak missed } after { queued } overturned } } }`, 2)
	var last struct {
		PolicySimulated struct {
			Done, Of   int
			Simulation map[string]any
		}
	}
	events[len(events)-1].Into(t, &last)
	if p := last.PolicySimulated; p.Done != p.Of || p.Done == 0 || p.Simulation["tags"] != float64(p.Done) || p.Simulation["handledPerDay"] != 5.0 {
		t.Errorf("%+v", p)
	}
	payload, refused = c.call(ann, "updatePolicy", publish, shown+` policy { version }`)
	expect(t, "proposed", line(refused, field(payload, "policy"), field(payload, "draft.state"), field(payload, "draft.simulation.by"), field(payload, "draft.canDecide")), "<nil> PROPOSED ann false")
	decision := fmt.Sprintf(`id: %q, approve: true, reason: "yes"`, id)
	_, refused = c.call(ann, "decidePolicyDraft", decision, shown)
	expect(t, "ann approves her own", refused, "SAME_PERSON input.id")
	payload, refused = c.call(ben, "decidePolicyDraft", decision, shown+` policy { version startsAt approvedBy createdBy }`)
	expect(t, "approved", line(refused, field(payload, "policy.version"), field(payload, "policy.createdBy"), field(payload, "policy.approvedBy"), field(payload, "draft.publishedAs")), "4 ann ben 4")
	var standing struct {
		PolicyTimeline struct{ InForce, Scheduled, Latest *struct{ Version int } }
	}
	timeline := func() string {
		c.Do(ann, `{ policyTimeline { inForce { version } scheduled { version } latest { version } } }`, nil).Into(t, &standing)
		scheduled := 0
		if standing.PolicyTimeline.Scheduled != nil {
			scheduled = standing.PolicyTimeline.Scheduled.Version
		}
		return line(standing.PolicyTimeline.InForce.Version, scheduled, standing.PolicyTimeline.Latest.Version)
	}
	expect(t, "in force, scheduled, latest", timeline(), "2 4 4")
	payload, refused = c.call(ben, "withdrawPolicy", `version: 4, reason: "not now"`, `policy { version withdrawal { by reason } }`)
	expect(t, "withdrawn", line(refused, field(payload, "policy.withdrawal.by"), field(payload, "policy.withdrawal.reason")), "ben not now")
	expect(t, "in force, scheduled, latest", timeline(), "2 0 4")
	_, refused = c.call(ben, "withdrawPolicy", `version: 4, reason: "again"`, `policy { version }`)
	expect(t, "withdrawn twice", refused, "INVALID_STATE input.version")

	payload, refused = c.call(ann, "savePolicyDraft", `name: "back", policy: {basedOnVersion: 2, numbersOfVersion: 1, reason: ""}`, shown)
	expect(t, "a return to version 1", line(refused, field(payload, "draft.numbers.requireApproval")), "false")
	_, refused = c.call(ann, "discardPolicyDraft", fmt.Sprintf(`id: %q, revision: 1`, field(payload, "draft.id")), shown)
	expect(t, "discarded", refused, "")
}
