package resolvers_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// The counts of the city: own-shop's two tags, and those of other shops for the same accounts.
func TestMetrics(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	c.must(c.Deps.Metrics.CatchUp(context.Background()))
	now := c.Clock.Now()
	ask := func(only string) map[string]any {
		var data struct{ Metrics map[string]any }
		c.Do(c.reviewer("ann"), `query ($from: Time!, $to: Time!, $only: ID) { metrics(from: $from, to: $to, scenario: $only) {
			behind days { day tally { tags } } scenarios { scenario { code } tally { tags consensus { count buckets { fromSeconds toSeconds count } } } }
			total { tags succeeded queued handling { count meanSeconds } } } }`,
			graphtest.Variables{"from": now.Add(-48 * time.Hour), "to": now.Add(24 * time.Hour), "only": nilIfEmpty(only)}).Into(t, &data)
		return data.Metrics
	}
	tags := map[string]int{}
	for _, entry := range c.Store.Log() {
		if entry.Action == cloudtag.ActionTagSubmitted {
			scenario, _, _ := cloudtag.CaseID(entry.Subject("case")).Parts()
			tags[string(scenario)]++
			tags[""]++
		}
	}
	for _, only := range []string{"", string(swapped), string(freight)} {
		got := ask(only)
		expect(t, only+": behind", got["behind"], 0.0)
		expect(t, only+": tags", field(got, "total.tags"), float64(tags[only]))
		expect(t, only+": days", len(got["days"].([]any)), 4)
		sum := 0.0
		for _, day := range got["days"].([]any) {
			sum += field(day.(map[string]any), "tally.tags").(float64)
		}
		expect(t, only+": tags by day", sum, float64(tags[only]))
		for _, of := range got["scenarios"].([]any) {
			code := field(of.(map[string]any), "scenario.code").(string)
			expect(t, only+": tags of "+code, field(of.(map[string]any), "tally.tags"), float64(tags[code]))
		}
	}
	if tags[string(swapped)] == 0 || tags[string(freight)] == 0 {
		t.Fatalf("%v: the test shows nothing", tags)
	}
	expect(t, "scenarios of all", len(ask("")["scenarios"].([]any)), len(cloudtag.Scenarios()))
	expect(t, "scenarios of one", len(ask(string(freight))["scenarios"].([]any)), 1)
}

func nilIfEmpty(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// The log by time, and the requests for it that are refused.
func TestLogByTime(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	now, boss := c.Clock.Now(), c.reviewer("ann")
	// The entry of the initial policy is older than the city's time.
	today := len(c.Store.Log()) - 1
	const query = `query ($from: Time, $to: Time) { log(from: $from, to: $to, last: 100) { totalCount nodes { seq } } }`
	for name, times := range map[string]struct {
		variables graphtest.Variables
		want      int
	}{
		"all":    {graphtest.Variables{}, len(c.Store.Log())},
		"today":  {graphtest.Variables{"from": now.Add(-time.Hour), "to": now.Add(time.Hour)}, today},
		"before": {graphtest.Variables{"from": now.Add(-50 * time.Hour), "to": now.Add(-49 * time.Hour)}, 0},
	} {
		var data struct {
			Log struct {
				TotalCount int
				Nodes      []map[string]any
			}
		}
		c.Do(boss, query, times.variables).Into(t, &data)
		expect(t, name+": count", data.Log.TotalCount, times.want)
		expect(t, name+": entries", len(data.Log.Nodes), min(100, times.want))
	}
	for name, variables := range map[string]graphtest.Variables{
		"one end":  {"from": now},
		"too long": {"from": now.Add(-400 * 24 * time.Hour), "to": now},
	} {
		if answer := c.Do(boss, query, variables); !strings.Contains(answer.Raw, "BAD_USER_INPUT") {
			t.Errorf("%s: %s", name, answer.Raw)
		}
	}
}

// A feed of the log sends the entries that its filter selects after its cursor; callers who may not read the log are refused.
func TestLogAppended(t *testing.T) {
	c := newCity(t, plan{threshold: 3, first: "b-1", second: "b-2"})
	const query = `subscription ($after: Cursor, $filter: LogFilter) { logAppended(after: $after, filter: $filter) { cursor node { seq action actor subjects } } }`
	from := c.LogCursor(c.As(cloudtag.RoleReviewer), len(c.Store.Log()))
	ann := c.Connect(c.reviewer("ann"))
	ann.Subscribe("1", query, graphtest.Variables{"after": from, "filter": map[string]any{"scenario": "REVIEW_FALSE", "action": "tag.submitted"}})
	claimed, err := c.Deps.Reviews.Claim(context.Background(), person("ben", cloudtag.RoleReviewer), c.plan.waiting(), "")
	c.must(err)
	c.tag(ownShop, "own-order-3", "REVIEW_FALSE")
	if answer := next(c, ann, "1"); !strings.Contains(answer.Raw, "tag:own-order-3") || !strings.Contains(answer.Raw, "tag.submitted") {
		t.Errorf("%s, want the tag under the scenario", answer.Raw)
	}
	ann.Subscribe("2", query, graphtest.Variables{"after": from, "filter": map[string]any{"actor": claimed.Claim.By}})
	if answer := next(c, ann, "2"); !strings.Contains(answer.Raw, "case.claimed") {
		t.Errorf("%s, want the claim of %s", answer.Raw, claimed.Claim.By)
	}
	ann.Subscribe("3", query, graphtest.Variables{"after": from, "filter": map[string]any{"actions": []string{"case.queued", "case.claimed"}}})
	if answer := next(c, ann, "3"); !strings.Contains(answer.Raw, `"case.claimed"`) {
		t.Errorf("%s, want the first of the actions that happened", answer.Raw)
	}
	shop := c.Connect(c.owner())
	shop.Subscribe("1", query, graphtest.Variables{})
	if answer := next(c, shop, "1"); !strings.Contains(answer.Raw, "FORBIDDEN") {
		t.Errorf("%s, want FORBIDDEN for a shop", answer.Raw)
	}
}
