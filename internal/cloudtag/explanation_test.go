package cloudtag_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	. "cloudtag/internal/cloudtag"
)

// explained explains the stored case of a script, with its votes.
func (s *caseScript) explained(now time.Time) Explanation {
	explanation := ExplainBy(*s.stored, s.policy, now)
	explanation.Votes = VotesOf(s.file().LiveTags())
	return explanation
}

func TestExplanationStatesTheFacts(t *testing.T) {
	script := newCaseScript(t)
	script.risk = &RiskProfile{BuyerID: testBuyer, Score: 10, UpdatedAt: start}
	script.tagAs("A", "family", start)
	script.tagAs("B", "family", start.Add(day))
	script.tag("C", start.Add(2*day))
	now := start.Add(3 * day)
	got := script.explained(now)
	if got.Count != 2 || got.Threshold != 4 || got.ScenarioThreshold != 3 || got.RiskAdjustment != 1 || got.RiskLevel != RiskLow {
		t.Errorf("%+v", got)
	}
	if !got.WindowStart.Equal(now.Add(-window)) || !got.NextExpiryAt.Equal(start.Add(window)) {
		t.Errorf("window from %v, next expiry %v", got.WindowStart, got.NextExpiryAt)
	}
	if first, second := got.Votes[0], got.Votes[1]; first.EntityID != "C" || second.EntityID != "family" || second.Tags != 2 ||
		len(second.Merchants) != 2 || !second.LastTagAt.Equal(start.Add(day)) {
		t.Errorf("votes %+v", got.Votes)
	}
	text := got.Text(time.UTC)
	for _, fact := range []string{"2 independent parties", "180 days", "4 are needed", "scenario threshold 3", "+1 for low risk", "2 votes are missing", "policy version 1"} {
		if !strings.Contains(text.EN, fact) {
			t.Errorf("%q does not say %q", text.EN, fact)
		}
	}
	const waits = "The case waits for a reviewer until 2026-03-03 08:00 UTC."
	if strings.Contains(text.EN, "Linked shops") || strings.Contains(text.EN, "waits for a reviewer") {
		t.Errorf("%q speaks of linked shops, or of a queue", text.EN)
	}
	pending := got
	pending.Handling, pending.DueAt = HandlingPending, start.Add(2*day)
	if text := pending.Text(time.UTC).EN; !strings.Contains(text, waits) {
		t.Errorf("%q does not say %q", text, waits)
	}
	// 180 days after the first tag, of 2026-03-01 08:00 UTC.
	for zone, want := range map[*time.Location]string{
		time.UTC: "2026-08-28 08:00 UTC.", time.FixedZone("", 8*3600): "2026-08-28 16:00 UTC+08:00.", time.FixedZone("", -9*3600-1800): "2026-08-27 22:30 UTC-09:30.",
	} {
		if got := got.Text(zone).EN; !strings.Contains(got, "expires at "+want) {
			t.Errorf("in %s: %q does not say %q", zone, got, want)
		}
	}
	for _, fact := range []string{"2 个独立主体", "180 天", "需要 4 个", "门槛 3", "尚缺 2 票", "策略版本 1"} {
		if !strings.Contains(text.ZH, fact) {
			t.Errorf("%q does not say %q", text.ZH, fact)
		}
	}
}

// If linked shops count once, the explanation has the case's number of votes, and says why more parties are listed.
func TestExplanationCountsLinkedShopsOnce(t *testing.T) {
	script := newCaseScript(t)
	script.policy.LinkedPairsCountOnce = true
	script.records = linkedShops("A", "B", start)
	for i, shop := range []MerchantID{"A", "B", "C"} {
		script.tag(shop, start.Add(time.Duration(i)*day))
	}
	got := script.explained(start.Add(3 * day))
	if script.stored.Votes != 2 || script.stored.State != CaseAccumulating || got.Count != 2 || len(got.Votes) != 3 {
		t.Fatalf("the case has %d votes and is %s, its explanation counts %d of %d parties", script.stored.Votes, script.stored.State, got.Count, len(got.Votes))
	}
	text := got.Text(time.UTC)
	for _, fact := range []string{"2 independent parties", "3 are needed", "3 parties count as 2 votes", "1 vote is missing"} {
		if !strings.Contains(text.EN, fact) {
			t.Errorf("%q does not say %q", text.EN, fact)
		}
	}
	for _, fact := range []string{"2 个独立主体", "3 个主体计为 2 票", "尚缺 1 票"} {
		if !strings.Contains(text.ZH, fact) {
			t.Errorf("%q does not say %q", text.ZH, fact)
		}
	}
}

func TestExplanationUsesTheLatestEvaluation(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	script.tag("B", start.Add(day))
	script.evaluate(start.Add(window))
	got := script.explained(start.Add(window))
	if got.Count != 1 || len(got.Votes) != 1 || got.Votes[0].EntityID != "B" || !got.NextExpiryAt.Equal(start.Add(day+window)) {
		t.Errorf("a tag exactly as old as the window is out: %+v", got)
	}
	script.evaluate(start.Add(2 * window))
	if empty := script.explained(start.Add(2 * window)); empty.Count != 0 || len(empty.Votes) != 0 || !empty.NextExpiryAt.IsZero() {
		t.Errorf("long after: %+v", empty)
	}
}

func TestExplanationShowsTheEffectiveAdjustment(t *testing.T) {
	script := newCaseScript(t)
	for i := range script.policy.Rules {
		script.policy.Rules[i].Threshold = 2
	}
	script.risk = &RiskProfile{BuyerID: testBuyer, Score: 90, UpdatedAt: start}
	script.tag("A", start)
	if got := script.explained(start); got.Threshold != 2 || got.RiskAdjustment != 0 || got.RiskLevel != RiskHigh {
		t.Errorf("threshold %d by %+d: the least threshold stopped the adjustment", got.Threshold, got.RiskAdjustment)
	}
}

func TestTagReasonsRevealNothingAboutOthers(t *testing.T) {
	seen := map[string]bool{}
	for _, status := range TagStatuses() {
		for _, sentence := range []string{Tag{Status: status}.Reason().ZH, Tag{Status: status}.Reason().EN} {
			if seen[sentence] {
				t.Errorf("%s shares its reason with another status: %s", status, sentence)
			}
			seen[sentence] = true
			if strings.ContainsFunc(sentence, unicode.IsDigit) {
				t.Errorf("%s has a number: %s", status, sentence)
			}
			for _, secret := range []string{"threshold", "vote", "merchant", "shop", "account", "门槛", "票", "商家", "店", "账号"} {
				if strings.Contains(strings.ToLower(sentence), secret) {
					t.Errorf("%s speaks of %q: %s", status, secret, sentence)
				}
			}
		}
	}
}

func TestScenarioCatalogueIsComplete(t *testing.T) {
	scenarios := Scenarios()
	if len(scenarios) != 19 {
		t.Errorf("%d scenarios, want 19", len(scenarios))
	}
	perCategory := map[ScenarioCategory]int{}
	for _, scenario := range scenarios {
		perCategory[scenario.Category]++
		found, known := FindScenario(scenario.Code)
		if !known || found != scenario {
			t.Errorf("%s is not found", scenario.Code)
		}
		for _, text := range []Text{scenario.Name, scenario.Definition} {
			if text.ZH == "" || text.EN == "" || text.In(Chinese) != text.ZH || text.In(English) != text.EN {
				t.Errorf("%s lacks a language", scenario.Code)
			}
		}
		if (scenario.Effect == EffectRefuseFreightInsurance) != (scenario.Code == "FREIGHT_INSURANCE_ARBITRAGE") {
			t.Errorf("%s: effect %s", scenario.Code, scenario.Effect)
		}
	}
	if perCategory[CategoryReturn] != 10 || perCategory[CategoryOrder] != 5 || perCategory[CategoryClaim] != 2 || perCategory[CategoryReview] != 2 {
		t.Errorf("per category: %v", perCategory)
	}
}

func TestVotesAreCountedPerScenario(t *testing.T) {
	m := newMarket(t)
	m.submitOne("A", "b-1")
	m.submitOne("B", "b-1")
	order := m.order("C", "b-1")
	_, err := m.tagging.Submit(t.Context(), shopCaller("C"), SubmitInput{OrderNos: []OrderNo{order}, Scenario: "STOCK_HOLDING", IdempotencyKey: "k"})
	if err != nil || m.store.tags()[order].Status != TagAccumulating || len(m.store.cases()) != 2 {
		t.Errorf("another scenario: %s in %d cases, %v", m.store.tags()[order].Status, len(m.store.cases()), err)
	}
}
