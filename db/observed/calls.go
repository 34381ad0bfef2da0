package observed

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
)

// call is a method of a port.
type call int

// The calls.
const (
	callRecord call = iota
	callAmend
	callRecover
	callBatch
	callBatchByID
	callTagsByOrder
	callTagsOf
	callLiveTags
	callLiveCasesOf
	callCountLiveCasesOf
	callTagsByCase
	callTagPage
	callCountTags
	callCases
	callCasesOfBuyers
	callCasePage
	callCountCases
	callCaseIDs
	callCountPending
	callCountClaimed
	callWakingCases
	callMerchants
	callPutMerchants
	callSetPermission
	callMerchantsToRecount
	callMerchantRecounted
	callMerchantCounts
	callMerchantPage
	callCountMerchants
	callOrders
	callOrdersOf
	callOrdersPlaced
	callPutOrders
	callExposures
	callKnownBuyers
	callRisks
	callPutRisks
	callRisksToEvaluate
	callRiskEvaluated
	callPolicy
	callAddPolicy
	callLogPage
	callCountLog
	callCountActions
	callLastSeq
	callSaveDocument
	callDocuments
	callDocumentPage
	callCountDocuments
	callDocumentsOfBuyers
	callWakingDocuments
	callPing
	callCount
)

// names are the calls in measurements and traces.
func (c call) String() string {
	return [callCount]string{
		"Record", "Amend", "Recover", "Batch", "BatchByID", "TagsByOrder", "TagsOf", "LiveTags",
		"LiveCasesOf", "CountLiveCasesOf", "TagsByCase", "TagPage", "CountTags", "Cases",
		"CasesOfBuyers", "CasePage", "CountCases", "CaseIDs", "CountPending", "CountClaimed",
		"WakingCases", "Merchants", "PutMerchants", "SetPermission", "MerchantsToRecount", "MerchantRecounted",
		"MerchantCounts", "MerchantPage", "CountMerchants", "Orders", "OrdersOf", "OrdersPlaced", "PutOrders", "Exposures", "KnownBuyers", "Risks",
		"PutRisks", "RisksToEvaluate", "RiskEvaluated", "Policy", "AddPolicy", "LogPage",
		"CountLog", "CountActions", "LastSeq", "SaveDocument", "Documents", "DocumentPage", "CountDocuments",
		"DocumentsOfBuyers", "WakingDocuments",
		"Ping",
	}[c]
}

// Record implements [cloudtag.Ledger].
func (s *Store) Record(ctx context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag)) (stored cloudtag.Batch, repeated bool, err error) {
	ctx, c := s.begin(ctx, callRecord)
	stored, repeated, err = s.Store.Record(ctx, submission, edit)
	c.end(err)
	return stored, repeated, err
}

// Amend implements [cloudtag.Ledger].
func (s *Store) Amend(ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error) (cloudtag.Case, error) {
	ctx, c := s.begin(ctx, callAmend)
	result, err := s.Store.Amend(ctx, id, edit)
	c.end(err)
	return result, err
}

// Recover implements [cloudtag.Recoverer].
func (s *Store) Recover(ctx context.Context) (int, error) {
	ctx, c := s.begin(ctx, callRecover)
	result, err := s.Store.Recover(ctx)
	c.end(err)
	return result, err
}

// Batch implements [cloudtag.BatchReader].
func (s *Store) Batch(ctx context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	ctx, c := s.begin(ctx, callBatch)
	result, err := s.Store.Batch(ctx, merchant, key)
	c.end(err)
	return result, err
}

// BatchByID implements [cloudtag.BatchReader].
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (cloudtag.Batch, error) {
	ctx, c := s.begin(ctx, callBatchByID)
	result, err := s.Store.BatchByID(ctx, id)
	c.end(err)
	return result, err
}

// TagsOf implements [cloudtag.TagReader].
func (s *Store) TagsOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	ctx, c := s.begin(ctx, callTagsOf)
	result, err := s.Store.TagsOf(ctx, merchant, orders)
	c.end(err)
	return result, err
}

// TagsByOrder implements [cloudtag.TagReader].
func (s *Store) TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	ctx, c := s.begin(ctx, callTagsByOrder)
	result, err := s.Store.TagsByOrder(ctx, orders)
	c.end(err)
	return result, err
}

// LiveTags implements [cloudtag.TagReader].
func (s *Store) LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	ctx, c := s.begin(ctx, callLiveTags)
	result, err := s.Store.LiveTags(ctx, cases)
	c.end(err)
	return result, err
}

// LiveCasesOf implements [cloudtag.TagReader].
func (s *Store) LiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	ctx, c := s.begin(ctx, callLiveCasesOf)
	result, err := s.Store.LiveCasesOf(ctx, merchant, after, limit)
	c.end(err)
	return result, err
}

// CountLiveCasesOf implements [cloudtag.TagReader].
func (s *Store) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error) {
	ctx, c := s.begin(ctx, callCountLiveCasesOf)
	result, err := s.Store.CountLiveCasesOf(ctx, merchant)
	c.end(err)
	return result, err
}

// TagsByCase implements [cloudtag.TagReader].
func (s *Store) TagsByCase(ctx context.Context, visit func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error) error {
	ctx, c := s.begin(ctx, callTagsByCase)
	err := s.Store.TagsByCase(ctx, visit)
	c.end(err)
	return err
}

// TagPage implements [cloudtag.TagReader].
func (s *Store) TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) (tags []cloudtag.Tag, more bool, err error) {
	ctx, c := s.begin(ctx, callTagPage)
	tags, more, err = s.Store.TagPage(ctx, filter, order, slice)
	c.end(err)
	return tags, more, err
}

// CountTags implements [cloudtag.TagReader].
func (s *Store) CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (int, error) {
	ctx, c := s.begin(ctx, callCountTags)
	result, err := s.Store.CountTags(ctx, filter, limit)
	c.end(err)
	return result, err
}

// Cases implements [cloudtag.CaseReader].
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	ctx, c := s.begin(ctx, callCases)
	result, err := s.Store.Cases(ctx, ids)
	c.end(err)
	return result, err
}

// CasesOfBuyers implements [cloudtag.CaseReader].
func (s *Store) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	ctx, c := s.begin(ctx, callCasesOfBuyers)
	result, err := s.Store.CasesOfBuyers(ctx, buyers)
	c.end(err)
	return result, err
}

// CasePage implements [cloudtag.CaseReader].
func (s *Store) CasePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) (cases []cloudtag.Case, more bool, err error) {
	ctx, c := s.begin(ctx, callCasePage)
	cases, more, err = s.Store.CasePage(ctx, filter, order, slice)
	c.end(err)
	return cases, more, err
}

// MerchantPage implements [cloudtag.MerchantStore].
func (s *Store) MerchantPage(ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice) (merchants []cloudtag.Merchant, more bool, err error) {
	ctx, c := s.begin(ctx, callMerchantPage)
	merchants, more, err = s.Store.MerchantPage(ctx, filter, slice)
	c.end(err)
	return merchants, more, err
}

// CountMerchants implements [cloudtag.MerchantStore].
func (s *Store) CountMerchants(ctx context.Context, filter cloudtag.MerchantFilter, limit int) (count int, err error) {
	ctx, c := s.begin(ctx, callCountMerchants)
	count, err = s.Store.CountMerchants(ctx, filter, limit)
	c.end(err)
	return count, err
}

// CountCases implements [cloudtag.CaseReader].
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	ctx, c := s.begin(ctx, callCountCases)
	result, err := s.Store.CountCases(ctx, filter, limit)
	c.end(err)
	return result, err
}

// CaseIDs implements [cloudtag.CaseReader].
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	ctx, c := s.begin(ctx, callCaseIDs)
	result, err := s.Store.CaseIDs(ctx, after, limit)
	c.end(err)
	return result, err
}

// CountPending implements [cloudtag.CaseReader].
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (int, error) {
	ctx, c := s.begin(ctx, callCountPending)
	result, err := s.Store.CountPending(ctx, dueBefore)
	c.end(err)
	return result, err
}

// CountClaimed implements [cloudtag.CaseReader].
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (int, error) {
	ctx, c := s.begin(ctx, callCountClaimed)
	result, err := s.Store.CountClaimed(ctx, now)
	c.end(err)
	return result, err
}

// WakingCases implements [cloudtag.CaseReader].
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	ctx, c := s.begin(ctx, callWakingCases)
	result, err := s.Store.WakingCases(ctx, asOf, limit)
	c.end(err)
	return result, err
}

// Merchants implements [cloudtag.MerchantStore].
func (s *Store) Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	ctx, c := s.begin(ctx, callMerchants)
	result, err := s.Store.Merchants(ctx, ids)
	c.end(err)
	return result, err
}

// PutMerchants implements [cloudtag.MerchantStore].
func (s *Store) PutMerchants(ctx context.Context, merchants []cloudtag.Merchant, entryFor func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	ctx, c := s.begin(ctx, callPutMerchants)
	result, err := s.Store.PutMerchants(ctx, merchants, entryFor)
	c.end(err)
	return result, err
}

// SetPermission implements [cloudtag.MerchantStore].
func (s *Store) SetPermission(ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry) error {
	ctx, c := s.begin(ctx, callSetPermission)
	err := s.Store.SetPermission(ctx, merchant, permission, entry)
	c.end(err)
	return err
}

// MerchantsToRecount implements [cloudtag.MerchantStore].
func (s *Store) MerchantsToRecount(ctx context.Context, limit int) ([]cloudtag.Merchant, error) {
	ctx, c := s.begin(ctx, callMerchantsToRecount)
	result, err := s.Store.MerchantsToRecount(ctx, limit)
	c.end(err)
	return result, err
}

// MerchantRecounted implements [cloudtag.MerchantStore].
func (s *Store) MerchantRecounted(ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID) error {
	ctx, c := s.begin(ctx, callMerchantRecounted)
	err := s.Store.MerchantRecounted(ctx, merchant, entity)
	c.end(err)
	return err
}

// MerchantCounts implements [cloudtag.MerchantStore].
func (s *Store) MerchantCounts(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	ctx, c := s.begin(ctx, callMerchantCounts)
	result, err := s.Store.MerchantCounts(ctx, ids)
	c.end(err)
	return result, err
}

// OrdersOf implements [cloudtag.OrderStore].
func (s *Store) OrdersOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	ctx, c := s.begin(ctx, callOrdersOf)
	result, err := s.Store.OrdersOf(ctx, merchant, orders)
	c.end(err)
	return result, err
}

// OrdersPlaced implements [cloudtag.OrderStore].
func (s *Store) OrdersPlaced(ctx context.Context, filter cloudtag.OrderFilter, after *cloudtag.Position, limit int) (orders []cloudtag.Order, more bool, err error) {
	ctx, c := s.begin(ctx, callOrdersPlaced)
	orders, more, err = s.Store.OrdersPlaced(ctx, filter, after, limit)
	c.end(err)
	return orders, more, err
}

// Orders implements [cloudtag.OrderStore].
func (s *Store) Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	ctx, c := s.begin(ctx, callOrders)
	result, err := s.Store.Orders(ctx, orders)
	c.end(err)
	return result, err
}

// PutOrders implements [cloudtag.OrderStore].
func (s *Store) PutOrders(ctx context.Context, orders []cloudtag.Order, entryFor func(before, after cloudtag.Order) cloudtag.Entry, entryForNew func(count int) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	ctx, c := s.begin(ctx, callPutOrders)
	result, err := s.Store.PutOrders(ctx, orders, entryFor, entryForNew)
	c.end(err)
	return result, err
}

// Exposures implements [cloudtag.OrderStore].
func (s *Store) Exposures(ctx context.Context, buyers []cloudtag.BuyerID, since time.Time) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	ctx, c := s.begin(ctx, callExposures)
	result, err := s.Store.Exposures(ctx, buyers, since)
	c.end(err)
	return result, err
}

// KnownBuyers implements [cloudtag.OrderStore].
func (s *Store) KnownBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error) {
	ctx, c := s.begin(ctx, callKnownBuyers)
	result, err := s.Store.KnownBuyers(ctx, buyers)
	c.end(err)
	return result, err
}

// Risks implements [cloudtag.RiskStore].
func (s *Store) Risks(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.RiskProfile, error) {
	ctx, c := s.begin(ctx, callRisks)
	result, err := s.Store.Risks(ctx, buyers)
	c.end(err)
	return result, err
}

// PutRisks implements [cloudtag.RiskStore].
func (s *Store) PutRisks(ctx context.Context, profiles []cloudtag.RiskProfile, entryFor func(before *cloudtag.RiskProfile, after cloudtag.RiskProfile) cloudtag.Entry) ([]cloudtag.PutResult, error) {
	ctx, c := s.begin(ctx, callPutRisks)
	result, err := s.Store.PutRisks(ctx, profiles, entryFor)
	c.end(err)
	return result, err
}

// RisksToEvaluate implements [cloudtag.RiskStore].
func (s *Store) RisksToEvaluate(ctx context.Context, limit int) ([]cloudtag.RiskProfile, error) {
	ctx, c := s.begin(ctx, callRisksToEvaluate)
	result, err := s.Store.RisksToEvaluate(ctx, limit)
	c.end(err)
	return result, err
}

// RiskEvaluated implements [cloudtag.RiskStore].
func (s *Store) RiskEvaluated(ctx context.Context, profile cloudtag.RiskProfile) error {
	ctx, c := s.begin(ctx, callRiskEvaluated)
	err := s.Store.RiskEvaluated(ctx, profile)
	c.end(err)
	return err
}

// Policy implements [cloudtag.PolicyStore].
func (s *Store) Policy(ctx context.Context, version int) (cloudtag.Policy, error) {
	ctx, c := s.begin(ctx, callPolicy)
	result, err := s.Store.Policy(ctx, version)
	c.end(err)
	return result, err
}

// AddPolicy implements [cloudtag.PolicyStore].
func (s *Store) AddPolicy(ctx context.Context, policy cloudtag.Policy, entry cloudtag.Entry) error {
	ctx, c := s.begin(ctx, callAddPolicy)
	err := s.Store.AddPolicy(ctx, policy, entry)
	c.end(err)
	return err
}

// LogPage implements [cloudtag.LogReader].
func (s *Store) LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error) {
	ctx, c := s.begin(ctx, callLogPage)
	entries, more, err = s.Store.LogPage(ctx, filter, slice)
	c.end(err)
	return entries, more, err
}

// CountLog implements [cloudtag.LogReader].
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	ctx, c := s.begin(ctx, callCountLog)
	result, err := s.Store.CountLog(ctx, filter, limit)
	c.end(err)
	return result, err
}

// CountActions implements [cloudtag.LogReader].
func (s *Store) CountActions(ctx context.Context, action cloudtag.Action, since time.Time) (int, error) {
	ctx, c := s.begin(ctx, callCountActions)
	result, err := s.Store.CountActions(ctx, action, since)
	c.end(err)
	return result, err
}

// LastSeq implements [cloudtag.LogReader].
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	ctx, c := s.begin(ctx, callLastSeq)
	result, err := s.Store.LastSeq(ctx)
	c.end(err)
	return result, err
}

// SaveDocument implements [cloudtag.DocumentStore].
func (s *Store) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	ctx, c := s.begin(ctx, callSaveDocument)
	err := s.Store.SaveDocument(ctx, document, entries)
	c.end(err)
	return err
}

// Documents implements [cloudtag.DocumentStore].
func (s *Store) Documents(ctx context.Context, kind cloudtag.DocumentKind, ids []string) (map[string]cloudtag.Document, error) {
	ctx, c := s.begin(ctx, callDocuments)
	result, err := s.Store.Documents(ctx, kind, ids)
	c.end(err)
	return result, err
}

// DocumentPage implements [cloudtag.DocumentStore].
func (s *Store) DocumentPage(ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice) (documents []cloudtag.Document, more bool, err error) {
	ctx, c := s.begin(ctx, callDocumentPage)
	documents, more, err = s.Store.DocumentPage(ctx, kind, filter, slice)
	c.end(err)
	return documents, more, err
}

// CountDocuments implements [cloudtag.DocumentStore].
func (s *Store) CountDocuments(ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int) (int, error) {
	ctx, c := s.begin(ctx, callCountDocuments)
	result, err := s.Store.CountDocuments(ctx, kind, filter, limit)
	c.end(err)
	return result, err
}

// DocumentsOfBuyers implements [cloudtag.DocumentStore].
func (s *Store) DocumentsOfBuyers(ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	ctx, c := s.begin(ctx, callDocumentsOfBuyers)
	result, err := s.Store.DocumentsOfBuyers(ctx, kind, buyers, limit)
	c.end(err)
	return result, err
}

// WakingDocuments implements [cloudtag.DocumentStore].
func (s *Store) WakingDocuments(ctx context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int) ([]cloudtag.Document, error) {
	ctx, c := s.begin(ctx, callWakingDocuments)
	result, err := s.Store.WakingDocuments(ctx, kind, asOf, limit)
	c.end(err)
	return result, err
}

// Ping implements the life cycle of [db.Store].
func (s *Store) Ping(ctx context.Context) error {
	ctx, c := s.begin(ctx, callPing)
	err := s.Store.Ping(ctx)
	c.end(err)
	return err
}
