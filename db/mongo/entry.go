package mongo

import (
	"encoding/json"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// entryDoc is a log entry as it is stored. Its JSON is preserved byte by byte, since its hash covers it.
type entryDoc struct {
	Seq      int64              `bson:"_id"`
	At       time.Time          `bson:"at"`
	Actor    string             `bson:"actor"`
	Action   cloudtag.Action    `bson:"action"`
	Subjects []cloudtag.Subject `bson:"subjects"`
	// Keys are the subjects by which it is indexed.
	Keys   []cloudtag.Subject `bson:"keys"`
	Reason string             `bson:"reason,omitempty"`
	Before *string            `bson:"before,omitempty"`
	After  *string            `bson:"after,omitempty"`
	Hash   []byte             `bson:"hash"`
}

func encodeEntry(entry cloudtag.Entry) (bson.Raw, error) {
	doc := entryDoc{
		Seq: entry.Seq, At: entry.At, Actor: entry.Actor, Action: entry.Action, Subjects: entry.Subjects, Keys: store.LogKeys(entry),
		Reason: entry.Reason, Before: optionalText(entry.Before), After: optionalText(entry.After), Hash: entry.Hash,
	}
	if doc.Subjects == nil {
		doc.Subjects = []cloudtag.Subject{}
	}
	return bson.Marshal(doc)
}

func optionalText(text json.RawMessage) *string {
	if text == nil {
		return nil
	}
	plain := string(text)
	return &plain
}

func (d entryDoc) entry() cloudtag.Entry {
	if len(d.Subjects) == 0 {
		d.Subjects = nil
	}
	return cloudtag.Entry{
		Seq: d.Seq, At: d.At.UTC(), Actor: d.Actor, Action: d.Action, Subjects: d.Subjects, Reason: d.Reason,
		Before: rawText(d.Before), After: rawText(d.After), Hash: d.Hash,
	}
}

func rawText(text *string) json.RawMessage {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}
