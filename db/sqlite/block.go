package sqlite

import (
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/s2"
	"google.golang.org/protobuf/encoding/protowire"

	"cloudtag/internal/cloudtag"
)

// encodeBlock encodes entries that follow on each other. Their texts stay as they are, byte by byte, since their hashes are
// made of them. Entries of one commit are much alike: compressed they take a fifth.
func encodeBlock(entries []cloudtag.Entry) []byte {
	var raw []byte
	for _, entry := range entries {
		raw = protowire.AppendVarint(raw, protowire.EncodeZigZag(entry.At.UnixMilli()))
		raw = protowire.AppendString(raw, entry.Actor)
		raw = protowire.AppendString(raw, string(entry.Action))
		raw = protowire.AppendVarint(raw, uint64(len(entry.Subjects)))
		for _, subject := range entry.Subjects {
			raw = protowire.AppendString(raw, string(subject))
		}
		raw = protowire.AppendString(raw, entry.Reason)
		raw = appendOptional(raw, entry.Before)
		raw = appendOptional(raw, entry.After)
		raw = protowire.AppendBytes(raw, entry.Hash)
	}
	return s2.Encode(nil, raw)
}

// appendOptional appends whether there is a text, and the text.
func appendOptional(raw, text []byte) []byte {
	if text == nil {
		return protowire.AppendVarint(raw, 0)
	}
	return protowire.AppendBytes(protowire.AppendVarint(raw, 1), text)
}

// decodeBlock returns the entries of a block by the number of its first one.
func decodeBlock(first int64, encoded []byte) ([]cloudtag.Entry, error) {
	raw, err := s2.Decode(nil, encoded)
	if err != nil {
		return nil, fmt.Errorf("decode the log's block %d: %w", first, err)
	}
	block := blockReader{rest: raw}
	entries := make([]cloudtag.Entry, 0, blockSize)
	for len(block.rest) > 0 && !block.damaged {
		entries = append(entries, block.entry(first+int64(len(entries))))
	}
	if block.damaged {
		return nil, fmt.Errorf("decode the log's block %d: %w", first, errDamaged)
	}
	return entries, nil
}

var errDamaged = errors.New("it is damaged")

// blockReader reads one value after the other. Once it finds damage it returns empty ones.
type blockReader struct {
	rest    []byte
	damaged bool
}

func (b *blockReader) entry(seq int64) cloudtag.Entry {
	entry := cloudtag.Entry{Seq: seq, At: time.UnixMilli(protowire.DecodeZigZag(b.number())).UTC()}
	entry.Actor, entry.Action = string(b.text()), cloudtag.Action(b.text())
	if count := b.number(); count > 0 && count <= uint64(len(b.rest)) {
		entry.Subjects = make([]cloudtag.Subject, count)
		for i := range entry.Subjects {
			entry.Subjects[i] = cloudtag.Subject(b.text())
		}
	}
	entry.Reason = string(b.text())
	entry.Before, entry.After = b.optional(), b.optional()
	entry.Hash = b.text()
	return entry
}

func (b *blockReader) number() uint64 {
	value, length := protowire.ConsumeVarint(b.rest)
	if b.damaged = b.damaged || length < 0; b.damaged {
		return 0
	}
	b.rest = b.rest[length:]
	return value
}

func (b *blockReader) text() []byte {
	value, length := protowire.ConsumeBytes(b.rest)
	if b.damaged = b.damaged || length < 0; b.damaged {
		return nil
	}
	b.rest = b.rest[length:]
	return value
}

func (b *blockReader) optional() []byte {
	if b.number() == 0 {
		return nil
	}
	return b.text()
}
