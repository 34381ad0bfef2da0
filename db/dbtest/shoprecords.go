package dbtest

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/revocations"
	"cloudtag/internal/upkeep"
	"cloudtag/internal/vetting"
)

func shopRecordCases() []testCase {
	return []testCase{
		inWorld("CreditLinksAndRevocation", shopRecordsOfALog),
		inWorld("HoldCases", shopRecordsHoldCases),
	}
}

// shopRecordsOfALog computes the track records of shops from a log: the second is vetted and confirms the first one's tags on
// two accounts, the third and the fourth tag the same six accounts of many, and the second is revoked in the end.
func shopRecordsOfALog(w *world) {
	w.openShops(5)
	clock := &stepClock{now: day0}
	ids := countingIDs()
	first := cloudtag.Caller{Subject: "rita", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	second := cloudtag.Caller{Subject: "adam", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
	vettings := vetting.New(w.store, clock, ids)
	proposal, err := vettings.Propose(w.ctx, first, w.shop(2), true, "多年经营")
	w.noError(err, "propose to vouch")
	_, err = vettings.Decide(w.ctx, second, proposal.ID, true, "同意")
	w.noError(err, "vouch")

	at := func(hours int) time.Time { return day0.Add(time.Duration(hours) * time.Hour) }
	w.fromHistory().by(1).at(at(1)).tag("a", "1a").by(2).at(at(2)).tag("a", "2a").
		by(1).at(at(3)).tag("b", "1b").by(2).at(at(4)).tag("b", "2b").record()
	for i := range 40 { // other accounts, so that the six are a small share
		w.fromHistory().by(5).at(at(5)).tag(fmt.Sprint("other-", i), fmt.Sprint("5-", i)).record()
	}
	for i := range 6 {
		buyer := fmt.Sprint("victim-", i)
		w.fromHistory().by(3).at(at(6+2*i)).tag(buyer, fmt.Sprint("3-", i)).by(4).at(at(7+2*i)).tag(buyer, fmt.Sprint("4-", i)).record()
	}
	clock.now = at(100)
	shops := collusion.New(w.store, clock)
	records := func(order string) map[cloudtag.MerchantID]cloudtag.TrackRecord {
		w.Helper()
		clock.now = clock.now.Add(time.Hour)
		w.fromHistory().by(5).at(clock.now).tag("last", order).record() // completes the instants before
		w.noError(shops.CatchUp(w.ctx), "count the log")
		w.reopen()
		shops = collusion.New(w.store, clock)
		found, err := shops.Records(w.ctx, first, []cloudtag.MerchantID{w.shop(1), w.shop(2), w.shop(3), w.shop(4)})
		w.noError(err, "records")
		for shop, record := range found {
			record.Version, record.Links = 0, nil
			found[shop] = record
		}
		return found
	}
	equal(w, "records", records("first"), map[cloudtag.MerchantID]cloudtag.TrackRecord{
		// 0.95 for the first account; for the second a quarter of the other's trust at that time, 2/3.
		w.shop(1): {MerchantID: w.shop(1), Tags: 2, Accounts: 2, Credit: 950_000 + 666_666/4},
		// A quarter of the other's trust at that time, 0.95/(2+2), and a quarter of that for the later shop.
		w.shop(2): {MerchantID: w.shop(2), Tags: 2, Accounts: 2, Vetted: true, Credit: 237_500 / 4 / 4},
		w.shop(3): {MerchantID: w.shop(3), Tags: 6, Accounts: 6},
		w.shop(4): {MerchantID: w.shop(4), Tags: 6, Accounts: 6},
	})
	pairs, err := shops.List(w.ctx, first)
	w.noError(err, "linked pairs")
	equal(w, "linked pairs", len(pairs), 1)
	equal(w, "the linked pair", pairs[0].PairCounts, collusion.PairCounts{
		A: w.shop(3), B: w.shop(4), Common: 6, BuyersOfA: 6, BuyersOfB: 6, Buyers: 48, Pairs: 2,
	})

	revoking := revocations.New(w.store, upkeep.New(w.store, clock), clock, ids)
	revocation, err := revoking.Propose(w.ctx, first, revocations.Proposal{
		MerchantID: w.shop(2), Kind: cloudtag.ViolationFalseReport, Reason: "虚假打标", Evidence: []string{"聊天记录"},
	})
	w.noError(err, "propose to revoke")
	clock.now = clock.now.Add(time.Minute)
	_, err = revoking.Decide(w.ctx, second, revocation.ID, true, "属实")
	w.noError(err, "revoke")
	after := records("second")
	equal(w, "credit that a revoked shop gave", after[w.shop(1)].Credit, 0)
	equal(w, "a revoked shop's permission", after[w.shop(2)].Revoked, true)
}

// shopRecordsHoldCases: where the policy weighs votes, the store reads the records of the shops of every case of a batch.
func shopRecordsHoldCases(w *world) {
	w.openShops(3)
	policy := w.nextPolicy(3)
	policy.WeighVotesByRecord = true
	w.noError(w.store.AddPolicy(w.ctx, policy, []cloudtag.Entry{policyEntry(policy)}), "add a policy")
	overturned := cloudtag.TrackRecord{Version: 1, MerchantID: w.shop(2), Tags: 2, Accounts: 2, Overturned: 2} // weighs 2/12
	w.noError(w.store.SaveDocument(w.ctx, cloudtag.TrackRecordCodec().Document(overturned), nil), "save a record")
	for shop := 1; shop <= 3; shop++ {
		w.from(shop, "a").at(policy.CreatedAt).tag("x", fmt.Sprint("x", shop)).tag("y", fmt.Sprint("y", shop)).record()
	}
	for _, c := range w.cases(w.caseOf("x"), w.caseOf("y")) {
		equal(w, "state", c.State, cloudtag.CaseAccumulating)
		equal(w, "holds", c.Holds, []string{cloudtag.HoldRecord})
	}
}
