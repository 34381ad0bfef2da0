package cloudtag

import (
	"slices"
	"time"
)

const (
	// ClaimLease is how long a claim lasts unless it is renewed.
	ClaimLease = 5 * time.Minute
	// UndoWindow is how long a reviewer can undo a decision.
	UndoWindow = 30 * time.Second
)

// Claim claims the case for a reviewer until ClaimLease from at, or renews the claim with the token (rule 10). newToken is the
// token of a new claim. Errors: INVALID_STATE unless the case is pending, CLAIMED_BY_OTHER if another claim is valid.
func (f *CaseFile) Claim(by, token, newToken string, at time.Time) error {
	if f.Case.Handling != HandlingPending {
		return errNotPending()
	}
	at = NormalTime(at)
	claim := f.Case.Claimed(at)
	if claim == nil {
		f.Case.Claim = &Claim{By: by, Token: newToken, Until: at.Add(ClaimLease)}
		f.leased = true
		f.recordCase(ActionCaseClaimed, at, by, "")
		f.describeEntries()
		return nil
	}
	if claim.By != by || claim.Token != token {
		return errClaimedByOther()
	}
	renewed := *claim
	renewed.Until = at.Add(ClaimLease)
	f.Case.Claim = &renewed
	f.leased = true
	return nil
}

// Release releases a claim. It does nothing if the case is not claimed; CLAIMED_BY_OTHER if another claim is valid.
func (f *CaseFile) Release(by, token string, at time.Time) error {
	claim := f.Case.Claimed(NormalTime(at))
	if claim == nil {
		return nil
	}
	if claim.By != by || claim.Token != token {
		return errClaimedByOther()
	}
	f.Case.Claim = nil
	f.leased = true
	f.recordCase(ActionCaseReleased, NormalTime(at), by, "")
	f.describeEntries()
	return nil
}

// Ruling is a reviewer's decision before it is applied.
type Ruling struct {
	Decision        Decision
	Reason          string
	ExpectedVersion int    // of the case that the reviewer saw
	Token           string // of the reviewer's claim, if any
	By              string
	Shop            MerchantID // the shop that the reviewer also acts for; empty for none
	Lead            bool       // whether the reviewer may decide escalated cases
}

// Decide applies a reviewer's decision (rule 10): CONFIRM makes the live tags succeed, REJECT removes them from the count,
// KEEP_ACCUMULATING leaves them; each takes the case out of the queue. Errors: BAD_USER_INPUT for any other decision; CONFLICT
// if the case does not have the expected version, or evaluating it now changes it; INVALID_STATE unless it is pending, and if
// it is escalated; CLAIMED_BY_OTHER if another reviewer's claim is valid; SAME_PERSON if a live tag is of the shop that the
// reviewer acts for, and for the people who disagree about the case (see [Dispute]).
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
	if err := f.CheckEscalation(ruling.Lead); err != nil {
		return err
	}
	if claim := f.Case.Claimed(at); claim != nil && (claim.By != ruling.By || claim.Token != ruling.Token) {
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
	f.applyRuling(ruling, at)
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

// taggedBy reports whether the shop has a live tag.
func (f *CaseFile) taggedBy(shop MerchantID) bool {
	return shop != "" && slices.ContainsFunc(f.live, func(tag *fileTag) bool { return tag.MerchantID == shop })
}

// Queue queues a case on a person's initiative, due like a tag submitted now. The same person may decide it: the reason is in
// the log. Errors: CONFLICT if the case does not have the expected version; INVALID_STATE if it is already pending, or has no
// live tags.
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

// QueueDisputed queues a confirmed case again because a second reviewer disagreed, due like a tag submitted now, to be decided
// by a third person. A case that is already pending keeps its due time. If the case is not confirmed any more, or has no live
// tags, only the dispute is recorded. It is idempotent.
func (f *CaseFile) QueueDisputed(dispute Dispute, by, reason string, at time.Time) {
	if f.Case.Dispute != nil && f.Case.Dispute.Review == dispute.Review {
		return
	}
	at = f.advance(at)
	f.Evaluate(at)
	f.Case.Dispute = &dispute
	confirmed := f.Case.State == CaseConfirmed || f.Case.State == CaseLapsed
	if confirmed && len(f.live) > 0 && f.Case.Handling != HandlingPending {
		f.queue(at.Add(f.policy.HandleWithin()), at, by, reasonDisputed+reason)
	} else {
		f.recordCase(ActionCaseDisputed, at, by, reasonDisputed+reason)
		f.describeEntries()
	}
}

// applyRuling applies a decision to the live tags and the state.
func (f *CaseFile) applyRuling(ruling Ruling, at time.Time) {
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

// endLive removes all live tags from the count, with a status.
func (f *CaseFile) endLive(status TagStatus, action Action, at time.Time, actor, reason string) {
	for _, tag := range f.live {
		f.changeStatus(tag, status, action, at, actor, reason)
	}
	f.dropInactive()
}

// Undo undoes a decision, by its author, within UndoWindow, and while the case has not changed otherwise. The effects are
// reverted by new entries; nothing is erased. The tags are restored, with new versions where their status changed, and the
// case is pending again with its old due time and work. INVALID_STATE if that is not possible.
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

// restore restores a tag to its state before a decision.
func (f *CaseFile) restore(was Tag, by string, at time.Time) {
	i := slices.IndexFunc(f.live, func(tag *fileTag) bool { return tag.OrderNo == was.OrderNo })
	if i < 0 {
		f.live = append(f.live, &fileTag{Tag: was})
		i = len(f.live) - 1
		f.live[i].Status, f.live[i].Version = TagRejected, was.Version+1
	}
	tag := f.live[i]
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

// Overturn overturns the case after an appeal was accepted (rule 14): its live tags, and the given succeeded ones that have
// left the window, become OVERTURNED and stop counting if they were submitted by the time of the decision. Later tags are
// evaluated on their own. It is idempotent.
func (f *CaseFile) Overturn(succeeded []Tag, by, reason string, decided, at time.Time) {
	at = f.advance(at)
	for _, tag := range f.live {
		if !tag.SubmittedAt.After(decided) {
			f.changeStatus(tag, TagOverturned, ActionTagOverturned, at, by, reason)
		}
	}
	f.dropInactive()
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
