package cloudtag

import (
	"cmp"
	"slices"
	"time"
)

// CaseFile is the unit of change of the domain, loaded and stored atomically: a case, its live tags, the account's risk
// profile and the policy. Its methods are the only way to change tags and cases, and they are pure: a store may run them
// again on fresh state after a conflict.
type CaseFile struct {
	Case     Case
	policies *PolicyTimeline
	policy   *Policy // the version in force at the case's time
	risk     *RiskProfile
	records  map[MerchantID]TrackRecord // of the shops, without their credit from this account
	weighing *Weighing                  // of the latest evaluation, if the policy weighs votes
	live     []*fileTag                 // ordered by SubmittedAt, then OrderNo

	before  Case
	logged  Case       // the case as described by the latest entries
	touched []*fileTag // in the order of their first change
	entries []Entry
	took    time.Duration // TookMs of the entries that are not described yet; 0 for none
	leased  bool          // the claim, the assignment or the like changed
	silent  bool          // records no entries: for simulations, whose changes are not stored
}

// fileTag is a tag in a file, and whether it was added or changed there.
type fileTag struct {
	Tag
	added   bool
	touched bool
}

// CaseChange is the change that was made to a [CaseFile], to be stored atomically.
type CaseChange struct {
	Case    Case    // its Revision is the stored one plus 1; revision 1 is a new case
	Added   []Tag   // new tags
	Changed []Tag   // existing tags, in their new state
	Entries []Entry // in order, without sequence numbers
}

// OpenCaseFile opens the file of a case. stored is nil for a new case, risk is nil for an account without a profile; live are
// the case's live tags in any order. The case's clock determines which version of the policy is in force.
func OpenCaseFile(id CaseID, stored *Case, live []Tag, policies *PolicyTimeline, risk *RiskProfile) *CaseFile {
	file := &CaseFile{policies: policies, risk: risk}
	if stored != nil {
		file.Case = *stored
	} else {
		scenario, buyer, _ := id.Parts()
		file.Case = Case{ID: id, BuyerID: buyer, Scenario: scenario}
	}
	file.policy = policies.at(file.Case.EvaluatedAt)
	file.before, file.logged = file.Case, file.Case
	for _, tag := range live {
		file.live = append(file.live, &fileTag{Tag: tag})
	}
	slices.SortFunc(file.live, func(a, b *fileTag) int { return compareSubmission(a.Tag, b.Tag) })
	return file
}

// LiveTags returns the live tags, by time of submission, then order number.
func (f *CaseFile) LiveTags() []Tag {
	tags := make([]Tag, len(f.live))
	for i, tag := range f.live {
		tags[i] = tag.Tag
	}
	return tags
}

// Change returns the change to store; ok is false if nothing changed.
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

// changed reports whether anything changed beside claims, notes and how work is shared.
func (f *CaseFile) changed() bool {
	return len(f.touched) > 0 || slices.ContainsFunc(f.entries, func(entry Entry) bool { return !entry.Action.isWork() })
}

// Add adds a new tag to the case and evaluates the case at the time of submission (rule 5). What was due earlier is applied
// first, so that it makes no difference when the case was last swept. A tag with HandledAt set is history, which does not
// have to be handled.
func (f *CaseFile) Add(tag Tag, actor string) {
	at := f.advance(tag.SubmittedAt)
	if f.Case.State != "" {
		f.Evaluate(at)
	}
	tag.Status, tag.Live, tag.Version, tag.StatusChangedAt = TagAccumulating, true, 1, tag.SubmittedAt
	f.openFor(at)
	f.wakeForTag(at)
	added := &fileTag{Tag: tag, added: true}
	i, _ := slices.BinarySearchFunc(f.live, added, func(a, b *fileTag) int { return compareSubmission(a.Tag, b.Tag) })
	f.live = slices.Insert(f.live, i, added)
	f.touch(added)
	f.recordTag(ActionTagSubmitted, tag, nil, at, actor, "")
	submitted := len(f.entries) - 1
	f.evaluate(at)
	f.route(added, at)
	if added.Status == TagAccumulating && added.Handled() && !f.silent {
		tag.HandledAt = added.HandledAt
		f.entries[submitted].After = MustJSON(tag.State())
	}
}

// Evaluate evaluates the case at a time: tags outside of the window expire, votes are counted, the case is confirmed if
// it meets the threshold, and a deadline that has passed is applied. A time before the last evaluation counts as that one.
func (f *CaseFile) Evaluate(at time.Time) {
	at = f.advance(at)
	f.endSnooze(at)
	f.evaluate(at)
	f.applyDeadline(at)
}

// Void removes a tag that has not succeeded from the case. Errors: NOT_FOUND if the case has no such live tag,
// INVALID_STATE if the tag has succeeded.
func (f *CaseFile) Void(order OrderNo, actor, reason string, at time.Time) error {
	at = f.advance(at)
	i := slices.IndexFunc(f.live, func(tag *fileTag) bool { return tag.OrderNo == order })
	if i < 0 {
		return NotFound()
	}
	if f.live[i].Status != TagAccumulating {
		return Refuse(CodeInvalidState, Text{
			ZH: "只有累积中的标签可以作废。",
			EN: "Only a tag that is still accumulating can be voided.",
		}, "orderNo")
	}
	f.changeStatus(f.live[i], TagVoided, ActionTagVoided, at, actor, reason)
	f.dropInactive()
	f.evaluate(at)
	return nil
}

// Discount recounts the case without a shop whose permission was revoked (rule 13): its accumulating tags are voided, its
// succeeded ones stay succeeded but no longer count as votes. A confirmed case that falls below its threshold goes back
// into the queue.
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
	f.dropInactive()
	f.evaluate(at)
	if wasConfirmed && f.Case.State == CaseLapsed {
		f.queue(at.Add(f.policy.HandleWithin()), at, EngineActor, reasonLostThreshold+reason)
	}
}

// Reassign moves the live tags of a shop to another entity, and evaluates the case again (rule 7).
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

// advance advances the case's clock, and with it the policy; the clock never goes back.
func (f *CaseFile) advance(at time.Time) time.Time {
	if at = NormalTime(at); at.After(f.Case.EvaluatedAt) {
		f.Case.EvaluatedAt = at
		f.policy = f.policies.at(at)
	}
	return f.Case.EvaluatedAt
}

// openFor opens a new case, or reopens one that is neither accumulating nor was confirmed.
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

// setState changes the state and records it.
func (f *CaseFile) setState(state CaseState, action Action, at time.Time, reason string) {
	f.Case.State = state
	f.recordCase(action, at, EngineActor, reason)
}

// changeStatus changes the status of a tag and records it; only accumulating and succeeded tags are live.
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

// dropInactive removes the tags that are no longer live.
func (f *CaseFile) dropInactive() {
	f.live = slices.DeleteFunc(f.live, func(tag *fileTag) bool { return !tag.Live })
}

func compareSubmission(a, b Tag) int {
	return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), cmp.Compare(a.OrderNo, b.OrderNo))
}

// EngineActor is the actor of automatic decisions in the log.
const EngineActor = "system:engine"

// TagState is the state of a tag before and after a change, as logged.
type TagState struct {
	Status   TagStatus `json:"status"`
	EntityID EntityID  `json:"entityId"`
	Live     bool      `json:"live"`
	Handled  bool      `json:"handled"`
	Version  int       `json:"version"`
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
		After: MustJSON(after.State()),
	}
	if before != nil {
		entry.Before = MustJSON(before.State())
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
	if f.logged.State != "" {
		entry.Before = MustJSON(f.logged.Summary())
	}
	f.entries = append(f.entries, entry)
}

// State is what the log keeps of the tag.
func (t Tag) State() TagState {
	return TagState{Status: t.Status, EntityID: t.EntityID, Live: t.Live, Handled: t.Handled(), Version: t.Version}
}
