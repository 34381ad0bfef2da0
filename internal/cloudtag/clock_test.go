package cloudtag_test

import (
	"context"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// The guarantees when the system clock steps back, as documented in docs/operations.md.

// setBack is a market with one case that lacks one vote, whose clock was then set back.
func setBack(t *testing.T, by time.Duration) (o *office, id CaseID) {
	t.Helper()
	o = newOffice(t)
	for _, shop := range []MerchantID{"A", "B"} {
		if _, err := o.submit(shop, "k", o.order(shop, testBuyer)); err != nil {
			t.Fatal(err)
		}
	}
	o.clock.now = o.clock.now.Add(-by)
	return o, NewCaseID(testScenario, testBuyer)
}

// wantOrderedLog checks that the times of the case's entries do not decrease.
func (o *office) wantOrderedLog() {
	o.t.Helper()
	var last time.Time
	for _, entry := range o.store.log() {
		if entry.Subject("case") == "" || entry.Action.IsWork() {
			continue
		}
		if entry.At.Before(last) {
			o.t.Errorf("entry %d, %s, is of %v, the one before of %v", entry.Seq, entry.Action, entry.At, last)
		}
		last = entry.At
	}
}

func TestVotesWhenTheClockStepsBack(t *testing.T) {
	o, id := setBack(t, time.Hour)
	third := o.order("C", testBuyer)
	got, err := o.submit("C", "k", third)
	if err != nil || got.Tags[third].Status != TagSucceeded {
		t.Fatalf("the third vote: %+v, %v", got.Tags[third], err)
	}
	if tag := got.Tags[third]; !tag.SubmittedAt.Equal(start.Add(-time.Hour)) || !tag.HandleBy.Equal(start.Add(47*time.Hour)) {
		t.Errorf("submitted at %v, to be handled by %v: want the clock's time, and 48 hours later", tag.SubmittedAt, tag.HandleBy)
	}
	again, err := o.submit("C", "k", third)
	if err != nil || again.Batch.ID != got.Batch.ID {
		t.Errorf("the same key again: %+v, %v", again.Batch, err)
	}
	if c := o.store.cases()[id]; c.State != CaseConfirmed || !c.EvaluatedAt.Equal(start) {
		t.Errorf("the case is %s, evaluated at %v", c.State, c.EvaluatedAt)
	}
	o.wantOrderedLog()
}

func TestDeadlinesWhenTheClockStepsBack(t *testing.T) {
	o, id := setBack(t, 0)
	missed := func() (n int) {
		for _, entry := range o.store.log() {
			if entry.Action == ActionCaseMissed {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		at   time.Duration
		want int
	}{{47 * time.Hour, 0}, {49 * time.Hour, 1}, {46 * time.Hour, 1}, {-time.Hour, 1}, {50 * time.Hour, 1}} {
		o.clock.now = start.Add(step.at)
		o.evaluateDue()
		if got := missed(); got != step.want {
			t.Errorf("swept at %s: missed %d times, want %d", step.at, got, step.want)
		}
	}
	if c := o.store.cases()[id]; c.Handling != HandlingHandled {
		t.Errorf("the case is %s", c.Handling)
	}
	o.wantOrderedLog()
}

func TestExpiryWhenTheClockStepsBack(t *testing.T) {
	o, _ := setBack(t, 0)
	o.clock.now = start.Add(window)
	o.evaluateDue()
	o.clock.now = start.Add(day)
	third := o.order("C", testBuyer)
	got, err := o.submit("C", "k", third)
	if err != nil {
		t.Fatal(err)
	}
	if tag := got.Tags[third]; tag.Status != TagAccumulating {
		t.Errorf("beside two tags that have expired the third is %s", tag.Status)
	}
	var statuses []TagStatus
	for _, tag := range o.store.tags() {
		statuses = append(statuses, tag.Status)
	}
	slices.Sort(statuses)
	if want := []TagStatus{TagAccumulating, TagExpired, TagExpired}; !slices.Equal(statuses, want) {
		t.Errorf("%v, want %v: what has expired stays so", statuses, want)
	}
	o.wantOrderedLog()
}

// A claim lasts longer by as much as the clock steps back; nobody else can claim the case, and its holder can still decide
// and release. The undo window is longer by as much, too, but ends with the next change of the case.
func TestLeasesWhenTheClockStepsBack(t *testing.T) {
	o, id := setBack(t, 0)
	ctx, lin, wei := context.Background(), person("lin", RoleReviewer), person("wei", RoleReviewer)
	claimed, err := o.reviews.Claim(ctx, lin, id, "")
	if err != nil {
		t.Fatal(err)
	}
	token := claimed.Claim.Token
	o.clock.now = start.Add(-time.Hour)
	if _, err := o.reviews.Claim(ctx, wei, id, ""); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := o.reviews.Claim(ctx, lin, id, token); err != nil {
		t.Errorf("the heartbeat: %v", err)
	}
	if got := o.store.cases()[id].Claim.Until; !got.Equal(o.clock.now.Add(ClaimLease)) {
		t.Errorf("after the heartbeat the claim lasts until %v", got)
	}
	o.clock.now = start
	decide := Ruling{Decision: DecisionReject, Reason: "no", ExpectedVersion: o.store.cases()[id].Version, Token: token}
	if _, err := o.reviews.Decide(ctx, lin, id, decide); err != nil {
		t.Fatal(err)
	}
	o.clock.now = start.Add(-time.Hour).Add(UndoWindow + time.Second)
	if _, err := o.reviews.Undo(ctx, lin, id); err != nil {
		t.Errorf("taken back: %v", err)
	}
	decide.ExpectedVersion, decide.Token = o.store.cases()[id].Version, ""
	if _, err := o.reviews.Decide(ctx, lin, id, decide); err != nil {
		t.Fatal(err)
	}
	if _, err := o.submit("D", "k", o.order("D", testBuyer)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.reviews.Undo(ctx, lin, id); CodeOf(err) != CodeInvalidState {
		t.Errorf("taken back after another change: %v", err)
	}
	o.wantOrderedLog()
}
