package appeals

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Service files and decides buyers' appeals. The person who decided the case may not decide its appeal (rule 14).
type Service struct {
	store appealStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type appealStore interface {
	cloudtag.DocumentStore
	cloudtag.CaseWriter
	Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error)
	LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error)
	Policy(ctx context.Context, version int) (cloudtag.Policy, error)
	TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) ([]cloudtag.Tag, bool, error)
}

// New returns the service over a store.
func New(store appealStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Service {
	return &Service{store: store, clock: clock, ids: ids}
}

// File opens an appeal against a case that was confirmed. Errors: FORBIDDEN unless the caller is a service, NOT_FOUND,
// REASON_REQUIRED without a statement, INVALID_STATE when the case has no effect or an appeal is open.
func (a *Service) File(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, statement string) (Appeal, error) {
	if !caller.Serves() {
		return Appeal{}, cloudtag.Forbidden()
	}
	if !cloudtag.HasVisibleText(statement, maxStatementLength) {
		return Appeal{}, cloudtag.Refuse(cloudtag.CodeReasonRequired, cloudtag.Text{
			ZH: fmt.Sprintf("请填写申诉内容（1 至 %d 个字）。", maxStatementLength),
			EN: fmt.Sprintf("Give a statement of 1 to %d characters.", maxStatementLength),
		}, "input", "statement")
	}
	facts, err := a.facts(ctx, id)
	if err != nil {
		return Appeal{}, err
	}
	if state := facts.Case.State; state != cloudtag.CaseConfirmed && state != cloudtag.CaseLapsed {
		return Appeal{}, cloudtag.InvalidState("caseId")
	}
	now := a.clock.Now()
	appeal := Appeal{
		ID: a.ids.NewID(), Version: 1, CaseID: id, BuyerID: facts.Case.BuyerID, State: Open, Statement: statement,
		FiledBy: caller.Subject, FiledAt: now, Facts: cloudtag.MustJSON(facts),
	}
	if decision := facts.Case.Decision; decision != nil {
		appeal.CaseDecidedBy = decision.By
	}
	err = appealCodec().Save(ctx, a.store, nil, appeal, appeal.entry(caller.Subject, cloudtag.ActionAppealFiled, now, ""))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Appeal{}, cloudtag.InvalidState("caseId")
	}
	return appeal, err
}

// facts takes a snapshot of the case.
func (a *Service) facts(ctx context.Context, id cloudtag.CaseID) (Facts, error) {
	found, err := a.store.Cases(ctx, []cloudtag.CaseID{id})
	if err != nil {
		return Facts{}, fmt.Errorf("find case: %w", err)
	}
	c, known := found[id]
	if !known {
		return Facts{}, cloudtag.NotFound()
	}
	c.Claim, c.Undo = nil, nil // a claim's token is known to its holder only
	live, err := a.store.LiveTags(ctx, []cloudtag.CaseID{id})
	if err != nil {
		return Facts{}, fmt.Errorf("find live tags: %w", err)
	}
	policy, err := a.store.Policy(ctx, c.PolicyVersion)
	if err != nil {
		return Facts{}, fmt.Errorf("find policy: %w", err)
	}
	explanation := cloudtag.ExplainBy(c, policy, a.clock.Now())
	explanation.Votes = cloudtag.VotesOf(live[id])
	return Facts{Case: c, Explanation: explanation, Tags: live[id]}, nil
}

// Decide accepts or declines an appeal. Accepting it overturns the case: its succeeded tags become OVERTURNED, and the
// answers derived from them change. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, REASON_REQUIRED without a
// reply, SAME_PERSON for the person who decided the case, INVALID_STATE unless the appeal is open.
func (a *Service) Decide(ctx context.Context, caller cloudtag.Caller, id string, accept bool, reply string) (Appeal, error) {
	if !caller.Decides() {
		return Appeal{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reply, "reply"); err != nil {
		return Appeal{}, err
	}
	codec := appealCodec()
	before, err := codec.Find(ctx, a.store, id)
	if err != nil {
		return Appeal{}, err
	}
	if before.State != Open {
		return Appeal{}, cloudtag.InvalidState("id")
	}
	if same, err := a.decidedCase(ctx, before, caller.Subject); err != nil || same {
		if err == nil {
			err = cloudtag.SamePerson("id")
		}
		return Appeal{}, err
	}
	if before.taggedBy(caller.MerchantID) {
		return Appeal{}, cloudtag.OwnShop("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.Reply = Declined, caller.Subject, a.clock.Now(), reply
	if accept {
		after.State = Accepted
	}
	err = codec.Save(ctx, a.store, &before, after, after.entry(caller.Subject, cloudtag.ActionAppealDecided, after.DecidedAt, reply))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Appeal{}, cloudtag.InvalidState("id")
	}
	if err != nil || !accept {
		return after, err
	}
	return a.overturn(ctx, after)
}

// decidedCase reports whether a person decided the case, before the appeal was filed or since.
func (a *Service) decidedCase(ctx context.Context, appeal Appeal, subject string) (bool, error) {
	found, err := a.store.Cases(ctx, []cloudtag.CaseID{appeal.CaseID})
	if err != nil {
		return false, fmt.Errorf("find case: %w", err)
	}
	return appeal.decidedBy(subject, found[appeal.CaseID].Decision), nil
}

// overturn applies an accepted appeal. It is idempotent, so that it can be repeated after a crash at any point.
func (a *Service) overturn(ctx context.Context, appeal Appeal) (Appeal, error) {
	filter := cloudtag.TagFilter{
		BuyerID: appeal.BuyerID, Statuses: []cloudtag.TagStatus{cloudtag.TagSucceeded}, SubmittedBefore: appeal.DecidedAt.Add(cloudtag.TimeResolution),
	}
	filter.Scenario, _, _ = appeal.CaseID.Parts()
	for more := true; more; {
		var succeeded []cloudtag.Tag
		var err error
		succeeded, more, err = a.store.TagPage(ctx, filter, cloudtag.TagsBySubmittedAsc, cloudtag.Slice{Limit: overturnedAtOnce})
		if err != nil {
			return appeal, fmt.Errorf("find succeeded tags: %w", err)
		}
		_, err = a.store.Amend(ctx, appeal.CaseID, func(file *cloudtag.CaseFile) error {
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
	return done, cloudtag.IgnoreConflict(a.store.SaveDocument(ctx, appealCodec().Document(done), nil))
}

// Apply completes every accepted appeal whose effects were interrupted by a crash.
func (a *Service) Apply(ctx context.Context, asOf time.Time) error {
	return appealCodec().ForEachWaking(ctx, a.store, asOf, func(appeal Appeal) error {
		_, err := a.overturn(ctx, appeal)
		return err
	})
}

// Query selects appeals; zero fields select all.
type Query struct {
	State   State
	CaseID  cloudtag.CaseID
	BuyerID cloudtag.BuyerID
}

// filter converts the query. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (q Query) filter(caller cloudtag.Caller) (cloudtag.DocumentFilter, error) {
	if !caller.Reviews() {
		return cloudtag.DocumentFilter{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckKnownOrEmpty(q.State, States(), "state"); err != nil {
		return cloudtag.DocumentFilter{}, err
	}
	return cloudtag.DocumentFilter{State: string(q.State), CaseID: q.CaseID, BuyerID: q.BuyerID}, nil
}

// List returns up to 1,000 appeals: open ones, longest waiting first, then decided ones, latest filed first. FORBIDDEN
// unless the caller reviews.
func (a *Service) List(ctx context.Context, caller cloudtag.Caller, query Query) ([]Appeal, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return nil, err
	}
	return appealCodec().List(ctx, a.store, filter, cloudtag.MaxListed)
}

// Page returns a page of appeals in the order of List. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (a *Service) Page(ctx context.Context, caller cloudtag.Caller, query Query, request cloudtag.PageRequest) (cloudtag.Page[Appeal], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return cloudtag.Page[Appeal]{}, err
	}
	return appealCodec().Page(ctx, a.store, filter, request)
}

// Count counts appeals, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (a *Service) Count(ctx context.Context, caller cloudtag.Caller, query Query) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return appealCodec().Count(ctx, a.store, filter)
}

// Find returns an appeal. FORBIDDEN unless the caller reviews, NOT_FOUND when there is none.
func (a *Service) Find(ctx context.Context, caller cloudtag.Caller, id string) (Appeal, error) {
	if !caller.Reviews() {
		return Appeal{}, cloudtag.Forbidden()
	}
	return appealCodec().Find(ctx, a.store, id)
}

// Of returns each account's appeals, in the order of List. FORBIDDEN unless the caller reviews or is a service.
func (a *Service) Of(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]Appeal, error) {
	if !caller.MaySeeBuyers() {
		return nil, cloudtag.Forbidden()
	}
	return appealCodec().OfBuyers(ctx, a.store, buyers)
}
