package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const documentColumns = `d.id, d.version, d.state, d.merchant_id, d.buyer_id, d.order_no, d.case_id, d.owner, d.topic,
	d.unique_key, d.rank, d.wake_at, d.body`

// scanDocument reads documentColumns, behind others that a query has in front.
func scanDocument(kind cloudtag.DocumentKind, rows *sql.Rows, front ...any) (cloudtag.Document, error) {
	document := cloudtag.Document{Kind: kind}
	var merchant, buyer, order, caseID, owner, topic, unique sql.NullString
	var wake sql.NullInt64
	err := rows.Scan(append(front, &document.ID, &document.Version, &document.State, &merchant, &buyer, &order, &caseID,
		&owner, &topic, &unique, &document.Rank, &wake, (*[]byte)(&document.Body))...)
	document.MerchantID, document.BuyerID = cloudtag.MerchantID(merchant.String), cloudtag.BuyerID(buyer.String)
	document.OrderNo, document.CaseID = cloudtag.OrderNo(order.String), cloudtag.CaseID(caseID.String)
	document.Owner, document.Topic = owner.String, topic.String
	document.Unique, document.WakeAt = unique.String, timeOf(wake)
	return document, err
}

// What a document is stored as; "kind" and "id" come with its first version only.
var documentChangeColumns = []string{
	"version", "state", "merchant_id", "buyer_id", "order_no", "case_id", "owner", "topic", "unique_key", "rank", "wake_at",
	"body",
}

var (
	documentsTable = &table{name: "documents", columns: append([]string{"kind", "id"}, documentChangeColumns...)}
	updateDocument = updateText("documents", "no", documentChangeColumns...)
)

const (
	storedDocument = "SELECT no, version FROM documents WHERE kind = ? AND id = ?"
	uniqueHolder   = "SELECT id FROM documents INDEXED BY documents_by_unique WHERE kind = ? AND unique_key = ?"
)

// SaveDocument stores a version of a document.
func (s *Store) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	return s.write(ctx, "store a document", func(w *work) error {
		kind, err := documentKinds.number(document.Kind)
		if err != nil {
			return err
		}
		var no, version int64
		err = w.One(storedDocument, []any{kind, document.ID}, &no, &version)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if version != int64(document.Version)-1 {
			return errDocumentChanged()
		}
		if taken, err := uniqueTaken(w, kind, document); err != nil || taken {
			if err == nil {
				err = errDocumentChanged()
			}
			return err
		}
		values := documentValues(document)
		if no == 0 {
			err = w.insert(documentsTable, append([]any{kind, document.ID}, values...))
		} else {
			err = w.Write("update a document", updateDocument, append(values, no)...)
		}
		if err != nil {
			return err
		}
		return appendEntries(w, entries)
	})
}

// documentValues returns the values of documentChangeColumns.
func documentValues(document cloudtag.Document) []any {
	return []any{
		int64(document.Version), document.State, optionalText(document.MerchantID), optionalText(document.BuyerID),
		optionalText(document.OrderNo), optionalText(document.CaseID), optionalText(document.Owner),
		optionalText(document.Topic), optionalText(document.Unique), document.Rank, storedTime(document.WakeAt),
		string(document.Body),
	}
}

// uniqueTaken reports whether another document has what the document wants for itself.
func uniqueTaken(w *work, kind int64, document cloudtag.Document) (bool, error) {
	if document.Unique == "" {
		return false, nil
	}
	var holder string
	err := w.One(uniqueHolder, []any{kind, document.Unique}, &holder)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return holder != document.ID, err
}

func optionalText[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}

const documentsByID = "SELECT " + documentColumns + ` FROM json_each(?) j
	CROSS JOIN documents d INDEXED BY documents_by_id ON d.kind = ? AND d.id = j.value`

// Documents returns documents by identifier.
func (s *Store) Documents(
	ctx context.Context, kind cloudtag.DocumentKind, ids []string,
) (documents map[string]cloudtag.Document, err error) {
	err = s.read(ctx, "read documents", func(r *reading) error {
		documents, err = readDocuments(r, kind, ids)
		return err
	})
	return documents, err
}

func readDocuments(q querier, kind cloudtag.DocumentKind, ids []string) (map[string]cloudtag.Document, error) {
	number, err := documentKinds.number(kind)
	if err != nil {
		return nil, err
	}
	keys, err := sqlitefile.KeyList(ids)
	if err != nil {
		return nil, err
	}
	documents := make(map[string]cloudtag.Document, len(ids))
	err = q.Each(documentsByID, []any{keys, number}, func(rows *sql.Rows) error {
		document, err := scanDocument(kind, rows)
		documents[document.ID] = document
		return err
	})
	return documents, err
}

// DocumentPage reads along the index of what the filter gives.
func (s *Store) DocumentPage(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice,
) (documents []cloudtag.Document, more bool, err error) {
	err = s.read(ctx, "read a page of documents", func(r *reading) error {
		documents, more, err = documentPage(r, kind, filter, slice)
		return err
	})
	return documents, more, err
}

func documentPage(
	q querier, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice,
) ([]cloudtag.Document, bool, error) {
	conditions, args, err := documentsMatching(kind, filter)
	if err != nil {
		return nil, false, err
	}
	bounds, desc := sliceSpan(slice, false)
	direction := ""
	if desc {
		direction = " DESC"
	}
	text := "SELECT " + documentColumns + conditions + " AND (d.rank, d.id) > (?, ?) AND (d.rank, d.id) < (?, ?)" +
		" ORDER BY d.rank" + direction + ", d.id" + direction + " LIMIT ?"
	args = append(args, bounds.lower.Key, bounds.lower.ID, bounds.upper.Key, bounds.upper.ID, int64(slice.Limit)+1)
	var documents []cloudtag.Document
	err = q.Each(text, args, func(rows *sql.Rows) error {
		document, err := scanDocument(kind, rows)
		documents = append(documents, document)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	documents, more := finish(documents, slice)
	return documents, more, nil
}

// CountDocuments counts along the index of what the filter gives.
func (s *Store) CountDocuments(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int,
) (count int, err error) {
	err = s.read(ctx, "count documents", func(r *reading) error {
		conditions, args, err := documentsMatching(kind, filter)
		if err != nil {
			return err
		}
		return r.One("SELECT count(*) FROM (SELECT 1"+conditions+" LIMIT ?)", append(args, int64(limit)), &count)
	})
	return count, err
}

// documentsMatching is the FROM and WHERE of a list, along the index of the first thing that the filter gives: what
// the fewest documents have comes first, so that the rest costs little.
func documentsMatching(kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) (text string, args []any, err error) {
	number, err := documentKinds.number(kind)
	if err != nil {
		return "", nil, err
	}
	args = append(args, number)
	index := ""
	for _, condition := range [...]struct{ index, column, value string }{
		{"documents_by_case", "case_id", string(filter.CaseID)},
		{"documents_by_order", "order_no", string(filter.OrderNo)},
		{"documents_by_buyer", "buyer_id", string(filter.BuyerID)},
		{"documents_by_owner", "owner", filter.Owner},
		{"documents_by_merchant", "merchant_id", string(filter.MerchantID)},
		{"documents_by_topic", "topic", filter.Topic},
		{"documents_by_state", "state", filter.State},
	} {
		if condition.value == "" {
			continue
		}
		if index == "" {
			index = condition.index
		}
		text += " AND d." + condition.column + " = ?"
		args = append(args, condition.value)
	}
	switch {
	case index == "":
		index = "documents_by_rank"
	case filter.State != "" && (index == "documents_by_merchant" || index == "documents_by_topic"):
		index += "_state"
	}
	return " FROM documents d INDEXED BY " + index + " WHERE d.kind = ?" + text, args, nil
}

// DocumentsOfBuyers lists the documents of each account, all as of one moment.
func (s *Store) DocumentsOfBuyers(
	ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int,
) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	found := make(map[cloudtag.BuyerID][]cloudtag.Document)
	err := s.read(ctx, "list the documents of accounts", func(r *reading) error {
		for _, buyer := range buyers {
			documents, _, err := documentPage(r, kind, cloudtag.DocumentFilter{BuyerID: buyer}, cloudtag.Slice{Limit: limit})
			if err != nil {
				return err
			}
			if len(documents) > 0 {
				found[buyer] = documents
			}
		}
		return nil
	})
	return found, err
}

const wakingDocuments = "SELECT " + documentColumns + ` FROM documents d INDEXED BY documents_by_wake
	WHERE d.kind = ? AND d.wake_at <= ? ORDER BY d.wake_at, d.id LIMIT ?`

// WakingDocuments returns the documents whose time has come.
func (s *Store) WakingDocuments(
	ctx context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int,
) (documents []cloudtag.Document, err error) {
	err = s.read(ctx, "read the documents that wake", func(r *reading) error {
		number, err := documentKinds.number(kind)
		if err != nil {
			return err
		}
		return r.Each(wakingDocuments, []any{number, asOf.UnixMilli(), int64(limit)}, func(rows *sql.Rows) error {
			document, err := scanDocument(kind, rows)
			documents = append(documents, document)
			return err
		})
	})
	return documents, err
}

// errDocumentChanged answers a version that is not the next one, and a document that another one excludes.
func errDocumentChanged() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "该记录已发生变化，请查看当前状态后重试。",
		EN: "The record has changed in the meantime. Look at its current state and try again.",
	})
}
