package demo

import (
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

func read(t *testing.T) Market {
	t.Helper()
	market, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	return market
}

// The expected counts are from the data set's description and another program.
func TestMarketHasTheCountsOfTheDataSet(t *testing.T) {
	market := read(t)
	for name, got := range map[string][2]int{
		"merchants": {len(market.Merchants), 4814},
		"orders":    {len(market.Orders), 35_592},
		"accounts":  {len(market.Risks), 5858},
		"tags":      {len(market.Tags), 3563},
	} {
		if got[0] != got[1] {
			t.Errorf("%d %s, want %d", got[0], name, got[1])
		}
	}
	cases := map[cloudtag.CaseID]bool{}
	orders := map[cloudtag.OrderNo]cloudtag.Order{}
	for _, order := range market.Orders {
		orders[order.OrderNo] = order
	}
	for _, tag := range market.Tags {
		cases[cloudtag.NewCaseID(tag.Scenario, orders[tag.OrderNo].BuyerID)] = true
	}
	if len(orders) != 35_592 || len(cases) != 1667 {
		t.Errorf("%d order numbers and %d cases, want 35592 and 1667", len(orders), len(cases))
	}
}

// The first two rows of the file are "6,2,4,1289241912" and "6,5,2,1289241942".
func TestMarketMapsRows(t *testing.T) {
	market := read(t)
	at := time.Unix(1289241912, 0).UTC()
	want := cloudtag.Order{
		OrderNo: "1000000001", MerchantID: "m-6", BuyerID: "b-2", PlacedAt: at.Add(-72 * time.Hour), AmountCents: market.Orders[0].AmountCents, Currency: "CNY",
		ReportOutcome: cloudtag.ReportNone,
	}
	if market.Orders[0] != want {
		t.Errorf("got  %+v\nwant %+v", market.Orders[0], want)
	}
	if shop := market.Merchants[0]; shop != (cloudtag.Merchant{ID: "m-6", Name: "店铺 6", EntityID: "m-6", CreatedAt: want.PlacedAt}) {
		t.Errorf("shop %+v", shop)
	}
	if second := market.Orders[1]; !second.FreightInsured || second.BuyerID != "b-5" {
		t.Errorf("second order %+v", second)
	}
	for i, tag := range market.Tags {
		order := market.Orders[index(t, market, tag.OrderNo)]
		if order.ReportOutcome != cloudtag.ReportRejected || !tag.SubmittedAt.Equal(order.PlacedAt.Add(72*time.Hour)) {
			t.Fatalf("tag %d %+v of %+v", i, tag, order)
		}
		if i > 0 && tag.SubmittedAt.Before(market.Tags[i-1].SubmittedAt) {
			t.Fatalf("tag %d is older than the one before", i)
		}
	}
}

func index(t *testing.T, market Market, number cloudtag.OrderNo) int {
	t.Helper()
	var n int
	for _, digit := range number {
		n = n*10 + int(digit-'0')
	}
	n -= firstOrderNo
	if n < 0 || n >= len(market.Orders) || market.Orders[n].OrderNo != number {
		t.Fatalf("order %s is not in order of number", number)
	}
	return n
}

// Amounts are made up: half of them below about the typical basket, few large, none unrealistic.
func TestAmountsAreRealistic(t *testing.T) {
	market := read(t)
	amounts := make([]int64, len(market.Orders))
	different := map[int64]bool{}
	for i, order := range market.Orders {
		amounts[i] = order.AmountCents
		different[order.AmountCents] = true
	}
	slices.Sort(amounts)
	at := func(share float64) int64 { return amounts[int(share*float64(len(amounts)))] }
	if amounts[0] < 900 || amounts[len(amounts)-1] > 1_000_000 || at(0.5) < 12_000 || at(0.5) > 13_500 || at(0.9) < 40_000 || at(0.9) > 47_000 || len(different) < 1000 {
		t.Errorf("%d different amounts from %d, half up to %d, nine of ten up to %d, the largest %d", len(different), amounts[0], at(0.5), at(0.9), amounts[len(amounts)-1])
	}
}

func TestNotesBelongToTheirScenario(t *testing.T) {
	market := read(t)
	noted := 0
	for _, tag := range market.Tags {
		if tag.Note == "" {
			continue
		}
		noted++
		if !slices.Contains(notes()[tag.Scenario], tag.Note) {
			t.Fatalf("a tag of %s has the note %q", tag.Scenario, tag.Note)
		}
	}
	if share := float64(noted) / float64(len(market.Tags)); share < 0.65 || share > 0.75 {
		t.Errorf("%.2f of the tags have a note, want 0.7", share)
	}
}

// Shops of one entity never tagged the same account, so that the votes stay those of the data set.
func TestEntitiesDoNotChangeVotes(t *testing.T) {
	market := read(t)
	entity := map[cloudtag.MerchantID]cloudtag.EntityID{}
	shops := map[cloudtag.EntityID]int{}
	for _, merchant := range market.Merchants {
		entity[merchant.ID] = merchant.EntityID
		shops[merchant.EntityID]++
	}
	several := 0
	for _, count := range shops {
		if count > 1 {
			several++
		}
	}
	if several < 10 {
		t.Errorf("%d entities have several shops", several)
	}
	voted := map[string]cloudtag.MerchantID{}
	for _, tag := range market.Tags {
		order := market.Orders[index(t, market, tag.OrderNo)]
		key := string(entity[order.MerchantID]) + " " + string(order.BuyerID)
		if other, known := voted[key]; known && other != order.MerchantID {
			t.Fatalf("%s and %s of one entity tagged %s", other, order.MerchantID, order.BuyerID)
		}
		voted[key] = order.MerchantID
	}
}

func TestRingTaggedTheAccountsOfItsEvidence(t *testing.T) {
	market := read(t)
	shops := map[cloudtag.BuyerID]map[cloudtag.MerchantID]bool{}
	for _, tag := range market.Tags {
		order := market.Orders[index(t, market, tag.OrderNo)]
		if shops[order.BuyerID] == nil {
			shops[order.BuyerID] = map[cloudtag.MerchantID]bool{}
		}
		shops[order.BuyerID][order.MerchantID] = true
	}
	common := 0
	for _, of := range shops {
		all := of[RingShop]
		for _, other := range []cloudtag.MerchantID{"m-3790", "m-3791", "m-3792", "m-3793", "m-3794", "m-3795"} {
			all = all && of[other]
		}
		if all {
			common++
		}
	}
	if common != 28 {
		t.Errorf("%d common accounts, want 28", common)
	}
}

func TestTheRingIsMovedIntoTheWindow(t *testing.T) {
	market := read(t)
	newest := market.Risks[0].UpdatedAt
	before := make(map[cloudtag.OrderNo]time.Time)
	for _, order := range market.Orders {
		before[order.OrderNo] = order.PlacedAt
	}
	market.MoveRing()
	if !slices.IsSortedFunc(market.Tags, func(a, b importing.PastTag) int { return a.SubmittedAt.Compare(b.SubmittedAt) }) {
		t.Error("tags are not in order of time")
	}
	moved := 0
	for _, tag := range market.Tags {
		order := market.Orders[index(t, market, tag.OrderNo)]
		if order.PlacedAt.Equal(before[tag.OrderNo]) {
			continue
		}
		moved++
		age := newest.Sub(tag.SubmittedAt)
		if age < 9*day || age > 151*day || !tag.SubmittedAt.Equal(order.PlacedAt.Add(3*day)) {
			t.Errorf("order %s of %s: tagged at %s, %s before the newest row", order.OrderNo, order.MerchantID, tag.SubmittedAt, age)
		}
	}
	if moved != 277 { // the negative rows of raters 3786 to 3795 in the file
		t.Errorf("%d tags were moved, want 277", moved)
	}
}

func TestScenarioOfRating(t *testing.T) {
	for value, want := range map[int]cloudtag.ScenarioCode{
		-10: "RETURN_SWAPPED", -9: "REFUND_NOT_RETURNED", -6: "REFUND_NOT_RETURNED", -5: "EXTORTION_CLAIM", -2: "EXTORTION_CLAIM", -1: "STOCK_HOLDING",
	} {
		got := rating{value: value}.scenario()
		if _, known := cloudtag.FindScenario(got); got != want || !known {
			t.Errorf("%d: %s, want %s", value, got, want)
		}
	}
}

func TestRiskIgnoresNegativeRatings(t *testing.T) {
	newest := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return newest.AddDate(0, 0, -days) }
	ratings := []rating{
		{"1", "settled", 10, ago(400)},
		{"2", "settled", 10, ago(390)}, {"3", "settled", 10, ago(380)}, {"4", "settled", 10, ago(370)}, {"5", "settled", 10, ago(366)},
		{"1", "hated", -10, ago(365)},
		{"1", "fresh", 5, ago(73)},
		{"1", "settled", -10, ago(2)}, {"2", "settled", -10, ago(1)},
		{"9", "last", 1, newest},
	}
	// By hand: fresh has 50*(1-1/5) + 20*(1-5/10) + 30*(1-73/365) = 40 + 10 + 24; last 40 + 18 + 30.
	want := map[cloudtag.BuyerID]int{"b-settled": 0, "b-hated": 100, "b-fresh": 74, "b-last": 88}
	got := risks(ratings)
	if len(got) != len(want) {
		t.Fatalf("%d profiles", len(got))
	}
	for _, profile := range got {
		if profile.Score != want[profile.BuyerID] {
			t.Errorf("%s: %d, want %d: %+v", profile.BuyerID, profile.Score, want[profile.BuyerID], profile.Signals)
		}
		if len(profile.Signals) != 3 || !profile.UpdatedAt.Equal(newest) {
			t.Errorf("%+v", profile)
		}
	}
	if signals := got[2].Signals; signals[0] != (cloudtag.RiskSignal{Code: "FEW_GOOD_TRADES", Value: 1, Weight: 40}) ||
		signals[1] != (cloudtag.RiskSignal{Code: "FAINT_PRAISE", Value: 5, Weight: 10}) || signals[2] != (cloudtag.RiskSignal{Code: "NEW_ACCOUNT", Value: 73, Weight: 24}) {
		t.Errorf("signals %+v", signals)
	}
}

// The counts, which are also in README.md, were computed by another program.
func TestAccountsPerRiskLevel(t *testing.T) {
	policy := cloudtag.DefaultPolicy(time.Unix(0, 0))
	accounts := map[cloudtag.RiskLevel]int{}
	for _, profile := range read(t).Risks {
		accounts[policy.RiskLevel(&profile)]++
	}
	if accounts[cloudtag.RiskLow] != 2151 || accounts[cloudtag.RiskMedium] != 3318 || accounts[cloudtag.RiskHigh] != 389 {
		t.Errorf("%v", accounts)
	}
}

func TestFeaturedMerchantHasTheMostTags(t *testing.T) {
	market := read(t)
	tags := map[cloudtag.MerchantID]int{}
	for _, tag := range market.Tags {
		tags[market.Orders[index(t, market, tag.OrderNo)].MerchantID]++
	}
	for shop, count := range tags {
		if count > tags[FeaturedMerchant] {
			t.Errorf("%s has %d tags, %s %d", shop, count, FeaturedMerchant, tags[FeaturedMerchant])
		}
	}
}

func TestShiftMovesWholeDaysToYesterday(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 25, 23, 59, 59, 0, time.UTC),
		time.Date(2026, 11, 26, 5, 0, 0, 0, time.FixedZone("+8", 8*3600)), // 25 November in UTC
	} {
		market := read(t)
		before := market.Orders[0].PlacedAt
		shift := market.ShiftTo(now)
		if shift%(24*time.Hour) != 0 {
			t.Fatalf("%s: shift of %s", now, shift)
		}
		market.Shift(shift)
		newest := market.Orders[len(market.Orders)-1].PlacedAt.Add(72 * time.Hour)
		if got := newest.Format(time.DateOnly); got != "2026-11-24" {
			t.Errorf("%s: newest day %s, want 2026-11-24", now, got)
		}
		// 1453684324 is the newest row's time in the file.
		if newest.Sub(time.Unix(1453684324, 0)) != shift || market.Orders[0].PlacedAt.Sub(before) != shift ||
			!market.Risks[0].UpdatedAt.Equal(newest) || !market.Merchants[0].CreatedAt.Equal(market.Orders[0].PlacedAt) {
			t.Errorf("%s: some times were not shifted by %s", now, shift)
		}
	}
}

// The newest 400 tags are two to three days younger than their orders at any time of day; a load that resumes later has
// the same orders; all other orders keep their times.
func TestTakeLiveMovesOrdersAlong(t *testing.T) {
	untouched := read(t)
	midnight := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	shift := untouched.ShiftTo(midnight)
	untouched.Shift(shift)
	var first []cloudtag.Order
	for _, now := range []time.Time{midnight, midnight.Add(9 * time.Hour), midnight.Add(24*time.Hour - time.Second), midnight.AddDate(0, 0, 3)} {
		market := read(t)
		market.Shift(shift)
		live := market.TakeLive(now)
		if len(live) != 400 || len(market.Tags) != 3163 {
			t.Fatalf("%d live tags, %d others", len(live), len(market.Tags))
		}
		moved := map[cloudtag.OrderNo]bool{}
		for _, tag := range live {
			moved[tag.OrderNo] = true
			age := tag.SubmittedAt.Sub(market.Orders[index(t, market, tag.OrderNo)].PlacedAt)
			if now.Before(midnight.AddDate(0, 0, 1)) && (age < 48*time.Hour || age > 72*time.Hour) {
				t.Fatalf("at %s: order %s is %s older than its tag", now, tag.OrderNo, age)
			}
		}
		for i, order := range market.Orders {
			if !moved[order.OrderNo] && order != untouched.Orders[i] {
				t.Fatalf("order %s was moved", order.OrderNo)
			}
		}
		if first == nil {
			first = market.Orders
		}
		for i, order := range market.Orders {
			if order != first[i] {
				t.Fatalf("at %s: order %s was placed at %s, in the first load at %s", now, order.OrderNo, order.PlacedAt, first[i].PlacedAt)
			}
		}
	}
}
