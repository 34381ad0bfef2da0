//go:build e2e

package e2e

import (
	"slices"
	"testing"
	"time"

	domain "cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

const demoWindow = 180 * 24 * time.Hour

// The cases that wait in the demo's queue are those that the rules send there, worked out here from the file's rows
// alone: internal/demo/README.md says that they are 57.
func TestDemoQueue(t *testing.T) {
	t.Parallel()
	uri := newDatabase(t)
	now := time.Now().UTC()
	mustCloudtag(t, "demo", "--db", uri)
	s := serve(t, uri)
	data := ask[struct {
		Cases         struct{ Nodes []struct{ ID string } }
		SecondReviews struct {
			Nodes []struct{ Case struct{ ID string } }
		}
	}](s, token(t, "REVIEWER"), `{
		cases(filter: {handling: PENDING}, first: 100) { nodes { id } }
		secondReviews(filter: {state: DISAGREED}) { nodes { case { id } } }
	}`, nil)
	var got []string
	for _, node := range data.Cases.Nodes {
		got = append(got, node.ID)
	}
	want := waitingByRules(t, now)
	byRules := len(want)
	for _, disputed := range data.SecondReviews.Nodes { // put before the reviewers again by a person
		want = append(want, disputed.Case.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d cases wait: %v\nby the rules %d: %v", len(got), got, len(want), want)
	}
	if byRules != 57 {
		t.Errorf("by the rules %d cases wait; internal/demo/README.md says 57", byRules)
	}
}

// demoTag is a row of the file with a negative rating.
type demoTag struct {
	shop   domain.MerchantID
	at     time.Time
	live   bool // submitted in the hours before the load, and so not handled
	number int  // among the live ones, from 0
}

// waitingByRules applies rules 6, 7 and 9 to the demo's tags one by one, with nothing but a list of tags per case.
func waitingByRules(t *testing.T, now time.Time) []string {
	t.Helper()
	market, err := demo.Read()
	if err != nil {
		t.Fatal(err)
	}
	orders := make(map[domain.OrderNo]domain.Order, len(market.Orders))
	for _, order := range market.Orders {
		orders[order.OrderNo] = order
	}
	scores := make(map[domain.BuyerID]int, len(market.Risks))
	for _, risk := range market.Risks {
		scores[risk.BuyerID] = risk.Score
	}
	cases := make(map[string][]demoTag)
	buyers := make(map[string]domain.BuyerID)
	for i, moved := range demoTimes(market, orders, now) {
		tag := market.Tags[i]
		order := orders[tag.OrderNo]
		id := string(tag.Scenario) + ":" + string(order.BuyerID)
		cases[id] = append(cases[id], demoTag{order.MerchantID, moved, i >= len(market.Tags)-400, i - (len(market.Tags) - 400)})
		buyers[id] = order.BuyerID
	}
	var waiting []string
	for id, tags := range cases {
		slices.SortStableFunc(tags, func(a, b demoTag) int { return a.at.Compare(b.at) })
		if waits(tags, scores[buyers[id]]) && !decided(tags[len(tags)-1]) {
			waiting = append(waiting, id)
		}
	}
	return waiting
}

// demoTimes moves the tags' times as internal/demo/README.md describes: all by whole days, so that the newest row of the file
// is from yesterday, then the newest 400 into the last 46 hours, and those of the ring by 883 days.
func demoTimes(market demo.Market, orders map[domain.OrderNo]domain.Order, now time.Time) []time.Time {
	const day = 24 * time.Hour
	newestRow := market.Risks[0].UpdatedAt
	shift := now.Truncate(day).Add(-day).Sub(newestRow.Truncate(day))
	first, last := market.Tags[len(market.Tags)-400].SubmittedAt, market.Tags[len(market.Tags)-1].SubmittedAt
	times := make([]time.Time, len(market.Tags))
	for i, tag := range market.Tags {
		if i < len(market.Tags)-400 {
			times[i] = tag.SubmittedAt.Add(shift)
			if shop := orders[tag.OrderNo].MerchantID; len(shop) == len("m-3786") && "m-3786" <= shop && shop <= "m-3795" {
				times[i] = times[i].Add(883 * day)
			}
			continue
		}
		share := last.Sub(tag.SubmittedAt).Seconds() / last.Sub(first).Seconds()
		times[i] = now.Add(-time.Duration(share * float64(46*time.Hour)))
	}
	return times
}

// decided reports whether the demo's reviewers decided a case: after each 5 live tags they take the case of the tag 12
// before, if it has no later one.
func decided(last demoTag) bool {
	return last.live && (last.number+12)%5 == 0 && last.number+12 < 399
}

// waits reports whether a case waits for a reviewer after its last tag. Nothing is overdue by then: the oldest tag that
// is not handled is 46 hours old.
func waits(tags []demoTag, score int) bool {
	threshold := 3
	switch {
	case score >= 70:
		threshold--
	case score < 40:
		threshold++
	}
	pending := false
	for i, tag := range tags {
		shops := map[domain.MerchantID]bool{}
		for _, earlier := range tags[:i+1] {
			if tag.at.Sub(earlier.at) < demoWindow {
				shops[earlier.shop] = true
			}
		}
		switch votes := len(shops); {
		case votes >= threshold:
			pending = false
		case tag.live && (votes == threshold-1 || score >= 70):
			pending = true
		}
	}
	return pending
}
