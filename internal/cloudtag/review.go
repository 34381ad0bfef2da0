package cloudtag

import (
	"slices"
	"time"
)

const (
	// ClaimLease is how long a claim lasts without a heartbeat.
	ClaimLease = 5 * time.Minute
	// UndoWindow is how long a reviewer can take a decision back (issue of rule 10).
	UndoWindow = 30 * time.Second
)

// Claim gives the case to a reviewer until ClaimLease from at, or prolongs the claim that the token proves (rule 10).
// newToken becomes the token of a new claim. Errors: INVALID_STATE when the case does not wait for a reviewer,
// CLAIMED_BY_OTHER when another claim stands.
func (f *CaseFile) Claim(by, token, newToken string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = normalTime(at)
	standing := f.Case.Claimed(at)
	if standing == nil {
		f.Case.Claim = &Claim{By: by, Token: newToken, Until: at.Add(ClaimLease)}
		f.leased = true
		f.recordCase(ActionCaseClaimed, at, by, "")
		f.describeEntries()
		return nil
	}
	if standing.By != by || standing.Token != token {
		return errClaimedByOther()
	}
	prolonged := *standing
	prolonged.Until = at.Add(ClaimLease)
	f.Case.Claim = &prolonged
	f.leased = true
	return nil
}

// Release gives a claim back. A claim that has ended, or was never there, is released already; CLAIMED_BY_OTHER when
// another one stands.
func (f *CaseFile) Release(by, token string, at time.Time) error {
	standing := f.Case.Claimed(normalTime(at))
	if standing == nil {
		return nil
	}
	if standing.By != by || standing.Token != token {
		return errClaimedByOther()
	}
	f.Case.Claim = nil
	f.leased = true
	f.recordCase(ActionCaseReleased, normalTime(at), by, "")
	f.describeEntries()
	return nil
}

// Ruling is a reviewer's decision as it comes in.
type Ruling struct {
	Decision        Decision
	Reason          string
	ExpectedVersion int    // of the case the reviewer looked at
	Token           string // of the reviewer's claim, if there is one
	By              string
	Shop            MerchantID // the shop that the reviewer acts for as well; empty for none
	Lead            bool       // whether the reviewer may decide what was escalated
}

// Decide carries out a reviewer's decision (rule 10): CONFIRM lets the live tags succeed, REJECT takes them out of
// the count, KEEP_ACCUMULATING leaves them; each ends the waiting. Errors: BAD_USER_INPUT for any other decision; CONFLICT when the case has changed since
// the version expected, or changes by itself at this moment; INVALID_STATE when it does not wait for a reviewer, or waits for a lead;
// CLAIMED_BY_OTHER when another reviewer's claim stands; SAME_PERSON when a live tag is of the shop that the reviewer acts for,
// and for the two who disagree about the case (see [Dispute]).
func (f *CaseFile) Decide(ruling Ruling, at time.Time) error {
	if err := CheckKnown(ruling.Decision, Decisions(), "input", "decision"); err != nil {
		return err
	}
	at = f.advance(at)
	if f.Case.Version != ruling.ExpectedVersion {
		return errStale()
	}
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	if err := f.OpenTo(ruling.Lead); err != nil {
		return err
	}
	if standing := f.Case.Claimed(at); standing != nil && (standing.By != ruling.By || standing.Token != ruling.Token) {
		return errClaimedByOther()
	}
	if f.taggedBy(ruling.Shop) {
		return OwnShop("caseId")
	}
	if f.Case.disputedBy(ruling.By) {
		return SamePerson("caseId")
	}
	f.Evaluate(at)
	if f.Case.Handling != HandlingPending || f.Case.State != f.before.State || f.Case.Votes != f.before.Votes {
		return errStale()
	}
	undo := &Undo{By: ruling.By, Until: at.Add(UndoWindow), Version: f.before.Version + 1, Before: f.before, Tags: f.LiveTags()}
	undo.Before.Undo, undo.Before.Claim = nil, nil
	f.rule(ruling, at)
	f.took = at.Sub(f.Case.QueuedAt)
	f.Case.Decision = &CaseDecision{
		Decision: ruling.Decision, By: ruling.By, Reason: ruling.Reason, At: at, PolicyVersion: f.policy.Version,
	}
	f.leaveQueue(at)
	f.Case.Undo = undo
	f.recordCase(ActionCaseDecided, at, ruling.By, string(ruling.Decision)+": "+ruling.Reason)
	f.count()
	f.describeEntries()
	return nil
}

// taggedBy reports whether a live tag is of a shop.
func (f *CaseFile) taggedBy(shop MerchantID) bool {
	return shop != "" && slices.ContainsFunc(f.live, func(tag *fileTag) bool { return tag.MerchantID == shop })
}

// Queue puts a case before the reviewers because a person saw something: it is due as a tag of this moment would be. Whoever
// did so may decide it, too: the reason stands in the log. Errors: CONFLICT when the case has changed since the version
// expected; INVALID_STATE when it waits already, or no tag counts that could be decided about.
func (f *CaseFile) Queue(by, reason string, expectedVersion int, at time.Time) error {
	at = f.advance(at)
	if f.Case.Version != expectedVersion {
		return errStale()
	}
	f.Evaluate(at)
	if f.Case.Handling == HandlingPending || len(f.live) == 0 {
		return Refuse(CodeInvalidState, Text{
			ZH: "案件已在审核队列中，或已没有有效标签可供决定。", EN: "The case waits for a reviewer already, or no tag counts that could be decided about.",
		}, "input", "caseId")
	}
	f.queue(at.Add(f.policy.HandleWithin()), at, by, reason)
	return nil
}

// QueueDisputed puts a confirmed case before the reviewers again because a second reviewer disagreed: it is due as a tag of
// this moment would be, and another person than those two decides it. A case that waits already is due as it was. The
// dispute is recorded alone when the case is not confirmed any more, or no tag is left that could be decided about. Doing it
// again changes nothing.
func (f *CaseFile) QueueDisputed(dispute Dispute, by, reason string, at time.Time) {
	if f.Case.Dispute != nil && f.Case.Dispute.Review == dispute.Review {
		return
	}
	at = f.advance(at)
	f.Evaluate(at)
	f.Case.Dispute = &dispute
	stands := f.Case.State == CaseConfirmed || f.Case.State == CaseLapsed
	if stands && len(f.live) > 0 && f.Case.Handling != HandlingPending {
		f.queue(at.Add(f.policy.HandleWithin()), at, by, reasonDisputed+reason)
	} else {
		f.recordCase(ActionCaseDisputed, at, by, reasonDisputed+reason)
		f.describeEntries()
	}
}

// rule applies the decision to the live tags and the state.
func (f *CaseFile) rule(ruling Ruling, at time.Time) {
	switch ruling.Decision {
	case DecisionConfirm:
		for _, tag := range f.live {
			if tag.Status == TagAccumulating {
				f.changeStatus(tag, TagSucceeded, ActionTagSucceeded, at, ruling.By, ruling.Reason)
			}
		}
		f.Case.State, f.Case.ReviewedVotes = CaseConfirmed, f.Case.Votes
	case DecisionReject:
		f.endLive(TagRejected, ActionTagRejected, at, ruling.By, ruling.Reason)
		f.Case.State = CaseRejected
	}
}

// endLive takes all live tags out of the count with a status.
func (f *CaseFile) endLive(status TagStatus, action Action, at time.Time, actor, reason string) {
	for _, tag := range f.live {
		f.changeStatus(tag, status, action, at, actor, reason)
	}
	f.dropDead()
}

// Undo takes a decision back, by its author, within UndoWindow and while nothing else has happened to the case. Its
// effects are undone by new entries; nothing is erased. The tags are again what they were, with new versions where
// their status changed, and the case waits again with its old due time, shared as it was. INVALID_STATE when that is no longer, or never was, possible.
func (f *CaseFile) Undo(by string, at time.Time) error {
	at = f.advance(at)
	undo := f.Case.Undo
	if _, can := f.Case.UndoableUntil(by, at); !can {
		return Refuse(CodeInvalidState, Text{
			ZH: "该决定已无法撤回：仅限作出决定者在 30 秒内、且案件未再变化时撤回。",
			EN: "This decision can't be taken back any more: only its author can, within 30 seconds, while nothing else has happened.",
		}, "input", "caseId")
	}
	for _, tag := range undo.Tags {
		f.restore(tag, by, at)
	}
	slices.SortFunc(f.live, func(a, b *fileTag) int { return compareSubmission(a.Tag, b.Tag) })
	before := undo.Before
	f.took = f.Case.Decision.At.Sub(before.QueuedAt)
	f.Case.State, f.Case.Handling, f.Case.DueAt, f.Case.QueuedAt = before.State, before.Handling, before.DueAt, before.QueuedAt
	f.Case.Decision, f.Case.ReviewedVotes, f.Case.Undo = before.Decision, before.ReviewedVotes, nil
	f.Case.Work = before.Work
	f.recordCase(ActionCaseUndone, at, by, "")
	f.count()
	f.describeEntries()
	f.Evaluate(at)
	return nil
}

// restore puts a tag back to how it was before a decision.
func (f *CaseFile) restore(was Tag, by string, at time.Time) {
	place := slices.IndexFunc(f.live, func(tag *fileTag) bool { return tag.OrderNo == was.OrderNo })
	if place < 0 {
		f.live = append(f.live, &fileTag{Tag: was})
		place = len(f.live) - 1
		f.live[place].Status, f.live[place].Version = TagRejected, was.Version+1
	}
	tag := f.live[place]
	now := tag.Tag
	if now.Status == was.Status && now.Handled() == was.Handled() {
		return
	}
	tag.Tag = was
	tag.Version = now.Version
	f.touch(tag)
	if now.Status != was.Status {
		tag.Version++
		tag.StatusChangedAt = at
		f.recordTag(ActionTagRestored, tag.Tag, &now, at, by, ReasonTakenBack)
	}
}

// Overturn withdraws what a case did when an appeal was accepted (rule 14): its live tags, and the succeeded ones given
// that have left the window before, become OVERTURNED and stop counting, as far as they were submitted by then. What
// came later is judged on its own. Overturning again changes nothing.
func (f *CaseFile) Overturn(succeeded []Tag, by, reason string, decided, at time.Time) {
	at = f.advance(at)
	for _, tag := range f.live {
		if !tag.SubmittedAt.After(decided) {
			f.changeStatus(tag, TagOverturned, ActionTagOverturned, at, by, reason)
		}
	}
	f.dropDead()
	for _, tag := range succeeded {
		known := slices.ContainsFunc(f.touched, func(touched *fileTag) bool { return touched.OrderNo == tag.OrderNo })
		if !known && !tag.Live && tag.Status == TagSucceeded && !tag.SubmittedAt.After(decided) {
			f.changeStatus(&fileTag{Tag: tag}, TagOverturned, ActionTagOverturned, at, by, reason)
		}
	}
	if len(f.touched) == 0 {
		return
	}
	f.Case.State, f.Case.ReviewedVotes, f.Case.Undo = CaseOverturned, 0, nil
	if f.leaveQueue(at); len(f.live) > 0 {
		f.Case.State = CaseAccumulating
	}
	f.recordCase(ActionCaseOverturned, at, by, reason)
	f.evaluate(at)
}

func errNotPending() *Error {
	return Refuse(CodeInvalidState, Text{
		ZH: "该案件不在审核队列中。", EN: "This case does not wait for a reviewer.",
	}, "input", "caseId")
}

func errStale() *Error {
	return Refuse(CodeConflict, Text{
		ZH: "案件已发生变化，请查看当前状态后重新决定。",
		EN: "The case has changed since; look at its current state and decide again.",
	}, "input", "expectedVersion")
}

func errClaimedByOther() *Error {
	return Refuse(CodeClaimedByOther, Text{
		ZH: "该案件已由其他审核员认领。", EN: "Another reviewer has claimed this case.",
	}, "input", "caseId")
}
