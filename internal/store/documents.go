package store

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
)

// SaveDocument stores a document and appends entries, atomically.
func (s *Store) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	return s.SaveDocuments(ctx, []cloudtag.Document{document}, entries)
}

// SaveDocuments stores documents and appends entries, atomically.
func (s *Store) SaveDocuments(ctx context.Context, documents []cloudtag.Document, entries []cloudtag.Entry) error {
	return s.engine.Update(ctx, "save documents", func(tx Tx) error {
		if err := s.putDocuments(tx, documents); err != nil {
			return err
		}
		tx.Append(entries...)
		return nil
	})
}

// putDocuments replaces exactly the preceding version of each document; CONFLICT if another one is stored.
func (s *Store) putDocuments(tx Tx, documents []cloudtag.Document) error {
	refs := make([]Ref, 0, len(documents))
	for _, document := range documents {
		refs = append(append(refs, s.documentRef(document)), s.reservationOf(document)...)
	}
	records, err := tx.Get(refs...)
	if err != nil {
		return err
	}
	for _, document := range documents {
		ref := s.documentRef(document)
		stored := found[cloudtag.Document](records, ref)
		version := 0
		if stored != nil {
			version = stored.Version
		}
		if document.Version != version+1 {
			return errDocumentChanged()
		}
		if err := s.reserve(tx, stored, document, records); err != nil {
			return err
		}
		tx.Put(ref.Kind, &document)
	}
	return nil
}

func (s *Store) documentRef(document cloudtag.Document) Ref {
	return Ref{s.kinds.Documents, documentID(document.Kind, document.ID)}
}

// reservationOf returns the record that reserves a document's unique value, if it has one.
func (s *Store) reservationOf(document cloudtag.Document) []Ref {
	if document.Unique == "" {
		return nil
	}
	return []Ref{{s.kinds.Reservations, documentID(document.Kind, document.Unique)}}
}

// reserve reserves the document's unique value, and releases that of the stored version.
func (s *Store) reserve(tx Tx, stored *cloudtag.Document, document cloudtag.Document, records map[Ref]any) error {
	if stored != nil && stored.Unique == document.Unique {
		return nil
	}
	for _, ref := range s.reservationOf(document) {
		if other := found[reservationRecord](records, ref); other != nil && other.Holder != "" {
			return errDocumentChanged()
		}
		tx.Put(ref.Kind, &reservationRecord{Value: ref.ID, Holder: document.ID})
	}
	if stored != nil {
		for _, ref := range s.reservationOf(*stored) {
			tx.Put(ref.Kind, &reservationRecord{Value: ref.ID})
		}
	}
	return nil
}

func errDocumentChanged() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "记录已被更改，请重新读取。", EN: "The record has changed; read it again.",
	})
}

// Documents returns documents by identifier.
func (s *Store) Documents(ctx context.Context, kind cloudtag.DocumentKind, ids []string) (map[string]cloudtag.Document, error) {
	keys := mapSlice(ids, func(id string) string { return documentID(kind, id) })
	found, err := find(ctx, s, s.kinds.Documents, keys, itself[cloudtag.Document])
	if err != nil {
		return nil, err
	}
	documents := make(map[string]cloudtag.Document, len(found))
	for _, document := range found {
		documents[document.ID] = document
	}
	return documents, nil
}

// documentQuery uses the index of the most selective field of a filter. Its other fields are checked while reading.
func (s *Store) documentQuery(kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) Query {
	query := Query{Kind: s.kinds.Documents, Index: byRank, Equal: anyOf(kind), Sort: "rank"}
	for _, field := range []struct{ index, name, value string }{
		{byOrder, "orderNo", string(filter.OrderNo)},
		{byCase, "caseId", string(filter.CaseID)},
		{byBuyer, "buyerId", string(filter.BuyerID)},
		{byMerchant, "merchantId", string(filter.MerchantID)},
		{byOwner, "owner", filter.Owner},
		{byTopic, "topic", filter.Topic},
		{byState, "state", filter.State},
	} {
		switch {
		case field.value == "":
		case query.Index == byRank:
			query.Index, query.Equal = field.index, append(query.Equal, field.value)
		default:
			query.Where = append(query.Where, Condition{Field: field.name, AnyOf: anyOf(field.value)})
		}
	}
	return query
}

// DocumentPage returns the matching documents of a slice, by rank.
func (s *Store) DocumentPage(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice,
) ([]cloudtag.Document, bool, error) {
	slice.After, slice.Before = documentPosition(kind, slice.After), documentPosition(kind, slice.Before)
	return page(ctx, s, s.documentQuery(kind, filter), false, slice, itself[cloudtag.Document])
}

// documentPosition returns a position with the identifier of the record instead of the document's.
func documentPosition(kind cloudtag.DocumentKind, position *cloudtag.Position) *cloudtag.Position {
	if position == nil {
		return nil
	}
	return &cloudtag.Position{Key: position.Key, ID: documentID(kind, position.ID)}
}

// CountDocuments counts the matching documents, up to limit.
func (s *Store) CountDocuments(ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int) (int, error) {
	query := s.documentQuery(kind, filter)
	query.Limit = limit
	return s.engine.Count(ctx, query)
}

// DocumentsOfBuyers returns up to limit documents of each account, ordered as by DocumentPage. One query reads them, and one
// for each account only if that is not enough.
func (s *Store) DocumentsOfBuyers(
	ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int,
) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	byBuyers := make(map[cloudtag.BuyerID][]cloudtag.Document)
	if len(buyers) == 0 {
		return byBuyers, ctx.Err()
	}
	all, more, err := list(ctx, s, Query{
		Kind: s.kinds.Documents, Index: byBuyer, Equal: anyOf(kind), AnyOf: anyOf(buyers...), Sort: "rank",
		Limit: max(scanPage, limit),
	}, itself[cloudtag.Document])
	if err != nil {
		return nil, err
	}
	if !more {
		for _, document := range all {
			if of := byBuyers[document.BuyerID]; len(of) < limit {
				byBuyers[document.BuyerID] = append(of, document)
			}
		}
		return byBuyers, nil
	}
	for _, buyer := range buyers {
		documents, _, err := s.DocumentPage(ctx, kind, cloudtag.DocumentFilter{BuyerID: buyer}, cloudtag.Slice{Limit: limit})
		if err != nil {
			return nil, err
		}
		if len(documents) > 0 {
			byBuyers[buyer] = documents
		}
	}
	return byBuyers, nil
}

// WakingDocuments returns up to limit documents of a kind whose WakeAt is not after a time, earliest first.
func (s *Store) WakingDocuments(ctx context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int) ([]cloudtag.Document, error) {
	documents, _, err := list(ctx, s, Query{
		Kind: s.kinds.Documents, Index: byWake, Equal: anyOf(kind), Sort: "wakeAt", Below: bound(millis(asOf) + 1), Limit: limit,
	}, itself[cloudtag.Document])
	return documents, err
}
