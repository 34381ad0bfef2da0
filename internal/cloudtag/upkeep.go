package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Upkeep applies changes that time and other data cause in cases: tags that leave the window, deadlines, new risk data, shops
// whose entity changes or whose permission is revoked, and changes that a crash interrupted. All of it is derived from the
// store, idempotent, and safe to run on several instances concurrently.
type Upkeep struct {
	store upkeepStore
	clock Clock
}

type upkeepStore interface {
	CaseWriter
	Recoverer
	WakingCases(ctx context.Context, asOf time.Time, limit int) ([]CaseID, error)
	CasesOfBuyers(ctx context.Context, buyers []BuyerID) (map[BuyerID][]Case, error)
	LiveCasesOf(ctx context.Context, merchant MerchantID, after CaseID, limit int) ([]CaseID, error)
	MerchantsToRecount(ctx context.Context, limit int) ([]Merchant, error)
	MerchantRecounted(ctx context.Context, merchant MerchantID, entity EntityID) error
	RisksToEvaluate(ctx context.Context, limit int) ([]RiskProfile, error)
	RiskEvaluated(ctx context.Context, profile RiskProfile) error
}

// NewUpkeep returns the service over a store.
func NewUpkeep(store upkeepStore, clock Clock) *Upkeep { return &Upkeep{store: store, clock: clock} }

const (
	upkeepPage    = 1024 // cases that are looked up at once
	upkeepWorkers = 128  // cases that are amended concurrently: while a store commits a group, the next one queues up
	// maxSweepRepeats is how often the same cases may be due in a row before a sweep fails: an evaluated case is no longer due,
	// unless there is a bug.
	maxSweepRepeats = 10
)

// SweepReport is the result of a sweep.
type SweepReport struct {
	Recovered int // changes that a crash had interrupted
	Cases     int // cases that were due
}

// Sweep applies everything that is due at a time: recovery first, then marked risk data and shops, then every due case, until
// nothing is due.
func (u *Upkeep) Sweep(ctx context.Context, asOf time.Time) (SweepReport, error) {
	asOf = NormalTime(asOf)
	var report SweepReport
	var err error
	if report.Recovered, err = u.store.Recover(ctx); err != nil {
		return report, fmt.Errorf("recover: %w", err)
	}
	if err := u.EvaluateMarkedRisks(ctx, asOf); err != nil {
		return report, err
	}
	if err := u.RecountMarkedMerchants(ctx, asOf); err != nil {
		return report, err
	}
	var before []CaseID
	for repeats := 0; ; {
		due, err := u.store.WakingCases(ctx, asOf, upkeepPage)
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
		if err := u.Evaluate(ctx, due, asOf); err != nil {
			return report, err
		}
		report.Cases += len(due)
	}
}

// EvaluateMarkedRisks evaluates the cases of every account with new risk data. A profile keeps its mark until all its cases
// are evaluated, so that a crash repeats the evaluation, which is idempotent.
func (u *Upkeep) EvaluateMarkedRisks(ctx context.Context, at time.Time) error {
	for {
		profiles, err := u.store.RisksToEvaluate(ctx, upkeepPage)
		if err != nil {
			return fmt.Errorf("find new risk data: %w", err)
		}
		if len(profiles) == 0 {
			return nil
		}
		buyers := make([]BuyerID, len(profiles))
		for i, profile := range profiles {
			buyers[i] = profile.BuyerID
		}
		found, err := u.store.CasesOfBuyers(ctx, buyers)
		if err != nil {
			return fmt.Errorf("find cases of buyers: %w", err)
		}
		var ids []CaseID
		for _, cases := range found {
			for _, c := range cases {
				ids = append(ids, c.ID)
			}
		}
		if err := u.Evaluate(ctx, ids, at); err != nil {
			return err
		}
		for _, profile := range profiles {
			if err := u.store.RiskEvaluated(ctx, profile); err != nil {
				return fmt.Errorf("unmark risk data: %w", err)
			}
		}
	}
}

// RecountMarkedMerchants reassigns the votes of every shop whose entity has changed (rule 7).
func (u *Upkeep) RecountMarkedMerchants(ctx context.Context, at time.Time) error {
	for {
		merchants, err := u.store.MerchantsToRecount(ctx, upkeepPage)
		if err != nil {
			return fmt.Errorf("find merchants to recount: %w", err)
		}
		if len(merchants) == 0 {
			return nil
		}
		for _, merchant := range merchants {
			_, err := u.recount(ctx, merchant.ID, func(file *CaseFile) {
				file.Reassign(merchant.ID, merchant.EntityID, SystemCaller("recount").Subject, reasonEntityChanged, at)
			})
			if err != nil {
				return err
			}
			if err := u.store.MerchantRecounted(ctx, merchant.ID, merchant.EntityID); err != nil {
				return fmt.Errorf("unmark merchant: %w", err)
			}
		}
	}
}

// Discount recounts every case with live tags of a shop without that shop, whose permission was revoked (rule 13), and returns
// how many cases it recounted. After a crash it resumes where it stopped, since recounted cases have no live tags of the
// shop.
func (u *Upkeep) Discount(ctx context.Context, merchant MerchantID, actor, reason string) (int, error) {
	at := u.clock.Now()
	return u.recount(ctx, merchant, func(file *CaseFile) { file.Discount(merchant, actor, reason, at) })
}

// recount amends every case in which a shop has live tags.
func (u *Upkeep) recount(ctx context.Context, merchant MerchantID, edit func(*CaseFile)) (int, error) {
	count := 0
	var after CaseID
	for {
		ids, err := u.store.LiveCasesOf(ctx, merchant, after, upkeepPage)
		if err != nil {
			return count, fmt.Errorf("find cases of merchant: %w", err)
		}
		if len(ids) == 0 {
			return count, nil
		}
		if err := u.amendAll(ctx, ids, edit); err != nil {
			return count, err
		}
		count += len(ids)
		after = ids[len(ids)-1]
	}
}

// Evaluate evaluates cases at a time, concurrently, and returns the first error.
func (u *Upkeep) Evaluate(ctx context.Context, ids []CaseID, at time.Time) error {
	return u.amendAll(ctx, ids, func(file *CaseFile) { file.Evaluate(at) })
}

// amendAll amends cases in chunks and returns the first error.
func (u *Upkeep) amendAll(ctx context.Context, ids []CaseID, edit func(*CaseFile)) error {
	for chunk := range slices.Chunk(ids, upkeepWorkers) {
		if err := u.amendConcurrently(ctx, chunk, edit); err != nil {
			return err
		}
		if err := Yield(ctx); err != nil {
			return err
		}
	}
	return nil
}

// amendConcurrently amends cases concurrently and returns the first error, after all goroutines have returned.
func (u *Upkeep) amendConcurrently(ctx context.Context, ids []CaseID, edit func(*CaseFile)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	Parallel(len(ids), upkeepWorkers, func(i int) {
		if _, err := u.store.Amend(ctx, ids[i], func(file *CaseFile) error { edit(file); return nil }); err != nil {
			cancel(fmt.Errorf("amend case: %w", err))
		}
	})
	return context.Cause(ctx)
}
