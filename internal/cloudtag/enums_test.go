package cloudtag_test

import (
	"strings"
	"testing"

	. "cloudtag/internal/cloudtag"
)

// The services reject unknown enum values, even if their callers did not,
// and store nothing.
func TestUnknownEnumValuesAreRejected(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	for _, shop := range []MerchantID{"A", "B"} { // a case that waits for a reviewer
		if _, err := o.submit(shop, "k", o.order(shop, testBuyer)); err != nil {
			t.Fatal(err)
		}
	}
	waiting := o.store.cases()[NewCaseID(testScenario, testBuyer)]
	records, reviewer := NewRecords(o.store, o.clock), person("r", RoleReviewer)
	before := len(o.store.log())
	for name, ask := range map[string]func(value string) error{
		"decision": func(value string) error {
			_, err := o.reviews.Decide(ctx, reviewer, waiting.ID, Ruling{Decision: Decision(value), Reason: "r", ExpectedVersion: waiting.Version})
			return err
		},
		"decision of several": func(value string) error {
			results, err := o.reviews.DecideAll(ctx, reviewer, []CaseRuling{{waiting.ID, Ruling{Decision: Decision(value), Reason: "r", ExpectedVersion: waiting.Version}}})
			if err != nil {
				return err
			}
			return results[0].Err
		},
		"order of tags": func(value string) error {
			_, err := records.TagPage(ctx, reviewer, TagFilter{}, TagOrder(value), PageRequest{})
			return err
		},
		"status of tags": func(value string) error {
			_, err := records.TagPage(ctx, reviewer, TagFilter{Statuses: []TagStatus{TagSucceeded, TagStatus(value)}}, TagsBySubmittedAsc, PageRequest{})
			return err
		},
		"status of tags that are counted": func(value string) error {
			_, err := records.CountTags(ctx, shopCaller("A"), TagFilter{Statuses: []TagStatus{TagStatus(value)}})
			return err
		},
		"order of cases": func(value string) error {
			_, err := records.CasePage(ctx, reviewer, CaseFilter{}, CaseOrder(value), PageRequest{})
			return err
		},
		"state of cases": func(value string) error {
			_, err := records.CasePage(ctx, reviewer, CaseFilter{States: []CaseState{CaseState(value)}}, CasesByDueAsc, PageRequest{})
			return err
		},
		"risk of cases that are counted": func(value string) error {
			_, err := records.CountCases(ctx, reviewer, CaseFilter{RiskLevels: []RiskLevel{RiskLevel(value)}})
			return err
		},
		"permission of shops": func(value string) error {
			_, err := records.MerchantPage(ctx, reviewer, MerchantFilter{Permission: Permission("x" + value)}, PageRequest{})
			return err
		},
		"permission of shops that are counted": func(value string) error {
			_, err := records.CountMerchants(ctx, reviewer, MerchantFilter{Permission: Permission("x" + value)})
			return err
		},
	} {
		for _, value := range []string{"", "confirm", "consumer_upheld", "due_at_asc", "active", "SUCCEEDED ", "\x00"} {
			if err := ask(value); CodeOf(err) != CodeBadInput {
				t.Errorf("%s %q: %v, want it refused", name, value, err)
			}
		}
	}
	if after := o.store.cases()[waiting.ID]; after.Handling != HandlingPending || after.Version != waiting.Version || len(o.store.log()) != before {
		t.Errorf("the case became %+v, with %d entries", after, len(o.store.log())-before)
	}
	if Permission("active").Refusal() == nil {
		t.Error("a shop with an unknown permission may tag")
	}
}

// Every required text needs a visible character.
func TestBlankTextsAreRejected(t *testing.T) {
	for _, text := range []string{
		"", " ", "\n", " \r\n\t ", "\u00a0", "\u3000\u3000", "\u2003", "\u200b", "\u200b \u200d\u2060", "\ufeff", "\u00ad", "\u2028", "\u115f\u3164\uffa0", "\u2800", "\u0301", "\ufe0f", "\U000e0041",
		"\x00", "a\x00", "a\xff", strings.Repeat("字", 11),
	} {
		if HasVisibleText(text, 10) {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{"a", " a ", "。", "!", "7", "理由", "👍🏽", "\n-\n", "e\u0301", "क्", strings.Repeat("字", 10)} {
		if !HasVisibleText(text, 10) {
			t.Errorf("%q is refused", text)
		}
	}
	blank := " \n\u200b\u3000"
	for name, err := range map[string]error{
		"reason": CheckReason(blank, "reason"),
		"policy": Policy{Reason: blank}.Check(),
	} {
		if CodeOf(err) != CodeReasonRequired {
			t.Errorf("%s: %v, want REASON_REQUIRED", name, err)
		}
	}
}
