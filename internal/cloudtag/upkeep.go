package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Upkeep carries on what time and other data change about cases: tags that leave the window, deadlines, new risk
// data, shops that turn out to be of another entity or lose their permission, and what a crash left half done.
// All of it is found from stored state, idempotent, and safe to run on several instances at once: a restart or an
// outage delays nothing silently.
type Upkeep struct {
	store upkeepStore
	clock Clock
}

type upkeepStore interface {
	Ledger
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
	upkeepPage    = 1024 // how many cases are looked up at once
	upkeepWorkers = 128  // how many are amended side by side: while a store commits some together, as many wait
	// maxSweepRepeats is how often the same cases are found due in a row before a sweep gives up: a case that was evaluated is
	// not due again, so that a fault keeps them.
	maxSweepRepeats = 10
)

// SweepReport says what a sweep did.
type SweepReport struct {
	Recovered int // changes that a crash had left half done
	Cases     int // cases that were due
}

// Sweep brings everything up to a time: recovery first, then marked risk data and shops, then every case that is
// due. It goes on until nothing is due, and returns an error when that can't be reached.
func (u *Upkeep) Sweep(ctx context.Context, asOf time.Time) (SweepReport, error) {
	asOf = normalTime(asOf)
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
		if err := u.amendAll(ctx, due, func(file *CaseFile) { file.Evaluate(asOf) }); err != nil {
			return report, err
		}
		report.Cases += len(due)
	}
}

// EvaluateMarkedRisks evaluates the cases of every account whose risk data is new. A profile keeps its mark until
// all its cases are done, so that a crash in between repeats the evaluation, which changes nothing twice.
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
		if err := u.amendAll(ctx, ids, func(file *CaseFile) { file.Evaluate(at) }); err != nil {
			return err
		}
		for _, profile := range profiles {
			if err := u.store.RiskEvaluated(ctx, profile); err != nil {
				return fmt.Errorf("unmark risk data: %w", err)
			}
		}
	}
}

// RecountMarkedMerchants counts the votes of every shop whose entity is new as that entity's (rule 7).
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

// Discount recounts every case that a shop has live tags in without that shop, whose permission was revoked
// (rule 13), and returns how many cases it recounted. After a crash it goes on where it stopped: a recounted case
// has no live tags of the shop any more.
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

// amendAll amends cases, some at a time, and returns the first failure, after all that began have ended.
func (u *Upkeep) amendAll(ctx context.Context, ids []CaseID, edit func(*CaseFile)) error {
	for piece := range slices.Chunk(ids, upkeepWorkers) {
		if err := u.amendTogether(ctx, piece, edit); err != nil {
			return err
		}
		if err := Yield(ctx); err != nil {
			return err
		}
	}
	return nil
}

// amendTogether amends cases side by side.
func (u *Upkeep) amendTogether(ctx context.Context, ids []CaseID, edit func(*CaseFile)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	Parallel(len(ids), upkeepWorkers, func(i int) {
		if _, err := u.store.Amend(ctx, ids[i], func(file *CaseFile) error { edit(file); return nil }); err != nil {
			cancel(fmt.Errorf("amend case: %w", err))
		}
	})
	return context.Cause(ctx)
}
