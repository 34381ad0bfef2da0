package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func caseOf(record *caseRecord) cloudtag.Case { return record.Case }

// Cases returns cases by identifier.
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return find(ctx, s, s.kinds.Cases, ids, caseOf)
}

// CasesOfBuyers returns each account's cases, by OpenedAt, then identifier. The identifiers consist of scenario and account,
// so that the cases are read by key.
func (s *Store) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	found, err := s.Cases(ctx, caseIDsOf(buyers...))
	if err != nil {
		return nil, err
	}
	cases := make(map[cloudtag.BuyerID][]cloudtag.Case)
	for _, c := range found {
		cases[c.BuyerID] = append(cases[c.BuyerID], c)
	}
	for _, of := range cases {
		slices.SortFunc(of, func(a, b cloudtag.Case) int {
			return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return cases, nil
}

// caseIDsOf returns the identifiers of all possible cases of accounts.
func caseIDsOf(buyers ...cloudtag.BuyerID) []cloudtag.CaseID {
	scenarios := cloudtag.Scenarios()
	ids := make([]cloudtag.CaseID, 0, len(buyers)*len(scenarios))
	for _, buyer := range buyers {
		for _, scenario := range scenarios {
			ids = append(ids, cloudtag.NewCaseID(scenario.Code, buyer))
		}
	}
	return ids
}

// CaseIDs returns up to limit identifiers of cases after one, in order.
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	ids, _, err := list(ctx, s, Query{Kind: s.kinds.Cases, Above: &Position{ID: string(after)}, Limit: limit},
		func(c *caseRecord) cloudtag.CaseID { return c.ID })
	return ids, err
}

// CountPending counts the pending cases that are due before a time.
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (int, error) {
	query := Query{Kind: s.kinds.Cases, Index: byQueue, Sort: "waitsUntil", Limit: unlimited}
	query.Below = bound(millis(dueBefore.Add(time.Millisecond - 1)))
	return s.engine.Count(ctx, query)
}

// unlimited exceeds every count.
const unlimited = 1 << 50

// CountClaimed counts the pending cases whose claim expires after a time.
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (int, error) {
	query := Query{Kind: s.kinds.Cases, Index: byQueue, Sort: "waitsUntil", Limit: unlimited}
	query.between("claimedUntil", after(now), nil)
	return s.engine.Count(ctx, query)
}

// WakingCases returns up to limit cases whose WakeAt is not after a time, earliest first.
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	ids, _, err := list(ctx, s, Query{
		Kind: s.kinds.Cases, Index: byWake, Sort: "wakeAt", Below: bound(millis(asOf) + 1), Limit: limit,
	}, func(c *caseRecord) cloudtag.CaseID { return c.ID })
	return ids, err
}
