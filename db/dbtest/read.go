package dbtest

import (
	"reflect"

	"cloudtag/internal/cloudtag"
)

// Reads through the ports that fail the test on an error.

// logAfter returns every entry after a sequence number.
func (w *world) logAfter(seq int64) []cloudtag.Entry {
	w.Helper()
	return w.filteredLog(cloudtag.LogFilter{}, seq)
}

func (w *world) filteredLog(filter cloudtag.LogFilter, seq int64) []cloudtag.Entry {
	w.Helper()
	list := w.logList(filter)
	list.after = &cloudtag.Position{Key: seq}
	return walk(w, list, cloudtag.MaxPageSize, false, nil)
}

func (w *world) lastSeq() int64 {
	w.Helper()
	seq, err := w.store.LastSeq(w.ctx)
	w.noError(err, "last sequence number")
	return seq
}

func (w *world) allTags() []cloudtag.Tag {
	w.Helper()
	return walk(w, w.tagList(cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc), cloudtag.MaxPageSize, false, nil)
}

func (w *world) allCases() []cloudtag.Case {
	w.Helper()
	return walk(w, w.caseList(cloudtag.CaseFilter{}, cloudtag.CasesByOpenedDesc), cloudtag.MaxPageSize, false, nil)
}

func (w *world) tags(orders ...cloudtag.OrderNo) map[cloudtag.OrderNo]cloudtag.Tag {
	w.Helper()
	found, err := w.store.TagsByOrder(w.ctx, orders)
	w.noError(err, "tags by order")
	return found
}

// oneTag returns the tag of an order, which must exist.
func (w *world) oneTag(order string) cloudtag.Tag {
	w.Helper()
	tag, found := w.tags(w.order(order))[w.order(order)]
	if !found {
		w.Fatalf("order %s has no tag", order)
	}
	return tag
}

func (w *world) cases(ids ...cloudtag.CaseID) map[cloudtag.CaseID]cloudtag.Case {
	w.Helper()
	found, err := w.store.Cases(w.ctx, ids)
	w.noError(err, "cases")
	return found
}

// oneCase returns a case, which must exist.
func (w *world) oneCase(id cloudtag.CaseID) cloudtag.Case {
	w.Helper()
	found, exists := w.cases(id)[id]
	if !exists {
		w.Fatalf("there is no case %s", id)
	}
	return found
}

func (w *world) liveTags(ids ...cloudtag.CaseID) map[cloudtag.CaseID][]cloudtag.Tag {
	w.Helper()
	live, err := w.store.LiveTags(w.ctx, ids)
	w.noError(err, "live tags")
	return live
}

func (w *world) merchants(ids ...cloudtag.MerchantID) map[cloudtag.MerchantID]cloudtag.Merchant {
	w.Helper()
	found, err := w.store.Merchants(w.ctx, ids)
	w.noError(err, "merchants")
	return found
}

func (w *world) merchantsToRecount(limit int) []cloudtag.Merchant {
	w.Helper()
	marked, err := w.store.MerchantsToRecount(w.ctx, limit)
	w.noError(err, "merchants to recount")
	return marked
}

func (w *world) risksToEvaluate(limit int) []cloudtag.RiskProfile {
	w.Helper()
	marked, err := w.store.RisksToEvaluate(w.ctx, limit)
	w.noError(err, "risks to evaluate")
	return marked
}

// batch returns a stored batch, or nil.
func (w *world) batch(key batchKey) *cloudtag.Batch {
	w.Helper()
	found, err := w.store.Batch(w.ctx, key.shop, key.key)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return nil
	}
	w.noError(err, "batch")
	same, err := w.store.BatchByID(w.ctx, found.ID)
	w.noError(err, "batch by identifier")
	if !reflect.DeepEqual(same, found) {
		w.Errorf("batch %s by its identifier is %+v, by its key %+v", found.ID, same, found)
	}
	return &found
}

// latestPolicy returns the latest version, or the zero policy without one.
func (w *world) latestPolicy() cloudtag.Policy {
	w.Helper()
	timeline, err := w.store.PolicyTimeline(w.ctx)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return cloudtag.Policy{}
	}
	w.noError(err, "latest policy")
	if timeline.Scheduled != nil {
		return *timeline.Scheduled
	}
	return timeline.Holds
}
