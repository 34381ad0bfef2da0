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

// snapshot returns all data of one round as sorted lines of text, without the round's prefix, its sequence numbers and the
// identifiers of its batches, so that rounds with the same calls have equal snapshots. The order of entries is compared per
// subject; across subjects it is up to the store.
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
	for _, key := range unique(w.known.documents) {
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

// snapshotLog adds the entries by subject, except those with the number of imported orders: a store may import rows in
// several parts, so that only their sum must equal the number of stored orders.
func (w *world) snapshotLog(orders int, add func(string, any)) {
	w.Helper()
	entries := w.logAfter(w.round.seq)
	places := map[cloudtag.Subject]int{}
	newOrders := 0
	w.checkLog(contents{entries: entries})
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
	equal(w, "logged orders", newOrders, orders)
}

// neutral removes what differs between rounds, and sorts.
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

// sameSnapshot returns the difference of two snapshots, "" if they are equal.
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
