package secondreview_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/secondreview"
)

// drawnFrom is the secret of second reviews in the tests.
const drawnFrom = "a secret of thirty-two characters"

// newService is [secondreview.New] with the secret of the tests.
func newService(o *Office) *secondreview.Service {
	return secondreview.New(o.Store, o.Clock, func() []byte { return []byte(drawnFrom) })
}

// reviewsOf returns the second review of each case.
func reviewsOf(o *Office) map[CaseID]secondreview.Review {
	o.T.Helper()
	size := 100
	found := map[CaseID]secondreview.Review{}
	request := PageRequest{First: &size}
	for {
		page, err := newService(o).Page(o.T.Context(), Person("aud", RoleAuditor), secondreview.Query{}, request)
		if err != nil {
			o.T.Fatal(err)
		}
		for _, review := range page.Items {
			found[review.CaseID] = review
		}
		if !page.HasNextPage {
			return found
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
}

// The draw follows its definition, which the test implements independently: a confirmation is drawn when the HMAC-SHA256, with
// the store's secret, of its entry's sequence number and hash, read as a 64-bit binary fraction, is below the policy's share.
func TestSecondReviewsAreDrawn(t *testing.T) {
	for _, percent := range []int{0, 2, 37, 100} {
		o := NewOffice(t)
		o.DrawSecondReviews(percent)
		for n := range 60 {
			o.ConfirmedBy(BuyerID(fmt.Sprint("person-", n)), "ann")
			o.Confirmed(BuyerID(fmt.Sprint("votes-", n)))
		}
		var want []CaseID
		share := new(big.Rat).SetFrac64(int64(percent), 100)
		for _, entry := range o.Store.Entries() {
			if entry.Action != ActionCaseDecided && entry.Action != ActionCaseConfirmed {
				continue
			}
			digest := hmac.New(sha256.New, []byte(drawnFrom))
			_ = binary.Write(digest, binary.BigEndian, entry.Seq)
			digest.Write(entry.Hash)
			fraction := new(big.Rat).SetFrac(new(big.Int).SetBytes(digest.Sum(nil)[:8]), new(big.Int).Lsh(big.NewInt(1), 64))
			if fraction.Cmp(share) < 0 {
				want = append(want, CaseID(entry.Subject("case")))
			}
		}
		for range 2 { // the second run draws nothing
			if err := newService(o).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		found := reviewsOf(o)
		if len(found) != len(want) || percent == 100 && len(found) != 120 || percent == 37 && (len(found) < 25 || len(found) > 65) {
			t.Errorf("%d per cent: %d were drawn, want %d", percent, len(found), len(want))
		}
		for _, id := range want {
			review, drawn := found[id]
			if !drawn || review.FirstAutomatic != (review.FirstBy == "system:engine") || review.First() != nil || len(review.Shops) < 2 {
				t.Errorf("%d per cent: %s: %+v", percent, id, review)
			}
		}
	}
}

// Each confirmation is drawn once, wherever the process dies during the draw.
func TestSecondReviewsAreDrawnOnce(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o := NewOffice(t)
		o.DrawSecondReviews(100)
		for n := range 3 {
			o.ConfirmedBy(BuyerID(fmt.Sprint("b-", n)), "ann")
		}
		err := secondreview.New(&DyingStore{Store: o.Store, DieAt: dieAt}, o.Clock, func() []byte { return []byte(drawnFrom) }).CatchUp(t.Context())
		died := errors.Is(err, ErrDied)
		if !died && err != nil {
			t.Fatal(err)
		}
		if err := newService(o).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for _, entry := range o.Store.Entries() {
			if entry.Action == ActionSecondReviewDrawn {
				drawn++
			}
		}
		if drawn != 3 || len(reviewsOf(o)) != 3 {
			t.Errorf("died at write %d: %d drawn, %d there", dieAt, drawn, len(reviewsOf(o)))
		}
		if !died {
			return
		}
	}
}

func TestSecondReviewIsAnotherPersons(t *testing.T) {
	o := NewOffice(t)
	o.DrawSecondReviews(100)
	id := o.ConfirmedBy("b", "ann")
	service := newService(o)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	review := reviewsOf(o)[id]
	ofShop := Person("cara", RoleReviewer)
	ofShop.MerchantID = "A"
	for name, c := range map[string]struct {
		caller Caller
		reason string
		want   Code
	}{
		"who confirmed":        {Person("ann", RoleReviewer), "r", CodeSamePerson},
		"who confirmed, admin": {Person("ann", RoleAdmin), "r", CodeSamePerson},
		"who acts for a shop":  {ofShop, "r", CodeSamePerson},
		"an auditor":           {Person("aud", RoleAuditor), "r", CodeForbidden},
		"a shop":               {ShopCaller("A"), "r", CodeForbidden},
		"without a reason":     {Person("ben", RoleReviewer), " ", CodeReasonRequired},
	} {
		if _, err := service.Decide(t.Context(), c.caller, review.ID, false, c.reason); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if may := review.MayDecide(c.caller); may && c.want != CodeReasonRequired {
			t.Errorf("%s may decide", name)
		}
	}
	if _, err := service.Decide(t.Context(), Person("ben", RoleReviewer), "none", true, "r"); CodeOf(err) != CodeNotFound {
		t.Errorf("none: %v", err)
	}
	before := o.Store.Case(id)
	agreed, err := service.Decide(t.Context(), Person("ben", RoleReviewer), review.ID, true, "r")
	if err != nil || agreed.State != SecondReviewAgreed || agreed.First() == nil || agreed.First().By != "ann" || agreed.First().Reason != "seen by ann" {
		t.Errorf("%+v, %v", agreed, err)
	}
	if after := o.Store.Case(id); after.Revision != before.Revision {
		t.Errorf("agreeing changed the case: %+v", after)
	}
	if _, err := service.Decide(t.Context(), Person("cleo", RoleReviewer), review.ID, false, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("twice: %v", err)
	}
}

// A disagreement does not change the decision; the case is queued, and a third person decides it.
func TestDisagreementGoesToAThirdPerson(t *testing.T) {
	for _, automatic := range []bool{false, true} {
		o := NewOffice(t)
		o.DrawSecondReviews(100)
		var id CaseID
		if automatic {
			o.Confirmed("b")
			id = NewCaseID(FreightInsuranceScenario, "b")
		} else {
			id = o.ConfirmedBy("b", "ann")
		}
		service := newService(o)
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Clock.Time = Start.Add(5 * time.Hour)
		review, err := service.Decide(t.Context(), Person("ben", RoleReviewer), reviewsOf(o)[id].ID, false, "too little")
		if err != nil || review.State != SecondReviewDisagreed || review.QueuedAt.IsZero() {
			t.Fatalf("%+v, %v", review, err)
		}
		waiting := o.Store.Case(id)
		if waiting.State != CaseConfirmed || waiting.Handling != HandlingPending || !waiting.DueAt.Equal(Start.Add(53*time.Hour)) || !waiting.Decision.At.Equal(Start) {
			t.Errorf("%+v", waiting)
		}
		for _, tag := range o.Store.AllTags() {
			if tag.Status != TagSucceeded {
				t.Errorf("a disagreement made %s %s", tag.OrderNo, tag.Status)
			}
		}
		decide := func(by string) error {
			ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.Store.Case(id).Version}
			_, err := o.Reviews.Decide(t.Context(), Person(by, RoleAdmin), id, ruling)
			return err
		}
		if err := decide("ben"); CodeOf(err) != CodeSamePerson || waiting.MayDecide(Person("ben", RoleAdmin), o.Clock.Time) {
			t.Errorf("who disagreed: %v", err)
		}
		if !automatic {
			if err := decide("ann"); CodeOf(err) != CodeSamePerson {
				t.Errorf("who confirmed: %v", err)
			}
		}
		if err := decide("lead"); err != nil || o.Store.Case(id).State != CaseRejected {
			t.Errorf("a third person: %v", err)
		}
	}
}

// Wherever the process dies during a disagreement, either the case is queued once or the second review is still open.
func TestDisagreementQueuesTheCaseOnce(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o := NewOffice(t)
		o.DrawSecondReviews(100)
		id := o.ConfirmedBy("b", "ann")
		if err := newService(o).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		review := reviewsOf(o)[id]
		_, err := secondreview.New(&DyingStore{Store: o.Store, DieAt: dieAt}, o.Clock, func() []byte { return []byte(drawnFrom) }).Decide(t.Context(), Person("ben", RoleReviewer), review.ID, false, "no")
		died := errors.Is(err, ErrDied)
		for range 2 {
			if err := newService(o).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		queued, after := 0, reviewsOf(o)[id]
		for _, entry := range o.Store.Entries() {
			if entry.Action == ActionCaseQueued && entry.Actor == "ben" {
				queued++
			}
		}
		switch {
		case dieAt == 1 && (after.State != SecondReviewOpen || queued != 0),
			dieAt > 1 && (after.State != SecondReviewDisagreed || after.QueuedAt.IsZero() || queued != 1):
			t.Errorf("died at write %d: %+v, queued %d times", dieAt, after, queued)
		}
		if !died {
			return
		}
	}
}

// A disagreement about a case that is no longer confirmed is recorded, and queues nothing.
func TestDisagreementAfterTheConfirmationEnded(t *testing.T) {
	o := NewOffice(t)
	o.DrawSecondReviews(100)
	o.Confirmed("b")
	id := NewCaseID(FreightInsuranceScenario, "b")
	service := newService(o)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	appeal, err := o.Appeals.File(t.Context(), Platform(), id, "no")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Appeals.Decide(t.Context(), Person("cleo", RoleReviewer), appeal.ID, true, "yes"); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Decide(t.Context(), Person("ben", RoleReviewer), reviewsOf(o)[id].ID, false, "no"); err != nil {
		t.Fatal(err)
	}
	log := o.Store.Entries()
	last := log[len(log)-1]
	if over := o.Store.Case(id); over.State != CaseOverturned || over.Handling != HandlingHandled || last.Action != ActionCaseDisputed {
		t.Errorf("%+v after %s", over, last.Action)
	}
}

// An undone decision is not reviewed; the case's next one is.
func TestDroppedWithTheDecision(t *testing.T) {
	for _, drawnBetween := range []bool{false, true} {
		o := NewOffice(t)
		o.DrawSecondReviews(100)
		id := o.ConfirmedBy("b", "ann")
		service := newService(o)
		if drawnBetween {
			if err := service.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		o.Clock.Time = Start.Add(10 * time.Second)
		if _, err := o.Reviews.Undo(t.Context(), Person("ann", RoleReviewer), id); err != nil {
			t.Fatal(err)
		}
		ruling := Ruling{Decision: DecisionConfirm, Reason: "on second thoughts", ExpectedVersion: o.Store.Case(id).Version}
		if _, err := o.Reviews.Decide(t.Context(), Person("ann", RoleReviewer), id, ruling); err != nil {
			t.Fatal(err)
		}
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		page, err := service.Page(t.Context(), Person("ben", RoleReviewer), secondreview.Query{CaseID: id}, PageRequest{})
		if err != nil {
			t.Fatal(err)
		}
		var states []SecondReviewState
		for _, review := range page.Items {
			states = append(states, review.State)
		}
		if !slices.Equal(states, []SecondReviewState{SecondReviewOpen, SecondReviewDropped}) {
			t.Errorf("drawn between: %t: %v", drawnBetween, states)
		}
		open, err := service.Count(t.Context(), Person("ben", RoleReviewer), secondreview.Query{State: SecondReviewOpen})
		if err != nil || open != 1 {
			t.Errorf("%d open, %v", open, err)
		}
	}
}

// The list reveals neither the first reviewer of open second reviews nor other reviewers' results.
func TestSecondReviewsAreBlind(t *testing.T) {
	o := NewOffice(t)
	o.DrawSecondReviews(100)
	o.ConfirmedBy("open", "ann")
	decided := o.ConfirmedBy("decided", "ann")
	service := newService(o)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Decide(t.Context(), Person("ben", RoleReviewer), reviewsOf(o)[decided].ID, true, "r"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		caller Caller
		query  secondreview.Query
		count  int
		want   Code
	}{
		"all":               {Person("ben", RoleReviewer), secondreview.Query{}, 2, ""},
		"of a scenario":     {Person("ben", RoleReviewer), secondreview.Query{Scenario: TestScenario}, 2, ""},
		"of another":        {Person("ben", RoleReviewer), secondreview.Query{Scenario: FreightInsuranceScenario}, 0, ""},
		"own":               {Person("ann", RoleReviewer), secondreview.Query{FirstBy: "ann"}, 1, ""},
		"another's":         {Person("ben", RoleReviewer), secondreview.Query{FirstBy: "ann"}, 0, CodeForbidden},
		"the lead's view":   {Person("lead", RoleAdmin), secondreview.Query{FirstBy: "ann"}, 1, ""},
		"no such state":     {Person("lead", RoleAdmin), secondreview.Query{State: "NONE"}, 0, CodeBadInput},
		"a shop":            {ShopCaller("A"), secondreview.Query{}, 0, CodeForbidden},
		"the platform's":    {Platform(), secondreview.Query{}, 0, CodeForbidden},
		"of the rules":      {Person("ben", RoleReviewer), secondreview.Query{FirstBy: "system:engine"}, 0, ""},
		"of one case, open": {Person("ben", RoleReviewer), secondreview.Query{CaseID: decided, State: SecondReviewOpen}, 0, ""},
	} {
		if count, err := service.Count(t.Context(), c.caller, c.query); CodeOf(err) != c.want || count != c.count {
			t.Errorf("%s: %d, %v", name, count, err)
		}
		if _, err := service.Page(t.Context(), c.caller, c.query, PageRequest{}); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := service.Find(t.Context(), ShopCaller("A"), reviewsOf(o)[decided].ID); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop finds one: %v", err)
	}
}
