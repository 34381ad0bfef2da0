package dbtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

func contextCases() []testCase {
	return []testCase{
		inWorld("CancelledBefore", cancelledBefore),
		{"CancelledAtEveryWrite", cancelledAtEveryWrite},
		inWorld("ManyCallersGiveUp", manyGiveUp),
	}
}

// cancelledBefore: every method fails with a context that has ended, and changes nothing.
func cancelledBefore(w *world) {
	preparedMarks(w)
	before := w.snapshot()
	cancelled, cancel := context.WithCancel(w.ctx)
	cancel()
	for name, call := range w.everyCall() {
		if err := call(cancelled); err == nil {
			w.Errorf("%s: no error with a context that has ended", name)
		}
	}
	if diff := sameSnapshot(w.snapshot(), before); diff != "" {
		w.Fatalf("changed (- before, + after):\n%s", diff)
	}
	w.checkInvariants()
	if recovered, err := w.store.Recover(w.ctx); err != nil || recovered != 0 {
		w.Fatalf("recovered %d, %v", recovered, err)
	}
}

// everyCall returns a call of each method of the ports.
func (w *world) everyCall() map[string]func(context.Context) error {
	calls := w.readingCalls()
	s, next := w.store, w.nextPolicy(4)
	calls["Record"] = func(ctx context.Context) error {
		_, _, err := w.from(3, "late").tag("warm", "late").tag("other", "later").try(ctx)
		return err
	}
	calls["Amend"] = func(ctx context.Context) error {
		_, err := s.Amend(ctx, w.caseOf("warm"), func(file *cloudtag.CaseFile) error {
			return file.Void(w.order("w1"), tester, "x", day0)
		})
		return err
	}
	calls["Recover"] = func(ctx context.Context) error { _, err := s.Recover(ctx); return err }
	calls["PutMerchants"] = func(ctx context.Context) error {
		_, err := s.PutMerchants(ctx, []cloudtag.Merchant{w.moved(2, "late"), w.merchant(30)}, merchantEntry)
		return err
	}
	calls["SetPermission"] = func(ctx context.Context) error {
		return s.SetPermission(ctx, w.shop(2), cloudtag.PermissionRevoked, permissionEntry(w.shop(2), "x"))
	}
	calls["MerchantRecounted"] = func(ctx context.Context) error { return s.MerchantRecounted(ctx, w.shop(1), "holding") }
	calls["PutOrders"] = func(ctx context.Context) error {
		_, err := s.PutOrders(ctx, []cloudtag.Order{w.purchase("late", 1, "x")}, orderEntry, w.newOrdersEntry)
		return err
	}
	calls["PutRisks"] = func(ctx context.Context) error {
		_, err := s.PutRisks(ctx, []cloudtag.RiskProfile{w.risk("late", 5)}, riskEntry)
		return err
	}
	calls["RiskEvaluated"] = func(ctx context.Context) error { return s.RiskEvaluated(ctx, w.risk("cool", 50)) }
	calls["AddPolicy"] = func(ctx context.Context) error { return s.AddPolicy(ctx, next, []cloudtag.Entry{policyEntry(next)}) }
	calls["WithdrawPolicy"] = func(ctx context.Context) error {
		return s.WithdrawPolicy(ctx, 1, cloudtag.PolicyWithdrawal{By: tester, At: day0}, policyEntry(next))
	}
	calls["SaveDocument"] = func(ctx context.Context) error {
		document := w.document(cloudtag.KindAppeal, "late")
		w.known.document(documentKey{document.Kind, document.ID})
		return s.SaveDocument(ctx, document, []cloudtag.Entry{documentEntry(document, cloudtag.ActionAppealFiled)})
	}
	return calls
}

// readingCalls returns a call of each method that only reads.
func (w *world) readingCalls() map[string]func(context.Context) error {
	s := w.store
	shops, buyers := []cloudtag.MerchantID{w.shop(1)}, []cloudtag.BuyerID{w.buyer("warm")}
	orders, ids := []cloudtag.OrderNo{w.order("w1")}, []cloudtag.CaseID{w.caseOf("warm")}
	page := cloudtag.Slice{Limit: 10}
	calls := map[string]func(context.Context) error{"Ping": s.Ping}
	add := func(name string, call func(ctx context.Context) error) { calls[name] = call }
	add("Batch", func(ctx context.Context) error {
		_, err := s.Batch(ctx, w.shop(1), w.prefix+"one")
		return err
	})
	add("BatchByID", func(ctx context.Context) error {
		batch, err := s.Batch(ctx, w.shop(1), w.prefix+"one")
		if err == nil {
			_, err = s.BatchByID(ctx, batch.ID)
		}
		return err
	})
	add("TagsByOrder", func(ctx context.Context) error { _, err := s.TagsByOrder(ctx, orders); return err })
	add("TagsOf", func(ctx context.Context) error { _, err := s.TagsOf(ctx, w.shop(1), orders); return err })
	add("LiveTags", func(ctx context.Context) error { _, err := s.LiveTags(ctx, ids); return err })
	add("LiveCasesOf", func(ctx context.Context) error { _, err := s.LiveCasesOf(ctx, w.shop(1), "", 10); return err })
	add("TagPage", func(ctx context.Context) error {
		_, _, err := s.TagPage(ctx, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedDesc, page)
		return err
	})
	add("CountTags", func(ctx context.Context) error { _, err := s.CountTags(ctx, cloudtag.TagFilter{}, 10); return err })
	add("Cases", func(ctx context.Context) error { _, err := s.Cases(ctx, ids); return err })
	add("CasesOfBuyers", func(ctx context.Context) error { _, err := s.CasesOfBuyers(ctx, buyers); return err })
	add("CasePage", func(ctx context.Context) error {
		_, _, err := s.CasePage(ctx, cloudtag.CaseFilter{}, cloudtag.CasesByPriorityDesc, page)
		return err
	})
	add("CountCases", func(ctx context.Context) error { _, err := s.CountCases(ctx, cloudtag.CaseFilter{}, 10); return err })
	add("WakingCases", func(ctx context.Context) error { _, err := s.WakingCases(ctx, day0.Add(window), 10); return err })
	add("Merchants", func(ctx context.Context) error { _, err := s.Merchants(ctx, shops); return err })
	add("MerchantsToRecount", func(ctx context.Context) error { _, err := s.MerchantsToRecount(ctx, 10); return err })
	add("MerchantCounts", func(ctx context.Context) error { _, err := s.MerchantCounts(ctx, shops); return err })
	add("TagShare", func(ctx context.Context) error {
		_, err := s.TagShare(ctx, w.shop(1), day0.Add(-window), day0)
		return err
	})
	add("Orders", func(ctx context.Context) error { _, err := s.Orders(ctx, orders); return err })
	add("OrdersOf", func(ctx context.Context) error { _, err := s.OrdersOf(ctx, w.shop(1), orders); return err })
	add("OrdersPlaced", func(ctx context.Context) error {
		_, _, err := s.OrdersPlaced(ctx, cloudtag.OrderFilter{MerchantID: w.shop(1)}, nil, 10)
		return err
	})
	add("Exposures", func(ctx context.Context) error { _, err := s.Exposures(ctx, buyers, time.Time{}); return err })
	add("KnownBuyers", func(ctx context.Context) error { _, err := s.KnownBuyers(ctx, buyers); return err })
	add("Risks", func(ctx context.Context) error { _, err := s.Risks(ctx, buyers); return err })
	add("RisksToEvaluate", func(ctx context.Context) error { _, err := s.RisksToEvaluate(ctx, 10); return err })
	add("Policy", func(ctx context.Context) error { _, err := s.Policy(ctx, 1); return err })
	add("PolicyTimeline", func(ctx context.Context) error { _, err := s.PolicyTimeline(ctx); return err })
	add("LogPage", func(ctx context.Context) error { _, _, err := s.LogPage(ctx, cloudtag.LogFilter{}, page); return err })
	add("CountLog", func(ctx context.Context) error { _, err := s.CountLog(ctx, cloudtag.LogFilter{}, 10); return err })
	add("CountLiveCasesOf", func(ctx context.Context) error { _, err := s.CountLiveCasesOf(ctx, w.shop(1)); return err })
	add("TagsByCase", func(ctx context.Context) error {
		return s.TagsByCase(ctx, func(cloudtag.CaseID, []cloudtag.Tag, *cloudtag.RiskProfile) error { return nil })
	})
	add("CaseIDs", func(ctx context.Context) error { _, err := s.CaseIDs(ctx, "", 10); return err })
	add("CountPending", func(ctx context.Context) error { _, err := s.CountPending(ctx, day0); return err })
	add("CountClaimed", func(ctx context.Context) error { _, err := s.CountClaimed(ctx, day0); return err })
	add("Documents", func(ctx context.Context) error {
		_, err := s.Documents(ctx, cloudtag.KindAppeal, []string{"a"})
		return err
	})
	add("DocumentPage", func(ctx context.Context) error {
		_, _, err := s.DocumentPage(ctx, cloudtag.KindAppeal, cloudtag.DocumentFilter{}, cloudtag.Slice{Limit: 10})
		return err
	})
	add("CountDocuments", func(ctx context.Context) error {
		_, err := s.CountDocuments(ctx, cloudtag.KindAppeal, cloudtag.DocumentFilter{}, 10)
		return err
	})
	add("WakingDocuments", func(ctx context.Context) error {
		_, err := s.WakingDocuments(ctx, cloudtag.KindAppeal, day0, 10)
		return err
	})

	add("LastSeq", func(ctx context.Context) error { _, err := s.LastSeq(ctx); return err })
	return calls
}

// cancelledAtEveryWrite cancels a call right before its first write, then before the second, and so on. Whether the call
// fails or succeeds, it is atomic, at the latest after a recovery, and the store continues to work.
func cancelledAtEveryWrite(t *testing.T, newFactory NewFactory) {
	for _, s := range scenes()[:4] { // the records and amendments
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t, newFactory(t))
			untouched, complete := s.undisturbed(w)
			everyone := w.ctx
			for n := 1; ; n++ {
				if n > maxWrites {
					w.Fatalf("still writing at write %d", n)
				}
				w.begin(fmt.Sprintf("r%03d.", n))
				s.prepare(w)
				caller, cancel := context.WithCancel(everyone)
				w.faults.callAt(n, cancel)
				w.ctx = caller
				err := s.call(w, 1)
				reached, step := w.faults.calm()
				cancel()
				w.ctx = everyone
				if !reached {
					w.noError(err, "an uninterrupted call")
					w.Logf("completed after %d writes", n-1)
					return
				}
				w.wantAfterCancel(s, untouched, complete, err == nil, fmt.Sprintf("cancelled at write %d (%s)", n, step))
			}
		})
	}
}

func (w *world) wantAfterCancel(s scene, untouched, complete []string, returned bool, doing string) {
	w.Helper()
	_, err := w.store.Recover(w.ctx)
	w.noError(err, doing+": recover")
	w.wantWhole(s, w.snapshot(), untouched, complete, returned, doing)
	if err := s.call(w, 2); err != nil && cloudtag.CodeOf(err) != s.again {
		w.Fatalf("%s: the same call again: %v", doing, err)
	}
	if diff := sameSnapshot(w.snapshot(), complete); diff != "" {
		w.Fatalf("%s: after the same call again (- uninterrupted, + cancelled before):\n%s", doing, diff)
	}
}

// manyGiveUp: concurrent callers cancel at random points; the others are not affected, and repeating all calls completes
// them.
func manyGiveUp(w *world) {
	const callers, batches, buyers = 8, 4, 3
	w.openShops(callers)
	sent := w.load(callers, batches, buyers)
	w.parallel(callers, func(i int) error {
		for n, s := range sent[i] {
			ctx, cancel := context.WithCancel(w.ctx)
			if (i+n)%2 == 0 {
				go cancel() // before, during or after the call
			}
			_, _, err := s.try(ctx)
			cancel()
			if (i+n)%2 != 0 && err != nil {
				return fmt.Errorf("a call that was not cancelled: %w", err)
			}
		}
		return nil
	})
	_, err := w.store.Recover(w.ctx)
	w.noError(err, "recover")
	w.checkInvariants()
	for _, s := range slices.Concat(sent...) {
		_, _, err := s.as(s.sent.Batch.Key + "-again").try(w.ctx)
		w.noError(err, "send again")
	}
	w.wantAllFlipped(w.checkInvariants(), buyers, callers, callers*batches)
}
