package store

import (
	"context"
	"slices"
	"strconv"

	"cloudtag/internal/cloudtag"
)

// Policy returns a version, or NOT_FOUND.
func (s *Store) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	record, err := s.policyRecord(ctx, strconv.Itoa(version))
	if err != nil {
		return cloudtag.Policy{}, err
	}
	return record.Policy, nil
}

// PolicyTimeline returns the version in force and the scheduled one; NOT_FOUND in an empty store.
func (s *Store) PolicyTimeline(ctx context.Context) (cloudtag.PolicyTimeline, error) {
	record, err := s.policyRecord(ctx, currentPolicy)
	if err != nil {
		return cloudtag.PolicyTimeline{}, err
	}
	return record.timeline(), nil
}

func (s *Store) policyRecord(ctx context.Context, name string) (*policyRecord, error) {
	record, err := getOne[policyRecord](s.getter(ctx), Ref{s.kinds.Policies, name})
	switch {
	case err != nil:
		return nil, err
	case record == nil:
		return nil, cloudtag.NotFound()
	default:
		return record.clone(), nil
	}
}

// clone returns a copy that callers may modify, since an engine may cache the original.
func (p *policyRecord) clone() *policyRecord {
	own := *p
	own.Rules = slices.Clone(p.Rules)
	if p.Scheduled != nil {
		scheduled := *p.Scheduled
		scheduled.Rules = slices.Clone(p.Scheduled.Rules)
		own.Scheduled = &scheduled
	}
	return &own
}

// AddPolicy stores the next version with documents and entries, atomically. Errors: those of [cloudtag.PolicyTimeline.Add],
// and CONFLICT for a document.
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entries []cloudtag.Entry, documents ...cloudtag.Document) error {
	return s.changeTimeline(ctx, "add a policy", func(tx Tx, timeline cloudtag.PolicyTimeline) (cloudtag.PolicyTimeline, error) {
		next, err := timeline.Add(policy)
		if err != nil {
			return next, err
		}
		if err := s.putDocuments(tx, documents); err != nil {
			return next, err
		}
		putVersion(tx, s.kinds.Policies, policy)
		tx.Append(entries...)
		return next, nil
	})
}

// WithdrawPolicy withdraws a scheduled version. Errors: those of [cloudtag.PolicyTimeline.Withdraw].
func (s *Store) WithdrawPolicy(ctx context.Context, version int, withdrawal cloudtag.PolicyWithdrawal, entry cloudtag.Entry) error {
	return s.changeTimeline(ctx, "withdraw a policy", func(tx Tx, timeline cloudtag.PolicyTimeline) (cloudtag.PolicyTimeline, error) {
		next, err := timeline.Withdraw(version, withdrawal)
		if err != nil {
			return next, err
		}
		putVersion(tx, s.kinds.Policies, *next.Scheduled)
		tx.Append(entry)
		return next, nil
	})
}

func (s *Store) changeTimeline(ctx context.Context, name string, change func(Tx, cloudtag.PolicyTimeline) (cloudtag.PolicyTimeline, error)) error {
	return s.engine.Update(ctx, name, func(tx Tx) error {
		current, err := getOne[policyRecord](tx.Get, Ref{s.kinds.Policies, currentPolicy})
		if err != nil {
			return err
		}
		var timeline cloudtag.PolicyTimeline
		if current != nil {
			timeline = current.timeline()
		}
		if timeline, err = change(tx, timeline); err != nil {
			return err
		}
		tx.Put(s.kinds.Policies, timelineRecord(timeline))
		return nil
	})
}

func putVersion(tx Tx, kind *Kind, policy cloudtag.Policy) {
	tx.Put(kind, &policyRecord{Name: strconv.Itoa(policy.Version), Policy: policy})
}
