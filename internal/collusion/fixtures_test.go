package collusion_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
	"cloudtag/internal/revocations"
	"cloudtag/internal/vetting"
)

// reports is a log of tags of shops, each its own entity: "shop buyer" for each, an hour apart.
func reports(said ...string) []Entry {
	var entries []Entry
	for i, report := range said {
		shop, buyer, _ := strings.Cut(report, " ")
		entries = append(entries, reported(shop, shop, buyer, i, Start.Add(time.Duration(i)*time.Hour)))
	}
	return entries
}

func reported(shop, entity, buyer string, order int, at time.Time) Entry {
	return about(ActionTagSubmitted, shop, buyer, order, at, TagState{EntityID: EntityID(entity), Live: true})
}

func about(action Action, shop, buyer string, order int, at time.Time, after any) Entry {
	return Entry{At: at, Action: action, After: MustJSON(after), Subjects: []Subject{
		TagSubject(OrderNo(fmt.Sprint(order))), MerchantSubject(MerchantID(shop)), BuyerSubject(BuyerID(buyer)),
	}}
}

func vouched(shop string) Entry {
	return Entry{At: Start.Add(-time.Hour), Action: ActionVettingDecided, Subjects: []Subject{MerchantSubject(MerchantID(shop))},
		After: MustJSON(vetting.Proposal{State: vetting.Approved, Vetted: true})}
}

func folded(t *testing.T, entries []Entry) map[MerchantID]TrackRecord {
	t.Helper()
	records, err := collusion.FoldLog(entries)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func vouchedAt(shop string, at time.Time) Entry {
	entry := vouched(shop)
	entry.At = at
	return entry
}

// vouch lets two people vouch for a shop, or stop to.
func vouch(o *Office, shop MerchantID, vetted bool) {
	o.T.Helper()
	proposal, err := o.Vettings.Propose(o.T.Context(), Person("rev", RoleReviewer), shop, vetted, "r")
	if err == nil {
		_, err = o.Vettings.Decide(o.T.Context(), Person("adm", RoleAdmin), proposal.ID, true, "r")
	}
	if err != nil {
		o.T.Fatal(err)
	}
}

// overturnAny accepts an appeal against a case of an account, if one is confirmed.
func overturnAny(o *Office, buyer BuyerID) {
	o.T.Helper()
	id := NewCaseID(TestScenario, buyer)
	appeal, err := o.Appeals.File(o.T.Context(), SystemCaller("service"), id, "they are wrong")
	if code := CodeOf(err); code == CodeNotFound || code == CodeInvalidState {
		return
	}
	if err == nil {
		_, err = o.Appeals.Decide(o.T.Context(), Person("rev", RoleReviewer), appeal.ID, true, "they are")
	}
	if err != nil {
		o.T.Fatal(err)
	}
}

// revoke takes a shop's permission and recounts its cases.
func revoke(o *Office, shop MerchantID) {
	o.T.Helper()
	o.Clock.Time = o.Clock.Time.Add(time.Hour)
	revocation, err := o.Revocations.Propose(o.T.Context(), Person("rev", RoleReviewer), revocations.Proposal{
		MerchantID: shop, Kind: ViolationFalseReport, Reason: "r", Evidence: []string{"e"},
	})
	if err == nil {
		_, err = o.Revocations.Decide(o.T.Context(), Person("adm", RoleAdmin), revocation.ID, true, "r")
	}
	if err == nil {
		err = o.Revocations.Apply(o.T.Context(), o.Clock.Time)
	}
	if err != nil {
		o.T.Fatal(err)
	}
}
