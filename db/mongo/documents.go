package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// documentDoc is a document of the domain. Its spread tells all entries of its last version as one change.
type documentDoc struct {
	ID       string     `bson:"_id"` // kind and identifier, so that documents of a kind are in the order of theirs
	Head     rowHead    `bson:",inline"`
	Kind     string     `bson:"kind"`
	Name     string     `bson:"name"` // the identifier alone
	Version  int        `bson:"version"`
	State    string     `bson:"state"`
	Merchant string     `bson:"merchant,omitempty"`
	Buyer    string     `bson:"buyer,omitempty"`
	Order    string     `bson:"order,omitempty"`
	Case     string     `bson:"case,omitempty"`
	Owner    string     `bson:"owner,omitempty"`
	Topic    string     `bson:"topic,omitempty"`
	Unique   string     `bson:"unique,omitempty"`
	Rank     int64      `bson:"rank"`
	WakeAt   *time.Time `bson:"wakeAt,omitempty"`
	Body     string     `bson:"body"` // JSON as it was written
}

func (d *documentDoc) head() *rowHead { return &d.Head }

func (d *documentDoc) key() string { return d.ID }

// documentID is the _id of a document. No kind holds a slash.
func documentID(kind cloudtag.DocumentKind, id string) string { return string(kind) + "/" + id }

func newDocumentDoc(d cloudtag.Document) *documentDoc {
	return &documentDoc{
		ID: documentID(d.Kind, d.ID), Kind: string(d.Kind), Name: d.ID, Version: d.Version, State: d.State,
		Merchant: string(d.MerchantID), Buyer: string(d.BuyerID), Order: string(d.OrderNo), Case: string(d.CaseID),
		Owner: d.Owner, Topic: d.Topic, Unique: d.Unique, Rank: d.Rank, WakeAt: storedTime(d.WakeAt), Body: string(d.Body),
	}
}

func (d *documentDoc) domain() cloudtag.Document {
	return cloudtag.Document{
		Kind: cloudtag.DocumentKind(d.Kind), ID: d.Name, Version: d.Version, State: d.State,
		MerchantID: cloudtag.MerchantID(d.Merchant), BuyerID: cloudtag.BuyerID(d.Buyer),
		OrderNo: cloudtag.OrderNo(d.Order), CaseID: cloudtag.CaseID(d.Case), Owner: d.Owner, Topic: d.Topic, Unique: d.Unique,
		Rank: d.Rank, WakeAt: timeOf(d.WakeAt), Body: json.RawMessage(d.Body),
	}
}

func documentsOf(docs []*documentDoc) []cloudtag.Document {
	documents := make([]cloudtag.Document, len(docs))
	for i, doc := range docs {
		documents[i] = doc.domain()
	}
	return documents
}

// SaveDocument stores a version of a document: one conditional write, which carries the entries.
func (s *Store) SaveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	return explain("store a document", s.saveDocument(ctx, document, entries))
}

func (s *Store) saveDocument(ctx context.Context, document cloudtag.Document, entries []cloudtag.Entry) error {
	stored, err := s.documentDoc(ctx, documentID(document.Kind, document.ID))
	if err != nil {
		return err
	}
	next := newDocumentDoc(document)
	next.Head = rowHead{Revision: 1, Change: token()}
	var version int
	if stored != nil {
		if err := spreadRows(ctx, s, s.documents, []*documentDoc{stored}); err != nil {
			return err
		}
		version, next.Head.Revision = stored.Version, stored.Head.Revision+1
	}
	if document.Version != version+1 {
		return errDocumentChanged()
	}
	if len(entries) > 0 {
		next.Head.Spread = &rowSpread{
			Since: s.options.Clock.Now(), IDs: []string{s.documents.Name() + "/" + next.ID + "/" + next.Head.Change},
			Entries: newEntryDocs(entries),
		}
	}
	done, err := s.storeDocument(ctx, stored, next)
	if driver.IsDuplicateKeyError(err) || err == nil && !done {
		return errDocumentChanged()
	}
	if err != nil {
		return err
	}
	ctx, cancel := s.finishing(ctx)
	defer cancel()
	return spreadRows(ctx, s, s.documents, []*documentDoc{next})
}

// documentDoc returns a document, or nil.
func (s *Store) documentDoc(ctx context.Context, id string) (*documentDoc, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var doc documentDoc
	err := s.documents.FindOne(ctx, byID(id)).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return &doc, err
}

// storeDocument writes a version in the place of the one that was read; done is false when there is another. The error
// is one of a duplicate key when another document has what it wants for itself.
func (s *Store) storeDocument(ctx context.Context, stored, next *documentDoc) (done bool, err error) {
	if stored == nil {
		err := s.write(ctx, "insert a document", func(ctx context.Context) error {
			_, err := s.documents.InsertOne(ctx, next)
			return err
		})
		return err == nil, err
	}
	err = s.write(ctx, "replace a document", func(ctx context.Context) error {
		result, err := s.documents.ReplaceOne(ctx, atRevision(stored.ID, stored.Head.Revision), next)
		done = err == nil && result.MatchedCount == 1
		return err
	})
	return done, err
}

// Documents returns documents of a kind by identifier.
func (s *Store) Documents(
	ctx context.Context, kind cloudtag.DocumentKind, ids []string,
) (map[string]cloudtag.Document, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = documentID(kind, id)
	}
	docs, err := findByKeys[*documentDoc](ctx, s, s.documents, "_id", keys, withoutSpread())
	found := make(map[string]cloudtag.Document, len(docs))
	for _, doc := range docs {
		found[doc.Name] = doc.domain()
	}
	return found, explain("read documents", err)
}

// withoutSpread leaves out of a document what only its changes need.
func withoutSpread() *options.FindOptionsBuilder {
	return options.Find().SetProjection(bson.D{{Key: "spread", Value: 0}})
}

// documentsMatching selects documents of a kind.
func documentsMatching(kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter) bson.D {
	selected := bson.D{{Key: "kind", Value: string(kind)}}
	for _, condition := range [...]struct{ field, value string }{
		{"merchant", string(filter.MerchantID)}, {"buyer", string(filter.BuyerID)}, {"order", string(filter.OrderNo)},
		{"case", string(filter.CaseID)}, {"owner", filter.Owner}, {"topic", filter.Topic}, {"state", filter.State},
	} {
		if condition.value != "" {
			selected = append(selected, bson.E{Key: condition.field, Value: condition.value})
		}
	}
	return selected
}

// documentsWithin selects the documents of a kind that lie in a slice. The bound on the rank alone is what an index
// serves; within a kind, the _id sorts as the identifier does.
func documentsWithin(kind cloudtag.DocumentKind, slice cloudtag.Slice) bson.D {
	var ranks bson.D
	var beyond bson.A
	for _, bound := range [...]struct {
		from              *cloudtag.Position
		inclusive, strict string
	}{{slice.After, "$gte", "$gt"}, {slice.Before, "$lte", "$lt"}} {
		if bound.from == nil {
			continue
		}
		ranks = append(ranks, bson.E{Key: bound.inclusive, Value: bound.from.Key})
		beyond = append(beyond, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "rank", Value: bson.D{{Key: bound.strict, Value: bound.from.Key}}}},
			bson.D{{Key: "_id", Value: bson.D{{Key: bound.strict, Value: documentID(kind, bound.from.ID)}}}},
		}}})
	}
	if ranks == nil {
		return nil
	}
	return bson.D{{Key: "rank", Value: ranks}, {Key: "$and", Value: beyond}}
}

// DocumentPage returns a page of the documents that match.
func (s *Store) DocumentPage(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, slice cloudtag.Slice,
) ([]cloudtag.Document, bool, error) {
	direction := 1
	if slice.Backward {
		direction = -1
	}
	docs, err := findAll[*documentDoc](ctx, s, s.documents,
		append(documentsMatching(kind, filter), documentsWithin(kind, slice)...),
		withoutSpread().SetSort(sorting(direction, "rank", "_id")).SetLimit(int64(slice.Limit)+1))
	if err != nil {
		return nil, false, explain("read a page of documents", err)
	}
	more := len(docs) > slice.Limit
	docs = docs[:min(len(docs), slice.Limit)]
	if slice.Backward {
		slices.Reverse(docs)
	}
	return documentsOf(docs), more, nil
}

// CountDocuments counts the documents that match, up to limit.
func (s *Store) CountDocuments(
	ctx context.Context, kind cloudtag.DocumentKind, filter cloudtag.DocumentFilter, limit int,
) (int, error) {
	if err := s.usable(ctx); err != nil {
		return 0, explain("count documents", err)
	}
	count, err := s.documents.CountDocuments(ctx, documentsMatching(kind, filter), options.Count().SetLimit(int64(limit)))
	return int(count), explain("count documents", err)
}

// DocumentsOfBuyers returns the documents of each account, in the order of lists. It reads all that the accounts have of the
// kind: those are few.
func (s *Store) DocumentsOfBuyers(
	ctx context.Context, kind cloudtag.DocumentKind, buyers []cloudtag.BuyerID, limit int,
) (map[cloudtag.BuyerID][]cloudtag.Document, error) {
	found := make(map[cloudtag.BuyerID][]cloudtag.Document)
	for chunk := range slices.Chunk(uniqueNames(buyers), keysAtOnce) {
		docs, err := findAll[*documentDoc](ctx, s, s.documents,
			bson.D{{Key: "kind", Value: string(kind)}, {Key: "buyer", Value: anyOf(chunk)}},
			withoutSpread().SetSort(ascending("rank", "_id")))
		if err != nil {
			return nil, explain("list the documents of accounts", err)
		}
		for _, doc := range docs {
			buyer := cloudtag.BuyerID(doc.Buyer)
			if len(found[buyer]) < limit {
				found[buyer] = append(found[buyer], doc.domain())
			}
		}
	}
	return found, explain("list the documents of accounts", s.usable(ctx))
}

// WakingDocuments returns the documents of a kind whose time has come, earliest first. Who asks acts on them, so that what
// the log has not been told of them yet is told first: a cause before what follows from it.
func (s *Store) WakingDocuments(
	ctx context.Context, kind cloudtag.DocumentKind, asOf time.Time, limit int,
) ([]cloudtag.Document, error) {
	if limit <= 0 {
		return nil, explain("find due documents", s.usable(ctx))
	}
	docs, err := findAll[*documentDoc](ctx, s, s.documents,
		append(bson.D{{Key: "kind", Value: string(kind)}}, notAfter("wakeAt", asOf)...),
		options.Find().SetSort(ascending("wakeAt", "_id")).SetLimit(int64(limit)))
	if err == nil {
		err = spreadRows(ctx, s, s.documents, docs)
	}
	if err != nil {
		return nil, explain("find due documents", err)
	}
	return documentsOf(docs), nil
}

// errDocumentChanged answers a version that is not the next one, and a document that another one excludes.
func errDocumentChanged() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{
		ZH: "该记录已发生变化，请查看当前状态后重试。",
		EN: "The record has changed in the meantime. Look at its current state and try again.",
	})
}

func (s *Store) recoverDocuments(ctx context.Context, before time.Time) (int, error) {
	return recoverRows[*documentDoc](ctx, s, s.documents, before)
}
