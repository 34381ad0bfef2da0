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
	c.must(c.Deps.Rollouts.(*cloudtag.Rollouts).Carry(context.Background()))
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
		`basedOnVersion: 1, reason: "r"`: "CONFLICT", 
		`basedOnVersion: 2, handleWithinHours: 0, reason: "r"`: "INVALID_POLICY",
	} {
		if codes := c.Do(boss, `{ simulatePolicy(input: {`+input+`}) { tags } }`, nil).Codes(); !slices.Equal(codes, []string{code}) {
			t.Errorf("%s: %v, want %s", input, codes, code)
		}
	}
}
