package store

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Policy returns a version, the latest for 0, or NOT_FOUND.
func (s *Store) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	ref := Ref{s.kinds.Policies, policyName(version)}
	records, err := s.engine.Get(ctx, []Ref{ref})
	if err != nil {
		return cloudtag.Policy{}, err
	}
	record := found[policyRecord](records, ref.Kind, ref.ID)
	if record == nil {
		return cloudtag.Policy{}, cloudtag.NotFound()
	}
	policy := record.Policy
	policy.Rules = slices.Clone(policy.Rules) // the record may be shared
	return policy, nil
}

// AddPolicy stores the next version with its entry; CONFLICT when that version is stored already.
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	return s.engine.Update(ctx, "add a policy", func(tx Tx) error {
		records, err := tx.Get(Ref{s.kinds.Policies, currentPolicy})
		if err != nil {
			return err
		}
		latest := 0
		if current := found[policyRecord](records, s.kinds.Policies, currentPolicy); current != nil {
			latest = current.Version
		}
		if policy.Version != latest+1 {
			return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
				ZH: "该版本的策略已存在。", EN: "This version of the policy is stored already.",
			})
		}
		tx.Put(s.kinds.Policies, &policyRecord{Name: policyName(policy.Version), Policy: policy})
		tx.Put(s.kinds.Policies, &policyRecord{Name: currentPolicy, Policy: policy})
		tx.Append(entry)
		return nil
	})
}
