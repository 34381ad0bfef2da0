package cloudtag_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// last returns the latest entry, and whom it concerns.
func (s *caseScript) last() (action Action, concerned []Subject) {
	entry := s.entries[len(s.entries)-1]
	return entry.Action, slices.DeleteFunc(slices.Clone(entry.Subjects), func(subject Subject) bool {
		return subject == CaseSubject(NewCaseID(testScenario, testBuyer)) || subject == BuyerSubject(testBuyer)
	})
}

func (s *caseScript) wantLast(action Action, concerned ...Subject) {
	s.t.Helper()
	if got, of := s.last(); got != action || !slices.Equal(of, concerned) {
		s.t.Errorf("%s concerns %s, want %s, %s", got, of, action, concerned)
	}
}

func (s *caseScript) wantCode(err error, code Code) {
	s.t.Helper()
	if CodeOf(err) != code {
		s.t.Errorf("%v, want %q", err, code)
	}
}

// due is when the case of [queued] is due: 48 hours after its second tag; the first one was handled on submission.
var due = start.Add(49 * time.Hour)

func TestSnooze(t *testing.T) {
	now := start.Add(2 * time.Hour)
	for name, test := range map[string]struct {
		until time.Time
		code  Code
	}{
		"a second ago":             {now.Add(-time.Second), CodeInvalidState},
		"now":                      {now, CodeInvalidState},
		"the next millisecond":     {now.Add(time.Millisecond), ""},
		"right before it is due":   {due.Add(-time.Millisecond), ""},
		"when it is due":           {due, CodeInvalidState},
		"after it was due":         {due.Add(time.Hour), CodeInvalidState},
		"less than a millisecond":  {now.Add(time.Microsecond), CodeInvalidState},
		"in the middle of the day": {now.Add(6 * time.Hour), ""},
	} {
		t.Run(name, func(t *testing.T) {
			script, _ := queued(t)
			version := script.stored.Version
			err := script.try(func(f *CaseFile) error { return f.Snooze("ann", "the shop answers tomorrow", test.until, now) })
			script.wantCode(err, test.code)
			if err != nil {
				return
			}
			c := script.stored
			if c.Version != version || c.Handling != HandlingPending || !c.DueAt.Equal(due) {
				t.Errorf("a snooze changed what is decided about: %+v", c)
			}
			if got := c.Snoozed(test.until.Add(-time.Millisecond)); got == nil || got.By != "ann" || got.Reason != "the shop answers tomorrow" {
				t.Errorf("right before its end: %+v", got)
			}
			if c.Snoozed(test.until) != nil {
				t.Error("it stands at its end")
			}
			if !c.WakeAt().Equal(test.until) && test.until.Before(due.Add(-12*time.Hour)) {
				t.Errorf("looked at next at %s, want %s", c.WakeAt(), test.until)
			}
			script.evaluate(test.until)
			if script.stored.Work.Snooze != nil || script.count(ActionCaseWoken) != 1 {
				t.Errorf("after its end: %+v, woken %d times", script.stored.Work.Snooze, script.count(ActionCaseWoken))
			}
		})
	}
}

// A snoozed case has warnings and a deadline like any other; a new tag or a reviewer ends the snooze.
func TestSnoozedCasesKeepWarningsAndDeadline(t *testing.T) {
	snoozed := func() *caseScript {
		script, _ := queued(t)
		script.wantCode(script.try(func(f *CaseFile) error { return f.Snooze("ann", "", due.Add(-time.Minute), start.Add(2*time.Hour)) }), "")
		return script
	}
	script := snoozed()
	script.evaluate(due.Add(-4 * time.Hour))
	if script.count(ActionCaseWarned) != 2 || script.stored.Work.Snooze == nil {
		t.Errorf("%d warnings, %+v", script.count(ActionCaseWarned), script.stored.Work.Snooze)
	}
	script.evaluate(due)
	if script.count(ActionCaseMissed) != 1 || script.stored.Work != (CaseWork{}) {
		t.Errorf("missed %d times, %+v", script.count(ActionCaseMissed), script.stored.Work)
	}

	script = snoozed()
	script.tag("A", start.Add(3*time.Hour)) // of a shop that tagged before: no new vote
	if script.stored.Work.Snooze != nil || script.stored.Handling != HandlingPending {
		t.Errorf("with a new tag: %+v", script.stored.Work)
	}
	if script.count(ActionCaseWoken) != 1 {
		t.Errorf("woken %d times", script.count(ActionCaseWoken))
	}

	script = snoozed()
	script.wantCode(script.try(func(f *CaseFile) error { return f.Wake("ben", start.Add(3*time.Hour)) }), "")
	script.wantLast(ActionCaseWoken, ReviewerSubject("ann"))
	script.wantCode(script.try(func(f *CaseFile) error { return f.Wake("ben", start.Add(3*time.Hour)) }), CodeInvalidState)
}

func TestAssignment(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	version := script.stored.Version
	assign := func(to string) {
		t.Helper()
		script.wantCode(script.try(func(f *CaseFile) error { return f.Assign(to, "lead", at) }), "")
	}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("ben", "", "token-1", at) }), "")
	assign("ann")
	if script.stored.AssignedTo() != "ann" || script.stored.Claim != nil || script.stored.Version != version {
		t.Errorf("%+v", script.stored)
	}
	script.wantLast(ActionCaseAssigned, ReviewerSubject("ann"), ReviewerSubject("ben"))
	entries := len(script.entries)
	assign("ann")
	if len(script.entries) != entries {
		t.Error("assigned to the same person again, and recorded")
	}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("ann", "", "token-2", at) }), "")
	assign("")
	script.wantLast(ActionCaseUnassigned, ReviewerSubject("ann"))
	if script.stored.AssignedTo() != "" || script.stored.Claim == nil {
		t.Errorf("nobody's, and %+v", script.stored.Claim)
	}
	assign("ann")
	if script.stored.Claim == nil {
		t.Error("the claim of whom it is assigned to ended")
	}
	assign("lead") // to oneself
	script.wantLast(ActionCaseAssigned, ReviewerSubject("ann"))
	script.wantCode(script.decide(DecisionReject, at), "")
	if script.stored.Work != (CaseWork{}) {
		t.Errorf("after the decision: %+v", script.stored.Work)
	}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Assign("ann", "lead", at) }), CodeInvalidState)
	script.wantCode(script.try(func(f *CaseFile) error { return f.Undo("rev", at) }), "")
	if script.stored.AssignedTo() != "lead" {
		t.Errorf("taken back, it is %q's", script.stored.AssignedTo())
	}
}

// Whoever loses a claim can't decide with its token any more, and learns who has it.
func TestTakeover(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	takeOver := func(token string) {
		t.Helper()
		script.wantCode(script.try(func(f *CaseFile) error { return f.TakeOver("lead", token, at) }), "")
	}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("ann", "", "token-1", at) }), "")
	takeOver("token-2")
	script.wantLast(ActionCaseTakenOver, ReviewerSubject("ann"))
	want := Claim{By: "lead", Token: "token-2", Until: at.Add(ClaimLease), TakenFrom: "ann"}
	if *script.stored.Claim != want {
		t.Errorf("%+v, want %+v", *script.stored.Claim, want)
	}
	ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: script.stored.Version, By: "ann", Token: "token-1"}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Decide(ruling, at) }), CodeClaimedByOther)
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("ann", "token-1", "token-3", at) }), CodeClaimedByOther)
	// A renewal keeps TakenFrom.
	at = at.Add(time.Minute)
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("lead", "token-2", "unused", at) }), "")
	if want.Until = at.Add(ClaimLease); *script.stored.Claim != want {
		t.Errorf("%+v, want %+v", *script.stored.Claim, want)
	}
	// An expired claim is not taken from anyone.
	at = at.Add(ClaimLease)
	takeOver("token-4")
	if action, _ := script.last(); action != ActionCaseClaimed || script.stored.Claim.TakenFrom != "" {
		t.Errorf("%s, %+v", action, script.stored.Claim)
	}
	script.wantCode(script.decide(DecisionReject, at), CodeClaimedByOther)
	ruling = Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: script.stored.Version, By: "lead", Token: "token-4"}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Decide(ruling, at) }), "")
	script.wantCode(script.try(func(f *CaseFile) error { return f.TakeOver("lead", "token-5", at) }), CodeInvalidState)
}

func TestEscalation(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	escalate := func(by string) error {
		return script.try(func(f *CaseFile) error { return f.Escalate(by, "three shops of one street", at) })
	}
	script.wantCode(script.try(func(f *CaseFile) error { return f.Claim("ann", "", "token-1", at) }), "")
	script.wantCode(escalate("ben"), CodeClaimedByOther)
	script.wantCode(escalate("ann"), "")
	if c := script.stored; c.Claim != nil || c.Work.Escalation.Reason != "three shops of one street" {
		t.Errorf("%+v", c)
	}
	script.wantCode(escalate("ben"), CodeInvalidState)
	script.wantCode(script.try(func(f *CaseFile) error { return f.Snooze("ben", "", at.Add(time.Hour), at) }), CodeInvalidState)
	for lead, code := range map[bool]Code{false: CodeInvalidState, true: ""} {
		ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: script.stored.Version, By: "x", Lead: lead}
		script.wantCode(script.file().Decide(ruling, at), code)
		script.wantCode(script.file().CheckEscalation(lead), code)
		caller := Caller{Subject: "x", Roles: []Role{RoleReviewer}}
		if lead {
			caller.Roles = []Role{RoleAdmin}
		}
		if script.stored.MayDecide(caller, at) != lead {
			t.Errorf("a lead: %t, and may not", lead)
		}
	}
	handBack := func() error {
		return script.try(func(f *CaseFile) error { return f.HandBack("lead", "ask the shops", at) })
	}
	script.wantCode(handBack(), "")
	script.wantLast(ActionCaseHandedBack, ReviewerSubject("ann"))
	script.wantCode(handBack(), CodeInvalidState)
	script.wantCode(script.decide(DecisionReject, at), "")
	script.wantCode(escalate("ann"), CodeInvalidState)
}

func TestEscalationEndsASnooze(t *testing.T) {
	script, _ := queued(t)
	at := start.Add(2 * time.Hour)
	script.wantCode(script.try(func(f *CaseFile) error { return f.Snooze("ann", "", at.Add(time.Hour), at) }), "")
	script.wantCode(script.try(func(f *CaseFile) error { return f.Escalate("ben", "why", at) }), "")
	if script.stored.Work.Snooze != nil {
		t.Error("it is snoozed still")
	}
}

// The same course of a case, with and without random assignments, snoozes, escalations and notes in between, has the same
// decisions at every step.
func TestSharingWorkDoesNotAffectDecisions(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 13))
		plain, shared := newCaseScript(t), newCaseScript(t)
		at := start
		for step := range 60 {
			at = at.Add(time.Duration(random.IntN(20)) * time.Hour)
			both := func(edit func(*caseScript)) { edit(plain); edit(shared) }
			switch random.IntN(5) {
			case 0:
				shop := MerchantID(fmt.Sprint("shop-", random.IntN(3)))
				both(func(s *caseScript) { s.tag(shop, at) })
			case 1:
				both(func(s *caseScript) { s.evaluateIfOpen(at) })
			case 2:
				if plain.stored != nil {
					decision := Decisions()[random.IntN(len(Decisions()))]
					ruling := Ruling{Decision: decision, Reason: "r", ExpectedVersion: plain.stored.Version, By: "lead", Lead: true}
					both(func(s *caseScript) { _ = s.try(func(f *CaseFile) error { return f.Decide(ruling, at) }) })
				}
			case 3:
				if plain.stored != nil {
					both(func(s *caseScript) { _ = s.try(func(f *CaseFile) error { return f.Undo("lead", at) }) })
				}
			}
			for range random.IntN(3) {
				if shared.stored != nil {
					_ = shared.try(workAtRandom(random, shared, at))
				}
			}
			if plain.stored == nil {
				continue
			}
			a, b := *plain.stored, *shared.stored
			a.Revision, a.Undo, b.Revision, b.Undo, b.Work, b.Notes = 0, nil, 0, nil, CaseWork{}, CaseNotes{}
			a.EvaluatedAt, b.EvaluatedAt = at, at // which is stored with whatever else is
			if got, want := string(MustJSON(b)), string(MustJSON(a)); got != want {
				t.Fatalf("seed %d, step %d:\n%s, without sharing\n%s", seed, step, got, want)
			}
			if got, want := string(MustJSON(shared.tags)), string(MustJSON(plain.tags)); got != want {
				t.Fatalf("seed %d, step %d: tags\n%s, without sharing\n%s", seed, step, got, want)
			}
			if work := shared.stored.Work; shared.stored.Handling != HandlingPending && work != (CaseWork{}) {
				t.Fatalf("seed %d, step %d: it waits for nobody, and is shared: %+v", seed, step, work)
			} else if work.Snooze != nil && (work.Escalation != nil || !work.Snooze.Until.Before(shared.stored.DueAt)) {
				t.Fatalf("seed %d, step %d: %+v", seed, step, work)
			}
		}
	}
}

func workAtRandom(random *rand.Rand, s *caseScript, at time.Time) func(*CaseFile) error {
	choice, until := random.IntN(7), at.Add(time.Duration(random.IntN(50))*time.Hour)
	return func(f *CaseFile) error {
		switch choice {
		case 0:
			return f.Assign("ann", "lead", at)
		case 1:
			return f.Assign("", "lead", at)
		case 2:
			return f.Snooze("ann", "", until, at)
		case 3:
			return f.Wake("ben", at)
		case 4:
			return f.Escalate("ann", "why", at)
		case 5:
			return f.HandBack("lead", "why", at)
		default:
			return f.Note(fmt.Sprint("note ", len(s.entries)), []string{"ben"}, "ann", at)
		}
	}
}
