package collusion_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
)

func TestCreditComesFromWhoIsTrusted(t *testing.T) {
	end := Start.Add(1000 * time.Hour)
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
			reported("N", "party", "b1", 1, Start), reported("V", "party", "b1", 2, Start.Add(time.Hour)),
		}, "N", 0},
		{"neither is later in one instant", []Entry{
			reported("N", "N", "b1", 1, Start), reported("V", "V", "b1", 2, Start),
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
	end := Start.Add(100 * time.Hour)
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
			entries = append(entries, reported(shop, shop, fmt.Sprintf("b%d", random.IntN(6)), i, Start.Add(time.Duration(i/15)*time.Hour)))
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

// TestRecordsDependOnTheLogAlone lets a market live, its records being counted at any time, by a process that dies all the
// time: they are what the log says from its beginning.
func TestRecordsDependOnTheLogAlone(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			o := NewOffice(t)
			service := collusion.New(dyingStore{o.Store, random}, o.Clock)
			vouch(o, "A", true)
			for range 120 {
				if random.IntN(3) > 0 {
					o.Clock.Time = o.Clock.Time.Add(time.Duration(random.IntN(20)) * time.Hour)
				}
				buyer := BuyerID(fmt.Sprintf("b-%d", random.IntN(12)))
				switch random.IntN(8) {
				case 0:
					overturnAny(o, buyer)
				case 1:
					if err := service.CatchUp(t.Context()); err != nil && !errors.Is(err, errProcessDied) {
						t.Fatal(err)
					}
				default:
					o.SubmitOne([]MerchantID{"A", "B", "C", "D"}[random.IntN(4)], buyer)
				}
			}
			revoke(o, "B")
			o.Clock.Time = o.Clock.Time.Add(time.Hour)
			o.SubmitOne("A", "b-last")
			steady := collusion.New(o.Store, o.Clock)
			if err := steady.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := steady.Records(t.Context(), Person("rev", RoleReviewer), []MerchantID{"A", "B", "C", "D"})
			if err != nil {
				t.Fatal(err)
			}
			log := o.Store.Entries()
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

// TestAShopIsNotBelievedForTheAccountItself leaves out what a shop has from the account of the case.
func TestAShopIsNotBelievedForTheAccountItself(t *testing.T) {
	o := NewOffice(t)
	policy := o.Store.CurrentPolicy()
	policy.HoldUnanchored = true
	o.Store.SetPolicy(policy)
	service := collusion.New(o.Store, o.Clock)
	submit := func(shop MerchantID, buyer BuyerID) Case {
		o.Clock.Time = o.Clock.Time.Add(time.Hour)
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.SubmitOne(shop, buyer)
		return o.Store.Case(NewCaseID(TestScenario, buyer))
	}
	o.Store.Append(vouchedAt("A", Start))
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
	o.Clock.Time = o.Clock.Time.Add(time.Hour)
	o.SubmitOne("B", "another")
	records, err := service.Records(t.Context(), Person("rev", RoleReviewer), []MerchantID{"B"})
	if err != nil || records["B"].Credit < 950_000 {
		t.Errorf("B's record is %+v, %v", records["B"], err)
	}
	if _, err := service.Records(t.Context(), ShopCaller("B"), []MerchantID{"B"}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop reads records: %v", err)
	}
}

// TestConfirmationsThatRestedOnANewLinkAreOffered lets a pair become linked after it has confirmed cases with a third shop.
func TestConfirmationsThatRestedOnANewLinkAreOffered(t *testing.T) {
	o := NewOffice(t)
	for i := range 300 {
		o.SubmitOne("D", BuyerID(fmt.Sprintf("own-%d", i)))
	}
	service := collusion.New(o.Store, o.Clock)
	catchUp := func() {
		t.Helper()
		o.Clock.Time = o.Clock.Time.Add(time.Hour)
		o.SubmitOne("D", BuyerID(fmt.Sprint("at ", o.Clock.Time)))
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		o.Clock.Time = o.Clock.Time.Add(Day)
		for _, shop := range []MerchantID{"A", "B", "C"} {
			if i < 2 || shop != "C" {
				o.SubmitOne(shop, BuyerID(fmt.Sprintf("victim-%d", i)))
			}
		}
		catchUp()
	}
	pending := func(buyer BuyerID) bool {
		c := o.Store.Case(NewCaseID(TestScenario, buyer))
		return c.State == CaseConfirmed && c.Handling == HandlingPending
	}
	if !pending("victim-0") || !pending("victim-1") {
		t.Errorf("not offered: %+v", o.Store.Case(NewCaseID(TestScenario, "victim-0")))
	}
	log := len(o.Store.Entries())
	if err := service.CatchUp(t.Context()); err != nil || len(o.Store.Entries()) != log {
		t.Errorf("offered again: %v", err)
	}
}

// dyingStore ends every so many writes of documents, before or after it was made.
type dyingStore struct {
	*Store
	random *rand.Rand
}

var errProcessDied = errors.New("the process died")

func (s dyingStore) SaveDocuments(ctx context.Context, documents []Document, entries []Entry) error {
	switch s.random.IntN(4) {
	case 0:
		return errProcessDied
	case 1:
		if err := s.Store.SaveDocuments(ctx, documents, entries); err != nil {
			return err
		}
		return errProcessDied
	default:
		return s.Store.SaveDocuments(ctx, documents, entries)
	}
}

// What two people decide about a shop reaches its record.
func TestVouchingReachesTheRecord(t *testing.T) {
	o := NewOffice(t)
	service := collusion.New(o.Store, o.Clock)
	for _, vetted := range []bool{true, false} {
		vouch(o, "A", vetted)
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		records, err := service.Records(t.Context(), Person("rev", RoleReviewer), []MerchantID{"A"})
		if err != nil || records["A"].Vetted != vetted {
			t.Errorf("vetted %t: the record is %+v, %v", vetted, records["A"], err)
		}
	}
}
