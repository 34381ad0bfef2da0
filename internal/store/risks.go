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
) (results []cloudtag.PutResult, err error) {
	err = s.engine.Update(ctx, "store risk data", func(tx Tx) error {
		results = make([]cloudtag.PutResult, len(profiles))
		buyers := mapSlice(profiles, func(profile cloudtag.RiskProfile) cloudtag.BuyerID { return profile.BuyerID })
		records, err := tx.Get(refsOf(s.kinds.Risks, buyers)...)
		if err != nil {
			return err
		}
		for i, profile := range profiles {
			var before *cloudtag.RiskProfile
			if stored := found[riskRecord](records, Ref{s.kinds.Risks, string(profile.BuyerID)}); stored != nil {
				before = &stored.RiskProfile
			}
			if results[i] = profile.PutOver(before); results[i] != cloudtag.PutStored {
				continue
			}
			next := &riskRecord{RiskProfile: profile, Evaluate: true}
			records[Ref{s.kinds.Risks, string(profile.BuyerID)}] = next
			tx.Put(s.kinds.Risks, next)
			tx.Append(entryFor(before, profile))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
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
