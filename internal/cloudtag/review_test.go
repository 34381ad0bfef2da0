package cloudtag_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// queued is a script whose case is pending: two votes of three.
func queued(t *testing.T) (script *caseScript, orders []OrderNo) {
	t.Helper()
	script = newCaseScript(t)
	orders = []OrderNo{script.tag("A", start), script.tag("B", start.Add(time.Hour))}
	if script.stored.Handling != HandlingPending {
		t.Fatal("the case does not wait for a reviewer")
	}
	return script, orders
}

// try applies an edit that may fail; with an error nothing is stored.
func (s *caseScript) try(edit func(*CaseFile) error) error {
	s.t.Helper()
	if err := edit(s.file()); err != nil {
		return err
	}
	s.apply(func(file *CaseFile) { _ = edit(file) })
	return nil
}

func (s *caseScript) decide(decision Decision, at time.Time) error {
	s.t.Helper()
	return s.try(func(file *CaseFile) error {
		return file.Decide(Ruling{Decision: decision, Reason: "looked into it", ExpectedVersion: s.stored.Version, By: "rev"}, at)
	})
}

func TestReviewersMayNotDecideOnTheirOwnShopsTags(t *testing.T) {
	for shop, want := range map[MerchantID]Code{"": "", "C": "", "A": CodeSamePerson, "B": CodeSamePerson} {
		script, _ := queued(t)
		err := script.try(func(file *CaseFile) error {
			return file.Decide(Ruling{Decision: DecisionConfirm, Reason: "r", ExpectedVersion: script.stored.Version, By: "rev", Shop: shop}, start.Add(2*time.Hour))
		})
		if CodeOf(err) != want {
			t.Errorf("who acts for %q: %v, want %q", shop, err, want)
		}
	}
}

// A reviewer can queue any case with live tags, including confirmed ones.
func TestReviewersCanQueueACase(t *testing.T) {
	script := newCaseScript(t)
	for i, shop := range []MerchantID{"A", "B", "C"} {
		script.tag(shop, start.Add(time.Duration(i)*time.Hour))
	}
	if script.stored.State != CaseConfirmed || script.stored.Handling != HandlingHandled {
		t.Fatalf("%s, %s", script.stored.State, script.stored.Handling)
	}
	at := start.Add(day)
	put := func(version int) error {
		return script.try(func(file *CaseFile) error { return file.Queue("ann", "the shops are one family", version, at) })
	}
	if err := put(script.stored.Version - 1); CodeOf(err) != CodeConflict {
		t.Errorf("on an old version: %v", err)
	}
	if err := put(script.stored.Version); err != nil {
		t.Fatal(err)
	}
	if c := script.stored; c.Handling != HandlingPending || !c.DueAt.Equal(at.Add(48*time.Hour)) || c.State != CaseConfirmed {
		t.Errorf("%+v", c)
	}
	if last := script.entries[len(script.entries)-1]; last.Action != ActionCaseQueued || last.Actor != "ann" || last.Reason != "the shops are one family" {
		t.Errorf("%+v", last)
	}
	if err := put(script.stored.Version); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second time: %v", err)
	}
	// The votes still meet the threshold, and do not take it out of the queue.
	script.evaluate(at.Add(time.Hour))
	if script.stored.Handling != HandlingPending {
		t.Error("it left the queue by itself")
	}
	if err := script.decide(DecisionReject, at.Add(2*time.Hour)); err != nil || script.stored.State != CaseRejected {
		t.Fatalf("%v, %s", err, script.stored.State)
	}
	if err := put(script.stored.Version); CodeOf(err) != CodeInvalidState {
		t.Errorf("without a tag that counts: %v", err)
	}
}

// Without a decision the fallback applies, and the state does not change.
func TestAManuallyQueuedCaseFallsBackAtItsDeadline(t *testing.T) {
	script := newCaseScript(t)
	for i, shop := range []MerchantID{"A", "B", "C"} {
		script.tag(shop, start.Add(time.Duration(i)*time.Hour))
	}
	if err := script.try(func(file *CaseFile) error { return file.Queue("ann", "why", script.stored.Version, start.Add(day)) }); err != nil {
		t.Fatal(err)
	}
	script.evaluate(start.Add(3 * day))
	if c := script.stored; c.Handling != HandlingHandled || c.State != CaseConfirmed || script.count(ActionCaseMissed) != 1 {
		t.Errorf("%s, %s, missed %d times", c.Handling, c.State, script.count(ActionCaseMissed))
	}
}

func TestDecisions(t *testing.T) {
	tests := []struct {
		decision Decision
		tags     TagStatus
		live     bool
		state    CaseState
	}{
		{DecisionConfirm, TagSucceeded, true, CaseConfirmed},
		{DecisionReject, TagRejected, false, CaseRejected},
		{DecisionKeepAccumulating, TagAccumulating, true, CaseAccumulating},
	}
	for _, test := range tests {
		t.Run(string(test.decision), func(t *testing.T) {
			script, orders := queued(t)
			at := start.Add(2 * time.Hour)
			if err := script.decide(test.decision, at); err != nil {
				t.Fatal(err)
			}
			for _, order := range orders {
				tag := script.tags[order]
				if tag.Status != test.tags || tag.Live != test.live || !tag.Handled() {
					t.Errorf("tag %+v", tag)
				}
			}
			c := script.stored
			if c.State != test.state || c.Handling != HandlingHandled || !c.DueAt.IsZero() {
				t.Errorf("case %s %s due %v", c.State, c.Handling, c.DueAt)
			}
			if d := c.Decision; d == nil || d.Decision != test.decision || d.By != "rev" || d.Automatic || !d.At.Equal(at) || d.PolicyVersion != 1 {
				t.Errorf("decision %+v", d)
			}
			if err := script.decide(test.decision, at); CodeOf(err) != CodeInvalidState {
				t.Errorf("deciding again: %v", err)
			}
		})
	}
}

func TestAReviewersConfirmationLapsesWithItsVotes(t *testing.T) {
	script, _ := queued(t)
	if err := script.decide(DecisionConfirm, start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	script.evaluate(start.Add(window - time.Millisecond))
	if script.stored.State != CaseConfirmed {
		t.Errorf("with the votes it was confirmed on: %s", script.stored.State)
	}
	script.evaluate(start.Add(window))
	if script.stored.State != CaseLapsed {
		t.Errorf("with a vote less: %s", script.stored.State)
	}
}

func TestATagAfterAReviewersConfirmationAccumulatesUntilTheThreshold(t *testing.T) {
	script, orders := queued(t)
	if err := script.decide(DecisionConfirm, start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	again := script.tag("A", start.Add(3*time.Hour))
	if got := script.tags[again].Status; got != TagAccumulating {
		t.Errorf("two votes of three: %s", got)
	}
	third := script.tag("C", start.Add(4*time.Hour))
	if got := script.statuses(append(orders, again, third)...); !slices.Equal(got, repeated(TagSucceeded, 4)) {
		t.Errorf("three votes: %v", got)
	}
}

func TestRejectedTagsDoNotCountAgain(t *testing.T) {
	script, orders := queued(t)
	if err := script.decide(DecisionReject, start.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	third := script.tag("C", start.Add(3*time.Hour))
	if script.stored.Votes != 1 || script.stored.State != CaseAccumulating || script.tags[third].Status != TagAccumulating {
		t.Errorf("%d votes, %s", script.stored.Votes, script.stored.State)
	}
	if got := script.statuses(orders...); !slices.Equal(got, repeated(TagRejected, 2)) {
		t.Errorf("rejected ones: %v", got)
	}
}

func TestStaleDecisionsConflict(t *testing.T) {
	script, _ := queued(t)
	stale := script.stored.Version - 1
	err := script.try(func(file *CaseFile) error {
		return file.Decide(Ruling{Decision: DecisionConfirm, Reason: "r", ExpectedVersion: stale, By: "rev"}, start.Add(2*time.Hour))
	})
	if CodeOf(err) != CodeConflict {
		t.Errorf("an older version: %v", err)
	}
	if err := script.decide(DecisionConfirm, start.Add(window)); CodeOf(err) != CodeConflict {
		t.Errorf("when the deadline has passed unnoticed: %v", err)
	}
	if script.stored.State != CaseAccumulating || script.count(ActionCaseDecided) != 0 {
		t.Error("a refused decision stored something")
	}
}

func TestClaims(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	version := script.stored.Version
	claim := func(by, token string, at time.Time) error {
		return script.try(func(file *CaseFile) error { return file.Claim(by, token, "token of "+by, at) })
	}
	if err := claim("ann", "", at); err != nil {
		t.Fatal(err)
	}
	if got := script.stored.Claimed(at); got == nil || got.By != "ann" || !got.Until.Equal(at.Add(ClaimLease)) {
		t.Errorf("claim %+v", got)
	}
	if script.stored.Version != version {
		t.Error("a claim made a decision stale")
	}
	if err := claim("ben", "", at); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("another reviewer: %v", err)
	}
	if err := claim("ann", "guess", at); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("a wrong token: %v", err)
	}
	if err := claim("ann", "token of ann", at.Add(time.Minute)); err != nil || !script.stored.Claim.Until.Equal(at.Add(time.Minute+ClaimLease)) {
		t.Errorf("heartbeat: %v, until %v", err, script.stored.Claim.Until)
	}
	if err := script.decide(DecisionConfirm, at.Add(2*time.Minute)); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("deciding past another's claim: %v", err)
	}
	err := script.try(func(file *CaseFile) error { // in another window of the same reviewer
		return file.Decide(Ruling{Decision: DecisionConfirm, Reason: "r", ExpectedVersion: version, By: "ann", Token: "guess"}, at.Add(2*time.Minute))
	})
	if CodeOf(err) != CodeClaimedByOther {
		t.Errorf("deciding with a wrong token: %v", err)
	}
	if err := claim("ben", "", at.Add(time.Minute+ClaimLease)); err != nil {
		t.Errorf("after the lease: %v", err)
	}
	release := func(by, token string) error {
		return script.try(func(file *CaseFile) error { return file.Release(by, token, at.Add(time.Minute+ClaimLease)) })
	}
	if err := release("ann", "token of ann"); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("releasing another's claim: %v", err)
	}
	if err := release("ben", "guess"); CodeOf(err) != CodeClaimedByOther {
		t.Errorf("releasing with a wrong token: %v", err)
	}
	if err := release("ben", "token of ben"); err != nil || script.stored.Claim != nil {
		t.Errorf("release: %v", err)
	}
	if err := release("ben", "token of ben"); err != nil {
		t.Errorf("released already: %v", err)
	}
	if claimed, released := script.count(ActionCaseClaimed), script.count(ActionCaseReleased); claimed != 2 || released != 1 {
		t.Errorf("%d claims and %d releases logged", claimed, released)
	}
}

func TestUndo(t *testing.T) {
	for _, decision := range []Decision{DecisionConfirm, DecisionReject, DecisionKeepAccumulating} {
		t.Run(string(decision), func(t *testing.T) {
			script, orders := queued(t)
			due, at := script.stored.DueAt, start.Add(2*time.Hour)
			if err := script.decide(decision, at); err != nil {
				t.Fatal(err)
			}
			undo := func(by string, at time.Time) error {
				return script.try(func(file *CaseFile) error { return file.Undo(by, at) })
			}
			if err := undo("other", at); CodeOf(err) != CodeInvalidState {
				t.Errorf("by another: %v", err)
			}
			const window = 30 * time.Second // rule 10
			if err := undo("rev", at.Add(window+time.Millisecond)); CodeOf(err) != CodeInvalidState {
				t.Errorf("too late: %v", err)
			}
			logged := len(script.entries)
			if err := undo("rev", at.Add(window)); err != nil {
				t.Fatal(err)
			}
			if got := script.statuses(orders...); !slices.Equal(got, repeated(TagAccumulating, 2)) {
				t.Errorf("tags %v", got)
			}
			if !script.tags[orders[0]].Handled() || script.tags[orders[1]].Handled() {
				t.Error("which tags are handled is not as before the decision")
			}
			restored := 2
			if decision == DecisionKeepAccumulating {
				restored = 0
			}
			if got := script.count(ActionTagRestored); got != restored {
				t.Errorf("%d tags are logged as restored, want %d", got, restored)
			}
			c := script.stored
			if c.State != CaseAccumulating || c.Handling != HandlingPending || !c.DueAt.Equal(due) || c.Votes != 2 {
				t.Errorf("case %s %s due %v with %d votes", c.State, c.Handling, c.DueAt, c.Votes)
			}
			if len(script.entries) <= logged {
				t.Error("an undone decision leaves its entries and adds others")
			}
			if err := undo("rev", at.Add(window)); CodeOf(err) != CodeInvalidState {
				t.Errorf("twice: %v", err)
			}
			third := script.tag("C", at.Add(time.Hour))
			if script.tags[third].Status != TagSucceeded || script.stored.State != CaseConfirmed {
				t.Errorf("a third vote afterwards: %s, %s", script.tags[third].Status, script.stored.State)
			}
		})
	}
}

func TestUndoEndsWithTheNextChange(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	if err := script.decide(DecisionReject, at); err != nil {
		t.Fatal(err)
	}
	script.tag("C", at.Add(time.Second))
	err := script.try(func(file *CaseFile) error { return file.Undo("rev", at.Add(2*time.Second)) })
	if CodeOf(err) != CodeInvalidState {
		t.Errorf("after a new tag: %v", err)
	}
}

func TestWarningsAreRecordedOnce(t *testing.T) {
	script, _ := queued(t)
	due := script.stored.DueAt
	if want := due.Add(-12 * time.Hour); !script.stored.WakeAt().Equal(want) {
		t.Errorf("wakes at %v, want %v", script.stored.WakeAt(), want)
	}
	script.evaluate(due.Add(-12*time.Hour - time.Millisecond))
	if script.count(ActionCaseWarned) != 0 {
		t.Error("warned too early")
	}
	script.evaluate(due.Add(-12 * time.Hour))
	script.evaluate(due.Add(-5 * time.Hour))
	if script.count(ActionCaseWarned) != 1 {
		t.Errorf("%d warnings after 36 hours", script.count(ActionCaseWarned))
	}
	script.evaluate(due.Add(time.Hour)) // the process was down
	if script.count(ActionCaseWarned) != 2 || script.count(ActionCaseMissed) != 1 {
		t.Errorf("%d warnings, %d missed", script.count(ActionCaseWarned), script.count(ActionCaseMissed))
	}
}

func TestOverturn(t *testing.T) {
	script := newCaseScript(t)
	first := script.tag("A", start)
	second, third := script.tag("B", start.Add(day)), script.tag("C", start.Add(2*day))
	later := start.Add(window + time.Hour) // the first has left the window, succeeded
	script.evaluate(later)
	if script.stored.State != CaseLapsed || script.tags[first].Live {
		t.Fatalf("case %s", script.stored.State)
	}
	overturn := func(at time.Time) {
		var succeeded []Tag
		for _, tag := range script.tags {
			if tag.Status == TagSucceeded {
				succeeded = append(succeeded, tag)
			}
		}
		script.apply(func(file *CaseFile) { file.Overturn(succeeded, "rev2", "the appeal is right", later, at) })
	}
	overturn(later)
	if got := script.statuses(first, second, third); !slices.Equal(got, repeated(TagOverturned, 3)) {
		t.Errorf("tags %v", got)
	}
	if script.stored.State != CaseOverturned || script.stored.Votes != 0 || script.count(ActionTagOverturned) != 3 {
		t.Errorf("case %s with %d votes, %d entries", script.stored.State, script.stored.Votes, script.count(ActionTagOverturned))
	}
	fresh := script.tag("D", later.Add(time.Hour))
	overturn(later.Add(2 * time.Hour)) // repeated after a crash
	if script.tags[fresh].Status != TagAccumulating || script.stored.State != CaseAccumulating || script.count(ActionTagOverturned) != 3 {
		t.Errorf("a tag after the appeal: %s, case %s", script.tags[fresh].Status, script.stored.State)
	}
}

func TestCasesByWhoClaimedThem(t *testing.T) {
	unclaimed := Case{Handling: HandlingPending}
	claimed := Case{Handling: HandlingPending, Claim: &Claim{By: "ann", Until: start.Add(ClaimLease)}}
	tests := []struct {
		c    Case
		by   string
		at   time.Time
		want bool
	}{
		{claimed, "", start, true},
		{claimed, "ann", start, true},
		{claimed, "ben", start, false},
		{claimed, "ann", start.Add(ClaimLease), false},
		{unclaimed, "ann", start, false},
	}
	for _, test := range tests {
		if got := (CaseFilter{ClaimedBy: test.by, ClaimedAt: test.at}).Matches(test.c); got != test.want {
			t.Errorf("%+v claimed by %q at %s: %t", test.c.Claim, test.by, test.at, got)
		}
	}
}
