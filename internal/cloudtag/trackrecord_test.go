package cloudtag_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
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
	for amount, want := range map[Millionths]string{0: "0.0", 285_714: "0.29", 500_000: "0.5", 1_000_000: "1.0", 2_349_999: "2.35"} {
		if got := amount.ShareText(); got != want {
			t.Errorf("%d is %q, want %q", amount, got, want)
		}
	}
}

// reports is a log of tags of shops, each its own entity: "shop buyer" for each, an hour apart.
func reports(said ...string) []Entry {
	var entries []Entry
	for i, report := range said {
		shop, buyer, _ := strings.Cut(report, " ")
		entries = append(entries, reported(shop, shop, buyer, i, start.Add(time.Duration(i)*time.Hour)))
	}
	return entries
}

func reported(shop, entity, buyer string, order int, at time.Time) Entry {
	return about(ActionTagSubmitted, shop, buyer, order, at, TagState{EntityID: EntityID(entity), Live: true})
}

func about(action Action, shop, buyer string, order int, at time.Time, after any) Entry {
	return Entry{At: at, Action: action, After: MustJSON(after), Subjects: []Subject{
		TagSubject(OrderNo(fmt.Sprint(order))), MerchantSubject(MerchantID(shop)), BuyerSubject(BuyerID(buyer)),
	}}
}

func vouched(shop string) Entry {
	return Entry{At: start.Add(-time.Hour), Action: ActionVettingDecided, Subjects: []Subject{MerchantSubject(MerchantID(shop))},
		After: MustJSON(Vetting{State: VettingApproved, Vetted: true})}
}

func folded(t *testing.T, entries []Entry) map[MerchantID]TrackRecord {
	t.Helper()
	records, err := FoldLog(entries)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestCreditComesFromWhoIsTrusted(t *testing.T) {
	end := start.Add(1000 * time.Hour)
	tests := []struct {
		name    string
		entries []Entry
		shop    MerchantID
		credit  Millionths
	}{
		// V is vetted: its trust is .95 before it has reported anything, then 2/3, then 2/4.
		{"borne out later", reports("N b1", "V b1"), "N", 950_000},
		{"who comes later gets a quarter", reports("V b1", "N b1"), "N", 166_666},                                  // (2/3)/4
		{"the second account in common counts a quarter", reports("N b1", "V b1", "N b2", "V b2"), "N", 1_116_666}, // .95 + (2/3)/4
		{"the third a ninth", reports("N b1", "V b1", "N b2", "V b2", "N b3", "V b3"), "N", 1_172_633},             // + ((2 + .95/4/4/4)/4)/9: N bears V out as well
		{"newcomers give each other nothing", reports("M b1", "N b1", "M b2", "N b2"), "N", 0},
		{"trust is passed on", reports("N b1", "V b1", "M b2", "N b2"), "M", 316_666}, // N: .95/(2+1)
		{"the same shop again is no news", reports("N b1", "V b1", "V b1", "V b1"), "N", 950_000},
		{"two who bear it out are never more than one account", reports("N b1", "V b1", "W b1"), "N", 997_500}, // 1 - .05*.05
		{"no credit for shops of one party", []Entry{
			reported("N", "party", "b1", 1, start), reported("V", "party", "b1", 2, start.Add(time.Hour)),
		}, "N", 0},
		{"neither is later in one instant", []Entry{
			reported("N", "N", "b1", 1, start), reported("V", "V", "b1", 2, start),
		}, "N", 237_500}, // .95/4
		{"a voided report takes its credit along", append(reports("N b1", "V b1"), about(ActionTagVoided, "V", "b1", 1, end, TagState{})), "N", 0},
		{"its own too", append(reports("N b1", "V b1"), about(ActionTagVoided, "N", "b1", 0, end, TagState{})), "N", 0},
		{"one of two tags voided changes nothing", append(reports("N b1", "N b1", "V b1"), about(ActionTagVoided, "N", "b1", 0, end, TagState{})), "N", 950_000},
		{"what was overturned was no merit", append(reports("N b1", "V b1"), about(ActionTagOverturned, "N", "b1", 0, end, TagState{})), "N", 0},
		{"shops that turn out to be one party", append(reports("N b1", "V b1"), about(ActionTagReassigned, "V", "b1", 1, end, TagState{EntityID: "N"})), "N", 0},
		{"a revoked shop's credit goes", append(reports("N b1", "V b1", "N b2", "W b2"),
			Entry{At: end, Action: ActionPermissionChanged, Subjects: []Subject{MerchantSubject("V")}, After: MustJSON(PermissionRevoked)}), "N", 950_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			records := folded(t, append([]Entry{vouched("V"), vouched("W")}, test.entries...))
			if got := records[test.shop].Credit; got != test.credit {
				t.Errorf("credit %d, want %d", got, test.credit)
			}
		})
	}
}

func TestOverturnedAndRejectedReportsAreCounted(t *testing.T) {
	end := start.Add(100 * time.Hour)
	restored := about(ActionTagRestored, "N", "b2", 2, end, TagState{Status: TagAccumulating})
	restored.Before = MustJSON(TagState{Status: TagRejected})
	got := folded(t, append(reports("N b1", "N b1", "N b2", "N b3"),
		about(ActionTagOverturned, "N", "b1", 0, end, TagState{}), about(ActionTagOverturned, "N", "b1", 1, end, TagState{}),
		about(ActionTagRejected, "N", "b2", 2, end, TagState{}), restored, about(ActionTagRejected, "N", "b3", 3, end, TagState{}),
	))["N"]
	want := TrackRecord{MerchantID: "N", Tags: 4, Accounts: 3, Overturned: 1, OverturnedTags: 2, Rejected: 1, RejectedTags: 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestTheOrderInsideAnInstantDoesNotMatter shuffles tags of the same time.
func TestTheOrderInsideAnInstantDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for round := range 50 {
		entries := []Entry{vouched("s0"), vouched("s1")}
		for i := range 60 {
			shop := fmt.Sprintf("s%d", random.IntN(8))
			entries = append(entries, reported(shop, shop, fmt.Sprintf("b%d", random.IntN(6)), i, start.Add(time.Duration(i/15)*time.Hour)))
		}
		want := folded(t, entries)
		shuffled := slices.Clone(entries)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		slices.SortStableFunc(shuffled, func(a, b Entry) int { return a.At.Compare(b.At) })
		if got := folded(t, shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d:\ngot  %+v\nwant %+v", round, got, want)
		}
	}
}

// dyingStore ends every so many writes of documents, before or after it was made.
type dyingStore struct {
	*shelf
	random *rand.Rand
}

var errProcessDied = errors.New("the process died")

func (s dyingStore) SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error {
	switch s.random.IntN(4) {
	case 0:
		return errProcessDied
	case 1:
		if err := s.shelf.SaveDocuments(ctx, documents, entries); err != nil {
			return err
		}
		return errProcessDied
	default:
		return s.shelf.SaveDocuments(ctx, documents, entries)
	}
}

// TestRecordsDependOnTheLogAlone lets a market live, its records being counted at any time, by a process that dies all the
// time: they are what the log says from its beginning.
func TestRecordsDependOnTheLogAlone(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			o := newOffice(t)
			collusion := NewCollusion(dyingStore{o.store, random}, o.clock)
			vettings := NewVettings(o.store, o.clock, IDFunc(func() string { o.ids++; return fmt.Sprint("v", o.ids) }))
			proposal, err := vettings.Propose(t.Context(), person("rev", RoleReviewer), "A", true, "known for years")
			if err == nil {
				_, err = vettings.Decide(t.Context(), person("adm", RoleAdmin), proposal.ID, true, "so it is")
			}
			if err != nil {
				t.Fatal(err)
			}
			for range 120 {
				if random.IntN(3) > 0 {
					o.clock.now = o.clock.now.Add(time.Duration(random.IntN(20)) * time.Hour)
				}
				buyer := BuyerID(fmt.Sprintf("b-%d", random.IntN(12)))
				switch random.IntN(8) {
				case 0:
					o.overturnAny(buyer)
				case 1:
					if err := collusion.CatchUp(t.Context()); err != nil && !errors.Is(err, errProcessDied) {
						t.Fatal(err)
					}
				default:
					o.submitOne([]MerchantID{"A", "B", "C", "D"}[random.IntN(4)], buyer)
				}
			}
			o.revoke("B")
			o.clock.now = o.clock.now.Add(time.Hour)
			o.submitOne("A", "b-last")
			steady := NewCollusion(o.store, o.clock)
			if err := steady.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := steady.Records(t.Context(), person("rev", RoleReviewer), []MerchantID{"A", "B", "C", "D"})
			if err != nil {
				t.Fatal(err)
			}
			log := o.store.log()
			last := len(log)
			for last > 0 && log[last-1].At.Equal(log[len(log)-1].At) {
				last-- // the last instant may not be over
			}
			want := folded(t, log[:last])
			for shop, record := range got {
				record.Version = 0
				if !reflect.DeepEqual(record, want[shop]) {
					t.Errorf("%s:\ngot  %+v\nwant %+v", shop, record, want[shop])
				}
			}
			if len(got) != 4 || !got["B"].Revoked {
				t.Errorf("%d records, B %+v", len(got), got["B"])
			}
		})
	}
}

// overturnAny accepts an appeal against a case of an account, if one is confirmed.
func (o *office) overturnAny(buyer BuyerID) {
	o.t.Helper()
	id := NewCaseID(testScenario, buyer)
	appeal, err := o.appeals.File(o.t.Context(), SystemCaller("service"), id, "they are wrong")
	if code := CodeOf(err); code == CodeNotFound || code == CodeInvalidState {
		return
	}
	if err == nil {
		_, err = o.appeals.Decide(o.t.Context(), person("rev", RoleReviewer), appeal.ID, true, "they are")
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// revoke takes a shop's permission and recounts its cases.
func (o *office) revoke(shop MerchantID) {
	o.t.Helper()
	o.clock.now = o.clock.now.Add(time.Hour)
	revocation, err := o.revocations.Propose(o.t.Context(), person("rev", RoleReviewer), Proposal{
		MerchantID: shop, Kind: ViolationFalseReport, Reason: "r", Evidence: []string{"e"},
	})
	if err == nil {
		_, err = o.revocations.Decide(o.t.Context(), person("adm", RoleAdmin), revocation.ID, true, "r")
	}
	if err == nil {
		err = o.revocations.Apply(o.t.Context(), o.clock.now)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestRecordsHoldButNeverReject(t *testing.T) {
	overturned := TrackRecord{Accounts: 2, Overturned: 2} // 2/12
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
		{"a mean that is too low", func(p *Policy) { p.WeighVotesByRecord, p.MinMeanWeight = true, 90 },
			map[MerchantID]TrackRecord{"B": {Credit: 3_000_000, Overturned: 1}}, []string{HoldRecord}},
		{"nobody is trusted", func(p *Policy) { p.HoldUnanchored = true }, nil, []string{HoldUnanchored}},
		{"one is trusted just enough", func(p *Policy) { p.HoldUnanchored = true }, map[MerchantID]TrackRecord{"C": trusted}, nil},
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

// TestAShopIsNotBelievedForTheAccountItself leaves out what a shop has from the account of the case.
func TestAShopIsNotBelievedForTheAccountItself(t *testing.T) {
	o := newOffice(t)
	policy := o.store.policy()
	policy.HoldUnanchored = true
	o.store.setPolicy(policy)
	collusion := NewCollusion(o.store, o.clock)
	submit := func(shop MerchantID, buyer BuyerID) Case {
		o.clock.now = o.clock.now.Add(time.Hour)
		if err := collusion.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.submitOne(shop, buyer)
		return o.store.cases()[NewCaseID(testScenario, buyer)]
	}
	o.store.append(vouchedAt("A", start))
	submit("B", "b-1")
	submit("A", "b-1") // bears B out, on b-1 alone
	if c := submit("C", "b-1"); c.State != CaseConfirmed {
		t.Fatalf("a vetted shop is among them, but the case is %s, held %v", c.State, c.Holds)
	}
	submit("B", "b-2")
	submit("C", "b-2")
	if c := submit("D", "b-2"); c.State != CaseConfirmed {
		t.Errorf("B was borne out elsewhere, but the case is %s, held %v", c.State, c.Holds)
	}
	o.clock.now = o.clock.now.Add(time.Hour)
	o.submitOne("B", "another")
	records, err := collusion.Records(t.Context(), person("rev", RoleReviewer), []MerchantID{"B"})
	if err != nil || records["B"].Credit < 950_000 {
		t.Errorf("B's record is %+v, %v", records["B"], err)
	}
	if _, err := collusion.Records(t.Context(), shopCaller("B"), []MerchantID{"B"}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop reads records: %v", err)
	}
}

func vouchedAt(shop string, at time.Time) Entry {
	entry := vouched(shop)
	entry.At = at
	return entry
}

func TestTheExplanationSaysWhatRecordsDid(t *testing.T) {
	explanation := Explanation{
		Count: 3, Threshold: 3, ScenarioThreshold: 3, RiskLevel: RiskUnknown, WindowDays: 180, PolicyVersion: 2,
		State: CaseAccumulating, Holds: []string{HoldRecord, HoldUnanchored},
		Weighing: &Weighing{Sum: 2_285_714, Mean: 761_904, Shops: []ShopWeight{
			{MerchantID: "m-17", Weight: 285_714, Overturned: 2}, {MerchantID: "m-18", Weight: 1_000_000}, {MerchantID: "m-19", Weight: 1_000_000},
		}},
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

// TestConfirmationsThatRestedOnANewLinkAreOffered lets a pair become linked after it has confirmed cases with a third shop.
func TestConfirmationsThatRestedOnANewLinkAreOffered(t *testing.T) {
	o := newOffice(t)
	for i := range 300 {
		o.submitOne("D", BuyerID(fmt.Sprintf("own-%d", i)))
	}
	collusion := NewCollusion(o.store, o.clock)
	carry := func() {
		t.Helper()
		o.clock.now = o.clock.now.Add(time.Hour)
		o.submitOne("D", BuyerID(fmt.Sprint("at ", o.clock.now)))
		if err := collusion.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		o.clock.now = o.clock.now.Add(day)
		for _, shop := range []MerchantID{"A", "B", "C"} {
			if i < 2 || shop != "C" {
				o.submitOne(shop, BuyerID(fmt.Sprintf("victim-%d", i)))
			}
		}
		carry()
	}
	pending := func(buyer BuyerID) bool {
		c := o.store.cases()[NewCaseID(testScenario, buyer)]
		return c.State == CaseConfirmed && c.Handling == HandlingPending
	}
	if !pending("victim-0") || !pending("victim-1") {
		t.Errorf("not offered: %+v", o.store.cases()[NewCaseID(testScenario, "victim-0")])
	}
	log := len(o.store.log())
	if err := collusion.CatchUp(t.Context()); err != nil || len(o.store.log()) != log {
		t.Errorf("offered again: %v", err)
	}
}
