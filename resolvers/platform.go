package resolvers

import (
	"context"
	"time"

	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/secondreview"
)

// The platform's half of the services: what reviewers, administrators and the platform's own services work with.

// Reviews is the reviewers' work on the queue.
type Reviews interface {
	Claim(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, token string) (cloudtag.Case, error)
	Release(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, token string) (cloudtag.Case, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, ruling cloudtag.Ruling) (cloudtag.Case, error)
	Queue(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string, expectedVersion int) (cloudtag.Case, error)
	DecideAll(ctx context.Context, caller cloudtag.Caller, rulings []cloudtag.CaseRuling) ([]cloudtag.RulingResult, error)
	Undo(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID) (cloudtag.Case, error)
	VoidTag(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, reason string) (cloudtag.Tag, error)
}

// Queue counts what waits for reviewers.
type Queue interface {
	Stats(ctx context.Context, caller cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error)
}

// Metrics counts what happened, finds the log's entries by time, and says how long the queue's cases have left.
type Metrics interface {
	Read(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) (metrics.Report, error)
	QueueAges(ctx context.Context, caller cloudtag.Caller) ([]metrics.QueueAge, error)
	Reviewers(ctx context.Context, caller cloudtag.Caller, from, to time.Time, scenario cloudtag.ScenarioCode) ([]metrics.ReviewerTally, error)
	Calendar() cloudtag.Calendar
	LogPage(ctx context.Context, caller cloudtag.Caller, filter metrics.TimedFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error)
	CountLog(ctx context.Context, caller cloudtag.Caller, filter metrics.TimedFilter) (int, error)
}

// FreightInsurance answers the insurer's services and takes complaints.
type FreightInsurance interface {
	Decide(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (cloudtag.FreightInsuranceDecision, error)
	Given(ctx context.Context, caller cloudtag.Caller, numbers []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.FreightInsuranceDecision, error)
	ComplaintOf(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (*cloudtag.Complaint, error)
	ComplaintsOf(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Complaint, error)
	OpenComplaint(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo) (cloudtag.Complaint, error)
	DecideComplaint(ctx context.Context, caller cloudtag.Caller, id string, state cloudtag.ComplaintState) (cloudtag.Complaint, error)
}

// Restrictions takes shops' restrictions of buyers.
type Restrictions interface {
	Restrict(ctx context.Context, caller cloudtag.Caller, number cloudtag.OrderNo, modes []cloudtag.RestrictionMode, description string) (cloudtag.Restriction, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (cloudtag.Restriction, error)
	Lift(ctx context.Context, caller cloudtag.Caller, id string) (cloudtag.Restriction, error)
	Find(ctx context.Context, caller cloudtag.Caller, id string) (cloudtag.Restriction, error)
	List(ctx context.Context, caller cloudtag.Caller, query cloudtag.RestrictionQuery) ([]cloudtag.Restriction, error)
	Page(ctx context.Context, caller cloudtag.Caller, query cloudtag.RestrictionQuery, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Restriction], error)
	Count(ctx context.Context, caller cloudtag.Caller, query cloudtag.RestrictionQuery) (int, error)
	Of(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Restriction, error)
}

// Revocations takes shops' permission away.
type Revocations interface {
	Propose(ctx context.Context, caller cloudtag.Caller, proposal cloudtag.Proposal) (cloudtag.Revocation, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (cloudtag.Revocation, error)
	Recounted(ctx context.Context, revocation cloudtag.Revocation) (int, error)
	RevokedFor(ctx context.Context, caller cloudtag.Caller, merchant cloudtag.MerchantID) (cloudtag.ViolationKind, error)
	List(ctx context.Context, caller cloudtag.Caller, query cloudtag.RevocationQuery) ([]cloudtag.Revocation, error)
	Page(ctx context.Context, caller cloudtag.Caller, query cloudtag.RevocationQuery, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Revocation], error)
	Count(ctx context.Context, caller cloudtag.Caller, query cloudtag.RevocationQuery) (int, error)
}

// Appeals takes buyers' appeals.
type Appeals interface {
	File(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, statement string) (cloudtag.Appeal, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, accept bool, reply string) (cloudtag.Appeal, error)
	List(ctx context.Context, caller cloudtag.Caller, query cloudtag.AppealQuery) ([]cloudtag.Appeal, error)
	Page(ctx context.Context, caller cloudtag.Caller, query cloudtag.AppealQuery, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Appeal], error)
	Count(ctx context.Context, caller cloudtag.Caller, query cloudtag.AppealQuery) (int, error)
	Find(ctx context.Context, caller cloudtag.Caller, id string) (cloudtag.Appeal, error)
	Of(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Appeal, error)
}

// SecondReviews lets another reviewer look at confirmations.
type SecondReviews interface {
	Decide(ctx context.Context, caller cloudtag.Caller, id string, agree bool, reason string) (secondreview.Review, error)
	Page(ctx context.Context, caller cloudtag.Caller, query secondreview.Query, request cloudtag.PageRequest) (cloudtag.Page[secondreview.Review], error)
	Count(ctx context.Context, caller cloudtag.Caller, query secondreview.Query) (int, error)
	Find(ctx context.Context, caller cloudtag.Caller, id string) (secondreview.Review, error)
}

// Rollouts tells how far a policy has been carried on.
type Rollouts interface {
	Find(ctx context.Context, caller cloudtag.Caller, policyVersion int) (policylab.Rollout, error)
}

// Simulations replays history under a proposed policy.
type Simulations interface {
	Run(ctx context.Context, caller cloudtag.Caller, request policylab.SimulationRequest, progress func(done, of int)) (policylab.SimulationReport, error)
	Report(ctx context.Context, caller cloudtag.Caller, basedOn int, proposed cloudtag.Policy) (policylab.SimulationReport, error)
}

// Vettings lets two people vouch for a shop.
type Vettings interface {
	Propose(ctx context.Context, caller cloudtag.Caller, shop cloudtag.MerchantID, vetted bool, reason string) (cloudtag.Vetting, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (cloudtag.Vetting, error)
	List(ctx context.Context, caller cloudtag.Caller, query cloudtag.VettingQuery) ([]cloudtag.Vetting, error)
}

// Team is how reviewers and leads work on cases together.
type Team interface {
	Note(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, text string) (cloudtag.Case, error)
	WithdrawNote(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, seq int64) (cloudtag.Case, error)
	Notes(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, kept cloudtag.CaseNotes) ([]cloudtag.CaseNote, error)
	Assign(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, to string) ([]cloudtag.RulingResult, error)
	TakeOver(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID) (cloudtag.Case, error)
	Snooze(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, until time.Time, reason string) (cloudtag.Case, error)
	Wake(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID) (cloudtag.Case, error)
	Escalate(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error)
	HandBack(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error)
	Reviewers(ctx context.Context, caller cloudtag.Caller) ([]string, error)
	Inbox(ctx context.Context, caller cloudtag.Caller) (casework.Inbox, error)
	ReadInbox(ctx context.Context, caller cloudtag.Caller, through int64) (casework.Inbox, error)
}

// Views keeps people's views.
type Views interface {
	Page(ctx context.Context, caller cloudtag.Caller, query casework.ViewQuery, request cloudtag.PageRequest) (cloudtag.Page[casework.SavedView], error)
	Count(ctx context.Context, caller cloudtag.Caller, query casework.ViewQuery) (int, error)
	Save(ctx context.Context, caller cloudtag.Caller, draft casework.ViewDraft) (casework.SavedView, error)
	Delete(ctx context.Context, caller cloudtag.Caller, id string) (casework.SavedView, error)
}

// TokenRevocations calls bearer tokens back.
type TokenRevocations interface {
	Revoke(ctx context.Context, caller cloudtag.Caller, in cloudtag.RevokeTokensInput) (cloudtag.TokenRevocation, error)
	List(ctx context.Context, caller cloudtag.Caller) ([]cloudtag.TokenRevocation, error)
	Page(ctx context.Context, caller cloudtag.Caller, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.TokenRevocation], error)
	Count(ctx context.Context, caller cloudtag.Caller) (int, error)
}
