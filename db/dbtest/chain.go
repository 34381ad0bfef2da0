package dbtest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func chainCases() []testCase {
	return []testCase{
		inWorld("HoldsAfterConcurrentWriters", chainConcurrent),
		{"HoldsAfterCrashes", chainCrashes},
	}
}

// wantChain checks the chain as an auditor does, and returns the head.
func (w *world) wantChain() cloudtag.Verification {
	w.Helper()
	got, err := cloudtag.VerifyLog(w.ctx, w.store, nil)
	w.noError(err, "verify the log")
	if got.Break != nil || got.Entries != w.lastSeq() || len(got.Head) != 32 {
		w.Fatalf("verified %d entries of %d, head %x, break %+v", got.Entries, w.lastSeq(), got.Head, got.Break)
	}
	return got
}

// chainConcurrent appends through every port that appends, side by side.
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

// chainCrashes dies again and again between entries, and goes on.
func chainCrashes(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	w.openShops(4)
	for n := range scaled(30, 12) {
		w.faults.dieAt(1 + n)
		for shop := 1; shop <= 4; shop++ {
			s := w.from(shop, fmt.Sprint("crash-", n)).at(day0.Add(time.Duration(n)*time.Minute)).tag(fmt.Sprint("x", n/3), fmt.Sprintf("%d-%d", n, shop))
			if _, _, err := s.try(w.ctx); err != nil {
				break // died; the next one would fail too
			}
		}
		w.faults.calm()
		w.reopenDead()
		w.recoverDying(fmt.Sprint("crash ", n))
		w.wantChain()
	}
	w.checkInvariants()
}
