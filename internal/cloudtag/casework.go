package cloudtag

import (
	"slices"
	"strings"
	"time"
)

// CaseWork is how the team shares the work on a case that waits for a reviewer. It ends when the case leaves the queue, and
// nothing of it changes what is decided about: a decision made on the case before it stands.
type CaseWork struct {
	Assignment *Assignment `json:"assignment,omitzero"`
	Snooze     *Snooze     `json:"snooze,omitzero"` // may have ended
	Escalation *Escalation `json:"escalation,omitzero"`
}

// Assignment says who is to decide a case. It keeps nobody else from it: a claim does.
type Assignment struct {
	To string    `json:"to"`
	By string    `json:"by"` // a lead
	At time.Time `json:"at"`
}

// Snooze keeps a case out of the list of what waits until a time.
type Snooze struct {
	Until  time.Time `json:"until"` // before the case's due time
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Escalation asks a lead to decide a case. Until a lead has, or hands it back, nobody else claims or decides it.
type Escalation struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Snoozed returns the snooze that stands at a time, or nil.
func (c Case) Snoozed(now time.Time) *Snooze {
	if c.Work.Snooze == nil || !now.Before(c.Work.Snooze.Until) {
		return nil
	}
	return c.Work.Snooze
}

// AssignedTo is who is to decide the case, "" for nobody in particular.
func (c Case) AssignedTo() string {
	if c.Work.Assignment == nil {
		return ""
	}
	return c.Work.Assignment.To
}

// ReviewerSubject returns the subject of a person whom an entry concerns: one who is mentioned, assigned to, or loses a claim.
func ReviewerSubject(name string) Subject { return "reviewer:" + Subject(name) }

// Assign makes a case somebody's to decide, and ends a claim that another holds; an empty name makes it nobody's. Nothing
// happens when it is so already. INVALID_STATE when the case does not wait for a reviewer.
func (f *CaseFile) Assign(to, by string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = normalTime(at)
	before := f.Case.AssignedTo()
	if to == before {
		return nil
	}
	concerned := []string{to, before}
	if standing := f.Case.Claimed(at); standing != nil && to != "" && standing.By != to {
		concerned = append(concerned, standing.By)
		f.Case.Claim = nil
	}
	f.Case.Work.Assignment = nil
	action := ActionCaseUnassigned
	if to != "" {
		f.Case.Work.Assignment = &Assignment{To: to, By: by, At: at}
		action = ActionCaseAssigned
	}
	f.recordWork(action, at, by, "", concerned...)
	f.describeEntries()
	return nil
}

// TakeOver gives a lead the claim on a case, whoever holds it; who held it finds the lead's name in the claim. INVALID_STATE
// when the case does not wait for a reviewer.
func (f *CaseFile) TakeOver(by, newToken string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = normalTime(at)
	standing := f.Case.Claimed(at)
	if standing == nil {
		return f.Claim(by, "", newToken, at)
	}
	f.Case.Claim = &Claim{By: by, Token: newToken, Until: at.Add(ClaimLease), TakenFrom: standing.By}
	f.recordWork(ActionCaseTakenOver, at, by, "", standing.By)
	f.describeEntries()
	return nil
}

// Snooze keeps the case out of the list of what waits until a time, and gives a claim of the same person back. It comes
// back at that time by itself, and earlier with a new tag. Errors: INVALID_STATE when the case does not wait for a reviewer,
// or waits for a lead, and for a time that is not between now and the case's due time, both excluded; CLAIMED_BY_OTHER.
func (f *CaseFile) Snooze(by, reason string, until, at time.Time) error {
	until = normalTime(until)
	at, err := f.handleWork(by, at)
	switch {
	case err != nil:
		return err
	case f.Case.Work.Escalation != nil:
		return errEscalated()
	case !until.After(at) || !until.Before(f.Case.DueAt):
		return Refuse(CodeInvalidState, Text{
			ZH: "须为现在之后、截止时间之前的时间。", EN: "It must be a time after now and before the case is due.",
		}, "input", "until")
	}
	f.Case.Claim = nil
	f.Case.Work.Snooze = &Snooze{Until: until, By: by, At: at, Reason: reason}
	f.recordWork(ActionCaseSnoozed, at, by, reason)
	f.describeEntries()
	return nil
}

// Wake ends the snooze of a case. INVALID_STATE when it has none.
func (f *CaseFile) Wake(by string, at time.Time) error {
	at = normalTime(at)
	if f.Case.Snoozed(at) == nil {
		return Refuse(CodeInvalidState, Text{ZH: "该案件并未推迟。", EN: "This case is not snoozed."}, "input", "caseId")
	}
	f.wake(by, "", at)
	f.describeEntries()
	return nil
}

// wakeIfOver ends a snooze whose time has come.
func (f *CaseFile) wakeIfOver(at time.Time) {
	if snooze := f.Case.Work.Snooze; snooze != nil && !at.Before(snooze.Until) {
		f.wake(EngineActor, reasonSnoozeOver, at)
	}
}

// wakeForTag ends a snooze because of a new tag: what it waited for may have come.
func (f *CaseFile) wakeForTag(at time.Time) {
	if f.Case.Work.Snooze != nil {
		f.wake(EngineActor, reasonNewTag, at)
	}
}

func (f *CaseFile) wake(by, reason string, at time.Time) {
	snoozedBy := f.Case.Work.Snooze.By
	f.Case.Work.Snooze = nil
	f.recordWork(ActionCaseWoken, at, by, reason, snoozedBy)
}

// Escalate hands the case to a lead: it wakes, and a claim of the same person is given back. Errors: INVALID_STATE when the
// case does not wait for a reviewer, or waits for a lead already; CLAIMED_BY_OTHER.
func (f *CaseFile) Escalate(by, reason string, at time.Time) error {
	at, err := f.handleWork(by, at)
	if err != nil {
		return err
	}
	if f.Case.Work.Escalation != nil {
		return errEscalated()
	}
	f.Case.Claim, f.Case.Work.Snooze = nil, nil
	f.Case.Work.Escalation = &Escalation{By: by, At: at, Reason: reason}
	f.recordWork(ActionCaseEscalated, at, by, reason)
	f.describeEntries()
	return nil
}

// HandBack gives an escalated case back to the reviewers. INVALID_STATE when it does not wait for a lead.
func (f *CaseFile) HandBack(by, reason string, at time.Time) error {
	escalation := f.Case.Work.Escalation
	if escalation == nil {
		return Refuse(CodeInvalidState, Text{ZH: "该案件并未上报。", EN: "This case was not escalated."}, "input", "caseId")
	}
	f.Case.Work.Escalation = nil
	f.recordWork(ActionCaseHandedBack, normalTime(at), by, reason, escalation.By)
	f.describeEntries()
	return nil
}

// OpenTo refuses who is no lead where a lead has to decide: INVALID_STATE.
func (f *CaseFile) OpenTo(lead bool) error {
	if f.Case.Work.Escalation != nil && !lead {
		return errEscalated()
	}
	return nil
}

// handleWork is what changes of a case that waits have in common: the case waits, and nobody else holds it.
func (f *CaseFile) handleWork(by string, at time.Time) (time.Time, error) {
	at = normalTime(at)
	if f.Case.Handling != HandlingPending {
		return at, errNotPending()
	}
	if standing := f.Case.Claimed(at); standing != nil && standing.By != by {
		return at, errClaimedByOther()
	}
	return at, nil
}

// recordWork records a change of how the work is shared, with those whom it concerns but who did not do it.
func (f *CaseFile) recordWork(action Action, at time.Time, by, reason string, concerned ...string) {
	f.leased = true
	recorded := len(f.entries)
	f.recordCase(action, at, by, reason)
	for i := recorded; i < len(f.entries); i++ {
		f.entries[i].concern(by, concerned)
	}
}

// concern adds people to the subjects of an entry, each once, without who acts.
func (e *Entry) concern(by string, people []string) {
	for _, name := range people {
		subject := ReviewerSubject(name)
		if name != "" && name != by && !slices.Contains(e.Subjects, subject) {
			e.Subjects = append(e.Subjects, subject)
		}
	}
}

// people are those whom an entry concerns, as its subjects name them.
func (e Entry) people() []string {
	names := []string{}
	for _, subject := range e.Subjects {
		if name, is := strings.CutPrefix(string(subject), string(ReviewerSubject(""))); is {
			names = append(names, name)
		}
	}
	return names
}

func errEscalated() *Error {
	return Refuse(CodeInvalidState, Text{
		ZH: "该案件已上报，须由组长决定或退回。", EN: "This case was escalated: a lead has to decide it or hand it back.",
	}, "input", "caseId")
}
