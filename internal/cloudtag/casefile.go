package cloudtag

import (
	"slices"
	"time"
)

// CaseFile is everything that decides about one case, loaded and stored by the store as one unit: the case, its
// live tags, the account's risk profile and the policy. Its methods are the only way that tags and
// cases change, and they are pure: a store may run them again on fresh state when another change got in between.
type CaseFile struct {
	Case     Case
	policies *PolicyTimeline
	policy   *Policy // the one that decides at the case's time
	risk     *RiskProfile
	records  map[MerchantID]TrackRecord // of the shops, without what they have from this account
	weighing *Weighing                  // what the latest evaluation found, where the policy weighs
	live     []*fileTag                 // ordered by SubmittedAt, then OrderNo

	before  Case
	noted   Case       // the case as the latest entries describe it
	touched []*fileTag // in the order of their first change
	entries []Entry
	took    time.Duration // how long what the entries at hand tell took; 0 where it is of no interest
	leased  bool          // the claim changed, or how the work is shared
	silent  bool          // keeps no entries: for simulations, whose changes nobody stores
}

// fileTag is a tag in a file, with what happened to it there.
type fileTag struct {
	Tag
	added   bool
	touched bool
}

// CaseChange is what became of a [CaseFile]: to be stored as one.
type CaseChange struct {
	Case    Case    // its Revision is the stored one plus 1; revision 1 is a new case
	Added   []Tag   // tags the case did not have before
	Changed []Tag   // tags it had, in their new form
	Entries []Entry // in order, without sequence numbers
}

// OpenCaseFile opens the file of a case. stored is nil for a case that does not exist yet, risk is nil for an
// account without a profile; live are the case's live tags in any order. Which version of the policy decides follows the
// case's clock.
func OpenCaseFile(id CaseID, stored *Case, live []Tag, policies *PolicyTimeline, risk *RiskProfile) *CaseFile {
	file := &CaseFile{policies: policies, risk: risk}
	if stored != nil {
		file.Case = *stored
	} else {
		scenario, buyer, _ := id.Parts()
		file.Case = Case{ID: id, BuyerID: buyer, Scenario: scenario}
	}
	file.policy = policies.at(file.Case.EvaluatedAt)
	file.before, file.noted = file.Case, file.Case
	for _, tag := range live {
		file.live = append(file.live, &fileTag{Tag: tag})
	}
	slices.SortFunc(file.live, func(a, b *fileTag) int { return compareSubmission(a.Tag, b.Tag) })
	return file
}

// Exists reports whether the case was stored before the file was opened.
func (f *CaseFile) Exists() bool { return f.before.Revision > 0 }

// LiveTags returns the live tags, by time of submission, then order number.
func (f *CaseFile) LiveTags() []Tag {
	tags := make([]Tag, len(f.live))
	for i, tag := range f.live {
		tags[i] = tag.Tag
	}
	return tags
}

// Change returns what is to be stored; ok is false when nothing changed.
func (f *CaseFile) Change() (change CaseChange, ok bool) {
	if len(f.entries) == 0 && len(f.touched) == 0 && !f.leased {
		return CaseChange{}, false
	}
	change.Case = f.Case
	change.Case.Revision = f.before.Revision + 1
	if f.changed() {
		change.Case.Version = f.before.Version + 1
	}
	for _, tag := range f.touched {
		if tag.added {
			change.Added = append(change.Added, tag.Tag)
		} else {
			change.Changed = append(change.Changed, tag.Tag)
		}
	}
	change.Entries = f.entries
	return change, true
}

// changed reports whether more changed than who works on the case, and what they noted.
func (f *CaseFile) changed() bool {
	return len(f.touched) > 0 || slices.ContainsFunc(f.entries, func(entry Entry) bool { return !entry.Action.isWork() })
}

// Add puts a new tag into the case and evaluates it at the tag's time of submission (rule 5). What was due before
// takes effect first, so that it makes no difference when the case was last swept. A tag that comes with HandledAt
// set is history: nobody has to handle it any more (DESIGN section 4).
func (f *CaseFile) Add(tag Tag, actor string) {
	at := f.advance(tag.SubmittedAt)
	if f.Case.State != "" {
		f.Evaluate(at)
	}
	tag.Status, tag.Live, tag.Version, tag.StatusChangedAt = TagAccumulating, true, 1, tag.SubmittedAt
	f.openFor(at)
	f.wakeForTag(at)
	added := &fileTag{Tag: tag, added: true}
	place, _ := slices.BinarySearchFunc(f.live, added, func(a, b *fileTag) int { return compareSubmission(a.Tag, b.Tag) })
	f.live = slices.Insert(f.live, place, added)
	f.touch(added)
	f.recordTag(ActionTagSubmitted, tag, nil, at, actor, "")
	submitted := len(f.entries) - 1
	f.evaluate(at)
	f.route(added, at)
	if added.Status == TagAccumulating && added.Handled() && !f.silent {
		tag.HandledAt = added.HandledAt
		f.entries[submitted].After = MustJSON(tagState(tag))
	}
}

// Evaluate looks at the case at a time: tags leave the window, votes are counted, a confirmation that is due
// happens, a deadline that has passed takes effect. Times before the last evaluation count as the last one.
func (f *CaseFile) Evaluate(at time.Time) {
	at = f.advance(at)
	f.wakeIfOver(at)
	f.evaluate(at)
	f.meetDeadline(at)
}

// Void takes a tag that has not succeeded out of the case. Errors: NOT_FOUND when the case has no such live tag,
// INVALID_STATE when it has succeeded.
func (f *CaseFile) Void(order OrderNo, actor, reason string, at time.Time) error {
	at = f.advance(at)
	place := slices.IndexFunc(f.live, func(tag *fileTag) bool { return tag.OrderNo == order })
	if place < 0 {
		return NotFound()
	}
	if f.live[place].Status != TagAccumulating {
		return Refuse(CodeInvalidState, Text{
			ZH: "只有累积中的标签可以作废。",
			EN: "Only a tag that is still accumulating can be voided.",
		}, "orderNo")
	}
	f.changeStatus(f.live[place], TagVoided, ActionTagVoided, at, actor, reason)
	f.dropDead()
	f.evaluate(at)
	return nil
}

// Discount recounts the case without a shop whose permission was revoked (rule 13): its tags that have not
// succeeded are voided, those that have stay succeeded and stop being votes. A confirmed case that thereby loses
// its threshold goes back into the queue.
func (f *CaseFile) Discount(merchant MerchantID, actor, reason string, at time.Time) {
	at = f.advance(at)
	wasConfirmed := f.Case.State == CaseConfirmed
	for _, tag := range f.live {
		if tag.MerchantID != merchant {
			continue
		}
		if tag.Status == TagAccumulating {
			f.changeStatus(tag, TagVoided, ActionTagVoided, at, actor, reason)
			continue
		}
		before := tag.Tag
		tag.Live = false
		tag.Version++
		f.touch(tag)
		f.recordTag(ActionTagDiscounted, tag.Tag, &before, at, actor, reason)
	}
	f.dropDead()
	f.evaluate(at)
	if wasConfirmed && f.Case.State == CaseLapsed {
		f.queue(at.Add(f.policy.HandleWithin()), at, EngineActor, reasonLostThreshold+reason)
	}
}

// Reassign counts the live tags of a shop as votes of another entity, and evaluates the case again (rule 7).
func (f *CaseFile) Reassign(merchant MerchantID, entity EntityID, actor, reason string, at time.Time) {
	at = f.advance(at)
	for _, tag := range f.live {
		if tag.MerchantID != merchant || tag.EntityID == entity {
			continue
		}
		before := tag.Tag
		tag.EntityID = entity
		tag.Version++
		f.touch(tag)
		f.recordTag(ActionTagReassigned, tag.Tag, &before, at, actor, reason)
	}
	f.evaluate(at)
}

// advance moves the case's clock, and with it the policy; it never steps back.
func (f *CaseFile) advance(at time.Time) time.Time {
	if at = normalTime(at); at.After(f.Case.EvaluatedAt) {
		f.Case.EvaluatedAt = at
		f.policy = f.policies.at(at)
	}
	return f.Case.EvaluatedAt
}

// openFor makes a new case, or lets one accumulate again that had ended without standing confirmed.
func (f *CaseFile) openFor(at time.Time) {
	switch f.Case.State {
	case "":
		f.Case.State, f.Case.Handling, f.Case.OpenedAt = CaseAccumulating, HandlingHandled, at
		f.recordCase(ActionCaseOpened, at, EngineActor, "")
	case CaseExpired, CaseRejected, CaseOverturned:
		f.Case.ReopenedAt = at
		f.setState(CaseAccumulating, ActionCaseReopened, at, reasonNewTag)
	}
}

// setState changes the state with its entry.
func (f *CaseFile) setState(state CaseState, action Action, at time.Time, reason string) {
	f.Case.State = state
	f.recordCase(action, at, EngineActor, reason)
}

// changeStatus changes the status of a tag with its entry; only accumulating and succeeded tags are live.
func (f *CaseFile) changeStatus(tag *fileTag, status TagStatus, action Action, at time.Time, actor, reason string) {
	before := tag.Tag
	tag.Status, tag.StatusChangedAt = status, at
	tag.Live = status == TagAccumulating || status == TagSucceeded
	tag.Version++
	if !tag.Handled() && !tag.Live {
		tag.HandledAt = at
	}
	f.touch(tag)
	f.recordTag(action, tag.Tag, &before, at, actor, reason)
}

func (f *CaseFile) touch(tag *fileTag) {
	if !tag.touched {
		tag.touched = true
		f.touched = append(f.touched, tag)
	}
}

// dropDead takes out of the file what is no longer live.
func (f *CaseFile) dropDead() {
	f.live = slices.DeleteFunc(f.live, func(tag *fileTag) bool { return !tag.Live })
}

func compareSubmission(a, b Tag) int {
	if order := a.SubmittedAt.Compare(b.SubmittedAt); order != 0 {
		return order
	}
	switch {
	case a.OrderNo < b.OrderNo:
		return -1
	case a.OrderNo > b.OrderNo:
		return 1
	default:
		return 0
	}
}

// EngineActor is the actor of entries about what the rules decided.
const EngineActor = "system:engine"

// TagState is what the log keeps of a tag before and after a change.
type TagState struct {
	Status   TagStatus `json:"status"`
	EntityID EntityID  `json:"entityId"`
	Live     bool      `json:"live"`
	Handled  bool      `json:"handled"`
	Version  int       `json:"version"`
}

// CaseSummary is what the log keeps of a case before and after a change.
type CaseSummary struct {
	State         CaseState  `json:"state"`
	Handling      Handling   `json:"handling"`
	Votes         int        `json:"votes"`
	Threshold     int        `json:"threshold"`
	RiskLevel     RiskLevel  `json:"riskLevel"`
	PolicyVersion int        `json:"policyVersion"`
	Holds         []string   `json:"holds,omitempty"`
	Weighing      *Weighing  `json:"weighing,omitempty"` // where the policy weighs votes by the shops' records
	DueAt         *time.Time `json:"dueAt,omitempty"`
	// TookMs is, in milliseconds, how long the case had waited for the reviewer's decision that the entry tells of, or takes
	// back, or how long it had accumulated when votes confirmed it.
	TookMs   int64         `json:"tookMs,omitempty"`
	Decision *CaseDecision `json:"decision,omitempty"`

	AssignedTo   string     `json:"assignedTo,omitempty"`
	SnoozedUntil *time.Time `json:"snoozedUntil,omitempty"`
	EscalatedBy  string     `json:"escalatedBy,omitempty"`
	Notes        int        `json:"notes,omitempty"` // that were not withdrawn
}

func (f *CaseFile) recordTag(action Action, after Tag, before *Tag, at time.Time, actor, reason string) {
	if f.silent {
		return
	}
	entry := Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{
			TagSubject(after.OrderNo), CaseSubject(f.Case.ID),
			MerchantSubject(after.MerchantID), BuyerSubject(f.Case.BuyerID),
		},
		After: MustJSON(tagState(after)),
	}
	if before != nil {
		entry.Before = MustJSON(tagState(*before))
	}
	f.entries = append(f.entries, entry)
}

func (f *CaseFile) recordCase(action Action, at time.Time, actor, reason string) {
	if f.silent {
		return
	}
	entry := Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{CaseSubject(f.Case.ID), BuyerSubject(f.Case.BuyerID)},
	}
	if f.noted.State != "" {
		entry.Before = MustJSON(caseSummary(f.noted))
	}
	f.entries = append(f.entries, entry)
}

func tagState(t Tag) TagState {
	return TagState{Status: t.Status, EntityID: t.EntityID, Live: t.Live, Handled: t.Handled(), Version: t.Version}
}

func caseSummary(c Case) CaseSummary {
	summary := CaseSummary{
		State: c.State, Handling: c.Handling, Votes: c.Votes, Threshold: c.Threshold,
		RiskLevel: c.RiskLevel, PolicyVersion: c.PolicyVersion, Decision: c.Decision, Holds: c.Holds, AssignedTo: c.AssignedTo(),
		Notes: c.Notes.Standing(),
	}
	if snooze := c.Work.Snooze; snooze != nil {
		summary.SnoozedUntil = &snooze.Until
	}
	if escalation := c.Work.Escalation; escalation != nil {
		summary.EscalatedBy = escalation.By
	}
	if !c.DueAt.IsZero() {
		summary.DueAt = &c.DueAt
	}
	return summary
}
