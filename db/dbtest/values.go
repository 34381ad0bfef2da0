package dbtest

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

func valueCases() []testCase {
	return []testCase{
		inWorld("TimesToTheMillisecond", valueTimes),
		inWorld("TimesAreUTC", valueUTC),
		inWorld("Notes", valueNotes),
		inWorld("Identifiers", valueIdentifiers),
		inWorld("EntriesAsWritten", valueEntries),
		inWorld("NilAndEmpty", valueNil),
		inWorld("ManyKeysAtOnce", valueManyKeys),
	}
}

// moments returns edge cases of times: the epoch and around it, the ends of a second, the far future.
func moments() []time.Time {
	return []time.Time{
		time.UnixMilli(0).UTC(), time.UnixMilli(1).UTC(), time.UnixMilli(-1).UTC(),
		time.Date(1969, 7, 20, 20, 17, 40, 999_000_000, time.UTC),
		time.Date(2025, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
		time.Date(2026, 1, 1, 0, 0, 0, 1_000_000, time.UTC),
		time.Date(2199, 12, 31, 23, 59, 59, 1_000_000, time.UTC),
	}
}

func valueTimes(w *world) {
	w.openShops(1)
	for n, at := range moments() {
		name := fmt.Sprint(n)
		merchant := w.merchant(10 + n)
		merchant.CreatedAt = at
		w.putMerchants(merchant)
		order := w.purchase(name, 1, name)
		order.PlacedAt = at
		w.putOrders(order)
		profile := w.risk(name, 50)
		profile.UpdatedAt = at
		w.putRisks(profile)
		before := w.lastSeq()
		made := w.from(1, name).at(at).tag(name, name).recordNoting()
		w.reopen()
		made.wantStored(w, before)
		equal(w, "merchant", w.merchants(merchant.ID)[merchant.ID], merchant)
		equal(w, "order", w.ordersBy(order.OrderNo)[order.OrderNo], order)
		equal(w, "risk", w.risksBy(profile.BuyerID)[profile.BuyerID], profile)
		equal(w, "batch", w.batch(batchKey{w.shop(1), name}).SubmittedAt, at)
	}
}

func valueUTC(w *world) {
	w.openShops(3)
	w.putOrders(w.purchase("1", 1, "x"))
	w.putRisks(w.risk("x", 50))
	w.from(1, "a").placed(day0).tag("x", "1").record()
	w.from(2, "a").tag("x", "2").record()
	tag, c, entry := w.oneTag("1"), w.oneCase(w.caseOf("x")), w.logAfter(w.lastSeq() - 1)[0]
	for what, at := range map[string]time.Time{
		"Tag.PlacedAt": tag.PlacedAt, "Tag.SubmittedAt": tag.SubmittedAt, "Tag.StatusChangedAt": tag.StatusChangedAt, "Tag.HandleBy": tag.HandleBy,
		"Case.OpenedAt": c.OpenedAt, "Case.EvaluatedAt": c.EvaluatedAt, "Case.DueAt": c.DueAt,
		"Case.NextExpiryAt": c.NextExpiryAt, "Case.Decision.At": c.Decision.At, "Entry.At": entry.At,
		"Merchant.CreatedAt":    w.merchants(w.shop(1))[w.shop(1)].CreatedAt,
		"Order.PlacedAt":        w.ordersBy(w.order("1"))[w.order("1")].PlacedAt,
		"RiskProfile.UpdatedAt": w.risksBy(w.buyer("x"))[w.buyer("x")].UpdatedAt,
		"Batch.SubmittedAt":     w.batch(batchKey{w.shop(1), "a"}).SubmittedAt,
		"Policy.CreatedAt":      w.latestPolicy().CreatedAt,
	} {
		if at.IsZero() || at.Location() != time.UTC {
			w.Errorf("%s is %v, want a time in UTC", what, at)
		}
	}
	// The zero time is preserved.
	w.from(3, "a").tag("x", "3").record()
	w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(window)) })
	ended := w.oneCase(w.caseOf("x"))
	for what, at := range map[string]time.Time{"Case.DueAt": ended.DueAt, "Case.NextExpiryAt": ended.NextExpiryAt} {
		if !at.IsZero() || at.Location() != time.UTC {
			w.Errorf("%s is %v, want the zero time", what, at)
		}
	}
}

func valueNotes(w *world) {
	w.openShops(1)
	for n, note := range []string{
		"", "买家退回空包，已三次。", "a", "line\nbreak\tand tab", `"quoted" 'and' \ <b>&amp;</b> $set a.b`, " spaces kept ",
		strings.Repeat("字", cloudtag.MaxNoteLength), strings.Repeat("📦", cloudtag.MaxNoteLength), "é is not é", "null", "%s;--",
	} {
		name := fmt.Sprint(n)
		w.from(1, name).noting(note).tag("x", name).record()
		equal(w, "note", w.oneTag(name).Note, note)
	}
	w.reopen()
	equal(w, "the longest note after reopening", w.oneTag("7").Note, strings.Repeat("📦", cloudtag.MaxNoteLength))
}

// valueIdentifiers: identifiers are visible ASCII up to their limits, case-sensitive, and may contain characters that are
// special to databases.
func valueIdentifiers(w *world) {
	w.openShops(1)
	names := []string{
		"a", "A", "a:b:c", "$where", "a.b", "%", "_", "'; --", "\"", "\\", "{}", "0", "00", "1e3", "-1", "null",
		strings.Repeat("z", cloudtag.MaxIDLength),
	}
	for n, name := range names {
		buyer := cloudtag.BuyerID(name)
		shop := cloudtag.Merchant{
			ID: cloudtag.MerchantID(name), Name: name, EntityID: cloudtag.EntityID(name),
			Permission: cloudtag.PermissionActive, CreatedAt: day0,
		}
		w.putMerchants(shop)
		s := w.from(1, "k")
		s.shop, s.sent.Batch.MerchantID, s.sent.Batch.Key = shop.ID, shop.ID, name
		s.sent.Batch.ID = cloudtag.BatchID(fmt.Sprint("batch-", n))
		s.add(buyer, w.order(fmt.Sprint(n)))
		equal(w, "batch of "+name, s.record(), s.want())
		w.putRisks(cloudtag.RiskProfile{BuyerID: buyer, Score: n, UpdatedAt: day0})
	}
	for n, name := range names {
		buyer, shop := cloudtag.BuyerID(name), cloudtag.MerchantID(name)
		id := cloudtag.NewCaseID(freight, buyer)
		equal(w, "case", w.oneCase(id).BuyerID, buyer)
		tags := w.liveTags(id)[id]
		equal(w, "live tags", len(tags), 1)
		equal(w, "order", tags[0].OrderNo, w.order(fmt.Sprint(n)))
		equal(w, "entity", tags[0].EntityID, cloudtag.EntityID(name))
		equal(w, "score", w.risksBy(buyer)[buyer].Score, n)
		equal(w, "shop", w.merchants(shop)[shop].Name, name)
		equal(w, "batch", w.batch(batchKey{shop, name}).ID, cloudtag.BatchID(fmt.Sprint("batch-", n)))
		equal(w, "entries", len(w.filteredLog(cloudtag.LogFilter{Subject: cloudtag.BuyerSubject(buyer), Action: cloudtag.ActionTagSubmitted}, 0)), 1)
	}
	longest := cloudtag.OrderNo(strings.Repeat("9", cloudtag.MaxOrderNoLength))
	for _, order := range []cloudtag.OrderNo{longest, "Ab", "aB", "-._"} {
		s := w.from(1, "order "+string(order))
		s.add("a", order)
		equal(w, "batch of "+string(order), s.record(), s.want())
	}
	w.checkInvariants()
}

func valueEntries(w *world) {
	w.openShops(1)
	entries := []cloudtag.Entry{
		{
			At: day0, Actor: "审核员 甲", Action: "merchant.test", Reason: "原因：<b>\"滥用\"</b> & 其他\n第二行 📦",
			Subjects: []cloudtag.Subject{"z:last", "a:first", cloudtag.MerchantSubject(w.shop(1)), "case:A:b:c"},
			Before:   []byte(`{"z": 1.0, "a":{"$b":[1,2.5e0,null,true,"文"]},  "c.d":"<>&","e":9007199254740993,"":"\u6587\/","z":2}`),
			After:    []byte(`[]`),
		},
		{At: time.UnixMilli(0).UTC(), Actor: "a", Action: "x"},
		{At: day0, Actor: "b", Action: "y", After: []byte(`"just text"`), Subjects: []cloudtag.Subject{"only:one"}},
		{At: day0, Actor: "c", Action: "z", Before: []byte(`0`)},
	}
	permissions := []cloudtag.Permission{cloudtag.PermissionSuspended, cloudtag.PermissionActive}
	before := w.lastSeq()
	for i, entry := range entries {
		w.noError(w.store.SetPermission(w.ctx, w.shop(1), permissions[i%2], entry), "set permission")
	}
	w.reopen()
	got := w.logAfter(before)
	equal(w, "entries", got, entries, withoutSeq)
	for i := range got {
		// Byte by byte, since the hash chain covers what was written.
		if !bytes.Equal(got[i].Before, entries[i].Before) || !bytes.Equal(got[i].After, entries[i].After) {
			w.Errorf("entry %d: before %s and after %s, want %s and %s", i, got[i].Before, got[i].After, entries[i].Before, entries[i].After)
		}
		if (got[i].Before == nil) != (entries[i].Before == nil) || (got[i].After == nil) != (entries[i].After == nil) {
			w.Errorf("entry %d: before %q and after %q, want nil where nil was written", i, got[i].Before, got[i].After)
		}
	}
}

// valueNil: an empty list equals no list, also in the next import.
func valueNil(w *world) {
	none, emptied := w.risk("x", 10), w.risk("x", 10)
	emptied.Signals = []cloudtag.RiskSignal{}
	w.putRisks(none)
	equal(w, "an empty list after none", w.putRisks(emptied), puts(cloudtag.PutUnchanged))
	equal(w, "signals", len(w.risksBy(none.BuyerID)[none.BuyerID].Signals), 0)
	w.openShops(1)
	w.from(1, "a").tag("x", "1").record()
	c := w.oneCase(w.caseOf("x"))
	equal(w, "holds", len(c.Holds), 0)
	if c.Decision == nil {
		w.Fatalf("the case has no decision, want the engine's")
	}
}

// valueManyKeys reads more keys at once than some databases accept in one statement.
func valueManyKeys(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1").tag("y", "2").record()
	w.putOrders(w.purchase("1", 1, "x"), w.purchase("2", 1, "y"))
	w.putRisks(w.risk("x", 1), w.risk("y", 2))
	orders, buyers := []cloudtag.OrderNo{w.order("1")}, []cloudtag.BuyerID{w.buyer("x")}
	ids, shops := []cloudtag.CaseID{w.caseOf("x")}, []cloudtag.MerchantID{w.shop(1)}
	for n := range scaled(2000, 1000) {
		name := fmt.Sprintf("missing-%d", n)
		orders, buyers = append(orders, w.order(name)), append(buyers, w.buyer(name))
		ids, shops = append(ids, w.caseOf(name)), append(shops, w.shop(100+n))
	}
	orders, buyers, ids = append(orders, w.order("2")), append(buyers, w.buyer("y")), append(ids, w.caseOf("y"))
	exposures, err := w.store.Exposures(w.ctx, buyers, time.Time{})
	w.noError(err, "exposures")
	known, err := w.store.KnownBuyers(w.ctx, buyers)
	w.noError(err, "known buyers")
	counts, err := w.store.MerchantCounts(w.ctx, shops)
	w.noError(err, "merchant counts")
	byBuyer, err := w.store.CasesOfBuyers(w.ctx, buyers)
	w.noError(err, "cases of buyers")
	matching, err := w.store.CountTags(w.ctx, cloudtag.TagFilter{OrderNos: orders}, 10)
	w.noError(err, "count tags")
	for what, found := range map[string]int{
		"tags": len(w.tags(orders...)), "orders": len(w.ordersBy(orders...)), "cases": len(w.cases(ids...)),
		"live tags": len(w.liveTags(ids...)), "risks": len(w.risksBy(buyers...)), "exposures": len(exposures),
		"known buyers": len(known), "cases of buyers": len(byBuyer), "tags counted": matching,
		"merchants and their counts": len(w.merchants(shops...)) + len(counts),
	} {
		equal(w, what, found, 2)
	}
}
