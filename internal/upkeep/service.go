package upkeep

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Service applies changes that time and other data cause in cases: tags that leave the window, deadlines, new risk data, shops
// whose entity changes or whose permission is revoked, and changes that a crash interrupted. All of it is derived from the
// store, idempotent, and safe to run on several instances concurrently.
type Service struct {
	store serviceStore
	clock cloudtag.Clock
}

type serviceStore interface {
	cloudtag.CaseWriter
	cloudtag.Recoverer
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error)
	CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error)
	LiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error)
	MerchantsToRecount(ctx context.Context, limit int) ([]cloudtag.Merchant, error)
	MerchantRecounted(ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID) error
	RisksToEvaluate(ctx context.Context, limit int) ([]cloudtag.RiskProfile, error)
	RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error
}

// New returns the service over a store.
func New(store serviceStore, clock cloudtag.Clock) *Service {
	return &Service{store: store, clock: clock}
}

const (
	pageSize = 1024 // cases that are looked up at once
	workers  = 128  // cases that are amended concurrently: while a store commits a group, the next one queues up
	// maxSweepRepeats is how often the same cases may be due in a row before a sweep fails: an evaluated case is no longer due,
	// unless there is a bug.
	maxSweepRepeats = 10
)

// Report is the result of a sweep.
type Report struct {
	Recovered int // changes that a crash had interrupted
	Cases     int // cases that were due
}

// Sweep applies everything that is due at a time: recovery first, then marked risk data and shops, then every due case, until
// nothing is due.
func (s *Service) Sweep(ctx context.Context, asOf time.Time) (Report, error) {
	asOf = cloudtag.NormalTime(asOf)
	var report Report
	var err error
	if report.Recovered, err = s.store.Recover(ctx); err != nil {
		return report, fmt.Errorf("recover: %w", err)
	}
	if err := s.EvaluateMarkedRisks(ctx, asOf); err != nil {
		return report, err
	}
	if err := s.RecountMarkedMerchants(ctx, asOf); err != nil {
		return report, err
	}
	var before []cloudtag.CaseID
	for repeats := 0; ; {
		due, err := s.store.WakingCases(ctx, asOf, pageSize)
		if err != nil {
			return report, fmt.Errorf("find due cases: %w", err)
		}
		if len(due) == 0 {
			return report, nil
		}
		if !slices.Equal(due, before) {
			before, repeats = due, 0
		} else if repeats++; repeats == maxSweepRepeats {
			return report, fmt.Errorf("case %s stays due at %s, though it was evaluated %d times", due[0], asOf.Format(time.RFC3339), repeats)
		}
		if err := s.Evaluate(ctx, due, asOf); err != nil {
			return report, err
		}
		report.Cases += len(due)
	}
}

// EvaluateMarkedRisks evaluates the cases of every account with new risk data. A profile keeps its mark until all its cases
// are evaluated, so that a crash repeats the evaluation, which is idempotent.
func (s *Service) EvaluateMarkedRisks(ctx context.Context, at time.Time) error {
	for {
		profiles, err := s.store.RisksToEvaluate(ctx, pageSize)
		if err != nil {
			return fmt.Errorf("find new risk data: %w", err)
		}
		if len(profiles) == 0 {
			return nil
		}
		buyers := make([]cloudtag.BuyerID, len(profiles))
		for i, profile := range profiles {
			buyers[i] = profile.BuyerID
		}
		found, err := s.store.CasesOfBuyers(ctx, buyers)
		if err != nil {
			return fmt.Errorf("find cases of buyers: %w", err)
		}
		var ids []cloudtag.CaseID
		for _, cases := range found {
			for _, c := range cases {
				ids = append(ids, c.ID)
			}
		}
		if err := s.Evaluate(ctx, ids, at); err != nil {
			return err
		}
		for _, profile := range profiles {
			if err := s.store.RiskEvaluated(ctx, profile); err != nil {
				return fmt.Errorf("unmark risk data: %w", err)
			}
		}
	}
}

// RecountMarkedMerchants reassigns the votes of every shop whose entity has changed (rule 7).
func (s *Service) RecountMarkedMerchants(ctx context.Context, at time.Time) error {
	for {
		merchants, err := s.store.MerchantsToRecount(ctx, pageSize)
		if err != nil {
			return fmt.Errorf("find merchants to recount: %w", err)
		}
		if len(merchants) == 0 {
			return nil
		}
		for _, merchant := range merchants {
			_, err := s.recount(ctx, merchant.ID, func(file *cloudtag.CaseFile) {
				file.Reassign(merchant.ID, merchant.EntityID, cloudtag.SystemCaller("recount").Subject, cloudtag.ReasonEntityChanged, at)
			})
			if err != nil {
				return err
			}
			if err := s.store.MerchantRecounted(ctx, merchant.ID, merchant.EntityID); err != nil {
				return fmt.Errorf("unmark merchant: %w", err)
			}
		}
	}
}

// Discount recounts every case with live tags of a shop without that shop, whose permission was revoked (rule 13), and returns
// how many cases it recounted. After a crash it resumes where it stopped, since recounted cases have no live tags of the
// shop.
func (s *Service) Discount(ctx context.Context, merchant cloudtag.MerchantID, actor, reason string) (int, error) {
	at := s.clock.Now()
	return s.recount(ctx, merchant, func(file *cloudtag.CaseFile) { file.Discount(merchant, actor, reason, at) })
}

// recount amends every case in which a shop has live tags.
func (s *Service) recount(ctx context.Context, merchant cloudtag.MerchantID, edit func(*cloudtag.CaseFile)) (int, error) {
	count := 0
	var after cloudtag.CaseID
	for {
		ids, err := s.store.LiveCasesOf(ctx, merchant, after, pageSize)
		if err != nil {
			return count, fmt.Errorf("find cases of merchant: %w", err)
		}
		if len(ids) == 0 {
			return count, nil
		}
		if err := s.amendAll(ctx, ids, edit); err != nil {
			return count, err
		}
		count += len(ids)
		after = ids[len(ids)-1]
	}
}

// Evaluate evaluates cases at a time, concurrently, and returns the first error.
func (s *Service) Evaluate(ctx context.Context, ids []cloudtag.CaseID, at time.Time) error {
	return s.amendAll(ctx, ids, func(file *cloudtag.CaseFile) { file.Evaluate(at) })
}

// amendAll amends cases in chunks and returns the first error.
func (s *Service) amendAll(ctx context.Context, ids []cloudtag.CaseID, edit func(*cloudtag.CaseFile)) error {
	for chunk := range slices.Chunk(ids, workers) {
		if err := s.amendConcurrently(ctx, chunk, edit); err != nil {
			return err
		}
		if err := cloudtag.Yield(ctx); err != nil {
			return err
		}
	}
	return nil
}

// amendConcurrently amends cases concurrently and returns the first error, after all goroutines have returned.
func (s *Service) amendConcurrently(ctx context.Context, ids []cloudtag.CaseID, edit func(*cloudtag.CaseFile)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cloudtag.Parallel(len(ids), workers, func(i int) {
		if _, err := s.store.Amend(ctx, ids[i], func(file *cloudtag.CaseFile) error { edit(file); return nil }); err != nil {
			cancel(fmt.Errorf("amend case: %w", err))
		}
	})
	return context.Cause(ctx)
}
