package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/s2"
	"google.golang.org/protobuf/encoding/protowire"

	"cloudtag/internal/cloudtag"
)

// typicalEntry is a size in bytes that most entries do not exceed.
const typicalEntry = 640

// encodeBlock encodes consecutive entries. Their JSON is preserved byte by byte, since their hashes cover it. Entries of one
// commit are much alike: compression reduces them to a fifth.
func encodeBlock(entries []cloudtag.Entry) []byte {
	raw := make([]byte, 0, typicalEntry*len(entries))
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

// appendOptional appends a flag, and the text unless it is nil.
func appendOptional(raw, text []byte) []byte {
	if text == nil {
		return protowire.AppendVarint(raw, 0)
	}
	return protowire.AppendBytes(protowire.AppendVarint(raw, 1), text)
}

// decodeBlock returns the entries of a block, given the sequence number of the first one.
func decodeBlock(first int64, encoded []byte) ([]cloudtag.Entry, error) {
	raw, err := s2.Decode(nil, encoded)
	if err != nil {
		return nil, fmt.Errorf("decode the log's block %d: %w", first, err)
	}
	block := blockReader{rest: raw, texts: string(raw)}
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

// blockReader decodes values one after the other. After an error it returns empty values. The values are slices of the
// block, which saves an allocation for each.
type blockReader struct {
	rest     []byte
	texts    string // the whole block
	subjects []cloudtag.Subject
	damaged  bool
}

func (b *blockReader) entry(seq int64) cloudtag.Entry {
	return cloudtag.Entry{
		Seq: seq, At: time.UnixMilli(protowire.DecodeZigZag(b.number())).UTC(), Actor: b.text(), Action: cloudtag.Action(b.text()),
		Subjects: b.list(), Reason: b.text(), Before: b.optional(), After: b.optional(), Hash: b.bytes(),
	}
}

// list returns the subjects of an entry; nil for none.
func (b *blockReader) list() []cloudtag.Subject {
	begin := len(b.subjects)
	for count := b.number(); count > 0 && !b.damaged; count-- {
		b.subjects = append(b.subjects, cloudtag.Subject(b.text()))
	}
	if begin == len(b.subjects) {
		return nil
	}
	return slices.Clip(b.subjects[begin:])
}

func (b *blockReader) text() string {
	value := b.bytes()
	end := len(b.texts) - len(b.rest)
	return b.texts[end-len(value) : end]
}

func (b *blockReader) number() uint64 {
	value, length := protowire.ConsumeVarint(b.rest)
	if b.damaged = b.damaged || length < 0; b.damaged {
		return 0
	}
	b.rest = b.rest[length:]
	return value
}

func (b *blockReader) bytes() []byte {
	value, length := protowire.ConsumeBytes(b.rest)
	if b.damaged = b.damaged || length < 0; b.damaged {
		return nil
	}
	b.rest = b.rest[length:]
	return slices.Clip(value)
}

func (b *blockReader) optional() []byte {
	if b.number() == 0 {
		return nil
	}
	return b.bytes()
}
