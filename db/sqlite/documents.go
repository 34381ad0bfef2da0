package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cloudtag/internal/cloudtag"
)

const documentColumns = `d.id, d.version, d.state, d.merchant_id, d.buyer_id, d.order_no, d.case_id, d.unique_key,
	d.opened_at, d.wake_at, d.body`

// scanDocument reads documentColumns, behind others that a query has in front.
func scanDocument(kind cloudtag.DocumentKind, rows *sql.Rows, front ...any) (cloudtag.Document, error) {
	document := cloudtag.Document{Kind: kind}
	var merchant, buyer, order, caseID, unique sql.NullString
	var opened int64
	var wake sql.NullInt64
	err := rows.Scan(append(front, &document.ID, &document.Version, &document.State, &merchant, &buyer, &order, &caseID,
		&unique, &opened, &wake, (*[]byte)(&document.Body))...)
	document.MerchantID, document.BuyerID = cloudtag.MerchantID(merchant.String), cloudtag.BuyerID(buyer.String)
	document.OrderNo, document.CaseID = cloudtag.OrderNo(order.String), cloudtag.CaseID(caseID.String)
	document.Unique, document.OpenedAt, document.WakeAt = unique.String, time.UnixMilli(opened).UTC(), timeOf(wake)
	return document, err
}

// What a document is stored as; "kind" and "id" come with its first version only.
var documentChangeColumns = []string{
	"version", "state", "merchant_id", "buyer_id", "order_no", "case_id", "unique_key", "opened_at", "wake_at", "body",
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
	return s.writer.do(ctx, "store a document", func(w *work) error {
		kind, err := documentKinds.number(document.Kind)
		if err != nil {
			return err
		}
		var no, version int64
		err = w.one(storedDocument, []any{kind, document.ID}, &no, &version)
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
			err = w.write("update a document", updateDocument, append(values, no)...)
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
		optionalText(document.OrderNo), optionalText(document.CaseID), optionalText(document.Unique),
		document.OpenedAt.UnixMilli(), storedTime(document.WakeAt), string(document.Body),
	}
}

// uniqueTaken reports whether another document has what the document wants for itself.
func uniqueTaken(w *work, kind int64, document cloudtag.Document) (bool, error) {
	if document.Unique == "" {
		return false, nil
	}
	var holder string
	err := w.one(uniqueHolder, []any{kind, document.Unique}, &holder)
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
	keys, err := keyList(ids)
	if err != nil {
		return nil, err
	}
	documents := make(map[string]cloudtag.Document, len(ids))
	err = q.each(documentsByID, []any{keys, number}, func(rows *sql.Rows) error {
		document, err := scanDocument(kind, rows)
		documents[document.ID] = document
		return err
	})
	return documents, err
}

// ListDocuments merges the states that the filter selects: one walk per state along the index of the identifier that
// the filter gives.
func (s *Store) ListDocuments(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int,
) (documents []cloudtag.Document, err error) {
	err = s.read(ctx, "list documents", func(r *reading) error {
		documents, err = listDocuments(r, kind, filter, limit)
		return err
	})
	return documents, err
}

func listDocuments(q querier, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int) ([]cloudtag.Document, error) {
	walks, err := documentWalks(q, kind, filter)
	if err != nil {
		return nil, err
	}
	positions, err := mergeWalks(q, walks, true, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(positions))
	for i, position := range positions {
		ids[i] = position.ID
	}
	found, err := readDocuments(q, kind, ids)
	documents := make([]cloudtag.Document, 0, len(ids))
	for _, id := range ids {
		documents = append(documents, found[id])
	}
	return documents, err
}

// DocumentsOfBuyers lists the documents of each account, all as of one moment.
func (s *Store) DocumentsOfBuyers(
	ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int,
) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	found := make(map[cloudtag.BuyerID][]cloudtag.Document)
	err := s.read(ctx, "list the documents of accounts", func(r *reading) error {
		for _, buyer := range buyers {
			documents, err := listDocuments(r, kind, cloudtag.DocumentFilter{BuyerID: buyer}, limit)
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

// statesOfDocuments are the states that documents of a kind have, found by leaping from one to the next.
const statesOfDocuments = `WITH RECURSIVE found (state) AS (
	SELECT min(state) FROM documents INDEXED BY documents_by_state WHERE kind = ?1
	UNION ALL
	SELECT (SELECT min(state) FROM documents INDEXED BY documents_by_state WHERE kind = ?1 AND state > found.state)
	FROM found WHERE found.state IS NOT NULL)
	SELECT state FROM found WHERE state IS NOT NULL`

func documentWalks(q querier, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) ([]*walk, error) {
	number, err := documentKinds.number(kind)
	if err != nil {
		return nil, err
	}
	states := []string{filter.State}
	if filter.State == "" {
		states = nil
		err := q.each(statesOfDocuments, []any{number}, func(rows *sql.Rows) error {
			var state string
			err := rows.Scan(&state)
			states = append(states, state)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	walks := make([]*walk, len(states))
	for i, state := range states {
		walks[i] = &walk{source: documentSource(number, filter, state), span: wholeSpan()}
	}
	return walks, nil
}

// documentSource returns where the documents of a state are read. A filter gives one identifier at most.
func documentSource(kind int64, filter cloudtag.DocumentFilter, state string) source {
	src := source{
		table: "documents", index: "documents_by_state", lead: []string{"kind"}, leadValues: []any{kind},
		key: "opened_at", id: "id",
	}
	for _, identifier := range [...]struct{ index, column, value string }{
		{"documents_by_merchant", "merchant_id", string(filter.MerchantID)},
		{"documents_by_buyer", "buyer_id", string(filter.BuyerID)},
		{"documents_by_order", "order_no", string(filter.OrderNo)},
		{"documents_by_case", "case_id", string(filter.CaseID)},
	} {
		if identifier.value != "" {
			src.index = identifier.index
			src.lead, src.leadValues = append(src.lead, identifier.column), append(src.leadValues, identifier.value)
			break
		}
	}
	src.lead, src.leadValues = append(src.lead, "state"), append(src.leadValues, state)
	return src
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
		return r.each(wakingDocuments, []any{number, asOf.UnixMilli(), int64(limit)}, func(rows *sql.Rows) error {
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
