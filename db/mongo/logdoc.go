package mongo

import (
	"encoding/json"
	"time"

	"cloudtag/internal/cloudtag"
)

// entryDoc is an entry of the log; its number follows from its place in the block.
type entryDoc struct {
	At       time.Time `bson:"at"`
	Actor    string    `bson:"actor"`
	Action   string    `bson:"action"`
	Subjects []string  `bson:"subjects"`
	Reason   string    `bson:"reason,omitempty"`
	Before   *string   `bson:"before,omitempty"` // JSON as it was written
	After    *string   `bson:"after,omitempty"`
	Hash     []byte    `bson:"hash,omitempty"` // once it has its place
}

// blockDoc is a stretch of the log without gap.
type blockDoc struct {
	First    int64      `bson:"_id"` // number of the first entry
	Count    int        `bson:"n"`
	Changes  []string   `bson:"changes"`  // what the entries tell, each once in the whole log
	Subjects []string   `bson:"subjects"` // of all entries, for the index; likewise the next two
	Actions  []string   `bson:"actions"`
	Actors   []string   `bson:"actors"`
	Until    time.Time  `bson:"until"` // the latest time of its entries
	Head     []byte     `bson:"head"`  // hash of the last entry
	Entries  []entryDoc `bson:"entries"`
}

// last is the number of the last entry.
func (b blockDoc) last() int64 { return b.First + int64(b.Count) - 1 }

func newEntryDoc(entry cloudtag.Entry) entryDoc {
	doc := entryDoc{
		At: entry.At, Actor: entry.Actor, Action: string(entry.Action), Subjects: make([]string, len(entry.Subjects)),
		Reason: entry.Reason, Before: jsonText(entry.Before), After: jsonText(entry.After),
	}
	for i, subject := range entry.Subjects {
		doc.Subjects[i] = string(subject)
	}
	return doc
}

func newEntryDocs(entries []cloudtag.Entry) []entryDoc {
	docs := make([]entryDoc, len(entries))
	for i, entry := range entries {
		docs[i] = newEntryDoc(entry)
	}
	return docs
}

func (d entryDoc) entry(seq int64) cloudtag.Entry {
	entry := cloudtag.Entry{
		Seq: seq, At: d.At.UTC(), Actor: d.Actor, Action: cloudtag.Action(d.Action), Reason: d.Reason,
		Before: rawJSON(d.Before), After: rawJSON(d.After),
		Hash: d.Hash,
	}
	for _, subject := range d.Subjects {
		entry.Subjects = append(entry.Subjects, cloudtag.Subject(subject))
	}
	return entry
}

func jsonText(raw json.RawMessage) *string {
	if raw == nil {
		return nil
	}
	text := string(raw)
	return &text
}

func rawJSON(text *string) json.RawMessage {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}
