package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"cloudtag/internal/cloudtag"
)

func concurrencyCases() []testCase {
	return []testCase{
		inWorld("OneTagPerOrder", oneTagPerOrder),
		inWorld("SameKeySameInput", sameKeySameInput),
		inWorld("SameKeyOtherInput", sameKeyOtherInput),
		inWorld("FlipsExactlyOnce", flipsExactlyOnce),
		inWorld("NoTagAfterRevocation", noTagAfterRevocation),
		inWorld("NoVoteForTheEntityOfBefore", noVoteForTheEntityBefore),
		inWorld("SameImportAtOnce", sameImportAtOnce),
	}
}

const submitters = 16

// oneTagPerOrder: 16 submitters send overlapping batches; each order is accepted exactly once (rule 2).
func oneTagPerOrder(w *world) {
	w.openShops(submitters)
	pool := make([]string, scaled(60, 40))
	for n := range pool {
		pool[n] = fmt.Sprint(n)
	}
	buyerOf := func(order string) string { return "b" + order[len(order)-1:] }
	rounds := scaled(4, 2)
	sent, stored := make([][]*submission, submitters), make([][]cloudtag.Batch, submitters)
	for i := range submitters {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		for round := range rounds {
			// Two submitters share a shop, so that batches of one shop overlap too.
			s := w.from(1+i/2, fmt.Sprintf("%d-%d", i, round))
			for _, n := range random.Perm(len(pool))[:cloudtag.MaxBatchOrders] {
				s.tag(buyerOf(pool[n]), pool[n])
			}
			sent[i] = append(sent[i], s)
		}
	}
	w.parallel(submitters, func(i int) error {
		for _, s := range sent[i] {
			batch, repeated, err := s.try(w.ctx)
			if err != nil || repeated {
				return fmt.Errorf("submitter %d: repeated %t, %w", i, repeated, err)
			}
			stored[i] = append(stored[i], batch)
		}
		return nil
	})
	submitted, acceptedBy := map[cloudtag.OrderNo]bool{}, map[cloudtag.OrderNo][]cloudtag.BatchID{}
	for i := range submitters {
		for round, batch := range stored[i] {
			equal(w, "results", len(batch.Results), cloudtag.MaxBatchOrders)
			for n, result := range batch.Results {
				equal(w, "order of a result", result.OrderNo, sent[i][round].sent.Batch.Results[n].OrderNo)
				submitted[result.OrderNo] = true
				switch result.Code {
				case "":
					acceptedBy[result.OrderNo] = append(acceptedBy[result.OrderNo], batch.ID)
				case cloudtag.CodeAlreadyTagged:
				default:
					w.Fatalf("%s got %s", result.OrderNo, result.Code)
				}
			}
		}
	}
	b := w.checkInvariants()
	equal(w, "tags", len(b.tags), len(submitted))
	for order := range submitted {
		equal(w, "batches that "+string(order)+" was accepted in", len(acceptedBy[order]), 1)
		equal(w, "batch of the tag", b.tags[order].BatchID, acceptedBy[order][0])
	}
}

// sameKeySameInput: one request is sent 16 times concurrently, each with a batch identifier of its own.
func sameKeySameInput(w *world) {
	w.openShops(2)
	w.from(2, "before").tag("x", "taken").record()
	for round := range scaled(6, 3) {
		var first atomic.Int64
		batches := make([]cloudtag.Batch, submitters)
		key := fmt.Sprint("key-", round)
		w.parallel(submitters, func(i int) error {
			s := w.from(1, key).tag("x", fmt.Sprint(round, "-1"), "taken").tag("y", fmt.Sprint(round, "-2")).
				refused("missing", cloudtag.CodeOrderNotFound).as(fmt.Sprintf("id-%d-%d", round, i))
			batch, repeated, err := s.try(w.ctx)
			batches[i] = batch
			if !repeated {
				first.Add(1)
			}
			return err
		})
		equal(w, "calls that recorded a new batch", first.Load(), 1)
		stored := w.batch(batchKey{w.shop(1), key})
		for _, batch := range batches {
			equal(w, "batch", batch, *stored)
		}
		codes := make([]cloudtag.Code, len(stored.Results))
		for i, result := range stored.Results {
			codes[i] = result.Code
		}
		equal(w, "codes", codes, []cloudtag.Code{"", cloudtag.CodeAlreadyTagged, "", cloudtag.CodeOrderNotFound})
	}
	w.checkInvariants()
}

// sameKeyOtherInput: of 16 different inputs with one key one is stored, and the orders of the others stay untagged.
func sameKeyOtherInput(w *world) {
	w.openShops(1)
	var first atomic.Int64
	w.parallel(submitters, func(i int) error {
		s := w.from(1, "same").as(fmt.Sprint("id-", i)).tag("x", fmt.Sprint(i, "-1")).tag(fmt.Sprint(i), fmt.Sprint(i, "-2"))
		_, repeated, err := s.try(w.ctx)
		if !repeated {
			first.Add(1)
		}
		return err
	})
	equal(w, "calls that recorded a new batch", first.Load(), 1)
	stored := w.batch(batchKey{w.shop(1), "same"})
	b := w.checkInvariants()
	equal(w, "tags", len(b.tags), 2)
	equal(w, "cases", len(b.cases), 2)
	for _, result := range stored.Results {
		equal(w, "batch of the tag", b.tags[result.OrderNo].BatchID, stored.ID)
	}
	rest := w.from(1, "rest")
	for i := range submitters {
		if order := fmt.Sprint(i, "-1"); w.order(order) != stored.Results[0].OrderNo {
			rest.tag("x", order)
		}
	}
	equal(w, "accepted afterwards", rest.record().AcceptedCount(), submitters-1)
}

// flipsExactlyOnce: many shops tag orders of few buyers concurrently, in random order (rule 5: never a lost flip and never a
// double one).
func flipsExactlyOnce(w *world) {
	shops, buyers, rounds := scaled(24, 12), 6, 2
	w.openShops(shops)
	w.parallel(min(shops, submitters), func(i int) error {
		random := rand.New(rand.NewPCG(uint64(i), 2))
		for shop := 1 + i; shop <= shops; shop += min(shops, submitters) {
			for round := range rounds {
				s := w.from(shop, fmt.Sprint(round))
				for _, buyer := range random.Perm(buyers) {
					s.tag(fmt.Sprint(buyer), fmt.Sprintf("%d-%d-%d", shop, round, buyer))
				}
				if _, _, err := s.try(w.ctx); err != nil {
					return err
				}
			}
		}
		return nil
	})
	b := w.checkInvariants()
	w.wantAllFlipped(b, buyers, shops, shops*rounds)
}

// wantAllFlipped checks that each buyer's case is confirmed with a vote of each shop, that all its tags succeeded, that each
// of these changes was logged once, and that every batch was one change of the case.
func (w *world) wantAllFlipped(b contents, buyers, votes, records int) {
	w.Helper()
	equal(w, "tags", len(b.tags), buyers*records)
	equal(w, "cases", len(b.cases), buyers)
	for id, c := range b.cases {
		equal(w, "state of "+string(id), c.State, cloudtag.CaseConfirmed)
		equal(w, "votes of "+string(id), c.Votes, votes)
		equal(w, "version of "+string(id), c.Version, records)
		equal(w, "confirmations of "+string(id), count(b.about(cloudtag.CaseSubject(id)), cloudtag.ActionCaseConfirmed), 1)
	}
	for order, tag := range b.tags {
		equal(w, "status of "+string(order), tag.Status, cloudtag.TagSucceeded)
		if !tag.Live {
			w.Fatalf("tag of %s is not live", order)
		}
	}
	equal(w, "submissions in the log", count(b.entries, cloudtag.ActionTagSubmitted), len(b.tags))
	equal(w, "successes in the log", count(b.entries, cloudtag.ActionTagSucceeded), len(b.tags))
	equal(w, "confirmations in the log", count(b.entries, cloudtag.ActionCaseConfirmed), buyers)
}

// noTagAfterRevocation revokes shops while they submit. A revocation then recounts the cases in which the shop has live tags;
// a concurrent batch must not add a tag after the recount (rule 13).
func noTagAfterRevocation(w *world) {
	shops, each := scaled(8, 4), scaled(12, 6)
	w.openShops(shops)
	begun := make([]chan struct{}, shops)
	for i := range begun {
		begun[i] = make(chan struct{})
	}
	w.parallel(2*shops, func(i int) error {
		shop := 1 + i/2
		if i%2 == 1 {
			<-begun[i/2]
			return w.revoke(shop)
		}
		for n := range each {
			if n == each/3 {
				close(begun[i/2]) // the shop has tags, and submits more
			}
			_, _, err := w.from(shop, fmt.Sprint(n)).tag(fmt.Sprintf("%d-%d", shop, n%3), fmt.Sprintf("%d-%d", shop, n)).try(w.ctx)
			if cloudtag.CodeOf(err) == cloudtag.CodePermissionRevoked {
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	for order, tag := range w.checkInvariants().tags {
		if tag.Live || tag.Status != cloudtag.TagVoided {
			w.Fatalf("tag of %s is %s, live %t, after its shop was revoked and its cases were recounted", order, tag.Status, tag.Live)
		}
	}
	for shop := 1; shop <= shops; shop++ {
		equal(w, "live cases of a revoked shop", len(w.liveCasesOf(shop, "", 10)), 0)
	}
}

// revoke revokes a shop and recounts its cases once, as the service does.
func (w *world) revoke(shop int) error {
	err := w.store.SetPermission(w.ctx, w.shop(shop), cloudtag.PermissionRevoked, permissionEntry(w.shop(shop), "滥用"))
	if err != nil {
		return err
	}
	return w.recount(shop, func(file *cloudtag.CaseFile) { file.Discount(w.shop(shop), tester, "滥用", day0) })
}

// recount amends every case in which a shop has live tags.
func (w *world) recount(shop int, edit func(*cloudtag.CaseFile)) error {
	var after cloudtag.CaseID
	for {
		ids, err := w.store.LiveCasesOf(w.ctx, w.shop(shop), after, 2)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			_, err := w.store.Amend(w.ctx, id, func(file *cloudtag.CaseFile) error {
				edit(file)
				return nil
			})
			if err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

// noVoteForTheEntityBefore moves a shop between entities while it submits, recounting after each move: in the end every live
// tag is a vote of the shop's current entity (rule 7), and no mark is left.
func noVoteForTheEntityBefore(w *world) {
	shops, moves := scaled(4, 2), scaled(8, 4)
	w.openShops(shops)
	w.parallel(2*shops, func(i int) error {
		shop := 1 + i/2
		if i%2 == 1 {
			return w.moveAround(shop, moves)
		}
		for n := range 3 * moves {
			_, _, err := w.from(shop, fmt.Sprint(n)).tag(fmt.Sprintf("%d-%d", shop, n%3), fmt.Sprintf("%d-%d", shop, n)).try(w.ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	equal(w, "marks in the end", len(w.merchantsToRecount(10)), 0)
	for order, tag := range w.checkInvariants().tags {
		want := cloudtag.EntityID(fmt.Sprintf("entity-%d", moves-1))
		if tag.EntityID != want {
			w.Fatalf("tag of %s is a vote of %s, but its shop belongs to %s and was recounted", order, tag.EntityID, want)
		}
	}
}

func (w *world) moveAround(shop, moves int) error {
	for move := range moves {
		merchant := w.moved(shop, cloudtag.EntityID(fmt.Sprintf("entity-%d", move)))
		if _, err := w.store.PutMerchants(w.ctx, []cloudtag.Merchant{merchant}, merchantEntry); err != nil {
			return err
		}
		err := w.recount(shop, func(file *cloudtag.CaseFile) {
			file.Reassign(merchant.ID, merchant.EntityID, tester, "并购", day0)
		})
		if err != nil {
			return err
		}
		if err := w.store.MerchantRecounted(w.ctx, merchant.ID, merchant.EntityID); err != nil {
			return err
		}
	}
	return nil
}

// sameImportAtOnce: the same rows from several concurrent importers are stored once, with one entry each.
func sameImportAtOnce(w *world) {
	rows := scaled(20, 10)
	var shops []cloudtag.Merchant
	var orders []cloudtag.Order
	var risks []cloudtag.RiskProfile
	for n := range rows {
		shops = append(shops, w.merchant(n+1))
		orders = append(orders, w.purchase(fmt.Sprint(n), 1, fmt.Sprint(n)))
		risks = append(risks, w.risk(fmt.Sprint(n), n))
	}
	var mu sync.Mutex
	results := map[cloudtag.PutResult]int{}
	w.parallel(8, func(i int) error {
		shops, orders, risks := slices.Clone(shops), slices.Clone(orders), slices.Clone(risks)
		if i%2 == 1 { // in reverse, so that importers meet in the middle
			slices.Reverse(shops)
			slices.Reverse(orders)
			slices.Reverse(risks)
		}
		ofShops, err := w.store.PutMerchants(w.ctx, shops, merchantEntry)
		if err != nil {
			return err
		}
		ofOrders, err := w.store.PutOrders(w.ctx, orders, orderEntry, w.newOrdersEntry)
		if err != nil {
			return err
		}
		ofRisks, err := w.store.PutRisks(w.ctx, risks, riskEntry)
		mu.Lock()
		defer mu.Unlock()
		for _, result := range slices.Concat(ofShops, ofOrders, ofRisks) {
			results[result]++
		}
		return err
	})
	equal(w, "results", results, map[cloudtag.PutResult]int{
		cloudtag.PutStored: 3 * rows, cloudtag.PutUnchanged: 7 * 3 * rows,
	})
	entries := w.logAfter(1)
	equal(w, "entries of shops", count(entries, cloudtag.ActionMerchantImported), rows)
	equal(w, "entries of risks", count(entries, cloudtag.ActionRiskImported), rows)
	counted := 0
	for _, entry := range entries {
		if entry.Action == cloudtag.ActionOrdersImported {
			var after struct{ Orders int }
			w.decode(entry.After, &after)
			counted += after.Orders
		}
	}
	equal(w, "logged orders", counted, rows)
}
