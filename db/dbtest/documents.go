package dbtest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

func documentCases() []testCase {
	return []testCase{
		inWorld("AsWritten", documentsAsWritten),
		inWorld("Versions", documentVersions),
		inWorld("Unique", documentUnique),
		inWorld("SeveralAsOne", documentsTogether),
		inWorld("ListsByEachKey", documentLists),
		inWorld("WakeInOrder", documentsWake),
		inWorld("OneOfManyAtOnce", documentsAtOnce),
		inWorld("TokensRevoked", tokensRevoked),
	}
}

// document returns the first version of a document without indexed fields.
func (w *world) document(kind cloudtag.DocumentKind, name string) cloudtag.Document {
	return cloudtag.Document{
		Kind: kind, ID: w.prefix + name, Version: 1, State: "OPEN", Rank: day0.UnixMilli(), Body: mustJSON(map[string]string{"name": name}),
	}
}

// documentEntry is an entry about a document.
func documentEntry(document cloudtag.Document, action cloudtag.Action) cloudtag.Entry {
	return cloudtag.Entry{
		At: day0, Actor: tester, Action: action, Reason: fmt.Sprint("version ", document.Version),
		Subjects: []cloudtag.Subject{cloudtag.Subject("document:" + document.ID)}, After: document.Body,
	}
}

func (w *world) trySave(document cloudtag.Document) error {
	w.known.document(documentKey{document.Kind, document.ID})
	return w.store.SaveDocument(w.ctx, document, []cloudtag.Entry{documentEntry(document, cloudtag.ActionComplaintOpened)})
}

func (w *world) save(document cloudtag.Document) {
	w.Helper()
	w.noError(w.trySave(document), fmt.Sprintf("save %s version %d", document.ID, document.Version))
}

func (w *world) documents(kind cloudtag.DocumentKind, ids ...string) map[string]cloudtag.Document {
	w.Helper()
	found, err := w.store.Documents(w.ctx, kind, ids)
	w.noError(err, "documents")
	return found
}

func documentKinds() []cloudtag.DocumentKind {
	return []cloudtag.DocumentKind{
		cloudtag.KindComplaint, cloudtag.KindFreightInsurance, cloudtag.KindRestriction, cloudtag.KindRevocation,
		cloudtag.KindAppeal, cloudtag.KindPolicyRollout, cloudtag.KindCollusion, cloudtag.KindView, cloudtag.KindMetrics,
		cloudtag.KindTokenRevocation,
		cloudtag.KindWebhook, cloudtag.KindWebhookProgress, cloudtag.KindWebhookHistory, cloudtag.KindSecret,
		cloudtag.KindWebhookPings, cloudtag.KindVetting, cloudtag.KindReviewer, cloudtag.KindInbox, cloudtag.KindPolicyDraft,
		cloudtag.KindPolicySimulation, cloudtag.KindSecondReview, cloudtag.KindSecondReviewPosition,
	}
}

func documentsAsWritten(w *world) {
	body := []byte(`{"z": 1.5, "文":"\u6587",  "n":9007199254740993, "a":[ ]}`)
	var all []cloudtag.Document
	for n, kind := range documentKinds() {
		full := cloudtag.Document{
			Kind: kind, ID: "same id", Version: 1, State: fmt.Sprint("STATE_", n), MerchantID: w.shop(n), BuyerID: w.buyer("x:y"),
			OrderNo: w.order("1"), CaseID: w.caseOf("x:y"), Owner: "人", Topic: "queue/a", Unique: "only/one",
			Rank: []int64{0, -1, 1 << 40, -1 << 53}[n%4], WakeAt: moments()[n%len(moments())], Body: body,
		}
		bare := cloudtag.Document{Kind: kind, ID: "bare", Version: 1, State: "S", Body: []byte(`null`)}
		all = append(all, full, bare)
	}
	for _, document := range all {
		w.save(document)
	}
	w.reopen()
	for _, want := range all {
		found := w.documents(want.Kind, want.ID, "unknown", want.ID)
		equal(w, "documents found", len(found), 1)
		got := found[want.ID]
		if got.WakeAt.Location() != time.UTC {
			w.Errorf("%s %s: wakes at %v; want UTC", want.Kind, want.ID, got.WakeAt)
		}
		equal(w, string(want.Kind), got, want)
	}
	equal(w, "documents of no identifier", len(w.documents(cloudtag.KindAppeal)), 0)
}

func documentVersions(w *world) {
	refused := func(document cloudtag.Document, doing string) {
		w.Helper()
		before, stored := w.lastSeq(), w.documents(document.Kind, document.ID)
		w.wantCode(w.trySave(document), cloudtag.CodeConflict, doing)
		equal(w, doing+": last sequence number", w.lastSeq(), before)
		equal(w, doing+": the document", w.documents(document.Kind, document.ID), stored)
	}
	version := func(n int) cloudtag.Document {
		document := w.document(cloudtag.KindAppeal, "a")
		document.Version, document.Body = n, mustJSON(n)
		return document
	}
	refused(version(2), "a second version of nothing")
	refused(version(0), "version 0 of nothing")
	w.save(version(1))
	refused(version(1), "the first version again")
	refused(version(3), "a version that leaves one out")
	refused(version(0), "version 0")
	before := w.lastSeq()
	second := version(2)
	second.State, second.MerchantID, second.Rank = "DONE", w.shop(1), second.Rank+1
	entries := []cloudtag.Entry{documentEntry(second, cloudtag.ActionAppealFiled), documentEntry(second, cloudtag.ActionAppealDecided)}
	w.noError(w.store.SaveDocument(w.ctx, second, entries), "the second version")
	equal(w, "entries", w.logAfter(before), entries, withoutSeq)
	refused(version(2), "the second version again")
	refused(version(1), "the first version after the second")
	third := version(3)
	before = w.lastSeq()
	w.noError(w.store.SaveDocument(w.ctx, third, nil), "a version without entries")
	equal(w, "last sequence number", w.lastSeq(), before)
	other := w.document(cloudtag.KindComplaint, "a")
	w.save(other) // the same identifier in another kind
	equal(w, "the document", w.documents(cloudtag.KindAppeal, third.ID)[third.ID], third)
	w.checkInvariants()
}

func documentUnique(w *world) {
	first, second := w.document(cloudtag.KindComplaint, "1"), w.document(cloudtag.KindComplaint, "2")
	first.Unique, second.Unique = "order", "order"
	w.save(first)
	before := w.lastSeq()
	w.wantCode(w.trySave(second), cloudtag.CodeConflict, "a reserved value")
	other := w.document(cloudtag.KindAppeal, "2")
	other.Unique = "order"
	w.save(other) // another kind
	second.Unique = ""
	w.save(second)
	equal(w, "entries", w.lastSeq(), before+2)
	second.Version, second.Unique = 2, "order"
	w.wantCode(w.trySave(second), cloudtag.CodeConflict, "a reserved value, in a later version")
	first.Version = 2
	w.save(first) // keeps its reservation
	w.wantCode(w.trySave(second), cloudtag.CodeConflict, "a value that stays reserved")
	first.Version, first.Unique = 3, ""
	w.save(first)
	w.save(second)
	first.Version, first.Unique = 4, "order"
	w.wantCode(w.trySave(first), cloudtag.CodeConflict, "a value released and reserved by another")
	w.reopen()
	w.wantCode(w.trySave(first), cloudtag.CodeConflict, "the same after reopening")
}

// documentsTogether: documents that are saved together are stored with their entries, or none of them is.
func documentsTogether(w *world) {
	document := func(name string, version int, unique string) cloudtag.Document {
		document := w.document(cloudtag.KindMetrics, name)
		document.Version, document.Unique = version, unique
		w.known.document(documentKey{document.Kind, document.ID})
		return document
	}
	save := func(documents ...cloudtag.Document) error {
		var entries []cloudtag.Entry
		for _, document := range documents {
			entries = append(entries, documentEntry(document, cloudtag.ActionComplaintOpened))
		}
		return w.store.SaveDocuments(w.ctx, documents, entries)
	}
	a, b, c := document("a", 1, "first"), document("b", 1, ""), document("c", 1, "second")
	w.noError(save(a, b), "two new documents")
	refused := func(doing string, documents ...cloudtag.Document) {
		w.Helper()
		before := w.lastSeq()
		w.wantCode(save(documents...), cloudtag.CodeConflict, doing)
		equal(w, doing+": last sequence number", w.lastSeq(), before)
		equal(w, doing+": stored", w.documents(a.Kind, a.ID, b.ID, c.ID), map[string]cloudtag.Document{a.ID: a, b.ID: b})
	}
	refused("the last one is stored already", c, document("a", 2, "first"), b)
	refused("the first one is of a version too far", document("a", 3, "first"), c)
	refused("the last one wants what another has", document("b", 2, ""), document("c", 1, "first"))
	a2, before := document("a", 2, ""), w.lastSeq()
	w.noError(save(a2, c), "one that changes and a new one")
	equal(w, "entries", w.lastSeq(), before+2)
	w.reopen()
	equal(w, "stored", w.documents(a.Kind, a.ID, b.ID, c.ID), map[string]cloudtag.Document{a.ID: a2, b.ID: b, c.ID: c})
	w.noError(save(document("d", 1, "first")), "what was given back")
	w.checkInvariants()
}

// documentLists compares lists, page by page in both directions, and their counts with a computation in memory.
func documentLists(w *world) {
	random := rand.New(rand.NewPCG(3, 5))
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	kinds := documentKinds()[:2]
	var all []cloudtag.Document
	for n := range scaled(300, 150) {
		document := w.document(kinds[random.IntN(len(kinds))], fmt.Sprint(random.IntN(1e6), "-", n))
		document.State = pick("OPEN", "DONE", "DECLINED")
		document.MerchantID = cloudtag.MerchantID(pick("", "m1", "m2"))
		document.BuyerID = cloudtag.BuyerID(pick("", "b1", "b2"))
		document.OrderNo = cloudtag.OrderNo(pick("", "o1", "o2"))
		document.CaseID = cloudtag.CaseID(pick("", "c:1", "c:2"))
		document.Owner, document.Topic = pick("", "p1", "p2"), pick("", "t1", "t2")
		document.Rank = int64(random.IntN(20)) - 10
		w.save(document)
		all = append(all, document)
	}
	for i := range all { // its indexed fields and its position change
		if i%5 == 0 {
			all[i].Version, all[i].State, all[i].BuyerID, all[i].Rank = 2, "DONE", "b3", all[i].Rank-1<<53
			w.save(all[i])
		}
	}
	filters := []cloudtag.DocumentFilter{
		{}, {MerchantID: "m1"}, {BuyerID: "b2"}, {BuyerID: "b3"}, {OrderNo: "o1"}, {CaseID: "c:2"}, {CaseID: "none"},
		{Owner: "p1"}, {Topic: "t2"}, {Owner: "p1", Topic: "t1"}, {MerchantID: "m2", BuyerID: "b1"},
		{MerchantID: "m1", BuyerID: "b2", OrderNo: "o1", CaseID: "c:1"}, {MerchantID: "m1", Topic: "t1", Owner: "p2"},
	}
	for _, kind := range kinds {
		for _, filter := range filters {
			for _, filter.State = range []string{"", "OPEN", "DONE", "NONE"} {
				w.wantListed(all, kind, filter)
			}
		}
	}
	none, more, err := w.store.DocumentPage(w.ctx, cloudtag.KindCollusion, cloudtag.DocumentFilter{}, cloudtag.Slice{Limit: 10})
	w.noError(err, "list")
	equal(w, "documents of another kind", len(none), 0)
	equal(w, "more of another kind", more, false)
}

func (w *world) wantListed(all []cloudtag.Document, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) {
	w.Helper()
	var want []cloudtag.Document
	for _, d := range all {
		if d.Kind == kind && (filter.State == "" || d.State == filter.State) &&
			(filter.MerchantID == "" || d.MerchantID == filter.MerchantID) && (filter.BuyerID == "" || d.BuyerID == filter.BuyerID) &&
			(filter.OrderNo == "" || d.OrderNo == filter.OrderNo) && (filter.CaseID == "" || d.CaseID == filter.CaseID) &&
			(filter.Owner == "" || d.Owner == filter.Owner) && (filter.Topic == "" || d.Topic == filter.Topic) {
			want = append(want, d)
		}
	}
	slices.SortFunc(want, func(a, b cloudtag.Document) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
	})
	what := fmt.Sprintf("%s %+v", kind, filter)
	for _, limit := range []int{1, len(want), len(want) + 1} {
		count, err := w.store.CountDocuments(w.ctx, kind, filter, max(1, limit))
		w.noError(err, "count")
		equal(w, fmt.Sprintf("%s, counted up to %d", what, limit), count, min(max(1, limit), len(want)))
	}
	for _, limit := range []int{7, 1000} {
		for _, backward := range []bool{false, true} {
			equal(w, fmt.Sprintf("%s in pages of %d, backward %t", what, limit, backward), w.documentPages(kind, filter, limit, backward), want)
		}
	}
	if len(want) < 4 {
		return
	}
	after, before := want[0].Position(), want[len(want)-1].Position()
	for _, backward := range []bool{false, true} {
		inner, more, err := w.store.DocumentPage(w.ctx, kind, filter,
			cloudtag.Slice{Limit: len(want), After: &after, Before: &before, Backward: backward})
		w.noError(err, "list")
		equal(w, what+" between two", inner, want[1:len(want)-1])
		equal(w, what+" between two: more", more, false)
	}
}

// documentPages reads a whole list page by page, in the list's order.
func (w *world) documentPages(kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int, backward bool) (read []cloudtag.Document) {
	w.Helper()
	slice := cloudtag.Slice{Limit: limit, Backward: backward}
	for more := true; more; {
		var page []cloudtag.Document
		var err error
		page, more, err = w.store.DocumentPage(w.ctx, kind, filter, slice)
		w.noError(err, "list")
		if more && len(page) != limit {
			w.Fatalf("a page of %d has %d documents and others follow", limit, len(page))
		}
		if len(page) == 0 {
			return read
		}
		first, last := page[0].Position(), page[len(page)-1].Position()
		if backward {
			read, slice.Before = append(page, read...), &first
		} else {
			read, slice.After = append(read, page...), &last
		}
	}
	return read
}

func documentsWake(w *world) {
	var want []string
	for n := range 6 {
		document := w.document(cloudtag.KindRevocation, fmt.Sprint(9-n)) // identifiers run against the times
		document.WakeAt = day0.Add(time.Duration(n/2) * time.Millisecond)
		w.save(document)
		want = append(want, document.ID)
	}
	for n := 0; n < len(want); n += 2 { // equal times: by identifier
		want[n], want[n+1] = want[n+1], want[n]
	}
	w.save(w.document(cloudtag.KindRevocation, "never"))
	elsewhere := w.document(cloudtag.KindAppeal, "elsewhere")
	elsewhere.WakeAt = day0
	w.save(elsewhere)
	waking := func(asOf time.Time, limit int) []string {
		w.Helper()
		found, err := w.store.WakingDocuments(w.ctx, cloudtag.KindRevocation, asOf, limit)
		w.noError(err, "waking documents")
		var ids []string
		for _, document := range found {
			equal(w, "document", document, w.documents(document.Kind, document.ID)[document.ID])
			ids = append(ids, document.ID)
		}
		return ids
	}
	equal(w, "before the first", len(waking(day0.Add(-time.Millisecond), 10)), 0)
	equal(w, "at the first", waking(day0, 10), want[:2])
	equal(w, "all", waking(day0.Add(time.Hour), 10), want)
	equal(w, "three of them", waking(day0.Add(time.Hour), 3), want[:3])
	done := w.documents(cloudtag.KindRevocation, want[0])[want[0]]
	done.Version, done.WakeAt = 2, time.Time{}
	w.save(done)
	equal(w, "without one that is done", waking(day0.Add(time.Hour), 10), want[1:])
}

// documentsAtOnce: of concurrent calls that save the same version, or reserve the same value, one succeeds.
func documentsAtOnce(w *world) {
	w.save(w.document(cloudtag.KindAppeal, "a"))
	for round := range scaled(20, 5) {
		before := w.lastSeq()
		var changed, opened atomic.Int64
		w.parallel(submitters, func(i int) error {
			document := w.document(cloudtag.KindAppeal, "a")
			document.Version, document.Body = 2+round, mustJSON(i)
			opening := w.document(cloudtag.KindComplaint, fmt.Sprintf("%d-%d", round, i))
			opening.Unique = fmt.Sprint(round)
			for counter, document := range map[*atomic.Int64]cloudtag.Document{&changed: document, &opened: opening} {
				err := w.trySave(document)
				if err == nil {
					counter.Add(1)
				} else if cloudtag.CodeOf(err) != cloudtag.CodeConflict {
					return err
				}
			}
			return nil
		})
		equal(w, "calls that changed it", changed.Load(), 1)
		equal(w, "calls that opened one", opened.Load(), 1)
		equal(w, "entries", w.lastSeq(), before+2)
	}
	w.checkInvariants()
}
