package sqlite

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// harmless are the parts of a plan that look at all of something small or bounded, or sort it.
var harmless = []string{
	"SCAN j VIRTUAL TABLE",   // the keys that the caller gave
	"SCAN json_each VIRTUAL", // likewise
	"SCAN found",             // the lanes found so far
	"SCAN scenarios",         // the catalogue
	"SCAN CONSTANT ROW",
	"SCAN 2-ROW VALUES", "SCAN 8-ROW VALUES", "SCAN 32-ROW VALUES", // the rows that are inserted
	"SCAN sqlite_master", // once, at the first start
	"SCAN (subquery",     // the rows that are counted, up to the limit
	"SCAN m USING INDEX merchants_to_recount",
	"SCAN risks USING INDEX risks_to_evaluate", // partial: nothing but what is marked
	"SCAN m USING COVERING INDEX merchants_to_recount",
}

// sorting are the statements that may sort: what they sort is bounded by one shop or by the buyers or shops asked about.
var sorting = []string{liveCasesOf, countLiveCasesOf, exposures}

// TestNothingIsScannedOrSorted asks SQLite how it runs every statement there is, after all calls with all combinations
// of filter and order were made once.
func TestNothingIsScannedOrSorted(t *testing.T) {
	w := newWorld(t)
	callEverything(t, w)
	plans, err := w.store.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 80 {
		t.Errorf("only %d statements were looked at", len(plans))
	}
	for text, steps := range plans {
		for _, step := range steps {
			if bad(text, step) {
				t.Errorf("%s\nin: %s", step, text)
			}
		}
	}
}

func bad(text, detail string) bool {
	for _, good := range harmless {
		if strings.HasPrefix(detail, good) {
			return false
		}
	}
	if strings.Contains(detail, "TEMP B-TREE") {
		for _, may := range sorting {
			if text == may {
				return false
			}
		}
		return true
	}
	return strings.HasPrefix(detail, "SCAN")
}

// callEverything makes every call that reads, lists with every combination of conditions.
func callEverything(t *testing.T, w *world) {
	t.Helper()
	ctx, store := context.Background(), w.store
	must := func(err error) {
		t.Helper()
		if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
			t.Fatal(err)
		}
	}
	for _, backward := range []bool{false, true} {
		slice := cloudtag.Slice{Limit: 10, Backward: backward}
		_, _, err := store.MerchantPage(ctx, cloudtag.MerchantFilter{}, slice)
		must(err)
		_, err = store.CountMerchants(ctx, cloudtag.MerchantFilter{}, 10)
		must(err)
		for _, filter := range allTagFilters(w) {
			for _, order := range []cloudtag.TagOrder{
				cloudtag.TagsBySubmittedAsc, cloudtag.TagsBySubmittedDesc, cloudtag.TagsByStatusChangedDesc,
			} {
				_, _, err := store.TagPage(ctx, filter, order, slice)
				must(err)
			}
			_, err := store.CountTags(ctx, filter, 100)
			must(err)
		}
		for _, filter := range allCaseFilters(w) {
			for _, order := range []cloudtag.CaseOrder{
				cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc,
			} {
				_, _, err := store.CasePage(ctx, filter, order, slice)
				must(err)
			}
			_, err := store.CountCases(ctx, filter, 100)
			must(err)
		}
		for bits := range 1 << 3 {
			var filter cloudtag.LogFilter
			set(bits, 0, &filter.Subject, w.entries[len(w.entries)-1].Subjects[0])
			set(bits, 1, &filter.Action, cloudtag.ActionTagSubmitted)
			set(bits, 2, &filter.Actor, "test")
			_, _, err := store.LogPage(ctx, filter, slice)
			must(err)
			_, err = store.CountLog(ctx, filter, 100)
			must(err)
		}
	}
	tag := w.tags[0]
	order := cloudtag.Order{
		OrderNo: tag.OrderNo, MerchantID: tag.MerchantID, BuyerID: tag.BuyerID, Currency: "CNY",
		ReportOutcome: cloudtag.ReportNone,
	}
	for range 2 {
		order.AmountCents++
		_, err := store.PutOrders(ctx, []cloudtag.Order{order},
			func(_, _ cloudtag.Order) cloudtag.Entry { return cloudtag.Entry{Actor: "test"} },
			func(int) cloudtag.Entry { return cloudtag.Entry{Actor: "test"} })
		must(err)
	}
	_, err := store.Batch(ctx, tag.MerchantID, "key")
	must(err)
	_, err = store.LiveTags(ctx, []cloudtag.CaseID{tag.CaseID()})
	must(err)
	_, err = store.LiveCasesOf(ctx, tag.MerchantID, "", 10)
	must(err)
	_, err = store.Cases(ctx, []cloudtag.CaseID{tag.CaseID()})
	must(err)
	_, err = store.WakingCases(ctx, dbtest.Start, 10)
	must(err)
	_, err = store.MerchantCounts(ctx, []cloudtag.MerchantID{tag.MerchantID})
	must(err)
	_, err = store.MerchantsToRecount(ctx, 10)
	must(err)
	must(store.MerchantRecounted(ctx, tag.MerchantID, "entity"))
	must(store.SetPermission(ctx, tag.MerchantID, cloudtag.PermissionSuspended, cloudtag.Entry{Actor: "test"}))
	_, err = store.Orders(ctx, []cloudtag.OrderNo{tag.OrderNo})
	must(err)
	_, err = store.OrdersOf(ctx, tag.MerchantID, []cloudtag.OrderNo{tag.OrderNo})
	must(err)
	_, err = store.TagsOf(ctx, tag.MerchantID, []cloudtag.OrderNo{tag.OrderNo})
	must(err)
	_, err = store.Exposures(ctx, []cloudtag.BuyerID{tag.BuyerID}, dbtest.Start)
	must(err)
	_, err = store.KnownBuyers(ctx, []cloudtag.BuyerID{tag.BuyerID})
	must(err)
	_, err = store.Risks(ctx, []cloudtag.BuyerID{tag.BuyerID})
	must(err)
	profiles, err := store.RisksToEvaluate(ctx, 1)
	must(err)
	must(store.RiskEvaluated(ctx, profiles[0]))
	_, err = store.Policy(ctx, 0)
	must(err)
	_, err = store.Policy(ctx, 1)
	must(err)
	_, err = store.LastSeq(ctx)
	must(err)
	callPlatform(t, w, must)
	must(store.Ping(ctx))
	must(store.read(ctx, "pick", func(r *reading) error {
		lanes, err := caseLanes(r, cloudtag.CaseFilter{})
		for _, desc := range []bool{false, true} {
			_, failure := pickUndue(r, lanes, cloudtag.CaseFilter{}, wholeSpan(), desc, 10)
			err = errors.Join(err, failure)
		}
		return err
	}))
}

// callPlatform makes the calls of the platform's half.
func callPlatform(t *testing.T, w *world, must func(error)) {
	t.Helper()
	ctx, store, tag := context.Background(), w.store, w.tags[0]
	_, err := store.CountLiveCasesOf(ctx, tag.MerchantID)
	must(err)
	_, err = store.CaseIDs(ctx, "", 10)
	must(err)
	_, err = store.CountPending(ctx, dbtest.Start)
	must(err)
	_, err = store.CountClaimed(ctx, dbtest.Start)
	must(err)
	_, err = store.CountActions(ctx, cloudtag.ActionTagSubmitted, dbtest.Start)
	must(err)
	must(store.TagsByCase(ctx, func(cloudtag.CaseID, []cloudtag.Tag, *cloudtag.RiskProfile) error { return nil }))
	must(store.read(ctx, "one large case", func(r *reading) error {
		stream := tagStream{names: make(map[int64]string)}
		_, _, err := stream.next(r, 1)
		return err
	}))
	claimed := cloudtag.CaseFilter{ClaimedBy: "r", ClaimedAt: dbtest.Start}
	_, _, err = store.CasePage(ctx, claimed, cloudtag.CasesByDueAsc, cloudtag.Slice{Limit: 10})
	must(err)
	document := cloudtag.Document{
		Kind: cloudtag.KindAppeal, ID: "a", State: "OPEN", Unique: "u", WakeAt: dbtest.Start, Body: []byte("{}"),
	}
	for range 2 {
		document.Version++
		must(store.SaveDocument(ctx, document, nil))
	}
	_, err = store.Documents(ctx, document.Kind, []string{"a"})
	must(err)
	_, err = store.DocumentsOfBuyers(ctx, document.Kind, []cloudtag.BuyerID{"b", "c"}, 10)
	must(err)
	_, err = store.WakingDocuments(ctx, document.Kind, dbtest.Start, 10)
	must(err)
	for bits := range 1 << 7 {
		var filter cloudtag.DocumentFilter
		set(bits, 0, &filter.State, "OPEN")
		set(bits, 1, &filter.MerchantID, "m")
		set(bits, 2, &filter.BuyerID, "b")
		set(bits, 3, &filter.OrderNo, "o")
		set(bits, 4, &filter.CaseID, "c")
		set(bits, 5, &filter.Owner, "p")
		set(bits, 6, &filter.Topic, "t")
		for _, slice := range []cloudtag.Slice{{Limit: 10}, {Limit: 10, After: &cloudtag.Position{Key: 1, ID: "a"}, Backward: true}} {
			_, _, err := store.DocumentPage(ctx, document.Kind, filter, slice)
			must(err)
		}
		_, err := store.CountDocuments(ctx, document.Kind, filter, 100)
		must(err)
	}
}

// set sets a field when its bit is set.
func set[T any](bits, bit int, field *T, value T) {
	if bits>>bit&1 == 1 {
		*field = value
	}
}

func allTagFilters(w *world) []cloudtag.TagFilter {
	some := w.tags[len(w.tags)/2]
	var filters []cloudtag.TagFilter
	filters = append(filters, cloudtag.TagFilter{OrderNos: []cloudtag.OrderNo{some.OrderNo}})
	for bits := range 1 << 6 {
		var filter cloudtag.TagFilter
		set(bits, 0, &filter.MerchantID, some.MerchantID)
		set(bits, 1, &filter.BuyerID, some.BuyerID)
		set(bits, 2, &filter.Scenario, some.Scenario)
		set(bits, 3, &filter.Statuses, []cloudtag.TagStatus{some.Status, cloudtag.TagSucceeded})
		set(bits, 4, &filter.SubmittedAfter, some.SubmittedAt.Add(-1000*time.Hour))
		set(bits, 5, &filter.SubmittedBefore, some.SubmittedAt.Add(time.Hour))
		filters = append(filters, filter)
	}
	return filters
}

func allCaseFilters(w *world) []cloudtag.CaseFilter {
	some := w.cases[len(w.cases)/2]
	var filters []cloudtag.CaseFilter
	filters = append(filters, cloudtag.CaseFilter{BuyerID: some.BuyerID},
		cloudtag.CaseFilter{BuyerID: some.BuyerID, Scenario: some.Scenario})
	for bits := range 1 << 7 {
		var filter cloudtag.CaseFilter
		set(bits, 0, &filter.States, []cloudtag.CaseState{cloudtag.CaseConfirmed, cloudtag.CaseAccumulating})
		set(bits, 1, &filter.Handling, cloudtag.HandlingHandled)
		set(bits, 2, &filter.Scenario, some.Scenario)
		set(bits, 3, &filter.RiskLevels, []cloudtag.RiskLevel{cloudtag.RiskUnknown, cloudtag.RiskLow})
		set(bits, 4, &filter.OverdueAt, dbtest.Start)
		set(bits, 5, &filter.NotOverdue, dbtest.Start)
		set(bits, 6, &filter.MinVotes, 4)
		filters = append(filters, filter)
	}
	return filters
}
