package cloudtag_test

import (
	"context"
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
)

// drawnFrom is what second reviews of a test are drawn with.
const drawnFrom = "a secret of thirty-two characters"

func secondReviews(store secondReviewShelf, clock Clock) *SecondReviews {
	return NewSecondReviews(store, clock, func() []byte { return []byte(drawnFrom) })
}

type secondReviewShelf interface {
	DocumentStore
	LogReader
	CaseWriter
	Policy(ctx context.Context, version int) (Policy, error)
	LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error)
}

// drawing lets a policy draw so many per cent.
func (o *office) drawing(percent int) {
	policy := DefaultPolicy(start)
	policy.SecondReviewPercent = percent
	o.store.setPolicy(policy)
}

// reviewed lets a person confirm a case that two shops tagged.
func (o *office) reviewed(buyer BuyerID, by string) CaseID {
	o.t.Helper()
	o.submitOne("A", buyer)
	o.submitOne("B", buyer)
	id := NewCaseID(testScenario, buyer)
	ruling := Ruling{Decision: DecisionConfirm, Reason: "seen by " + by, ExpectedVersion: o.store.cases()[id].Version}
	if _, err := o.reviews.Decide(o.t.Context(), person(by, RoleReviewer), id, ruling); err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) secondReviews() map[CaseID]SecondReview {
	o.t.Helper()
	size := 100
	found := map[CaseID]SecondReview{}
	request := PageRequest{First: &size}
	for {
		page, err := secondReviews(o.store, o.clock).Page(o.t.Context(), person("aud", RoleAuditor), SecondReviewQuery{}, request)
		if err != nil {
			o.t.Fatal(err)
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

// What is drawn is what the definition says, worked out anew here: HMAC-SHA256, by the store's secret, of the number and
// the hash of the entry that confirmed, read as a fraction below 1 with 64 digits, is below the share.
func TestSecondReviewsAreDrawn(t *testing.T) {
	for _, percent := range []int{0, 2, 37, 100} {
		o := newOffice(t)
		o.drawing(percent)
		for n := range 60 {
			o.reviewed(BuyerID(fmt.Sprint("person-", n)), "ann")
			o.confirmed(BuyerID(fmt.Sprint("votes-", n)))
		}
		var want []CaseID
		share := new(big.Rat).SetFrac64(int64(percent), 100)
		for _, entry := range o.store.log() {
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
		for range 2 { // again, it draws nothing more
			if err := secondReviews(o.store, o.clock).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		found := o.secondReviews()
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

// Wherever the process dies while it draws, each confirmation is drawn once.
func TestSecondReviewsAreDrawnOnce(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o := newOffice(t)
		o.drawing(100)
		for n := range 3 {
			o.reviewed(BuyerID(fmt.Sprint("b-", n)), "ann")
		}
		err := secondReviews(&mortal{shelf: o.store, dieAt: dieAt}, o.clock).CatchUp(t.Context())
		died := errors.Is(err, errCrash)
		if !died && err != nil {
			t.Fatal(err)
		}
		if err := secondReviews(o.store, o.clock).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for _, entry := range o.store.log() {
			if entry.Action == ActionSecondReviewDrawn {
				drawn++
			}
		}
		if drawn != 3 || len(o.secondReviews()) != 3 {
			t.Errorf("died at write %d: %d drawn, %d there", dieAt, drawn, len(o.secondReviews()))
		}
		if !died {
			return
		}
	}
}

func TestSecondReviewIsAnotherPersons(t *testing.T) {
	o := newOffice(t)
	o.drawing(100)
	id := o.reviewed("b", "ann")
	service := secondReviews(o.store, o.clock)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	review := o.secondReviews()[id]
	ofShop := person("cara", RoleReviewer)
	ofShop.MerchantID = "A"
	for name, c := range map[string]struct {
		caller Caller
		reason string
		want   Code
	}{
		"who confirmed":        {person("ann", RoleReviewer), "r", CodeSamePerson},
		"who confirmed, admin": {person("ann", RoleAdmin), "r", CodeSamePerson},
		"who acts for a shop":  {ofShop, "r", CodeSamePerson},
		"an auditor":           {person("aud", RoleAuditor), "r", CodeForbidden},
		"a shop":               {shopCaller("A"), "r", CodeForbidden},
		"without a reason":     {person("ben", RoleReviewer), " ", CodeReasonRequired},
	} {
		if _, err := service.Decide(t.Context(), c.caller, review.ID, false, c.reason); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if may := review.MayDecide(c.caller); may && c.want != CodeReasonRequired {
			t.Errorf("%s may decide", name)
		}
	}
	if _, err := service.Decide(t.Context(), person("ben", RoleReviewer), "none", true, "r"); CodeOf(err) != CodeNotFound {
		t.Errorf("none: %v", err)
	}
	before := o.store.cases()[id]
	agreed, err := service.Decide(t.Context(), person("ben", RoleReviewer), review.ID, true, "r")
	if err != nil || agreed.State != SecondReviewAgreed || agreed.First() == nil || agreed.First().By != "ann" || agreed.First().Reason != "seen by ann" {
		t.Errorf("%+v, %v", agreed, err)
	}
	if after := o.store.cases()[id]; after.Revision != before.Revision {
		t.Errorf("agreeing changed the case: %+v", after)
	}
	if _, err := service.Decide(t.Context(), person("cleo", RoleReviewer), review.ID, false, "r"); CodeOf(err) != CodeInvalidState {
		t.Errorf("twice: %v", err)
	}
}

// A disagreement changes nothing that was decided; the case waits, and a third person decides it.
func TestDisagreementGoesToAThirdPerson(t *testing.T) {
	for _, automatic := range []bool{false, true} {
		o := newOffice(t)
		o.drawing(100)
		var id CaseID
		if automatic {
			o.confirmed("b")
			id = NewCaseID(FreightInsuranceScenario, "b")
		} else {
			id = o.reviewed("b", "ann")
		}
		service := secondReviews(o.store, o.clock)
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.clock.now = start.Add(5 * time.Hour)
		review, err := service.Decide(t.Context(), person("ben", RoleReviewer), o.secondReviews()[id].ID, false, "too little")
		if err != nil || review.State != SecondReviewDisagreed || review.QueuedAt.IsZero() {
			t.Fatalf("%+v, %v", review, err)
		}
		waiting := o.store.cases()[id]
		if waiting.State != CaseConfirmed || waiting.Handling != HandlingPending || !waiting.DueAt.Equal(start.Add(53*time.Hour)) || !waiting.Decision.At.Equal(start) {
			t.Errorf("%+v", waiting)
		}
		for _, tag := range o.store.tags() {
			if tag.Status != TagSucceeded {
				t.Errorf("a disagreement made %s %s", tag.OrderNo, tag.Status)
			}
		}
		decide := func(by string) error {
			ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.store.cases()[id].Version}
			_, err := o.reviews.Decide(t.Context(), person(by, RoleAdmin), id, ruling)
			return err
		}
		if err := decide("ben"); CodeOf(err) != CodeSamePerson || waiting.MayDecide(person("ben", RoleAdmin), o.clock.now) {
			t.Errorf("who disagreed: %v", err)
		}
		if !automatic {
			if err := decide("ann"); CodeOf(err) != CodeSamePerson {
				t.Errorf("who confirmed: %v", err)
			}
		}
		if err := decide("lead"); err != nil || o.store.cases()[id].State != CaseRejected {
			t.Errorf("a third person: %v", err)
		}
	}
}

// Wherever the process dies while somebody disagrees, the case is queued once, or nobody has disagreed.
func TestDisagreementIsCarriedOut(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		o := newOffice(t)
		o.drawing(100)
		id := o.reviewed("b", "ann")
		if err := secondReviews(o.store, o.clock).CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		review := o.secondReviews()[id]
		_, err := secondReviews(&mortal{shelf: o.store, dieAt: dieAt}, o.clock).Decide(t.Context(), person("ben", RoleReviewer), review.ID, false, "no")
		died := errors.Is(err, errCrash)
		for range 2 {
			if err := secondReviews(o.store, o.clock).CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		queued, after := 0, o.secondReviews()[id]
		for _, entry := range o.store.log() {
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

// A disagreement about a case that is not confirmed any more is kept, and queues nothing.
func TestDisagreementAboutWhatIsOver(t *testing.T) {
	o := newOffice(t)
	o.drawing(100)
	o.confirmed("b")
	id := NewCaseID(FreightInsuranceScenario, "b")
	service := secondReviews(o.store, o.clock)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	appeal, err := o.appeals.File(t.Context(), platform(), id, "no")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.appeals.Decide(t.Context(), person("cleo", RoleReviewer), appeal.ID, true, "yes"); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Decide(t.Context(), person("ben", RoleReviewer), o.secondReviews()[id].ID, false, "no"); err != nil {
		t.Fatal(err)
	}
	log := o.store.log()
	last := log[len(log)-1]
	if over := o.store.cases()[id]; over.State != CaseOverturned || over.Handling != HandlingHandled || last.Action != ActionCaseDisputed {
		t.Errorf("%+v after %s", over, last.Action)
	}
}

// A decision that its author takes back is not reviewed; the next one about the case is.
func TestDroppedWithTheDecision(t *testing.T) {
	for _, drawnBetween := range []bool{false, true} {
		o := newOffice(t)
		o.drawing(100)
		id := o.reviewed("b", "ann")
		service := secondReviews(o.store, o.clock)
		if drawnBetween {
			if err := service.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		o.clock.now = start.Add(10 * time.Second)
		if _, err := o.reviews.Undo(t.Context(), person("ann", RoleReviewer), id); err != nil {
			t.Fatal(err)
		}
		ruling := Ruling{Decision: DecisionConfirm, Reason: "on second thoughts", ExpectedVersion: o.store.cases()[id].Version}
		if _, err := o.reviews.Decide(t.Context(), person("ann", RoleReviewer), id, ruling); err != nil {
			t.Fatal(err)
		}
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		page, err := service.Page(t.Context(), person("ben", RoleReviewer), SecondReviewQuery{CaseID: id}, PageRequest{})
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
		open, err := service.Count(t.Context(), person("ben", RoleReviewer), SecondReviewQuery{State: SecondReviewOpen})
		if err != nil || open != 1 {
			t.Errorf("%d open, %v", open, err)
		}
	}
}

// Nobody learns from the list who confirmed what is still to be reviewed, nor how other reviewers do.
func TestSecondReviewsAreBlind(t *testing.T) {
	o := newOffice(t)
	o.drawing(100)
	o.reviewed("open", "ann")
	decided := o.reviewed("decided", "ann")
	service := secondReviews(o.store, o.clock)
	if err := service.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Decide(t.Context(), person("ben", RoleReviewer), o.secondReviews()[decided].ID, true, "r"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		caller Caller
		query  SecondReviewQuery
		count  int
		want   Code
	}{
		"all":               {person("ben", RoleReviewer), SecondReviewQuery{}, 2, ""},
		"of a scenario":     {person("ben", RoleReviewer), SecondReviewQuery{Scenario: testScenario}, 2, ""},
		"of another":        {person("ben", RoleReviewer), SecondReviewQuery{Scenario: FreightInsuranceScenario}, 0, ""},
		"own":               {person("ann", RoleReviewer), SecondReviewQuery{FirstBy: "ann"}, 1, ""},
		"another's":         {person("ben", RoleReviewer), SecondReviewQuery{FirstBy: "ann"}, 0, CodeForbidden},
		"the lead's view":   {person("lead", RoleAdmin), SecondReviewQuery{FirstBy: "ann"}, 1, ""},
		"no such state":     {person("lead", RoleAdmin), SecondReviewQuery{State: "NONE"}, 0, CodeBadInput},
		"a shop":            {shopCaller("A"), SecondReviewQuery{}, 0, CodeForbidden},
		"the platform's":    {platform(), SecondReviewQuery{}, 0, CodeForbidden},
		"of the rules":      {person("ben", RoleReviewer), SecondReviewQuery{FirstBy: "system:engine"}, 0, ""},
		"of one case, open": {person("ben", RoleReviewer), SecondReviewQuery{CaseID: decided, State: SecondReviewOpen}, 0, ""},
	} {
		if count, err := service.Count(t.Context(), c.caller, c.query); CodeOf(err) != c.want || count != c.count {
			t.Errorf("%s: %d, %v", name, count, err)
		}
		if _, err := service.Page(t.Context(), c.caller, c.query, PageRequest{}); CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := service.Find(t.Context(), shopCaller("A"), o.secondReviews()[decided].ID); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop finds one: %v", err)
	}
}
