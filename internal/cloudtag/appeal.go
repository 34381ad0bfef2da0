package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// AppealState is the state of an appeal.
type AppealState string

// The states of an appeal.
const (
	AppealOpen     AppealState = "OPEN"
	AppealAccepted AppealState = "ACCEPTED"
	AppealDeclined AppealState = "DECLINED"
)

const maxStatementLength = 2000

// Appeal is a buyer's objection to the effect of a case, filed by the platform's customer service (rule 14).
type Appeal struct {
	ID        string          `json:"id"`
	Version   int             `json:"version"`
	CaseID    CaseID          `json:"caseId"`
	BuyerID   BuyerID         `json:"buyerId"`
	State     AppealState     `json:"state"`
	Statement string          `json:"statement"`
	FiledBy   string          `json:"filedBy"`
	FiledAt   time.Time       `json:"filedAt"`
	DecidedBy string          `json:"decidedBy,omitempty"`
	DecidedAt time.Time       `json:"decidedAt,omitzero"`
	Reply     string          `json:"reply,omitempty"`
	Facts     json.RawMessage `json:"facts"` // an AppealFacts, as of the filing
	// CaseDecidedBy is who had decided the case by then; that person may not decide the appeal.
	CaseDecidedBy string    `json:"caseDecidedBy"`
	CompletedAt   time.Time `json:"completedAt,omitzero"` // when all effects of an accepted appeal were applied
}

// AppealFacts is the snapshot of the case that an appeal keeps.
type AppealFacts struct {
	Case        Case        `json:"case"`
	Explanation Explanation `json:"explanation"`
	Tags        []Tag       `json:"tags"`
}

func appealCodec() Codec[Appeal] {
	return Codec[Appeal]{KindAppeal, func(a Appeal) Document {
		document := Document{
			ID: a.ID, Version: a.Version, State: string(a.State), CaseID: a.CaseID, BuyerID: a.BuyerID,
			Rank: LatestFirst(a.FiledAt),
		}
		if a.State == AppealOpen {
			document.Unique, document.Rank = string(a.CaseID), DueFirst(a.FiledAt)
		}
		if a.State == AppealAccepted && a.CompletedAt.IsZero() {
			document.WakeAt = a.DecidedAt
		}
		return document
	}}
}

// Appeals files and decides buyers' appeals. The person who decided the case may not decide its appeal (rule 14).
type Appeals struct {
	store appealStore
	clock Clock
	ids   IDSource
}

type appealStore interface {
	DocumentStore
	CaseWriter
	Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error)
	LiveTags(ctx context.Context, cases []CaseID) (map[CaseID][]Tag, error)
	Policy(ctx context.Context, version int) (Policy, error)
	TagPage(ctx context.Context, filter TagFilter, order TagOrder, slice Slice) ([]Tag, bool, error)
}

// NewAppeals returns the service over a store.
func NewAppeals(store appealStore, clock Clock, ids IDSource) *Appeals {
	return &Appeals{store: store, clock: clock, ids: ids}
}

// File opens an appeal against a case that was confirmed. Errors: FORBIDDEN unless the caller is a service, NOT_FOUND,
// REASON_REQUIRED without a statement, INVALID_STATE when the case has no effect or an appeal is open.
func (a *Appeals) File(ctx context.Context, caller Caller, id CaseID, statement string) (Appeal, error) {
	if !caller.Serves() {
		return Appeal{}, Forbidden()
	}
	if !HasVisibleText(statement, maxStatementLength) {
		return Appeal{}, Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请填写申诉内容（1 至 %d 个字）。", maxStatementLength),
			EN: fmt.Sprintf("Give a statement of 1 to %d characters.", maxStatementLength),
		}, "input", "statement")
	}
	facts, err := a.facts(ctx, id)
	if err != nil {
		return Appeal{}, err
	}
	if state := facts.Case.State; state != CaseConfirmed && state != CaseLapsed {
		return Appeal{}, InvalidState("caseId")
	}
	now := a.clock.Now()
	appeal := Appeal{
		ID: a.ids.NewID(), Version: 1, CaseID: id, BuyerID: facts.Case.BuyerID, State: AppealOpen, Statement: statement,
		FiledBy: caller.Subject, FiledAt: now, Facts: MustJSON(facts),
	}
	if decision := facts.Case.Decision; decision != nil {
		appeal.CaseDecidedBy = decision.By
	}
	err = appealCodec().Save(ctx, a.store, nil, appeal, appeal.entry(caller.Subject, ActionAppealFiled, now, ""))
	if CodeOf(err) == CodeConflict {
		return Appeal{}, InvalidState("caseId")
	}
	return appeal, err
}

// facts takes a snapshot of the case.
func (a *Appeals) facts(ctx context.Context, id CaseID) (AppealFacts, error) {
	found, err := a.store.Cases(ctx, []CaseID{id})
	if err != nil {
		return AppealFacts{}, fmt.Errorf("find case: %w", err)
	}
	c, known := found[id]
	if !known {
		return AppealFacts{}, NotFound()
	}
	c.Claim, c.Undo = nil, nil // a claim's token is known to its holder only
	live, err := a.store.LiveTags(ctx, []CaseID{id})
	if err != nil {
		return AppealFacts{}, fmt.Errorf("find live tags: %w", err)
	}
	policy, err := a.store.Policy(ctx, c.PolicyVersion)
	if err != nil {
		return AppealFacts{}, fmt.Errorf("find policy: %w", err)
	}
	explanation := ExplainBy(c, policy, a.clock.Now())
	explanation.Votes = VotesOf(live[id])
	return AppealFacts{Case: c, Explanation: explanation, Tags: live[id]}, nil
}

// Decide accepts or declines an appeal. Accepting it overturns the case: its succeeded tags become OVERTURNED, and the
// answers derived from them change. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, REASON_REQUIRED without a
// reply, SAME_PERSON for the person who decided the case, INVALID_STATE unless the appeal is open.
func (a *Appeals) Decide(ctx context.Context, caller Caller, id string, accept bool, reply string) (Appeal, error) {
	if !caller.Decides() {
		return Appeal{}, Forbidden()
	}
	if err := CheckReason(reply, "reply"); err != nil {
		return Appeal{}, err
	}
	codec := appealCodec()
	before, err := codec.Find(ctx, a.store, id)
	if err != nil {
		return Appeal{}, err
	}
	if before.State != AppealOpen {
		return Appeal{}, InvalidState("id")
	}
	if same, err := a.decidedCase(ctx, before, caller.Subject); err != nil || same {
		if err == nil {
			err = SamePerson("id")
		}
		return Appeal{}, err
	}
	if before.taggedBy(caller.MerchantID) {
		return Appeal{}, OwnShop("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.Reply = AppealDeclined, caller.Subject, a.clock.Now(), reply
	if accept {
		after.State = AppealAccepted
	}
	err = codec.Save(ctx, a.store, &before, after, after.entry(caller.Subject, ActionAppealDecided, after.DecidedAt, reply))
	if CodeOf(err) == CodeConflict {
		return Appeal{}, InvalidState("id")
	}
	if err != nil || !accept {
		return after, err
	}
	return a.overturn(ctx, after)
}

// decidedCase reports whether a person decided the case, before the appeal was filed or since.
func (a *Appeals) decidedCase(ctx context.Context, appeal Appeal, subject string) (bool, error) {
	found, err := a.store.Cases(ctx, []CaseID{appeal.CaseID})
	if err != nil {
		return false, fmt.Errorf("find case: %w", err)
	}
	return appeal.decidedBy(subject, found[appeal.CaseID].Decision), nil
}

// overturn applies an accepted appeal. It is idempotent, so that it can be repeated after a crash at any point.
func (a *Appeals) overturn(ctx context.Context, appeal Appeal) (Appeal, error) {
	filter := TagFilter{
		BuyerID: appeal.BuyerID, Statuses: []TagStatus{TagSucceeded}, SubmittedBefore: appeal.DecidedAt.Add(TimeResolution),
	}
	filter.Scenario, _, _ = appeal.CaseID.Parts()
	for more := true; more; {
		var succeeded []Tag
		var err error
		succeeded, more, err = a.store.TagPage(ctx, filter, TagsBySubmittedAsc, Slice{Limit: upkeepPage})
		if err != nil {
			return appeal, fmt.Errorf("find succeeded tags: %w", err)
		}
		_, err = a.store.Amend(ctx, appeal.CaseID, func(file *CaseFile) error {
			file.Overturn(succeeded, appeal.DecidedBy, appeal.Reply, appeal.DecidedAt, a.clock.Now())
			return nil
		})
		if err != nil {
			return appeal, fmt.Errorf("overturn case: %w", err)
		}
	}
	done := appeal
	done.CompletedAt = a.clock.Now()
	done.Version++
	return done, IgnoreConflict(a.store.SaveDocument(ctx, appealCodec().Document(done), nil))
}

// Apply completes every accepted appeal whose effects were interrupted by a crash.
func (a *Appeals) Apply(ctx context.Context, asOf time.Time) error {
	return appealCodec().ForEachWaking(ctx, a.store, asOf, func(appeal Appeal) error {
		_, err := a.overturn(ctx, appeal)
		return err
	})
}

// AppealQuery selects appeals; zero fields select all.
type AppealQuery struct {
	State   AppealState
	CaseID  CaseID
	BuyerID BuyerID
}

// filter converts the query. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (q AppealQuery) filter(caller Caller) (DocumentFilter, error) {
	if !caller.Reviews() {
		return DocumentFilter{}, Forbidden()
	}
	if err := CheckKnownOrEmpty(q.State, AppealStates(), "state"); err != nil {
		return DocumentFilter{}, err
	}
	return DocumentFilter{State: string(q.State), CaseID: q.CaseID, BuyerID: q.BuyerID}, nil
}

// List returns up to 1,000 appeals: open ones, longest waiting first, then decided ones, latest filed first. FORBIDDEN
// unless the caller reviews.
func (a *Appeals) List(ctx context.Context, caller Caller, query AppealQuery) ([]Appeal, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return nil, err
	}
	return appealCodec().List(ctx, a.store, filter, MaxListed)
}

// Page returns a page of appeals in the order of List. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (a *Appeals) Page(ctx context.Context, caller Caller, query AppealQuery, request PageRequest) (Page[Appeal], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return Page[Appeal]{}, err
	}
	return appealCodec().Page(ctx, a.store, filter, request)
}

// Count counts appeals, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (a *Appeals) Count(ctx context.Context, caller Caller, query AppealQuery) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return appealCodec().Count(ctx, a.store, filter)
}

// Find returns an appeal. FORBIDDEN unless the caller reviews, NOT_FOUND when there is none.
func (a *Appeals) Find(ctx context.Context, caller Caller, id string) (Appeal, error) {
	if !caller.Reviews() {
		return Appeal{}, Forbidden()
	}
	return appealCodec().Find(ctx, a.store, id)
}

// Of returns each account's appeals, in the order of List. FORBIDDEN unless the caller reviews or is a service.
func (a *Appeals) Of(ctx context.Context, caller Caller, buyers []BuyerID) (map[BuyerID][]Appeal, error) {
	if !caller.MaySeeBuyers() {
		return nil, Forbidden()
	}
	return appealCodec().OfBuyers(ctx, a.store, buyers)
}

// MayDecide reports whether the caller may decide the appeal now; c is the current state of its case.
func (a Appeal) MayDecide(caller Caller, c Case) bool {
	return caller.Decides() && a.State == AppealOpen && !a.decidedBy(caller.Subject, c.Decision) && !a.taggedBy(caller.MerchantID)
}

// taggedBy reports whether a shop had a tag in the case when the appeal was filed.
func (a Appeal) taggedBy(shop MerchantID) bool {
	if shop == "" {
		return false
	}
	var facts AppealFacts
	// If the facts can't be read, nobody who acts for a shop may decide.
	return json.Unmarshal(a.Facts, &facts) != nil || slices.ContainsFunc(facts.Tags, func(tag Tag) bool { return tag.MerchantID == shop })
}

// FactsFor returns the snapshot of the case. FORBIDDEN unless the caller reviews.
func (a Appeal) FactsFor(caller Caller) (facts AppealFacts, err error) {
	if !caller.MaySeeCases() {
		return facts, Forbidden()
	}
	if err := json.Unmarshal(a.Facts, &facts); err != nil {
		return facts, fmt.Errorf("facts of appeal %s: %w", a.ID, err)
	}
	return facts, nil
}

// decidedBy reports whether a person decided the case, before the appeal was filed or since.
func (a Appeal) decidedBy(subject string, latest *CaseDecision) bool {
	return subject == a.CaseDecidedBy || latest != nil && latest.By == subject
}

func (a Appeal) entry(actor string, action Action, at time.Time, reason string) Entry {
	return Entry{
		At: at, Actor: actor, Action: action, Reason: reason,
		Subjects: []Subject{"appeal:" + Subject(a.ID), CaseSubject(a.CaseID), BuyerSubject(a.BuyerID)},
	}
}
