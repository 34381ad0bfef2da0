package store

import (
	"context"

	"cloudtag/internal/cloudtag"
)

func riskOf(record *riskRecord) cloudtag.RiskProfile { return record.RiskProfile }

// Risks returns risk profiles by account.
func (s *Store) Risks(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	return find(ctx, s, s.kinds.Risks, buyers, riskOf)
}

// PutRisks stores profiles by account and marks the changed ones for evaluation.
func (s *Store) PutRisks(
	ctx context.Context, profiles []cloudtag.RiskProfile,
	entryFor func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	rows := mapSlice(profiles, func(profile cloudtag.RiskProfile) riskRecord { return riskRecord{RiskProfile: profile, Evaluate: true} })
	return putRows(ctx, s, "store risk data", s.kinds.Risks, rows, func(tx Tx, next, stored *riskRecord) cloudtag.PutResult {
		var before *cloudtag.RiskProfile
		if stored != nil {
			before = &stored.RiskProfile
		}
		result := next.PutOver(before)
		if result == cloudtag.PutStored {
			tx.Append(entryFor(before, next.RiskProfile))
		}
		return result
	}, nil)
}

// RisksToEvaluate returns up to limit profiles marked for evaluation, by account.
func (s *Store) RisksToEvaluate(ctx context.Context, limit int) ([]cloudtag.RiskProfile, error) {
	profiles, _, err := list(ctx, s, Query{Kind: s.kinds.Risks, Index: byMark, Equal: []any{int64(1)}, Limit: limit}, riskOf)
	return profiles, err
}

// RiskEvaluated clears the mark unless the stored profile differs from the given one.
func (s *Store) RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error {
	return s.engine.Update(ctx, "mark risk data as evaluated", func(tx Tx) error {
		ref := Ref{s.kinds.Risks, string(profile.BuyerID)}
		stored, err := getOne[riskRecord](tx.Get, ref)
		if err == nil && stored != nil && stored.Evaluate && stored.Same(profile) {
			tx.Put(ref.Kind, &riskRecord{RiskProfile: stored.RiskProfile})
		}
		return err
	})
}
