package faulty

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
)

// pair is what calls return that return two values.
type pair[T any] struct {
	first  T
	second bool
}

// Record implements [cloudtag.Ledger].
func (s *Store) Record(ctx context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag)) (stored cloudtag.Batch, repeated bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[cloudtag.Batch], error) {
		first, second, err := s.Store.Record(ctx, submission, edit)
		return pair[cloudtag.Batch]{first, second}, err
	})
	return both.first, both.second, err
}

// Amend implements [cloudtag.Ledger].
func (s *Store) Amend(ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (cloudtag.Case, error) {
	return during(ctx, s, func(ctx context.Context) (cloudtag.Case, error) { return s.Store.Amend(ctx, id, edit) })
}

// Recover implements [cloudtag.Recoverer].
func (s *Store) Recover(ctx context.Context) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.Recover(ctx) })
}

// Batch implements [cloudtag.BatchReader].
func (s *Store) Batch(ctx context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	return during(ctx, s, func(ctx context.Context) (cloudtag.Batch, error) { return s.Store.Batch(ctx, merchant, key) })
}

// BatchByID implements [cloudtag.BatchReader].
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (cloudtag.Batch, error) {
	return during(ctx, s, func(ctx context.Context) (cloudtag.Batch, error) { return s.Store.BatchByID(ctx, id) })
}

// TagsOf implements [cloudtag.TagReader].
func (s *Store) TagsOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
		return s.Store.TagsOf(ctx, merchant, orders)
	})
}

// TagsByOrder implements [cloudtag.TagReader].
func (s *Store) TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
		return s.Store.TagsByOrder(ctx, orders)
	})
}

// LiveTags implements [cloudtag.TagReader].
func (s *Store) LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
		return s.Store.LiveTags(ctx, cases)
	})
}

// LiveCasesOf implements [cloudtag.TagReader].
func (s *Store) LiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.CaseID, error) {
		return s.Store.LiveCasesOf(ctx, merchant, after, limit)
	})
}

// CountLiveCasesOf implements [cloudtag.TagReader].
func (s *Store) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountLiveCasesOf(ctx, merchant) })
}

// TagsByCase implements [cloudtag.TagReader].
func (s *Store) TagsByCase(ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.TagsByCase(ctx, visit)
	})
	return err
}

// TagPage implements [cloudtag.TagReader].
func (s *Store) TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) (tags []cloudtag.Tag, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Tag], error) {
		first, second, err := s.Store.TagPage(ctx, filter, order, slice)
		return pair[[]cloudtag.Tag]{first, second}, err
	})
	return both.first, both.second, err
}

// CountTags implements [cloudtag.TagReader].
func (s *Store) CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountTags(ctx, filter, limit) })
}

// Cases implements [cloudtag.CaseReader].
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.CaseID]cloudtag.Case, error) { return s.Store.Cases(ctx, ids) })
}

// CasesOfBuyers implements [cloudtag.CaseReader].
func (s *Store) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
		return s.Store.CasesOfBuyers(ctx, buyers)
	})
}

// CasePage implements [cloudtag.CaseReader].
func (s *Store) CasePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) (cases []cloudtag.Case, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Case], error) {
		first, second, err := s.Store.CasePage(ctx, filter, order, slice)
		return pair[[]cloudtag.Case]{first, second}, err
	})
	return both.first, both.second, err
}

// MerchantPage implements [cloudtag.MerchantStore].
func (s *Store) MerchantPage(ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice) (merchants []cloudtag.Merchant, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Merchant], error) {
		first, second, err := s.Store.MerchantPage(ctx, filter, slice)
		return pair[[]cloudtag.Merchant]{first, second}, err
	})
	return both.first, both.second, err
}

// CountMerchants implements [cloudtag.MerchantStore].
func (s *Store) CountMerchants(ctx context.Context, filter cloudtag.MerchantFilter, limit int) (count int, err error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountMerchants(ctx, filter, limit) })
}

// CountCases implements [cloudtag.CaseReader].
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountCases(ctx, filter, limit) })
}

// CaseIDs implements [cloudtag.CaseReader].
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.CaseID, error) { return s.Store.CaseIDs(ctx, after, limit) })
}

// CountPending implements [cloudtag.CaseReader].
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountPending(ctx, dueBefore) })
}

// CountClaimed implements [cloudtag.CaseReader].
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountClaimed(ctx, now) })
}

// WakingCases implements [cloudtag.CaseReader].
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.CaseID, error) { return s.Store.WakingCases(ctx, asOf, limit) })
}

// Merchants implements [cloudtag.MerchantStore].
func (s *Store) Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
		return s.Store.Merchants(ctx, ids)
	})
}

// PutMerchants implements [cloudtag.MerchantStore].
func (s *Store) PutMerchants(ctx context.Context, merchants []cloudtag.Merchant, entryFor func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.PutResult, error) {
		return s.Store.PutMerchants(ctx, merchants, entryFor)
	})
}

// SetPermission implements [cloudtag.MerchantStore].
func (s *Store) SetPermission(ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.SetPermission(ctx, merchant, permission, entry)
	})
	return err
}

// MerchantsToRecount implements [cloudtag.MerchantStore].
func (s *Store) MerchantsToRecount(ctx context.Context, limit int) ([]cloudtag.Merchant, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.Merchant, error) { return s.Store.MerchantsToRecount(ctx, limit) })
}

// MerchantRecounted implements [cloudtag.MerchantStore].
func (s *Store) MerchantRecounted(ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.MerchantRecounted(ctx, merchant, entity)
	})
	return err
}

// MerchantCounts implements [cloudtag.MerchantStore].
func (s *Store) MerchantCounts(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
		return s.Store.MerchantCounts(ctx, ids)
	})
}

// OrdersOf implements [cloudtag.OrderStore].
func (s *Store) OrdersOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.OrderNo]cloudtag.Order, error) {
		return s.Store.OrdersOf(ctx, merchant, orders)
	})
}

// OrdersPlaced implements [cloudtag.OrderStore].
func (s *Store) OrdersPlaced(ctx context.Context, filter cloudtag.OrderFilter, after *cloudtag.Position, limit int) (orders []cloudtag.Order, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Order], error) {
		first, second, err := s.Store.OrdersPlaced(ctx, filter, after, limit)
		return pair[[]cloudtag.Order]{first, second}, err
	})
	return both.first, both.second, err
}

// Orders implements [cloudtag.OrderStore].
func (s *Store) Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.OrderNo]cloudtag.Order, error) {
		return s.Store.Orders(ctx, orders)
	})
}

// PutOrders implements [cloudtag.OrderStore].
func (s *Store) PutOrders(ctx context.Context, orders []cloudtag.Order, entryFor func(before, after cloudtag.Order) cloudtag.Entry, entryForNew func(count int) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.PutResult, error) {
		return s.Store.PutOrders(ctx, orders, entryFor, entryForNew)
	})
}

// Exposures implements [cloudtag.OrderStore].
func (s *Store) Exposures(ctx context.Context, buyers []cloudtag.BuyerID, since time.Time) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
		return s.Store.Exposures(ctx, buyers, since)
	})
}

// KnownBuyers implements [cloudtag.OrderStore].
func (s *Store) KnownBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.BuyerID]bool, error) { return s.Store.KnownBuyers(ctx, buyers) })
}

// Risks implements [cloudtag.RiskStore].
func (s *Store) Risks(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
		return s.Store.Risks(ctx, buyers)
	})
}

// PutRisks implements [cloudtag.RiskStore].
func (s *Store) PutRisks(ctx context.Context, profiles []cloudtag.RiskProfile, entryFor func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.PutResult, error) {
		return s.Store.PutRisks(ctx, profiles, entryFor)
	})
}

// RisksToEvaluate implements [cloudtag.RiskStore].
func (s *Store) RisksToEvaluate(ctx context.Context, limit int) ([]cloudtag.RiskProfile, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.RiskProfile, error) { return s.Store.RisksToEvaluate(ctx, limit) })
}

// RiskEvaluated implements [cloudtag.RiskStore].
func (s *Store) RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.RiskEvaluated(ctx, profile)
	})
	return err
}

// Policy implements [cloudtag.PolicyStore].
func (s *Store) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	return during(ctx, s, func(ctx context.Context) (cloudtag.Policy, error) { return s.Store.Policy(ctx, version) })
}

// AddPolicy implements [cloudtag.PolicyStore].
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.AddPolicy(ctx, policy, entry)
	})
	return err
}

// LogPage implements [cloudtag.LogReader].
func (s *Store) LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Entry], error) {
		first, second, err := s.Store.LogPage(ctx, filter, slice)
		return pair[[]cloudtag.Entry]{first, second}, err
	})
	return both.first, both.second, err
}

// CountLog implements [cloudtag.LogReader].
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountLog(ctx, filter, limit) })
}

// CountActions implements [cloudtag.LogReader].
func (s *Store) CountActions(ctx context.Context, action cloudtag.Action, since time.Time) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) { return s.Store.CountActions(ctx, action, since) })
}

// LastSeq implements [cloudtag.LogReader].
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	return during(ctx, s, func(ctx context.Context) (int64, error) { return s.Store.LastSeq(ctx) })
}

// SaveDocument implements [cloudtag.DocumentStore].
func (s *Store) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.SaveDocument(ctx, document, entries)
	})
	return err
}

// Documents implements [cloudtag.DocumentStore].
func (s *Store) Documents(ctx context.Context, kind cloudtag.DocumentKind, ids []string) (map[string]cloudtag.Document, error) {
	return during(ctx, s, func(ctx context.Context) (map[string]cloudtag.Document, error) {
		return s.Store.Documents(ctx, kind, ids)
	})
}

// DocumentPage implements [cloudtag.DocumentStore].
func (s *Store) DocumentPage(ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice) (documents []cloudtag.Document, more bool, err error) {
	both, err := during(ctx, s, func(ctx context.Context) (pair[[]cloudtag.Document], error) {
		first, second, err := s.Store.DocumentPage(ctx, kind, filter, slice)
		return pair[[]cloudtag.Document]{first, second}, err
	})
	return both.first, both.second, err
}

// CountDocuments implements [cloudtag.DocumentStore].
func (s *Store) CountDocuments(ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int) (int, error) {
	return during(ctx, s, func(ctx context.Context) (int, error) {
		return s.Store.CountDocuments(ctx, kind, filter, limit)
	})
}

// DocumentsOfBuyers implements [cloudtag.DocumentStore].
func (s *Store) DocumentsOfBuyers(ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	return during(ctx, s, func(ctx context.Context) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
		return s.Store.DocumentsOfBuyers(ctx, kind, buyers, limit)
	})
}

// WakingDocuments implements [cloudtag.DocumentStore].
func (s *Store) WakingDocuments(ctx context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int) ([]cloudtag.Document, error) {
	return during(ctx, s, func(ctx context.Context) ([]cloudtag.Document, error) {
		return s.Store.WakingDocuments(ctx, kind, asOf, limit)
	})
}

// Ping implements the life cycle of [db.Store].
func (s *Store) Ping(ctx context.Context) error {
	_, err := during(ctx, s, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.Store.Ping(ctx)
	})
	return err
}
