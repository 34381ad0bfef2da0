package dbtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func merchantCases() []testCase {
	return []testCase{
		inWorld("FoundAndNotFound", merchantsFound),
		inWorld("PutResults", merchantPutResults),
		inWorld("RowsOfOneCallInOrder", merchantRowsInOrder),
		inWorld("EntryOfEachStoredRow", merchantEntries),
		inWorld("EntityChangeMarks", merchantMarks),
		inWorld("MarkStaysWhenEntityChangedAgain", merchantMarkChangedAgain),
		inWorld("MarkedByIdentifierUpToLimit", merchantMarksInOrder),
		inWorld("SetPermission", merchantPermission),
		inWorld("RevokedIsForGood", merchantRevokedForGood),
		inWorld("Counts", merchantCounts),
		inWorld("TagShare", merchantTagShare),
		inWorld("TagShareOfManyOrders", merchantTagShareOfMany),
		inWorld("Pages", merchantPages),
	}
}

func merchantsFound(w *world) {
	w.openShops(2)
	equal(w, "merchants", w.merchants(w.shop(2), "nobody", w.shop(1), w.shop(2)), map[cloudtag.MerchantID]cloudtag.Merchant{
		w.shop(1): w.merchant(1), w.shop(2): w.merchant(2),
	})
	equal(w, "merchants of no identifier", len(w.merchants()), 0)
	equal(w, "results of no row", len(w.putMerchants()), 0)
}

func merchantPutResults(w *world) {
	renamed := w.merchant(2)
	renamed.Name = "新店名"
	otherwise := w.merchant(1) // differs only in fields that imports do not change
	otherwise.Permission, otherwise.CreatedAt = cloudtag.PermissionSuspended, day0.AddDate(1, 0, 0)
	kept := w.merchant(2)
	kept.Name = renamed.Name
	renamed.Permission, renamed.CreatedAt = cloudtag.PermissionRevoked, day0

	equal(w, "new rows", w.putMerchants(w.merchant(1), w.merchant(2)), puts(cloudtag.PutStored, cloudtag.PutStored))
	before := w.lastSeq()
	equal(w, "the same rows, another name, a new row",
		w.putMerchants(w.merchant(1), otherwise, renamed, w.merchant(3)),
		puts(cloudtag.PutUnchanged, cloudtag.PutUnchanged, cloudtag.PutStored, cloudtag.PutStored))
	equal(w, "merchants", w.merchants(w.shop(1), w.shop(2), w.shop(3)), map[cloudtag.MerchantID]cloudtag.Merchant{
		w.shop(1): w.merchant(1), w.shop(2): kept, w.shop(3): w.merchant(3),
	})
	first := w.merchant(2)
	equal(w, "entries", w.logAfter(before),
		[]cloudtag.Entry{merchantEntry(&first, kept), merchantEntry(nil, w.merchant(3))}, withoutSeq)
	equal(w, "merchants to recount", len(w.merchantsToRecount(10)), 0)
}

func puts(results ...cloudtag.PutResult) []cloudtag.PutResult { return results }

func merchantRowsInOrder(w *world) {
	first, second := w.merchant(1), w.merchant(1)
	second.Name, second.EntityID = "后来的名字", "another entity"
	before := w.lastSeq()
	equal(w, "results", w.putMerchants(first, first, second, second),
		puts(cloudtag.PutStored, cloudtag.PutUnchanged, cloudtag.PutStored, cloudtag.PutUnchanged))
	equal(w, "merchant", w.merchants(w.shop(1))[w.shop(1)], second)
	equal(w, "entries", w.logAfter(before),
		[]cloudtag.Entry{merchantEntry(nil, first), merchantEntry(&first, second)}, withoutSeq)
	equal(w, "marked", w.merchantsToRecount(10), []cloudtag.Merchant{second})
}

func merchantEntries(w *world) {
	before := w.lastSeq()
	w.openShops(3)
	w.openShops(3)
	equal(w, "entries", w.logAfter(before), []cloudtag.Entry{
		merchantEntry(nil, w.merchant(1)), merchantEntry(nil, w.merchant(2)), merchantEntry(nil, w.merchant(3)),
	}, withoutSeq)
}

// moved returns a shop that belongs to another entity.
func (w *world) moved(shop int, entity cloudtag.EntityID) cloudtag.Merchant {
	merchant := w.merchant(shop)
	merchant.EntityID = entity
	return merchant
}

func (w *world) recounted(shop cloudtag.MerchantID, entity cloudtag.EntityID) {
	w.Helper()
	w.noError(w.store.MerchantRecounted(w.ctx, shop, entity), "merchant recounted")
}

func merchantMarks(w *world) {
	w.openShops(3)
	equal(w, "marked when new", len(w.merchantsToRecount(10)), 0)
	w.putMerchants(w.moved(2, "holding"))
	w.reopen()
	equal(w, "marked after a change", w.merchantsToRecount(10), []cloudtag.Merchant{w.moved(2, "holding")})
	w.putMerchants(w.moved(2, "holding"))
	w.recounted(w.shop(2), "holding")
	equal(w, "marked after the recount", len(w.merchantsToRecount(10)), 0)
	w.recounted(w.shop(2), "holding")
	w.putMerchants(w.moved(2, "holding"))
	equal(w, "marked after a row that changes nothing", len(w.merchantsToRecount(10)), 0)
	equal(w, "the shop", w.merchants(w.shop(2))[w.shop(2)], w.moved(2, "holding"))
	w.recounted("nobody", "holding")
	equal(w, "unknown shop", len(w.merchants("nobody")), 0)
}

func merchantMarkChangedAgain(w *world) {
	w.openShops(1)
	w.putMerchants(w.moved(1, "first"))
	w.putMerchants(w.moved(1, "second"))
	w.recounted(w.shop(1), "first")
	equal(w, "marked after a recount for the entity of before", w.merchantsToRecount(10), []cloudtag.Merchant{w.moved(1, "second")})
	renamed := w.moved(1, "second")
	renamed.Name = "只改了名字"
	w.putMerchants(renamed)
	equal(w, "marked after a change of the name", w.merchantsToRecount(10), []cloudtag.Merchant{renamed})
	w.recounted(w.shop(1), "second")
	equal(w, "marked after the recount", len(w.merchantsToRecount(10)), 0)
	w.putMerchants(w.moved(1, "third"))
	equal(w, "marked by the next change", w.merchantsToRecount(10), []cloudtag.Merchant{w.moved(1, "third")})
}

func merchantMarksInOrder(w *world) {
	w.openShops(4)
	w.putMerchants(w.moved(4, "x"), w.moved(1, "x"), w.moved(3, "x"))
	equal(w, "marked", w.merchantsToRecount(10), []cloudtag.Merchant{w.moved(1, "x"), w.moved(3, "x"), w.moved(4, "x")})
	equal(w, "marked, two of them", w.merchantsToRecount(2), []cloudtag.Merchant{w.moved(1, "x"), w.moved(3, "x")})
}

func merchantPermission(w *world) {
	w.openShops(2)
	before := w.lastSeq()
	var want []cloudtag.Entry
	for _, permission := range []cloudtag.Permission{
		cloudtag.PermissionSuspended, cloudtag.PermissionActive, cloudtag.PermissionRevoked,
	} {
		entry := permissionEntry(w.shop(1), "改为 "+string(permission))
		w.noError(w.store.SetPermission(w.ctx, w.shop(1), permission, entry), "set permission")
		changed := w.merchant(1)
		changed.Permission = permission
		equal(w, "the shops", w.merchants(w.shop(1), w.shop(2)), map[cloudtag.MerchantID]cloudtag.Merchant{
			w.shop(1): changed, w.shop(2): w.merchant(2),
		})
		want = append(want, entry)
		// An import keeps what the permission has become.
		w.putMerchants(w.merchant(1))
		equal(w, "the permission after an import", w.merchants(w.shop(1))[w.shop(1)].Permission, permission)
	}
	equal(w, "entries", w.logAfter(before), want, withoutSeq)
}

func merchantRevokedForGood(w *world) {
	w.openShops(1)
	w.noError(w.store.SetPermission(w.ctx, w.shop(1), cloudtag.PermissionRevoked, permissionEntry(w.shop(1), "滥用")), "revoke")
	before := w.lastSeq()
	for _, permission := range []cloudtag.Permission{
		cloudtag.PermissionActive, cloudtag.PermissionSuspended, cloudtag.PermissionRevoked,
	} {
		err := w.store.SetPermission(w.ctx, w.shop(1), permission, permissionEntry(w.shop(1), "again"))
		w.wantCode(err, cloudtag.CodeInvalidState, "set a revoked shop to "+string(permission))
	}
	err := w.store.SetPermission(w.ctx, "nobody", cloudtag.PermissionSuspended, permissionEntry("nobody", "x"))
	w.wantCode(err, cloudtag.CodeNotFound, "set the permission of an unknown shop")
	equal(w, "the permission", w.merchants(w.shop(1))[w.shop(1)].Permission, cloudtag.PermissionRevoked)
	equal(w, "last sequence number", w.lastSeq(), before)
	equal(w, "unknown shop", len(w.merchants("nobody")), 0)
}

func merchantCounts(w *world) {
	w.openShops(4)
	w.from(1, "a").tag("hot", "h1", "h2").tag("calm", "c1").record()
	w.from(2, "a").tag("hot", "h3").record()
	w.from(3, "a").tag("hot", "h4").tag("other", "o1").record() // the third vote: hot is confirmed
	w.noError(voidTag(w, "calm", "c1"), "void")
	counts, err := w.store.MerchantCounts(w.ctx, []cloudtag.MerchantID{w.shop(1), w.shop(2), w.shop(3), w.shop(4), "nobody"})
	w.noError(err, "merchant counts")
	equal(w, "counts", counts, map[cloudtag.MerchantID]cloudtag.MerchantCounts{
		w.shop(1): {Tags: 3, Succeeded: 2}, w.shop(2): {Tags: 1, Succeeded: 1}, w.shop(3): {Tags: 2, Succeeded: 1},
	})
}

// merchantTagShare compares the counts with the orders and tags stored.
func merchantTagShare(w *world) {
	w.openShops(2)
	since := day0.Add(-180 * 24 * time.Hour)
	order := func(name string, shop int, placed time.Time) cloudtag.Order {
		order := w.purchase(name, shop, "a")
		order.PlacedAt = placed
		return order
	}
	w.putOrders(
		order("now", 1, day0), order("voided", 1, day0.Add(-time.Hour)), order("untagged", 1, day0.Add(-time.Hour)),
		order("first", 1, since.Add(time.Millisecond)), order("just before", 1, since), order("before", 1, since.Add(-time.Hour)),
		order("to come", 1, day0.Add(time.Millisecond)), order("another's", 2, day0),
	)
	past := w.fromHistory().by(1)
	for name, placed := range map[string]time.Time{
		"now": day0, "voided": day0.Add(-time.Hour), "first": since.Add(time.Millisecond), "just before": since, "before": since.Add(-time.Hour),
	} {
		past.placed(placed).tag("a", name)
	}
	past.record()
	w.noError(voidTag(w, "a", "voided"), "void")
	w.reopen()
	share := func(shop int, since, now time.Time) cloudtag.TagShare {
		w.Helper()
		share, err := w.store.TagShare(w.ctx, w.shop(shop), since, now)
		w.noError(err, "tag share")
		return share
	}
	equal(w, "the share", share(1, since, day0), cloudtag.TagShare{Since: since, Orders: 4, Tagged: 3})
	later := since.Add(time.Hour)
	equal(w, "the share of a shorter time", share(1, later, day0), cloudtag.TagShare{Since: later, Orders: 3, Tagged: 2})
	equal(w, "the share of before", share(1, since, day0.Add(-time.Minute)), cloudtag.TagShare{Since: since, Orders: 3, Tagged: 2})
	equal(w, "the share of another shop", share(2, since, day0), cloudtag.TagShare{Since: since, Orders: 1})
	equal(w, "the share of no shop", share(3, since, day0), cloudtag.TagShare{Since: since})
}

// merchantTagShareOfMany has more orders than are counted, all in the last half of the period.
func merchantTagShareOfMany(w *world) {
	if testing.Short() {
		w.Skip("20,000 orders")
	}
	w.openShops(1)
	const most, step = 10_000, time.Minute
	since := day0.Add(-4 * most * step)
	orders := make([]cloudtag.Order, 2*most)
	for i := range orders {
		orders[i] = w.purchase(fmt.Sprintf("n%05d", i), 1, "a")
		orders[i].PlacedAt = day0.Add(-time.Duration(i) * step)
	}
	for chunk := range slices.Chunk(orders, 1000) {
		w.putOrders(chunk...)
	}
	w.fromHistory().by(1).placed(orders[most-1].PlacedAt).tag("a", "n09999").placed(orders[most].PlacedAt).tag("a", "n10000").record()
	share, err := w.store.TagShare(w.ctx, w.shop(1), since, day0)
	w.noError(err, "tag share")
	equal(w, "the share", share, cloudtag.TagShare{Since: day0.Add(-most * step), Orders: most, Tagged: 1})
}

// voidTag voids the tag of an order in a buyer's case.
func voidTag(w *world, buyer, order string) error {
	_, err := w.store.Amend(w.ctx, w.caseOf(buyer), func(file *cloudtag.CaseFile) error {
		return file.Void(w.order(order), tester, "提交有误", day0)
	})
	return err
}

func (w *world) merchantList(filter cloudtag.MerchantFilter) list[cloudtag.Merchant] {
	return list[cloudtag.Merchant]{
		name: fmt.Sprintf("merchants %+v", filter),
		page: func(ctx context.Context, slice cloudtag.Slice) ([]cloudtag.Merchant, bool, error) {
			return w.store.MerchantPage(ctx, filter, slice)
		},
		count: func(ctx context.Context, limit int) (int, error) { return w.store.CountMerchants(ctx, filter, limit) },
		position: func(m cloudtag.Merchant) cloudtag.Position {
			return cloudtag.Position{ID: string(m.ID)}
		},
		matches: filter.Matches,
	}
}

func merchantPages(w *world) {
	var all []cloudtag.Merchant
	for n, name := range []string{
		"北京 Tea House", "TEA (b)", "100% cotton", "Ünï", "ünï", "a_b", "a.b", "axb", "[k]", "K", "plain", "Plain",
	} {
		merchant := w.merchant(n + 1)
		merchant.Name = name
		all = append(all, merchant)
	}
	w.putMerchants(all...)
	for n, permission := range map[int]cloudtag.Permission{
		2: cloudtag.PermissionSuspended, 5: cloudtag.PermissionRevoked, 7: cloudtag.PermissionSuspended,
	} {
		w.noError(w.store.SetPermission(w.ctx, w.shop(n), permission, permissionEntry(w.shop(n), "改")), "set permission")
		all[n-1].Permission = permission
	}
	want := map[string]int{
		"": 12, "tea": 2, "北京": 1, "%": 1, "_": 1, ".": 1, "[K]": 1, "(B)": 1, "ü": 1, "Ü": 1, "PLAIN": 2, "SHOP-1": 3,
		"k": 2, "axb|k": 0, `\`: 0, " ": 3, "none": 0,
	}
	number := 0
	for search, matching := range want {
		for _, permission := range []cloudtag.Permission{
			"", cloudtag.PermissionActive, cloudtag.PermissionSuspended, cloudtag.PermissionRevoked,
		} {
			filter := cloudtag.MerchantFilter{Search: search, Permission: permission}
			shops := w.merchantList(filter)
			if permission == "" {
				equal(w, shops.name, len(shops.model(all)), matching)
			}
			for range 4 { // sizes of pages, directions, and counts
				checkList(w, shops, all, number)
				number++
			}
		}
	}
	one, more, err := w.store.MerchantPage(w.ctx, cloudtag.MerchantFilter{}, cloudtag.Slice{Limit: 1})
	w.noError(err, "merchant page")
	equal(w, "a page of one shop", one, all[:1])
	equal(w, "more than one shop", more, true)
	w.noError(w.store.SetPermission(w.ctx, w.shop(1), cloudtag.PermissionSuspended, permissionEntry(w.shop(1), "改")), "set permission")
	found, more, err := w.store.MerchantPage(w.ctx, cloudtag.MerchantFilter{Permission: cloudtag.PermissionSuspended}, cloudtag.Slice{
		Limit: 1, After: &cloudtag.Position{ID: string(w.shop(1))}, Before: &cloudtag.Position{ID: string(w.shop(7))},
	})
	w.noError(err, "merchant page")
	equal(w, "between two shops", found, all[1:2])
	equal(w, "more between two shops", more, false)
}
