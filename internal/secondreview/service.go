package secondreview

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/logview"
)

// Service draws confirmations, by reviewers and by votes, and keeps their second reviews. The draw is a view of the log.
//
// The draw depends only on the entry of the confirmation and on a secret of the store. The entry's hash covers the log before it,
// and the secret never leaves the store, so that neither a shop nor a reviewer can predict or influence the draw. It is
// deterministic: another instance, or the same one after a crash, draws the same confirmations.
type Service struct {
	store serviceStore
	clock cloudtag.Clock
	fresh func() []byte
}

type serviceStore interface {
	cloudtag.DocumentStore
	cloudtag.LogReader
	cloudtag.CaseWriter
	Policy(ctx context.Context, version int) (cloudtag.Policy, error)
	LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error)
}

// New returns the service over a store. fresh returns random bytes for the secret of a store that has none.
func New(store serviceStore, clock cloudtag.Clock, fresh func() []byte) *Service {
	return &Service{store: store, clock: clock, fresh: fresh}
}

func (s *Service) view() logview.View {
	return logview.View{Kind: cloudtag.KindSecondReviewPosition, ID: "position"}
}

// Counted implements CountedView of internal/auditlog.
func (s *Service) Counted(ctx context.Context) (int64, error) {
	return s.view().Counted(ctx, s.store)
}

// CatchUp draws from the log up to its end. It also queues the cases of disagreements that a crash has left unqueued.
func (s *Service) CatchUp(ctx context.Context) error {
	secret, err := cloudtag.StoredSecret(ctx, s.store, "second_reviews", s.fresh)
	if err != nil {
		return fmt.Errorf("read the secret of second reviews: %w", err)
	}
	view := s.view()
	view.Fold = func(ctx context.Context, page logview.Page) (logview.Step, error) {
		draw := draw{Service: s, secret: secret, policies: map[int]cloudtag.Policy{}, cases: map[cloudtag.CaseID]bool{}}
		return draw.fold(ctx, page)
	}
	if err := view.CatchUp(ctx, s.store); err != nil {
		return err
	}
	return s.queueDisagreements(ctx)
}

// Decide records whether a second reviewer agrees with a confirmation. A disagreement does not change the decision: it queues
// the case again, for a third reviewer. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, REASON_REQUIRED,
// SAME_PERSON for the reviewer who confirmed the case and for callers who act for a shop that tagged in it, INVALID_STATE
// unless the second review is open.
func (s *Service) Decide(ctx context.Context, caller cloudtag.Caller, id string, agree bool, reason string) (Review, error) {
	if !caller.Decides() {
		return Review{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return Review{}, err
	}
	codec := reviewCodec()
	before, err := codec.Find(ctx, s.store, id)
	if err != nil {
		return Review{}, err
	}
	switch {
	case before.State != cloudtag.SecondReviewOpen:
		return Review{}, cloudtag.InvalidState("id")
	case before.FirstBy == caller.Subject:
		return Review{}, cloudtag.SamePerson("id")
	case before.taggedBy(caller.MerchantID):
		return Review{}, cloudtag.OwnShop("id")
	}
	after := before
	after.Version++
	after.State, after.DecidedBy, after.DecidedAt, after.Reason = cloudtag.SecondReviewAgreed, caller.Subject, s.clock.Now(), reason
	if !agree {
		after.State = cloudtag.SecondReviewDisagreed
	}
	err = codec.Save(ctx, s.store, &before, after, after.entry(caller.Subject, cloudtag.ActionSecondReviewDecided, after.DecidedAt, reason))
	if cloudtag.CodeOf(err) == cloudtag.CodeConflict {
		return Review{}, cloudtag.InvalidState("id")
	}
	if err != nil || agree {
		return after, err
	}
	return s.queue(ctx, after)
}

// queue queues the case of a disagreement. It is idempotent, so that it can be repeated after a crash at any point.
func (s *Service) queue(ctx context.Context, review Review) (Review, error) {
	dispute := cloudtag.Dispute{Review: review.ID, Between: []string{review.DecidedBy}}
	if !review.FirstAutomatic {
		dispute.Between = append(dispute.Between, review.FirstBy)
	}
	_, err := s.store.Amend(ctx, review.CaseID, func(file *cloudtag.CaseFile) error {
		file.QueueDisputed(dispute, review.DecidedBy, review.Reason, s.clock.Now())
		return nil
	})
	if err != nil {
		return review, fmt.Errorf("queue case: %w", err)
	}
	done := review
	done.Version++
	done.QueuedAt = s.clock.Now()
	return done, cloudtag.IgnoreConflict(s.store.SaveDocument(ctx, reviewCodec().Document(done), nil))
}

func (s *Service) queueDisagreements(ctx context.Context) error {
	return reviewCodec().ForEachWaking(ctx, s.store, s.clock.Now(), func(review Review) error {
		_, err := s.queue(ctx, review)
		return err
	})
}

// Query selects second reviews; zero fields select all.
type Query struct {
	State    cloudtag.SecondReviewState
	Scenario cloudtag.ScenarioCode
	CaseID   cloudtag.CaseID
	BuyerID  cloudtag.BuyerID
	FirstBy  string // the first reviewer; selects decided second reviews only
}

// filter converts the query. Errors: FORBIDDEN unless the caller reviews, and for the reviews of another reviewer, see
// [cloudtag.Caller.MaySeeReviewer]; BAD_USER_INPUT.
func (q Query) filter(caller cloudtag.Caller) (cloudtag.DocumentFilter, error) {
	if !caller.Reviews() || q.FirstBy != "" && q.FirstBy != cloudtag.EngineActor && !caller.MaySeeReviewer(q.FirstBy) {
		return cloudtag.DocumentFilter{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckKnownOrEmpty(q.State, cloudtag.SecondReviewStates(), "filter", "state"); err != nil {
		return cloudtag.DocumentFilter{}, err
	}
	return cloudtag.DocumentFilter{State: string(q.State), Topic: string(q.Scenario), CaseID: q.CaseID, BuyerID: q.BuyerID, Owner: q.FirstBy}, nil
}

// Page returns a page of second reviews: the open ones, earliest confirmation first, then the decided ones, latest first. Errors:
// FORBIDDEN unless the caller reviews; BAD_USER_INPUT.
func (s *Service) Page(ctx context.Context, caller cloudtag.Caller, query Query, request cloudtag.PageRequest) (cloudtag.Page[Review], error) {
	filter, err := query.filter(caller)
	if err != nil {
		return cloudtag.Page[Review]{}, err
	}
	return reviewCodec().Page(ctx, s.store, filter, request)
}

// Count counts second reviews, exactly up to MaxCount, then MaxCount+1. Errors as of Page.
func (s *Service) Count(ctx context.Context, caller cloudtag.Caller, query Query) (int, error) {
	filter, err := query.filter(caller)
	if err != nil {
		return 0, err
	}
	return reviewCodec().Count(ctx, s.store, filter)
}

// Find returns a second review. FORBIDDEN unless the caller reviews, NOT_FOUND when there is none.
func (s *Service) Find(ctx context.Context, caller cloudtag.Caller, id string) (Review, error) {
	if !caller.Reviews() {
		return Review{}, cloudtag.Forbidden()
	}
	return reviewCodec().Find(ctx, s.store, id)
}
