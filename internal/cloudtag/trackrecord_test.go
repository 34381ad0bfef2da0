package cloudtag_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestTrustAndWeight(t *testing.T) {
	tests := []struct {
		name   string
		record TrackRecord
		trust  Millionths
		weight Millionths // with an overturned account weighing 5
	}{
		{"a newcomer", TrackRecord{}, 0, 1_000_000},
		{"vetted", TrackRecord{Vetted: true}, 950_000, 1_000_000},                                              // 2/2, at most .95
		{"vetted, two accounts", TrackRecord{Vetted: true, Accounts: 2}, 500_000, 1_000_000},                   // 2/4
		{"borne out on half", TrackRecord{Accounts: 8, Credit: 4_000_000}, 400_000, 1_000_000},                 // 4/10
		{"one overturned", TrackRecord{Accounts: 1, Overturned: 1}, 0, 285_714},                                // 2/7
		{"one rejected", TrackRecord{Accounts: 1, Rejected: 1}, 0, 666_666},                                    // 2/3
		{"a long record bears one", TrackRecord{Accounts: 100, Credit: 43e6, Overturned: 1}, 421_568, 900_000}, // 43/102, 45/50
		{"revoked", TrackRecord{Vetted: true, Credit: 5_000_000, Revoked: true}, 0, 0},
	}
	for _, test := range tests {
		if trust, weight := test.record.Trust(), test.record.Weight(5); trust != test.trust || weight != test.weight {
			t.Errorf("%s: trust %d, weight %d; want %d, %d", test.name, trust, weight, test.trust, test.weight)
		}
	}
	if got := Millionths(285_714).Share(); got != 0.285714 {
		t.Errorf("the share is %v", got)
	}
	for amount, want := range map[Millionths]string{0: "0.0", 285_714: "0.29", 500_000: "0.5", 1_000_000: "1.0", 2_349_999: "2.35"} {
		if got := amount.ShareText(); got != want {
			t.Errorf("%d is %q, want %q", amount, got, want)
		}
	}
}

func TestRecordsHoldButNeverReject(t *testing.T) {
	overturned := TrackRecord{Accounts: 2, Overturned: 2}        // 2/12
	nineTenths := TrackRecord{Credit: 43_000_000, Overturned: 1} // 45/50
	trusted := TrackRecord{Accounts: 8, Credit: 1_000_000}
	tests := []struct {
		name    string
		set     func(*Policy)
		records map[MerchantID]TrackRecord
		holds   []string
	}{
		{"off", func(*Policy) {}, map[MerchantID]TrackRecord{"A": overturned, "B": overturned, "C": overturned}, nil},
		{"newcomers weigh a vote each", func(p *Policy) { p.WeighVotesByRecord = true }, nil, nil},
		{"too light", func(p *Policy) { p.WeighVotesByRecord = true }, map[MerchantID]TrackRecord{"B": overturned}, []string{HoldRecord}}, // 2.17
		{"half a vote may be missing", func(p *Policy) { p.WeighVotesByRecord = true },
			map[MerchantID]TrackRecord{"B": {Credit: 3_000_000, Overturned: 1}}, nil}, // 5/10
		{"a little more than half a vote is missing", func(p *Policy) { p.WeighVotesByRecord = true },
			map[MerchantID]TrackRecord{"B": {Credit: 2_999_998, Overturned: 1}}, []string{HoldRecord}},
		{"a mean just high enough", func(p *Policy) { p.WeighVotesByRecord, p.MinMeanWeight = true, 90 },
			map[MerchantID]TrackRecord{"A": nineTenths, "B": nineTenths, "C": nineTenths}, nil},
		{"a mean that is too low", func(p *Policy) { p.WeighVotesByRecord, p.MinMeanWeight = true, 90 },
			map[MerchantID]TrackRecord{"B": {Credit: 3_000_000, Overturned: 1}}, []string{HoldRecord}},
		{"nobody is trusted", func(p *Policy) { p.HoldUnanchored = true }, nil, []string{HoldUnanchored}},
		{"one is trusted just enough", func(p *Policy) { p.HoldUnanchored = true }, map[MerchantID]TrackRecord{"C": trusted}, nil},
		{"no shop is linked", func(p *Policy) { p.HoldLinkedPairs = true }, nil, nil},
		{"guarded", func(p *Policy) { *p = p.Preset(PresetGuarded) }, map[MerchantID]TrackRecord{"B": overturned}, []string{HoldRecord, HoldUnanchored}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			test.set(&script.policy)
			script.records = test.records
			orders := []OrderNo{script.tag("A", start), script.tag("B", start.Add(day))}
			if len(script.stored.Holds) > 0 {
				t.Errorf("held below the threshold: %v", script.stored.Holds)
			}
			orders = append(orders, script.tag("C", start.Add(2*day)))
			c := script.stored
			state, handling, status := CaseConfirmed, HandlingHandled, TagSucceeded
			if len(test.holds) > 0 {
				state, handling, status = CaseAccumulating, HandlingPending, TagAccumulating
			}
			if !slices.Equal(c.Holds, test.holds) || c.State != state || c.Handling != handling {
				t.Errorf("holds %v, %s, %s; want %v, %s, %s", c.Holds, c.State, c.Handling, test.holds, state, handling)
			}
			if got := script.statuses(orders...); !slices.Equal(got, repeated(status, 3)) {
				t.Errorf("tags %v", got)
			}
		})
	}
}

// A vote of several shops weighs as much as the one with the worst record.
func TestTheWorstRecordOfAnEntityDecides(t *testing.T) {
	overturned := TrackRecord{Accounts: 2, Overturned: 2} // 2/12
	for _, worst := range []MerchantID{"A", "B"} {
		script := newCaseScript(t)
		script.policy.WeighVotesByRecord = true
		script.records = map[MerchantID]TrackRecord{worst: overturned}
		script.tagAs("A", "family", start)
		script.tagAs("B", "family", start)
		script.tag("C", start)
		script.tag("D", start)
		if got := script.stored.Holds; !slices.Equal(got, []string{HoldRecord}) {
			t.Errorf("%s has the worst record: holds %v", worst, got)
		}
		script.evaluate(start.Add(window)) // without votes there is no mean
		if got := script.stored.Holds; len(got) > 0 {
			t.Errorf("without a vote: holds %v", got)
		}
	}
}

// A shop's credit from the account itself does not make it trusted about that account.
func TestWeighLeavesOutTheOwnAccount(t *testing.T) {
	for own, holds := range map[Millionths][]string{100_000: nil, 200_000: {HoldUnanchored}} { // a trust of 0.9/9 and 0.8/9; the policy asks for 0.1
		script := newCaseScript(t)
		script.policy.HoldUnanchored = true
		script.tag("A", start)
		script.tag("B", start)
		file := script.file()
		added := Tag{
			OrderNo: "c", Scenario: testScenario, MerchantID: "C", EntityID: "C", BuyerID: testBuyer, SubmittedAt: start, HandleBy: start.Add(2 * day),
		}
		documents := map[string]Document{
			ShopRecordID("C"):          TrackRecordCodec().Document(TrackRecord{MerchantID: "C", Accounts: 8, Credit: 1_000_000}),
			AccountRecordID(testBuyer): AccountRecordCodec().Document(AccountRecord{BuyerID: testBuyer, Shops: []AccountShop{{MerchantID: "C", Tags: 1, Credit: own}}}),
		}
		want := []string{ShopRecordID("A"), ShopRecordID("B"), ShopRecordID("C"), AccountRecordID(testBuyer)}
		if got := file.RecordIDs([]Tag{added}); !slices.Equal(got, want) {
			t.Errorf("records %v, want %v", got, want)
		}
		if err := file.Weigh(documents); err != nil {
			t.Fatal(err)
		}
		file.Add(added, "C")
		if got := file.Case.Holds; !slices.Equal(got, holds) {
			t.Errorf("with a credit of %d from the account: holds %v, want %v", own, got, holds)
		}
		for id := range documents {
			if err := file.Weigh(map[string]Document{id: {ID: id, Body: []byte("{")}}); err == nil {
				t.Errorf("a document %s that is no record is accepted", id)
			}
		}
	}
}

// The shops of a rejected case can come back by an undo.
func TestRecordsOfAnUndoAreRead(t *testing.T) {
	script, _ := queued(t)
	if err := script.decide(DecisionReject, start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := []string{ShopRecordID("A"), ShopRecordID("B"), AccountRecordID(testBuyer)}
	if got := script.file().RecordIDs(nil); !slices.Equal(got, want) {
		t.Errorf("records %v, want %v", got, want)
	}
}

func TestTheExplanationSaysWhatRecordsDid(t *testing.T) {
	explanation := Explanation{
		Count: 3, Threshold: 3, ScenarioThreshold: 3, RiskLevel: RiskUnknown, WindowDays: 180, PolicyVersion: 2,
		State: CaseAccumulating, Holds: []string{HoldRecord, HoldUnanchored},
		Weighing: &Weighing{Sum: 2_285_714, Mean: 761_904, Shops: []ShopWeight{
			{MerchantID: "m-17", Weight: 285_714, Overturned: 2}, {MerchantID: "m-18", Weight: 1_000_000}, {MerchantID: "m-19", Weight: 1_000_000},
		}},
	}
	for sentence, shop := range map[string]ShopWeight{
		"counts 0.0: its permission was revoked.":                                              {Overturned: 1, Rejected: 1},
		"counts 0.5: its reports were overturned on appeal for 1 account.":                     {Weight: Whole / 2, Overturned: 1},
		"counts 0.5: its reports were rejected for 1 account.":                                 {Weight: Whole / 2, Rejected: 1},
		"counts 0.5: its reports were overturned on appeal for 2 accounts and rejected for 3.": {Weight: Whole / 2, Overturned: 2, Rejected: 3},
	} {
		one := explanation
		one.Weighing = &Weighing{Shops: []ShopWeight{shop}}
		if got := one.Text(time.UTC).EN; !strings.Contains(got, sentence) {
			t.Errorf("%q does not say %q", got, sentence)
		}
	}
	text := explanation.Text(time.UTC)
	for _, fact := range []string{
		"m-17 counts 0.29: its reports were overturned on appeal for 2 accounts.", "Together they count 2.29, too little for votes alone, so a reviewer decides.",
		"None of the 3 shops has been borne out enough by trusted shops yet, so a reviewer decides.",
	} {
		if !strings.Contains(text.EN, fact) {
			t.Errorf("%q does not say %q", text.EN, fact)
		}
	}
	for _, fact := range []string{"店铺 m-17 计为 0.29：其标记在 2 个账号上经申诉被撤销。", "合计 2.29", "3 家店铺", "故由审核员决定"} {
		if !strings.Contains(text.ZH, fact) {
			t.Errorf("%q does not say %q", text.ZH, fact)
		}
	}
	if strings.Contains(text.EN, "m-18") {
		t.Errorf("%q names a shop that weighs a vote", text.EN)
	}
}
