package dbtest

import (
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func lookupCases() []testCase {
	return []testCase{
		inWorld("TagsAndCasesFoundAndNotFound", lookupsFound),
		inWorld("LiveTagsInOrder", lookupLiveTags),
		inWorld("LiveCasesOf", lookupLiveCases),
		inWorld("PendingBefore", lookupPending),
		inWorld("ManyLiveCases", lookupManyLiveCases),
		inWorld("CasesOfBuyersInOrder", lookupCasesOfBuyers),
		inWorld("CasesOfManyVotes", lookupManyVotes),
		inWorld("FoundByPrefix", lookupPrefixes),
		inWorld("WakingCases", lookupWaking),
		inWorld("WakingCasesFollowTheCase", lookupWakingMoves),
	}
}

func lookupsFound(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1").tag("y", "2").record()
	tags := w.tags(w.order("2"), w.order("none"), w.order("1"), w.order("1"))
	equal(w, "tags", len(tags), 2)
	for name, tag := range map[string]cloudtag.Tag{"1": tags[w.order("1")], "2": tags[w.order("2")]} {
		equal(w, "order of the tag", tag.OrderNo, w.order(name))
	}
	cases := w.cases(w.caseOf("y"), w.caseOf("nobody"), w.caseOf("x"), "")
	equal(w, "cases", len(cases), 2)
	equal(w, "buyer of the case", cases[w.caseOf("x")].BuyerID, w.buyer("x"))
	equal(w, "tags of no order", len(w.tags()), 0)
	for shop, count := range map[cloudtag.MerchantID]int{w.shop(1): 2, w.shop(2): 0, "no shop": 0} {
		own, err := w.store.TagsOf(w.ctx, shop, []cloudtag.OrderNo{w.order("2"), w.order("none"), w.order("1")})
		w.noError(err, "tags of a shop")
		equal(w, "tags of a shop", len(own), count)
		for number, tag := range own {
			equal(w, "tag of a shop", tag, tags[number])
		}
	}
	equal(w, "cases of no identifier", len(w.cases()), 0)
	// Wherever a batch is read by its key, it is compared with the one read by its identifier.
	for _, id := range []cloudtag.BatchID{"", "none", tags[w.order("1")].BatchID + "0"} {
		_, err := w.store.BatchByID(w.ctx, id)
		w.wantCode(err, cloudtag.CodeNotFound, "a batch of no identifier")
	}
}

// lookupManyVotes finds cases with more votes than indexes distinguish.
func lookupManyVotes(w *world) {
	const shops = 12
	w.openShops(shops)
	for shop := 1; shop <= shops; shop++ {
		batch := w.from(shop, "a").tag("hot", fmt.Sprint("h", shop))
		if shop <= 2 {
			batch.tag("calm", fmt.Sprint("c", shop))
		}
		batch.record()
	}
	w.from(1, "b").tag("once", "o1").record()
	for votes, want := range map[int]int{0: 3, 1: 3, 2: 2, 3: 1, 10: 1, 11: 1, shops: 1, shops + 1: 0} {
		count, err := w.store.CountCases(w.ctx, cloudtag.CaseFilter{MinVotes: votes}, 10)
		w.noError(err, "count cases")
		equal(w, fmt.Sprintf("cases with %d votes", votes), count, want)
	}
}

func lookupLiveTags(w *world) {
	w.openShops(3)
	w.from(1, "a").at(day0.Add(2*time.Second)).tag("x", "5", "1", "void").record()
	w.from(2, "a").at(day0.Add(time.Second)).tag("x", "9").tag("y", "7", "6").record()
	w.from(3, "a").at(day0.Add(2*time.Second)).under(swapped).tag("x", "0").record()
	w.noError(voidTag(w, "x", "void"), "void")
	other := cloudtag.NewCaseID(swapped, w.buyer("x"))
	live := w.liveTags(w.caseOf("x"), w.caseOf("y"), other, w.caseOf("nobody"))
	got := map[cloudtag.CaseID][]cloudtag.OrderNo{}
	for id, tags := range live {
		for _, tag := range tags {
			got[id] = append(got[id], tag.OrderNo)
			equal(w, "tag", tag, w.tags(tag.OrderNo)[tag.OrderNo])
		}
	}
	equal(w, "live tags", got, map[cloudtag.CaseID][]cloudtag.OrderNo{
		w.caseOf("x"): {w.order("9"), w.order("1"), w.order("5")},
		w.caseOf("y"): {w.order("6"), w.order("7")},
		other:         {w.order("0")},
	})
	w.noError(voidTag(w, "y", "6"), "void")
	w.noError(voidTag(w, "y", "7"), "void")
	equal(w, "cases with live tags", len(w.liveTags(w.caseOf("y"))), 0)
	equal(w, "live tags of no case", len(w.liveTags()), 0)
}

func (w *world) liveCasesOf(shop int, after cloudtag.CaseID, limit int) []cloudtag.CaseID {
	w.Helper()
	ids, err := w.store.LiveCasesOf(w.ctx, w.shop(shop), after, limit)
	w.noError(err, "live cases of a shop")
	return ids
}

func lookupLiveCases(w *world) {
	w.openShops(3)
	var want []cloudtag.CaseID
	s, other := w.from(1, "a"), w.from(2, "a")
	for n, buyer := range []string{"a", "B", "b", "a:1", "~", "10", "9", "void"} {
		s.tag(buyer, fmt.Sprintf("%d-1", n), fmt.Sprintf("%d-2", n)) // two tags, one case
		other.tag(buyer, fmt.Sprintf("%d-3", n))
		want = append(want, w.caseOf(buyer))
	}
	s.record()
	other.record()
	w.from(1, "b").under(swapped).tag("a", "0-4").record()
	want = append(want, cloudtag.NewCaseID(swapped, w.buyer("a")))
	slices.Sort(want)
	equal(w, "all", w.liveCasesOf(1, "", 100), want)

	var walked []cloudtag.CaseID
	var after cloudtag.CaseID
	for {
		page := w.liveCasesOf(1, after, 2)
		if len(page) == 0 {
			break
		}
		walked, after = append(walked, page...), page[len(page)-1]
	}
	equal(w, "page by page", walked, want)

	// Only live tags count: a case is left out after the shop's last live tag; succeeded tags are live.
	w.noError(voidTag(w, "void", "7-1"), "void")
	equal(w, "with one tag voided", w.liveCasesOf(1, "", 100), want)
	w.noError(voidTag(w, "void", "7-2"), "void")
	want = slices.DeleteFunc(want, func(id cloudtag.CaseID) bool { return id == w.caseOf("void") })
	w.from(3, "a").tag("9", "6-9").record()
	equal(w, "state of a case", w.oneCase(w.caseOf("9")).State, cloudtag.CaseConfirmed)
	equal(w, "with both voided and one succeeded", w.liveCasesOf(1, "", 100), want)
	w.amend(w.caseOf("9"), func(file *cloudtag.CaseFile) { file.Discount(w.shop(1), tester, "x", day0) })
	want = slices.DeleteFunc(want, func(id cloudtag.CaseID) bool { return id == w.caseOf("9") })
	equal(w, "with one discounted", w.liveCasesOf(1, "", 100), want)
	equal(w, "of an unknown shop", len(w.liveCasesOf(9, "", 100)), 0)
}

// lookupPending counts the cases that are due before a time, not at it.
func lookupPending(w *world) {
	w.openShops(2)
	w.from(1, "a").at(day0).tag("x", "1").record()
	w.from(2, "a").at(day0).tag("x", "2").record() // one vote missing: due 48 hours later
	due := day0.Add(handleWithin)
	for at, want := range map[time.Time]int{due.Add(-time.Millisecond): 0, due: 0, due.Add(1): 1, due.Add(time.Millisecond): 1} {
		count, err := w.store.CountPending(w.ctx, at)
		w.noError(err, "count pending cases")
		equal(w, fmt.Sprint("pending before ", at), count, want)
	}
}

// lookupManyLiveCases counts and visits more cases than a store reads at once.
func lookupManyLiveCases(w *world) {
	w.openShops(1)
	past := w.fromHistory().by(1)
	for n := range 1001 {
		past.tag(fmt.Sprint("b", n), fmt.Sprint("o", n))
	}
	past.record()
	count, err := w.store.CountLiveCasesOf(w.ctx, w.shop(1))
	w.noError(err, "count live cases")
	equal(w, "live cases", count, 1001)
	visited := map[cloudtag.CaseID]int{}
	w.noError(w.store.TagsByCase(w.ctx, func(id cloudtag.CaseID, tags []cloudtag.Tag, _ *cloudtag.RiskProfile) error {
		visited[id] += len(tags)
		return nil
	}), "tags by case")
	equal(w, "cases visited", len(visited), 1001)
}

func lookupCasesOfBuyers(w *world) {
	w.openShops(1)
	later := day0.Add(time.Millisecond)
	w.from(1, "a").at(later).under(freight).tag("x", "1").tag("y", "2").record()
	w.from(1, "b").at(day0).under(swapped).tag("x", "3").record()
	w.from(1, "c").at(later).under(empty).tag("x", "4").record()
	found, err := w.store.CasesOfBuyers(w.ctx, []cloudtag.BuyerID{w.buyer("x"), w.buyer("nobody"), w.buyer("y")})
	w.noError(err, "cases of buyers")
	id := func(scenario cloudtag.ScenarioCode, buyer string) cloudtag.CaseID {
		return cloudtag.NewCaseID(scenario, w.buyer(buyer))
	}
	want := map[cloudtag.BuyerID][]cloudtag.Case{
		w.buyer("x"): {w.oneCase(id(swapped, "x")), w.oneCase(id(freight, "x")), w.oneCase(id(empty, "x"))},
		w.buyer("y"): {w.oneCase(id(freight, "y"))},
	}
	equal(w, "cases of buyers", found, want) // FREIGHT… before RETURN_EMPTY…, opened at the same time
	none, err := w.store.CasesOfBuyers(w.ctx, nil)
	w.noError(err, "cases of no buyer")
	equal(w, "cases of no buyer", len(none), 0)
}

func (w *world) waking(asOf time.Time, limit int) []cloudtag.CaseID {
	w.Helper()
	ids, err := w.store.WakingCases(w.ctx, asOf, limit)
	w.noError(err, "waking cases")
	return ids
}

func lookupWaking(w *world) {
	w.openShops(2)
	var ids []cloudtag.CaseID
	for n := range 5 {
		buyer := fmt.Sprintf("%d", 9-n) // identifiers descend while times ascend
		at := day0.Add(time.Duration(n) * time.Hour)
		w.from(1, buyer).at(at).tag(buyer, "a"+buyer).record()
		w.from(2, buyer).at(at).tag(buyer, "b"+buyer).record() // one vote short: pending, due in 48 hours
		equal(w, "handling", w.oneCase(w.caseOf(buyer)).Handling, cloudtag.HandlingPending)
		ids = append(ids, w.caseOf(buyer))
	}
	warning := day0.Add(36 * time.Hour) // rule 9: the first event
	equal(w, "just before the first", len(w.waking(warning.Add(-time.Millisecond), 10)), 0)
	equal(w, "exactly at the first", w.waking(warning, 10), ids[:1])
	equal(w, "at the third", w.waking(warning.Add(2*time.Hour), 10), ids[:3])
	equal(w, "at the third, two of them", w.waking(warning.Add(2*time.Hour), 2), ids[:2])
	equal(w, "much later", w.waking(warning.AddDate(10, 0, 0), 10), ids)
	// After each warning the case wakes for the next one, and then for its deadline.
	w.amend(ids[0], func(file *cloudtag.CaseFile) { file.Evaluate(warning) })
	equal(w, "after the first warning", len(w.waking(day0.Add(36*time.Hour), 10)), 0)
	w.amend(ids[0], func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(44 * time.Hour)) })
	equal(w, "warnings", w.oneCase(ids[0]).Warnings, 2)
	waiting := w.waking(day0.Add(handleWithin-time.Millisecond), 10)
	equal(w, "after the second, right before the deadline", slices.Contains(waiting, ids[0]), false)
	equal(w, "at the deadline", slices.Contains(w.waking(day0.Add(handleWithin), 10), ids[0]), true)
}

func lookupWakingMoves(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("pending", "1").tag("void", "3").record()
	w.from(2, "a").tag("pending", "2").record()
	w.fromHistory().by(2).at(day0.Add(-time.Hour)).tag("past", "4").record()
	w.noError(voidTag(w, "void", "3"), "void") // a case without live tags does not wake
	due, expiry := day0.Add(handleWithin), day0.Add(window)
	equal(w, "at the deadline", w.waking(due, 10), []cloudtag.CaseID{w.caseOf("pending")})
	w.amend(w.caseOf("pending"), func(file *cloudtag.CaseFile) { file.Evaluate(due) })
	equal(w, "after the deadline was met", len(w.waking(due, 10)), 0)
	equal(w, "when the first leaves the window", w.waking(expiry.Add(-time.Hour), 10), []cloudtag.CaseID{w.caseOf("past")})
	equal(w, "when all have", w.waking(expiry, 10), []cloudtag.CaseID{w.caseOf("past"), w.caseOf("pending")})
	for _, buyer := range []string{"past", "pending"} {
		w.amend(w.caseOf(buyer), func(file *cloudtag.CaseFile) { file.Evaluate(expiry) })
	}
	equal(w, "after that", len(w.waking(expiry.AddDate(10, 0, 0), 10)), 0)
	w.checkInvariants()
}

func lookupPrefixes(w *world) {
	w.openShops(2)
	w.putOrders(w.purchase("1", 1, "plain"), w.purchase("10", 1, "plain"), w.purchase("11.", 1, "x"), w.purchase("2", 1, "x"))
	w.putRisks(w.risk("x", 50), w.risk("xa", 50), w.risk("x~", 50), w.risk("y", 50))
	w.from(1, "a").tag("x", "2").record()
	w.from(1, "b").under(swapped).tag("xa", "3").record()
	other := cloudtag.NewCaseID(swapped, w.buyer("xa"))
	find := func(prefix string, limit int) (ids []string) {
		w.Helper()
		found, err := w.store.Find(w.ctx, prefix, limit)
		w.noError(err, "find")
		for _, buyer := range found.Buyers {
			ids = append(ids, string(buyer))
		}
		for _, c := range found.Cases {
			ids = append(ids, string(c.ID))
		}
		for _, merchant := range found.Merchants {
			ids = append(ids, string(merchant.ID))
		}
		for _, order := range found.Orders {
			ids = append(ids, string(order.OrderNo))
		}
		return ids
	}
	for prefix, want := range map[string][]string{
		string(w.order("1")):                   {string(w.order("1")), string(w.order("10")), string(w.order("11."))},
		string(w.order("11")):                  {string(w.order("11."))},
		string(w.order("none")):                nil,
		string(w.buyer("x")):                   {string(w.buyer("x")), string(w.buyer("xa")), string(w.buyer("x~"))},
		string(w.buyer("plain")):               {string(w.buyer("plain"))}, // known by its orders alone
		string(w.buyer("plai")):                nil,
		string(w.shop(1)):                      {string(w.shop(1))},
		w.prefix + "shop-":                     {string(w.shop(1)), string(w.shop(2))},
		string(w.caseOf("x")):                  {string(w.caseOf("x"))},
		string(swapped) + ":" + w.prefix + "b": {string(other)},
		"店铺":                                   nil,
	} {
		equal(w, "found by "+prefix, find(prefix, 5), want)
	}
	equal(w, "orders found, up to a limit", find(string(w.order("1")), 2), []string{string(w.order("1")), string(w.order("10"))})
	equal(w, "accounts found, up to a limit", find(string(w.buyer("x")), 2), []string{string(w.buyer("x")), string(w.buyer("xa"))})
}
