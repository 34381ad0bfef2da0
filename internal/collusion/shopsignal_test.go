package collusion_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
)

// exactBinomialTail is the tail of the binomial distribution, counted in whole numbers, of hits that come with one in so many.
func exactBinomialTail(trials, count int, oneIn int64) float64 {
	sum := new(big.Int)
	for hits := count; hits <= trials; hits++ {
		ways := new(big.Int).Binomial(int64(trials), int64(hits))
		misses := new(big.Int).Exp(big.NewInt(oneIn-1), big.NewInt(int64(trials-hits)), nil)
		sum.Add(sum, ways.Mul(ways, misses))
	}
	tail, _ := new(big.Rat).SetFrac(sum, new(big.Int).Exp(big.NewInt(oneIn), big.NewInt(int64(trials)), nil)).Float64()
	return tail
}

func TestWhatStandsOutAboutAShop(t *testing.T) {
	share := func(orders, tagged int) TagShare {
		return TagShare{Since: Start.Add(-180 * Day), Orders: orders, Tagged: tagged}
	}
	accounts := func(reported, overturned int) TrackRecord {
		return TrackRecord{Accounts: reported, Overturned: overturned}
	}
	tests := []struct {
		name   string
		record TrackRecord
		share  TagShare
		kinds  []collusion.SignalKind
	}{
		{name: "nothing"},
		{name: "every order, of nine", share: share(9, 9)}, // 1/512
		{name: "every order, of ten", share: share(10, 10), kinds: []collusion.SignalKind{collusion.SignalTagsPerOrder}},
		{name: "half of them", share: share(1000, 500)},
		{name: "somewhat more than half of few", share: share(100, 60)},
		{name: "somewhat more than half of many", share: share(1000, 600), kinds: []collusion.SignalKind{collusion.SignalTagsPerOrder}},
		{name: "many tags of very many orders", share: share(100_000, 20_000)},
		{name: "two of two overturned", record: accounts(2, 2)}, // 1/100
		{name: "three of three", record: accounts(3, 3), kinds: []collusion.SignalKind{collusion.SignalOverturned}},
		{name: "one in ten", record: accounts(200, 20)},
		{name: "one in six, of many", record: accounts(300, 50), kinds: []collusion.SignalKind{collusion.SignalOverturned}},
		{name: "more than it has reported, since some were withdrawn", record: accounts(3, 5), kinds: []collusion.SignalKind{collusion.SignalOverturned}},
		{name: "both", record: accounts(5, 5), share: share(30, 28), kinds: []collusion.SignalKind{collusion.SignalTagsPerOrder, collusion.SignalOverturned}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var kinds []collusion.SignalKind
			for _, signal := range collusion.ShopSignals(test.record, test.share, Start) {
				kinds = append(kinds, signal.Kind)
				oneIn := int64(2)
				if signal.Kind == collusion.SignalOverturned {
					oneIn = 10
				}
				if want := exactBinomialTail(signal.Of, signal.Count, oneIn); math.Abs(signal.Chance-want) > 1e-9*want {
					t.Errorf("chance %g, want %g", signal.Chance, want)
				}
			}
			if fmt.Sprint(kinds) != fmt.Sprint(test.kinds) {
				t.Errorf("%v, want %v", kinds, test.kinds)
			}
		})
	}
}

func TestSignalsSayTheirEvidence(t *testing.T) {
	tests := []struct {
		signal collusion.ShopSignal
		en, zh []string
	}{
		{collusion.ShopSignal{collusion.SignalTagsPerOrder, 28, 28, 180, 3.7e-9}, []string{"28 of its 28 orders of the last 180 days (100 %)", "at most one in a million"}, []string{"近 180 天的 28 笔订单中，28 笔（100%）", "百万分之一"}},
		{collusion.ShopSignal{collusion.SignalTagsPerOrder, 10, 10, 45, 1.0 / 1024}, []string{"of the last 45 days", "one in 1,024 comes to as many"}, []string{"1/1,024"}},
		{collusion.ShopSignal{collusion.SignalTagsPerOrder, 10, 10, 45, 1.0 / 1000}, []string{"one in 1,000 comes"}, []string{"1/1,000"}},
		{collusion.ShopSignal{collusion.SignalTagsPerOrder, 20, 20, 45, 1e-6}, []string{"at most one in a million"}, []string{"不超过百万分之一"}},
		{collusion.ShopSignal{collusion.SignalOverturned, 4, 9, 0, 0.0000082}, []string{"On 4 of the 9 accounts that it reported (44 %)", "one in ten overturned", "one in 121,951"}, []string{"9 个账号中，4 个（44%）", "1/121,951"}},
	}
	for _, test := range tests {
		text := test.signal.Text()
		for _, fact := range test.en {
			if !strings.Contains(text.EN, fact) {
				t.Errorf("%q does not say %q", text.EN, fact)
			}
		}
		for _, fact := range test.zh {
			if !strings.Contains(text.ZH, fact) {
				t.Errorf("%q does not say %q", text.ZH, fact)
			}
		}
	}
}

// TestCasesNameTheShopsThatStandOut lets A tag all of its ten orders and B one of ten.
func TestCasesNameTheShopsThatStandOut(t *testing.T) {
	o := NewOffice(t)
	for i := range 9 {
		o.SubmitOne("A", BuyerID(fmt.Sprintf("own-%d", i)))
		o.Store.PutOrder(Order{
			OrderNo: OrderNo(fmt.Sprint("untagged-", i)), MerchantID: "B", BuyerID: "somebody", PlacedAt: Start.Add(-Day),
			Currency: "CNY", ReportOutcome: ReportNone,
		})
	}
	o.SubmitOne("A", "b-1")
	o.SubmitOne("B", "b-1")
	service := collusion.New(o.Store, o.Clock)
	c := o.Store.Case(NewCaseID(TestScenario, "b-1"))
	live, err := o.Store.LiveTags(t.Context(), []CaseID{c.ID})
	if err != nil {
		t.Fatal(err)
	}
	standing, err := service.StandingOut(t.Context(), Person("rev", RoleReviewer), []Case{c}, live)
	if err != nil || !slices.Equal(standing[c.ID], []MerchantID{"A"}) {
		t.Errorf("%v, %v", standing, err)
	}
	shares, err := service.TagShares(t.Context(), Person("rev", RoleReviewer), []MerchantID{"A", "B", "C"})
	for shop, want := range map[MerchantID]TagShare{"A": {Orders: 10, Tagged: 10}, "B": {Orders: 10, Tagged: 1}, "C": {}} {
		if got := shares[shop]; err != nil || got.Orders != want.Orders || got.Tagged != want.Tagged || got.Days(o.Clock.Time) != 180 {
			t.Errorf("%s: %+v over %d days, %v", shop, got, got.Days(o.Clock.Time), err)
		}
	}
	for i := range 20 {
		o.SubmitOne("C", BuyerID(fmt.Sprintf("of-c-%d", i)))
	}
	lately, err := service.ShopsStandingOut(t.Context(), Person("rev", RoleReviewer))
	if err != nil || !slices.Equal(lately, []MerchantID{"C", "A"}) {
		t.Errorf("%v, %v", lately, err)
	}
	for _, caller := range []Caller{ShopCaller("A"), SystemCaller("service")} {
		if _, err := service.ShopsStandingOut(t.Context(), caller); CodeOf(err) != CodeForbidden {
			t.Errorf("%s: %v", caller.Subject, err)
		}
		_, refused := service.StandingOut(t.Context(), caller, []Case{c}, live)
		_, signalsRefused := service.Signals(t.Context(), caller, []Case{c}, live)
		_, sharesRefused := service.TagShares(t.Context(), caller, []MerchantID{"A"})
		if CodeOf(refused) != CodeForbidden || CodeOf(signalsRefused) != CodeForbidden || CodeOf(sharesRefused) != CodeForbidden {
			t.Errorf("%s: %v, %v, %v", caller.Subject, refused, signalsRefused, sharesRefused)
		}
	}
}

// TestReportedAccounts shows what a shop's record rests on: A, which is vetted, bears B out on b-1.
func TestReportedAccounts(t *testing.T) {
	o := NewOffice(t)
	o.Store.Append(vouchedAt("A", Start))
	submit := func(shop MerchantID, buyer BuyerID) {
		o.Clock.Time = o.Clock.Time.Add(time.Hour)
		o.SubmitOne(shop, buyer)
	}
	submit("B", "b-1")
	submit("A", "b-1")
	submit("C", "b-1")
	submit("B", "b-2")
	for i := range 25 {
		submit("D", BuyerID(fmt.Sprintf("w-%d", i)))
	}
	overturnAny(o, "b-2")
	service := collusion.New(o.Store, o.Clock)
	submit("D", "last")
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	reviewer := Person("rev", RoleReviewer)
	got, err := service.ReportedAccounts(t.Context(), reviewer, "B")
	if err != nil || len(got) != 2 || got[0].BuyerID != "b-2" {
		t.Fatalf("%+v, %v", got, err)
	}
	if a := got[0]; a.Credit != 0 || a.OtherShops != 0 || a.BorneOutBy != nil {
		t.Errorf("b-2: %+v", a)
	}
	if a := got[1]; a.Credit != 950_000 || a.OtherShops != 2 || !slices.Equal(a.BorneOutBy, []MerchantID{"A"}) {
		t.Errorf("b-1: %+v", a)
	}
	of, err := service.ReportedAccounts(t.Context(), reviewer, "C") // which came later than both, and has something of either
	if err != nil || len(of) != 1 || !slices.Equal(of[0].BorneOutBy, []MerchantID{"A", "B"}) {
		t.Errorf("%+v, %v", of, err)
	}
	many, err := service.ReportedAccounts(t.Context(), reviewer, "D")
	if err != nil || len(many) != 20 || many[0].BuyerID != "last" {
		t.Errorf("%d accounts, %v", len(many), err)
	}
	if _, err := service.ReportedAccounts(t.Context(), ShopCaller("B"), "B"); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
}
