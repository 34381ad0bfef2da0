package dbtest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
)

func chainCases() []testCase {
	return []testCase{
		inWorld("HoldsAfterConcurrentWriters", chainConcurrent),
		{"HoldsAfterCrashes", chainCrashes},
		{"HoldsWithoutItsBeginning", chainTrimmed},
	}
}

// wantChain verifies the hash chain as auditors do, and returns the head.
func (w *world) wantChain() auditlog.Verification {
	w.Helper()
	got, err := auditlog.Verify(w.ctx, w.store, nil)
	w.noError(err, "verify the log")
	if got.Break != nil || got.Entries != w.lastSeq() || len(got.Head) != 32 {
		w.Fatalf("verified %d entries of %d, head %x, break %+v", got.Entries, w.lastSeq(), got.Head, got.Break)
	}
	return got
}

// chainConcurrent appends through every port that appends, concurrently.
func chainConcurrent(w *world) {
	w.openShops(appenders)
	each := scaled(20, 8)
	done := make(chan struct{})
	w.parallel(4, func(i int) error {
		for n := range each {
			name := fmt.Sprintf("chain-%d-%d", i, n)
			switch i {
			case 0:
				if n == 0 {
					return w.appendAll(each, done)
				}
			case 1:
				if _, err := w.store.PutRisks(w.ctx, []cloudtag.RiskProfile{w.risk(name, n), w.risk(name+"-b", n)}, riskEntry); err != nil {
					return err
				}
			case 2:
				document := w.document(cloudtag.KindComplaint, name)
				entries := []cloudtag.Entry{documentEntry(document, "a.b"), documentEntry(document, "c.d")}
				if err := w.store.SaveDocument(w.ctx, document, entries); err != nil {
					return err
				}
			default:
				if _, err := w.store.PutOrders(w.ctx, []cloudtag.Order{w.purchase(name, 1, name)}, orderEntry, w.newOrdersEntry); err != nil {
					return err
				}
			}
		}
		return nil
	})
	head := w.wantChain()
	w.reopen()
	equal(w, "the head after opening again", w.wantChain().Head, head.Head)
	w.putRisks(w.risk("one more", 1))
	after := w.wantChain()
	equal(w, "entries", after.Entries, head.Entries+1)
	last := w.logAfter(head.Entries)[0]
	if !bytes.Equal(last.Hash, last.ChainHash(head.Head)) || !bytes.Equal(last.Hash, after.Head) {
		w.Fatalf("entry %d does not follow the head of before", last.Seq)
	}
}

// chainCrashes dies between entries and resumes, again and again.
func chainCrashes(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	w.openShops(4)
	for n := range scaled(30, 12) {
		w.faults.dieAt(1 + n)
		for shop := 1; shop <= 4; shop++ {
			s := w.from(shop, fmt.Sprint("crash-", n)).at(day0.Add(time.Duration(n)*time.Minute)).tag(fmt.Sprint("x", n/3), fmt.Sprintf("%d-%d", n, shop))
			if _, _, err := s.try(w.ctx); err != nil {
				break // died; the next call would fail too
			}
		}
		w.faults.calm()
		w.reopenDead()
		w.recoverDying(fmt.Sprint("crash ", n))
		w.wantChain()
	}
	w.checkInvariants()
}

// chainTrimmed trims the log and dies before the first write, then before the second, and so on, and resumes each time.
// Trimmed entries are not found by any key; the remaining chain is intact and continues.
func chainTrimmed(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	w.openShops(3)
	for n := 1; ; n++ {
		for shop := 1; shop <= 3; shop++ {
			s := w.from(shop, fmt.Sprint("trim-", n)).tag(fmt.Sprint("t", n/2), fmt.Sprintf("t%d-%d", n, shop))
			_, _, err := s.try(w.ctx)
			w.noError(err, "record")
		}
		start, err := auditlog.FindStart(w.ctx, w.store)
		w.noError(err, "find where the log begins")
		kept := w.logAfter(start.Seq + 2)
		to := auditlog.Start{Seq: kept[0].Seq, Before: w.logAfter(start.Seq + 1)[0].Hash, Until: day0}

		w.faults.dieAt(n)
		err = auditlog.NewRetention(w.store, fixedClock{day0}).Trim(w.ctx, to, "file", "sum")
		died, step := w.faults.calm()
		if !died {
			w.noError(err, "trim the log")
			w.wantTrimmed(to, kept, "uninterrupted")
			w.Logf("got through after %d writes", n-1)
			return
		}
		w.reopenDead()
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		w.recoverDying(doing)
		w.wantChain()
		w.noError(auditlog.NewRetention(w.store, fixedClock{day0}).Finish(w.ctx), doing+": finish")
		if now, err := auditlog.FindStart(w.ctx, w.store); err != nil || now.Seq != start.Seq {
			w.wantTrimmed(to, kept, doing)
		}
	}
}

// wantTrimmed checks that the log begins with the kept entries, by every key.
func (w *world) wantTrimmed(start auditlog.Start, kept []cloudtag.Entry, doing string) {
	w.Helper()
	w.wantChain()
	all := w.logAfter(0)
	equal(w, doing+": the first entry", all[0].Seq, start.Seq)
	equal(w, doing+": the entries kept", all[:len(kept)], kept)
	count, err := w.store.CountLog(w.ctx, cloudtag.LogFilter{}, 1<<20)
	w.noError(err, "count the log")
	equal(w, doing+": counted", count, len(all))
	filters := []cloudtag.LogFilter{{Actor: kept[0].Actor}, {Action: cloudtag.ActionTagSubmitted}, {Action: cloudtag.ActionMerchantImported}}
	for shop := 1; shop <= 3; shop++ {
		filters = append(filters, cloudtag.LogFilter{Subject: cloudtag.MerchantSubject(w.shop(shop))})
	}
	for _, filter := range filters {
		var want []cloudtag.Entry
		for _, entry := range all {
			if filter.Matches(entry) {
				want = append(want, entry)
			}
		}
		equal(w, fmt.Sprintf("%s: by %+v", doing, filter), w.filteredLog(filter, 0), want)
	}
	w.reopen()
	equal(w, doing+": opened again", w.logAfter(0), all)
	equal(w, doing+": the newest", w.lastSeq(), all[len(all)-1].Seq)
}
