package cloudtag

import (
	"slices"
	"strings"
	"time"
)

// CaseWork is how the team shares the work on a pending case. It is cleared when the case leaves the queue. It does not
// change the case's version, so that it never invalidates a decision that is being made.
type CaseWork struct {
	Assignment *Assignment `json:"assignment,omitzero"`
	Snooze     *Snooze     `json:"snooze,omitzero"` // may be over
	Escalation *Escalation `json:"escalation,omitzero"`
}

// Assignment is who should decide a case. Unlike a claim it does not keep others from deciding.
type Assignment struct {
	To string    `json:"to"`
	By string    `json:"by"` // a lead
	At time.Time `json:"at"`
}

// Snooze hides a pending case from the queue until a time.
type Snooze struct {
	Until  time.Time `json:"until"` // before the case's due time
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Escalation asks a lead to decide a case. Until a lead decides it or hands it back, nobody else may claim or decide it.
type Escalation struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Snoozed returns the snooze that is in effect at a time, or nil.
func (c Case) Snoozed(now time.Time) *Snooze {
	if c.Work.Snooze == nil || !now.Before(c.Work.Snooze.Until) {
		return nil
	}
	return c.Work.Snooze
}

// AssignedTo is who the case is assigned to, "" if it is unassigned.
func (c Case) AssignedTo() string {
	if c.Work.Assignment == nil {
		return ""
	}
	return c.Work.Assignment.To
}

// ReviewerSubject returns the subject of a person whom an entry concerns: who is mentioned, assigned a case, or loses a claim.
func ReviewerSubject(name string) Subject { return "reviewer:" + Subject(name) }

// Assign assigns a case, and ends another person's claim on it; an empty name unassigns it. It does nothing if the case is
// already assigned so. INVALID_STATE unless the case is pending.
func (f *CaseFile) Assign(to, by string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = NormalTime(at)
	before := f.Case.AssignedTo()
	if to == before {
		return nil
	}
	concerned := []string{to, before}
	if claim := f.Case.Claimed(at); claim != nil && to != "" && claim.By != to {
		concerned = append(concerned, claim.By)
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

// TakeOver gives a lead the claim on a case, whoever holds it. INVALID_STATE unless the case is pending.
func (f *CaseFile) TakeOver(by, newToken string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = NormalTime(at)
	claim := f.Case.Claimed(at)
	if claim == nil {
		return f.Claim(by, "", newToken, at)
	}
	f.Case.Claim = &Claim{By: by, Token: newToken, Until: at.Add(ClaimLease), TakenFrom: claim.By}
	f.recordWork(ActionCaseTakenOver, at, by, "", claim.By)
	f.describeEntries()
	return nil
}

// Snooze hides the case from the queue until a time, or until its next tag, and releases the person's own claim. Errors:
// INVALID_STATE unless the case is pending, if it is escalated, and unless the time is after now and before the due time;
// CLAIMED_BY_OTHER.
func (f *CaseFile) Snooze(by, reason string, until, at time.Time) error {
	until = NormalTime(until)
	at, err := f.checkWork(by, at)
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

// Wake ends the snooze of a case. INVALID_STATE if it is not snoozed.
func (f *CaseFile) Wake(by string, at time.Time) error {
	at = NormalTime(at)
	if f.Case.Snoozed(at) == nil {
		return Refuse(CodeInvalidState, Text{ZH: "该案件并未推迟。", EN: "This case is not snoozed."}, "input", "caseId")
	}
	f.wake(by, "", at)
	f.describeEntries()
	return nil
}

// endSnooze ends a snooze that is over.
func (f *CaseFile) endSnooze(at time.Time) {
	if snooze := f.Case.Work.Snooze; snooze != nil && !at.Before(snooze.Until) {
		f.wake(EngineActor, reasonSnoozeOver, at)
	}
}

// wakeForTag ends a snooze because of a new tag, which may be what the reviewer was waiting for.
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

// Escalate hands the case to a lead; it ends a snooze and releases the person's own claim. Errors: INVALID_STATE unless the
// case is pending, or if it is already escalated; CLAIMED_BY_OTHER.
func (f *CaseFile) Escalate(by, reason string, at time.Time) error {
	at, err := f.checkWork(by, at)
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

// HandBack returns an escalated case to the reviewers. INVALID_STATE unless it is escalated.
func (f *CaseFile) HandBack(by, reason string, at time.Time) error {
	escalation := f.Case.Work.Escalation
	if escalation == nil {
		return Refuse(CodeInvalidState, Text{ZH: "该案件并未上报。", EN: "This case was not escalated."}, "input", "caseId")
	}
	f.Case.Work.Escalation = nil
	f.recordWork(ActionCaseHandedBack, NormalTime(at), by, reason, escalation.By)
	f.describeEntries()
	return nil
}

// CheckEscalation returns INVALID_STATE if the case is escalated and the caller is not a lead.
func (f *CaseFile) CheckEscalation(lead bool) error {
	if f.Case.Work.Escalation != nil && !lead {
		return errEscalated()
	}
	return nil
}

// checkWork checks that the case is pending and not claimed by another person; it returns the normalized time.
func (f *CaseFile) checkWork(by string, at time.Time) (time.Time, error) {
	at = NormalTime(at)
	if f.Case.Handling != HandlingPending {
		return at, errNotPending()
	}
	if claim := f.Case.Claimed(at); claim != nil && claim.By != by {
		return at, errClaimedByOther()
	}
	return at, nil
}

// recordWork records a change of how the work is shared. The people it concerns, except for who did it, become subjects.
func (f *CaseFile) recordWork(action Action, at time.Time, by, reason string, concerned ...string) {
	f.leased = true
	recorded := len(f.entries)
	f.recordCase(action, at, by, reason)
	for i := recorded; i < len(f.entries); i++ {
		f.entries[i].concern(by, concerned)
	}
}

// concern adds people other than the actor to the subjects of an entry, each once.
func (e *Entry) concern(by string, people []string) {
	for _, name := range people {
		subject := ReviewerSubject(name)
		if name != "" && name != by && !slices.Contains(e.Subjects, subject) {
			e.Subjects = append(e.Subjects, subject)
		}
	}
}

// people returns the names of the people among an entry's subjects.
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
