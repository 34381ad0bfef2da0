package mongo

import (
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// change is a record as a commit left it.
type change struct {
	ref      store.Ref
	record   any
	document bson.Raw
	fresh    bool // it is new; known only to the engine that commits it
}

// block is a commit as the journal stores it.
type block struct {
	number  int64
	by      string      // identifies the attempt to commit it
	chain   store.Chain // the end of the log with it
	changes []change    // each record once
	entries []bson.Raw  // of the log
}

// blockDoc is a block as it is stored.
type blockDoc struct {
	Number  int64                 `bson:"_id"`
	By      string                `bson:"by"`
	At      time.Time             `bson:"at"`
	Seq     int64                 `bson:"seq"`  // of the newest log entry with it
	Head    []byte                `bson:"head"` // its hash
	Records map[string][]bson.Raw `bson:"records"`
	Log     []bson.Raw            `bson:"log"`
}

// assign numbers a block after a commit, and seals its entries after the end of the log there.
func (b *block) assign(after int64, chain store.Chain, entries []cloudtag.Entry) error {
	b.number, b.chain = after+1, chain
	b.entries = make([]bson.Raw, len(entries))
	for i, entry := range b.chain.Seal(entries) {
		var err error
		if b.entries[i], err = encodeEntry(entry); err != nil {
			return fmt.Errorf("encode an entry: %w", err)
		}
	}
	for _, c := range b.changes {
		setCommit(c.document, c.ref.ID, b.number)
	}
	return nil
}

func (b *block) doc(at time.Time) blockDoc {
	doc := blockDoc{
		Number: b.number, By: b.by, At: at, Seq: b.chain.Seq, Head: b.chain.Head, Log: b.entries, Records: make(map[string][]bson.Raw),
	}
	for _, c := range b.changes {
		doc.Records[c.ref.Kind.Name] = append(doc.Records[c.ref.Kind.Name], c.document)
	}
	return doc
}

// block decodes a stored block.
func (d blockDoc) block(c codec, kinds []*store.Kind) (*block, error) {
	b := &block{number: d.Number, by: d.By, chain: store.Chain{Seq: d.Seq, Head: d.Head}, entries: d.Log}
	for _, kind := range kinds {
		for _, document := range d.Records[kind.Name] {
			record, _, err := c.decode(kind, document)
			if err != nil {
				return nil, fmt.Errorf("commit %d: %w", d.Number, err)
			}
			b.changes = append(b.changes, change{ref: store.Ref{Kind: kind, ID: kind.ID(record)}, record: record, document: document})
		}
	}
	return b, nil
}
