package datafile

import (
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"cloudtag/internal/cloudtag"
)

// archivedEntry is a log entry in an archive: its hash and, byte for byte, everything that the hash covers.
type archivedEntry struct {
	Seq      int64              `json:"seq"`
	At       time.Time          `json:"at"`
	Actor    string             `json:"actor"`
	Action   cloudtag.Action    `json:"action"`
	Subjects []cloudtag.Subject `json:"subjects"`
	Reason   string             `json:"reason"`
	Before   string             `json:"before,omitempty"` // JSON as text, since reordering its members would change the hash
	After    string             `json:"after,omitempty"`
	Hash     string             `json:"hash"` // in hexadecimal
}

// LogArchive writes log entries to a compressed file, one JSON object per line.
type LogArchive struct {
	compressed *gzip.Writer
	lines      *json.Encoder
}

// NewLogArchive starts an archive.
func NewLogArchive(out io.Writer) *LogArchive {
	compressed := gzip.NewWriter(out)
	lines := json.NewEncoder(compressed)
	lines.SetEscapeHTML(false)
	return &LogArchive{compressed: compressed, lines: lines}
}

// Write adds an entry.
func (a *LogArchive) Write(entry cloudtag.Entry) error {
	return a.lines.Encode(archivedEntry{
		Seq: entry.Seq, At: entry.At, Actor: entry.Actor, Action: entry.Action, Subjects: entry.Subjects, Reason: entry.Reason,
		Before: string(entry.Before), After: string(entry.After), Hash: hex.EncodeToString(entry.Hash),
	})
}

// Close completes the archive. It does not close the underlying writer.
func (a *LogArchive) Close() error { return a.compressed.Close() }

// ReadLogArchive calls use with every entry of an archive, in order, until it returns an error.
func ReadLogArchive(name string, use func(cloudtag.Entry) error) error {
	in, err := Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	for lines := json.NewDecoder(in); ; {
		var line archivedEntry
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		hash, err := hex.DecodeString(line.Hash)
		if err != nil {
			return fmt.Errorf("%s: entry %d: hash: %w", name, line.Seq, err)
		}
		err = use(cloudtag.Entry{
			Seq: line.Seq, At: line.At, Actor: line.Actor, Action: line.Action, Subjects: line.Subjects, Reason: line.Reason,
			Before: json.RawMessage(line.Before), After: json.RawMessage(line.After), Hash: hash,
		})
		if err != nil {
			return err
		}
	}
}
