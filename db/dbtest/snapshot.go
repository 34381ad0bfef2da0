package dbtest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"cloudtag/internal/cloudtag"
)

// snapshot is all that the store holds of one round, as sorted lines of text in which the round's prefix, its place
// in the log and the identifiers of its batches are left out: two rounds that did the same have equal snapshots.
// Entries about a subject are compared in their order; the order among different subjects is the store's choice.
func (w *world) snapshot() []string {
	w.Helper()
	var lines []string
	add := func(kind string, value any) { lines = append(lines, kind+" "+string(canonical(mustJSON(value)))) }
	for _, tag := range w.tags(unique(w.known.orders)...) {
		add("tag", tag)
	}
	w.snapshotCases(add)
	for _, merchant := range w.merchants(unique(w.known.shops)...) {
		add("merchant", merchant)
	}
	orders, err := w.store.Orders(w.ctx, unique(w.known.orders))
	w.noError(err, "orders")
	for _, order := range orders {
		add("order", order)
	}
	risks, err := w.store.Risks(w.ctx, unique(w.known.buyers))
	w.noError(err, "risks")
	for _, profile := range risks {
		add("risk", profile)
	}
	w.snapshotMarks(add)
	w.snapshotPlatform(add)
	if latest := w.latestPolicy(); latest.Version > w.round.policies {
		latest.Version -= w.round.policies
		add("policy", latest)
	}
	batches := w.snapshotBatches(add)
	w.snapshotLog(len(orders), add)
	return w.neutral(lines, batches)
}

func (w *world) snapshotCases(add func(string, any)) {
	w.Helper()
	found, err := w.store.CasesOfBuyers(w.ctx, unique(w.known.buyers))
	w.noError(err, "cases of buyers")
	var ids []cloudtag.CaseID
	for _, cases := range found {
		for _, c := range cases {
			add("case", c)
			ids = append(ids, c.ID)
		}
	}
	for id, live := range w.liveTags(ids...) {
		add("live "+string(id), live)
	}
}

// snapshotPlatform adds the documents.
func (w *world) snapshotPlatform(add func(string, any)) {
	w.Helper()
	for _, key := range unique(w.known.papers) {
		for _, document := range w.documents(key.kind, key.id) {
			add("document", document)
		}
	}
}

// snapshotMarks adds the marks of this round.
func (w *world) snapshotMarks(add func(string, any)) {
	w.Helper()
	for _, merchant := range w.merchantsToRecount(1000) {
		if slices.Contains(w.known.shops, merchant.ID) {
			add("recount", merchant)
		}
	}
	for _, profile := range w.risksToEvaluate(1000) {
		if slices.Contains(w.known.buyers, profile.BuyerID) {
			add("evaluate", profile)
		}
	}
}

func (w *world) snapshotBatches(add func(string, any)) map[cloudtag.BatchID]string {
	w.Helper()
	names := map[cloudtag.BatchID]string{}
	for _, key := range unique(w.known.keys) {
		if batch := w.batch(key); batch != nil {
			names[batch.ID] = fmt.Sprintf("batch under %s of %s", key.key, key.shop)
			add("batch", *batch)
		}
	}
	return names
}

// snapshotLog adds the entries by subject, but for those that tell the number of new orders: a store may take the
// rows of an import in parts, so that only their sum must be the number of orders there are. The numbers must have no
// gap.
func (w *world) snapshotLog(orders int, add func(string, any)) {
	w.Helper()
	entries := w.logAfter(w.round.seq)
	places := map[cloudtag.Subject]int{}
	newOrders := 0
	w.checkLog(books{entries: entries})
	for _, entry := range entries {
		entry.Seq, entry.Hash = 0, nil
		if entry.Action == cloudtag.ActionOrdersImported {
			var counted struct{ Orders int }
			w.decode(entry.After, &counted)
			newOrders += counted.Orders
			continue
		}
		subjects := entry.Subjects
		if len(subjects) == 0 {
			subjects = []cloudtag.Subject{"nothing"}
		}
		for _, subject := range subjects {
			places[subject]++
			add(fmt.Sprintf("log %s %d", subject, places[subject]), entry)
		}
	}
	equal(w, "orders that the log tells of", newOrders, orders)
}

// neutral leaves out what differs from round to round, and sorts.
func (w *world) neutral(lines []string, batches map[cloudtag.BatchID]string) []string {
	for i, line := range lines {
		for id, name := range batches {
			line = strings.ReplaceAll(line, strconv.Quote(string(id)), strconv.Quote(name))
		}
		if w.prefix != "" {
			line = strings.ReplaceAll(line, w.prefix, "")
		}
		lines[i] = line
	}
	slices.Sort(lines)
	return lines
}

// sameSnapshot tells how two snapshots differ, "" when they don't.
func sameSnapshot(got, want []string) string {
	if slices.Equal(got, want) {
		return ""
	}
	var text bytes.Buffer
	for _, line := range want {
		if !slices.Contains(got, line) {
			fmt.Fprintf(&text, "- %s\n", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			fmt.Fprintf(&text, "+ %s\n", line)
		}
	}
	if text.Len() == 0 {
		return cmp.Diff(want, got)
	}
	return text.String()
}
