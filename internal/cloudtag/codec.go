package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// DocumentReader reads documents by identifier.
type DocumentReader interface {
	Documents(ctx context.Context, kind DocumentKind, ids []string) (map[string]Document, error)
}

// The limits of lists without pages.
const (
	MaxListed       = 1000 // documents
	maxListedOfEach = 100  // documents per account, in lists for several accounts
)

// Codec maps a type of record to the documents of one kind, and reads and writes such records in a store.
type Codec[T any] struct {
	Kind DocumentKind
	// Encode sets all fields of a record's document except for Kind and Body, which is the record as JSON.
	Encode func(T) Document
}

// Document encodes a record.
func (c Codec[T]) Document(record T) Document {
	document := c.Encode(record)
	document.Kind, document.Body = c.Kind, MustJSON(record)
	return document
}

// Record decodes a document.
func (c Codec[T]) Record(document Document) (record T, err error) {
	if err := json.Unmarshal(document.Body, &record); err != nil {
		return record, fmt.Errorf("%s %s: %w", c.Kind, document.ID, err)
	}
	return record, nil
}

// Records decodes documents, in the same order.
func (c Codec[T]) Records(documents []Document) ([]T, error) {
	records := make([]T, len(documents))
	for i, document := range documents {
		var err error
		if records[i], err = c.Record(document); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// ForEachWaking calls do with each record whose WakeAt is not after asOf, earliest first, until none is left. do must store
// the record with another WakeAt; it is called with the stored record again after a crash or an error.
func (c Codec[T]) ForEachWaking(ctx context.Context, store DocumentStore, asOf time.Time, do func(T) error) error {
	for {
		waiting, err := store.WakingDocuments(ctx, c.Kind, asOf, 1)
		if err != nil {
			return fmt.Errorf("find waking %s: %w", c.Kind, err)
		}
		if len(waiting) == 0 {
			return nil
		}
		record, err := c.Record(waiting[0])
		if err != nil {
			return err
		}
		if err := do(record); err != nil {
			return err
		}
	}
}

// Find returns one record, or NOT_FOUND.
func (c Codec[T]) Find(ctx context.Context, store DocumentReader, id string) (record T, err error) {
	found, err := store.Documents(ctx, c.Kind, []string{id})
	if err != nil {
		return record, fmt.Errorf("find %s: %w", c.Kind, err)
	}
	document, known := found[id]
	if !known {
		return record, NotFound()
	}
	return c.Record(document)
}

// List returns up to limit records that match, by rank.
func (c Codec[T]) List(ctx context.Context, store DocumentStore, filter DocumentFilter, limit int) ([]T, error) {
	documents, _, err := store.DocumentPage(ctx, c.Kind, filter, Slice{Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", c.Kind, err)
	}
	return c.Records(documents)
}

// Page returns a page of the records that match, by rank. BAD_USER_INPUT for an invalid [PageRequest].
func (c Codec[T]) Page(ctx context.Context, store DocumentStore, filter DocumentFilter, request PageRequest) (Page[T], error) {
	slice, err := request.slice(string(c.Kind))
	if err != nil {
		return Page[T]{}, err
	}
	documents, more, err := store.DocumentPage(ctx, c.Kind, filter, slice)
	if err != nil {
		return Page[T]{}, fmt.Errorf("read a page of %s: %w", c.Kind, err)
	}
	records, err := c.Records(documents)
	return newPage(string(c.Kind), records, more, slice, func(record T) Position { return c.Encode(record).Position() }), err
}

// Count counts the records that match, exactly up to MaxCount, then MaxCount+1.
func (c Codec[T]) Count(ctx context.Context, store DocumentStore, filter DocumentFilter) (int, error) {
	count, err := store.CountDocuments(ctx, c.Kind, filter, MaxCount+1)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", c.Kind, err)
	}
	return count, nil
}

// OfBuyers returns each account's records by rank, with a single read of the store.
func (c Codec[T]) OfBuyers(ctx context.Context, store DocumentStore, buyers []BuyerID) (map[BuyerID][]T, error) {
	documents, err := store.DocumentsOfBuyers(ctx, c.Kind, buyers, maxListedOfEach)
	if err != nil {
		return nil, fmt.Errorf("list %s of buyers: %w", c.Kind, err)
	}
	found := make(map[BuyerID][]T, len(documents))
	for buyer, of := range documents {
		if found[buyer], err = c.Records(of); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Change returns the document of a record and the entry about the change, whose Before and After it sets; before is nil for
// a new record.
func (c Codec[T]) Change(before *T, after T, entry Entry) (Document, Entry) {
	if before != nil {
		entry.Before = MustJSON(*before)
	}
	entry.After = MustJSON(after)
	return c.Document(after), entry
}

// Save stores a record with an entry about it, as Change has it. CONFLICT as [DocumentStore.SaveDocument] has it.
func (c Codec[T]) Save(ctx context.Context, store DocumentStore, before *T, after T, entry Entry) error {
	document, entry := c.Change(before, after, entry)
	if err := store.SaveDocument(ctx, document, []Entry{entry}); err != nil {
		return fmt.Errorf("save %s: %w", c.Kind, err)
	}
	return nil
}

// MustJSON encodes a value of one of the program's own types; it panics if that can't be encoded.
func MustJSON(value any) json.RawMessage {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encoded
}
