package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

func recordCases() []testCase {
	return []testCase{
		inWorld("StoresExactlyTheChange", recordStoresTheChange),
		inWorld("TagsOfEachCaseInInputOrder", recordTagsByCase),
		inWorld("ResultsInInputOrder", recordResults),
		inWorld("DuplicateKeepsItsOwnCode", recordDuplicate),
		inWorld("AllTaggedBefore", recordAllTagged),
		inWorld("NothingToTag", recordNothingToTag),
		inWorld("BatchFoundAndNotFound", recordBatchFound),
		inWorld("RepeatedKey", recordRepeated),
		inWorld("RepeatedKeyWithOtherInput", recordRepeatedOtherwise),
		inWorld("KeysOfShopsAreApart", recordKeysApart),
		inWorld("ShopNotActive", recordNotActive),
		inWorld("HistoryNeedsNoPermission", recordHistory),
		inWorld("HistoryKeepsNoBatch", recordHistoryRepeated),
		inWorld("HistoryOfManyShopsAndTimes", recordLongHistory),
		inWorld("EntityOfTheMoment", recordEntity),
		inWorld("FlipsAtTheThreshold", recordFlips),
		inWorld("ResultsBelongToTheCaller", recordCallerOwns),
	}
}

// noted records the latest change of each case by an edit: what the store must store.
type noted struct {
	mu      sync.Mutex
	changes map[cloudtag.CaseID]cloudtag.CaseChange
	tags    map[cloudtag.CaseID][]cloudtag.Tag // passed to the edit
}

func (n *noted) note(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	change, _ := file.Change()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.changes == nil {
		n.changes, n.tags = map[cloudtag.CaseID]cloudtag.CaseChange{}, map[cloudtag.CaseID][]cloudtag.Tag{}
	}
	n.changes[file.Case.ID], n.tags[file.Case.ID] = change, slices.Clone(tags)
}

// recordNoting records a submission and returns the changes of its edit.
func (s *submission) recordNoting() *noted {
	s.w.Helper()
	made := &noted{}
	_, _, err := s.w.store.Record(s.w.ctx, s.sent, func(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
		addAll(file, tags)
		made.note(file, tags)
	})
	s.w.noError(err, "record")
	return made
}

// wantStored checks that exactly the changes were stored since a sequence number.
func (n *noted) wantStored(w *world, since int64) {
	w.Helper()
	entries := w.logAfter(since)
	total := 0
	for id, change := range n.changes {
		equal(w, "case "+string(id), w.oneCase(id), change.Case)
		var orders []cloudtag.OrderNo
		want := map[cloudtag.OrderNo]cloudtag.Tag{}
		for _, tag := range slices.Concat(change.Added, change.Changed) {
			orders, want[tag.OrderNo] = append(orders, tag.OrderNo), tag
		}
		equal(w, "tags of case "+string(id), w.tags(orders...), want)
		var ofCase []cloudtag.Entry
		for _, entry := range entries {
			if slices.Contains(entry.Subjects, cloudtag.CaseSubject(id)) {
				ofCase = append(ofCase, entry)
			}
		}
		equal(w, "entries of case "+string(id), ofCase, change.Entries, withoutSeq)
		total += len(change.Entries)
	}
	equal(w, "number of entries", len(entries), total)
}

func recordStoresTheChange(w *world) {
	w.openShops(3)
	before := w.lastSeq()
	w.from(1, "a").noting("未收到退货").tag("x", "1", "2").tag("y", "3").recordNoting().wantStored(w, before)
	before = w.lastSeq()
	w.from(2, "a").at(day0.Add(time.Hour)).tag("x", "4").recordNoting().wantStored(w, before)
	before = w.lastSeq()
	flipping := w.from(3, "a").at(day0.Add(2*time.Hour)).tag("z", "5").tag("x", "6").recordNoting()
	flipping.wantStored(w, before)
	equal(w, "changed tags of the flip", len(flipping.changes[w.caseOf("x")].Changed), 3)
	w.reopen()
	flipping.wantStored(w, before)
}

func recordTagsByCase(w *world) {
	w.openShops(1)
	s := w.from(1, "a").tag("x", "9").tag("y", "5").tag("x", "1").tag("z", "7").tag("y", "6").tag("x", "4")
	made := s.recordNoting()
	for buyer, want := range map[string][]string{"x": {"9", "1", "4"}, "y": {"5", "6"}, "z": {"7"}} {
		given := made.tags[w.caseOf(buyer)]
		numbers := make([]cloudtag.OrderNo, len(given))
		for i, tag := range given {
			numbers[i] = tag.OrderNo
		}
		orders := make([]cloudtag.OrderNo, len(want))
		for i, name := range want {
			orders[i] = w.order(name)
		}
		equal(w, "tags given to the edit of "+buyer, numbers, orders)
		equal(w, "version of the case of "+buyer, w.oneCase(w.caseOf(buyer)).Version, 1)
	}
	equal(w, "cases", len(made.changes), 3)
	w.checkEachStored()
}

// checkEachStored checks the invariants that do not depend on knowing every batch.
func (w *world) checkEachStored() {
	w.Helper()
	b := w.readContents()
	w.checkLog(b)
	for id, c := range b.cases {
		equal(w, "live tags of "+string(id), w.liveTags(id)[id], b.byCase[id])
		w.checkCase(c, b.byCase[id], window)
	}
}

func recordResults(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1", "2").record()
	s := w.from(1, "b").
		tag("x", "2").refused("unknown", cloudtag.CodeOrderNotFound).tag("y", "3").tag("x", "1").
		refused("bad number", cloudtag.CodeInvalidOrderNo).tag("x", "4").refused("old", cloudtag.CodeOrderTooOld)
	stored := s.record()
	equal(w, "the batch returned", stored, s.want("1", "2"))
	equal(w, "accepted", stored.AcceptedCount(), 2)
	equal(w, "the batch read", *w.batch(batchKey{w.shop(1), "b"}), s.want("1", "2"))
	b := w.checkInvariants()
	equal(w, "tags", len(b.tags), 4)
	equal(w, "version of the case", b.cases[w.caseOf("x")].Version, 2)
}

// recordDuplicate: the second occurrence of an order in a batch is refused before the store is called, and keeps its code if
// the first one is already tagged.
func recordDuplicate(w *world) {
	w.openShops(1)
	s := w.from(1, "a").tag("x", "1").refused("1", cloudtag.CodeDuplicateInBatch)
	equal(w, "the first batch", s.record(), s.want())
	s = w.from(1, "b").tag("x", "1").refused("1", cloudtag.CodeDuplicateInBatch)
	equal(w, "the second batch", s.record(), s.want("1"))
	equal(w, "the second batch read", *w.batch(batchKey{w.shop(1), "b"}), s.want("1"))
	w.checkInvariants()
}

func recordAllTagged(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1").tag("y", "2").record()
	before, x, tag := w.lastSeq(), w.oneCase(w.caseOf("x")), w.oneTag("1")
	s := w.from(2, "a").at(day0.Add(time.Hour)).tag("x", "1").tag("y", "2")
	equal(w, "the batch", s.record(), s.want("1", "2"))
	equal(w, "the batch read", *w.batch(batchKey{w.shop(2), "a"}), s.want("1", "2"))
	equal(w, "last sequence number", w.lastSeq(), before)
	equal(w, "the case", w.oneCase(w.caseOf("x")), x)
	equal(w, "the tag", w.oneTag("1"), tag)
}

func recordNothingToTag(w *world) {
	w.openShops(1)
	before := w.lastSeq()
	s := w.from(1, "a").refused("1", cloudtag.CodeOrderNotFound)
	equal(w, "the batch", s.record(), s.want())
	stored, repeated, err := s.try(w.ctx)
	w.noError(err, "repeat")
	equal(w, "repeated", repeated, true)
	equal(w, "the batch repeated", stored, s.want())
	equal(w, "last sequence number", w.lastSeq(), before)
}

func recordBatchFound(w *world) {
	w.openShops(2)
	s := w.from(1, "a").at(day0.Add(time.Millisecond)).under(swapped).tag("x", "1")
	w.from(1, "b").tag("x", "2").record()
	s.record()
	w.reopen()
	equal(w, "the batch", *w.batch(batchKey{w.shop(1), "a"}), s.want())
	for _, key := range []batchKey{{w.shop(1), "c"}, {w.shop(2), "a"}, {"nobody", "a"}, {w.shop(1), ""}, {w.shop(1), "A"}} {
		if found := w.batch(key); found != nil {
			w.Fatalf("found a batch under %+v: %+v", key, *found)
		}
	}
}

func recordRepeated(w *world) {
	w.openShops(1)
	s := w.from(1, "a").tag("x", "1").refused("2", cloudtag.CodeOrderNotFound)
	s.record()
	first := s.want()
	before, c := w.lastSeq(), w.oneCase(w.caseOf("x"))
	// A repeated request returns the result of the first one, also later and with another identifier.
	stored, repeated, err := s.as("another").at(day0.Add(time.Hour)).try(w.ctx)
	w.noError(err, "repeat")
	equal(w, "repeated", repeated, true)
	equal(w, "the batch", stored, first)
	equal(w, "last sequence number", w.lastSeq(), before)
	equal(w, "the case", w.oneCase(w.caseOf("x")), c)
	equal(w, "the tag's batch", w.oneTag("1").BatchID, first.ID)
}

func recordRepeatedOtherwise(w *world) {
	w.openShops(1)
	first := w.from(1, "a").tag("x", "1")
	first.record()
	before := w.lastSeq()
	other := w.from(1, "a").as("another").under(swapped).tag("x", "2").tag("y", "3")
	other.sent.Batch.InputHash = "another input"
	stored, repeated, err := other.try(w.ctx)
	w.noError(err, "another input under the same key")
	equal(w, "repeated", repeated, true)
	equal(w, "the batch", stored, first.want())
	equal(w, "last sequence number", w.lastSeq(), before)
	equal(w, "tags of the other input", len(w.tags(w.order("2"), w.order("3"))), 0)
	// The orders were not tagged either.
	free := w.from(1, "b").tag("x", "2")
	equal(w, "the next batch", free.record(), free.want())
	w.checkInvariants()
}

func recordKeysApart(w *world) {
	w.openShops(2)
	one, two := w.from(1, "same").tag("x", "1"), w.from(2, "same").tag("x", "2")
	equal(w, "of the first shop", one.record(), one.want())
	equal(w, "of the second shop", two.record(), two.want())
	equal(w, "of the first shop, read", *w.batch(batchKey{w.shop(1), "same"}), one.want())
	equal(w, "of the second shop, read", *w.batch(batchKey{w.shop(2), "same"}), two.want())
}

func recordNotActive(w *world) {
	w.openShops(1)
	steps := []struct {
		permission cloudtag.Permission
		want       cloudtag.Code
	}{
		{cloudtag.PermissionSuspended, cloudtag.CodePermissionSuspended},
		{cloudtag.PermissionActive, ""},
		{cloudtag.PermissionRevoked, cloudtag.CodePermissionRevoked},
	}
	for i, step := range steps {
		w.noError(w.store.SetPermission(w.ctx, w.shop(1), step.permission, permissionEntry(w.shop(1), "x")), "set permission")
		before := w.lastSeq()
		name := string(step.permission)
		_, _, err := w.from(1, name).tag("x", name).try(w.ctx)
		w.wantCode(err, step.want, "record of a shop that is "+name)
		if step.want == "" {
			continue
		}
		equal(w, "last sequence number", w.lastSeq(), before)
		equal(w, "tags", len(w.tags(w.order(name))), 0)
		if found := w.batch(batchKey{w.shop(1), name}); found != nil {
			w.Fatalf("step %d: a refused batch was stored: %+v", i, *found)
		}
	}
	// A refused batch uses neither its key nor its orders.
	w.putMerchants(w.merchant(2))
	w.from(2, "a").tag("x", string(cloudtag.PermissionSuspended), string(cloudtag.PermissionRevoked)).record()
	w.checkInvariants()
}

func recordHistory(w *world) {
	w.openShops(2)
	w.noError(w.store.SetPermission(w.ctx, w.shop(1), cloudtag.PermissionSuspended, permissionEntry(w.shop(1), "x")), "suspend")
	w.noError(w.store.SetPermission(w.ctx, w.shop(2), cloudtag.PermissionRevoked, permissionEntry(w.shop(2), "x")), "revoke")
	for shop, order := range map[int]string{1: "1", 2: "2"} {
		s := w.fromHistory().by(shop).at(day0.AddDate(-1, 0, 0)).tag("x", order)
		equal(w, "batch", s.record(), s.want())
		equal(w, "handled", w.oneTag(order).HandledAt, day0.AddDate(-1, 0, 0))
	}
	w.checkInvariants()
}

func recordHistoryRepeated(w *world) {
	w.openShops(1)
	s := w.fromHistory().tag("x", "1")
	s.record()
	before := w.lastSeq()
	equal(w, "the same once more", s.record(), s.want("1"))
	other := w.fromHistory().tag("x", "1").tag("y", "2")
	equal(w, "with another order", other.record(), other.want("1"))
	if w.batch(batchKey{w.shop(1), ""}) != nil {
		w.Fatalf("a replay stored a batch")
	}
	equal(w, "entries of the new order", count(w.logAfter(before), cloudtag.ActionTagSubmitted), 1)
	w.checkInvariants()
}

// recordLongHistory: a replay adds tags of many shops, scenarios and times, over more than a window, so that cases flip,
// lapse, expire and reopen within one change.
func recordLongHistory(w *world) {
	const shops = 9
	w.openShops(shops)
	w.from(2, "before").tag("3", "before").record()
	random := rand.New(rand.NewPCG(5, 9))
	tags := scaled(400, 150)
	begin, step := day0.AddDate(-2, 0, 0), 2*365*24*time.Hour/time.Duration(tags)
	past := w.fromHistory()
	for n := range tags {
		past.by(1+random.IntN(shops)).under([]cloudtag.ScenarioCode{freight, swapped, empty}[random.IntN(3)]).
			at(begin.Add(time.Duration(n)*step).Truncate(time.Millisecond)).tag(fmt.Sprint(random.IntN(12)), fmt.Sprint(n))
	}
	past.at(day0).under(freight).tag("3", "before").tag("3", "beside") // the first one is already tagged
	before := w.lastSeq()
	made := past.recordNoting()
	made.wantStored(w, before)
	b := w.checkInvariants()
	equal(w, "tags", len(b.tags), tags+2)
	for id, change := range made.changes {
		if id != cloudtag.NewCaseID(freight, w.buyer("3")) {
			equal(w, "version of a case that history opened", change.Case.Version, 1)
		}
	}
	for _, action := range []cloudtag.Action{
		cloudtag.ActionTagSucceeded, cloudtag.ActionTagExpired, cloudtag.ActionCaseLapsed, cloudtag.ActionCaseReopened,
	} {
		if count(b.entries, action) == 0 {
			w.Errorf("the replay has no %s: the test checks too little", action)
		}
	}
}

// recordEntity: the caller's entity of the shop may be outdated; the vote is of the shop's current entity.
func recordEntity(w *world) {
	w.openShops(2)
	w.putMerchants(w.moved(2, "holding"), w.moved(1, "holding"))
	before := w.lastSeq()
	made := w.from(1, "a").tag("x", "1", "2").recordNoting()
	made.wantStored(w, before)
	for _, tag := range made.tags[w.caseOf("x")] {
		equal(w, "entity that the edit was given", tag.EntityID, "holding")
	}
	w.from(2, "a").tag("x", "3").record()
	w.fromHistory().by(2).tag("x", "4").record()
	for _, order := range []string{"1", "2", "3", "4"} {
		equal(w, "entity of the tag", w.oneTag(order).EntityID, "holding")
	}
	equal(w, "votes", w.oneCase(w.caseOf("x")).Votes, 1)
}

func recordFlips(w *world) {
	w.openShops(4)
	for shop := 1; shop <= 4; shop++ {
		at := day0.Add(time.Duration(shop) * time.Minute)
		w.from(shop, "a").at(at).tag("x", string(rune('0'+shop))).record()
		c := w.oneCase(w.caseOf("x"))
		want := cloudtag.CaseAccumulating
		if shop >= 3 {
			want = cloudtag.CaseConfirmed
		}
		equal(w, "state", c.State, want)
		equal(w, "votes", c.Votes, shop)
		equal(w, "version", c.Version, shop)
	}
	b := w.checkInvariants()
	for _, tag := range b.tags {
		equal(w, "status", tag.Status, cloudtag.TagSucceeded)
		equal(w, "successes in the log", count(b.about(cloudtag.TagSubject(tag.OrderNo)), cloudtag.ActionTagSucceeded), 1)
	}
	equal(w, "confirmations in the log", count(b.entries, cloudtag.ActionCaseConfirmed), 1)
}

// recordCallerOwns: modifying returned values does not affect the store, and arguments are not modified.
func recordCallerOwns(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1").record()
	s := w.from(2, "a").tag("x", "1", "2")
	stored, _, err := w.store.Record(w.ctx, s.sent, addAll)
	w.noError(err, "record")
	equal(w, "the submission sent", s.sent.Batch, s.want())
	equal(w, "status of a tag sent", s.sent.Tags[1].Status, "")
	equal(w, "the batch returned", stored, s.want("1"))
	stored.Results[0].Code = "SPOILT"
	read := w.batch(batchKey{w.shop(2), "a"})
	equal(w, "the batch read", *read, s.want("1"))
	read.Results[1].Code = "SPOILT"
	equal(w, "the batch", *w.batch(batchKey{w.shop(2), "a"}), s.want("1"))
	policy := w.latestPolicy()
	for i := range policy.Rules {
		policy.Rules[i].Threshold = 99
	}
	equal(w, "the policy", w.latestPolicy(), w.policy)
	equal(w, "the threshold", w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(day0) }).Threshold, 3)
}
