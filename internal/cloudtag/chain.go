package cloudtag

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// ChainHash is the entry's hash: SHA-256 over the hash of the entry before it (nothing for the first) and everything the
// entry says. Whoever changes, removes or inserts an entry breaks the chain from there on.
func (e Entry) ChainHash(before []byte) []byte {
	said := make([]byte, 0, 1024) // enough for most: every tag's way passes here
	said = append(said, before...)
	said = appendNumber(said, e.Seq)
	said = appendNumber(said, e.At.UnixMilli())
	said = appendField(said, e.Actor)
	said = appendField(said, e.Action)
	said = appendNumber(said, int64(len(e.Subjects)))
	for _, subject := range e.Subjects {
		said = appendField(said, subject)
	}
	said = appendField(said, e.Reason)
	said = appendField(said, e.Before)
	said = appendField(said, e.After)
	sum := sha256.Sum256(said)
	return sum[:]
}

// appendField appends a text behind its length, so that no two different entries hash the same bytes.
func appendField[T ~string | ~[]byte](said []byte, text T) []byte {
	return append(appendNumber(said, int64(len(text))), text...)
}

func appendNumber(said []byte, number int64) []byte {
	return binary.BigEndian.AppendUint64(said, uint64(number))
}

// Break is where the log's chain does not hold.
type Break struct {
	Seq    int64 // of the first entry that is wrong, missing or out of place
	Reason string
}

// Verification is the outcome of checking the log.
type Verification struct {
	First   int64  // number of the first entry that was checked: those before it were archived, or taken for right
	Entries int64  // number of the newest entry that holds
	Head    []byte // hash of the newest entry: keep it elsewhere to notice a log that was rewritten as a whole
	Break   *Break // nil when the chain holds
}

// VerifyLog reads the whole log, from where it begins ([LogStart]), and checks every number and hash. progress, if not
// nil, is called from time to time with the number of the newest entry that is done.
func VerifyLog(ctx context.Context, store LogReader, progress func(seq int64)) (Verification, error) {
	start, err := FindLogStart(ctx, store)
	if err != nil {
		return Verification{}, err
	}
	return verifyAfter(ctx, store, start.verified(), progress)
}

// verified is what is known of the log before its first entry is checked.
func (s LogStart) verified() Verification {
	return Verification{First: s.Seq, Entries: s.Seq - 1, Head: s.Before}
}

// VerifyLogEnd checks the newest entries of the log, up to a number of them. Entries of the result is the number of the
// newest that holds, as if those before had been checked; what came before is taken for right.
func VerifyLogEnd(ctx context.Context, store LogReader, entries int64) (Verification, error) {
	last, err := store.LastSeq(ctx)
	if err != nil {
		return Verification{}, fmt.Errorf("find the log's end: %w", err)
	}
	first, err := FindLogStart(ctx, store)
	if err != nil {
		return Verification{}, err
	}
	start := last - entries
	if start < first.Seq {
		return verifyAfter(ctx, store, first.verified(), nil)
	}
	before, _, err := store.LogPage(ctx, LogFilter{}, Slice{Limit: 1, After: &Position{Key: start - 1}})
	if err != nil {
		return Verification{}, fmt.Errorf("read log entry %d: %w", start, err)
	}
	if len(before) == 0 || before[0].Seq != start {
		return Verification{Entries: start - 1, Break: &Break{Seq: start, Reason: "it is missing"}}, nil
	}
	return verifyAfter(ctx, store, Verification{First: start + 1, Entries: start, Head: before[0].Hash}, nil)
}

// verifyAfter goes on from what has been verified to the log's end.
func verifyAfter(ctx context.Context, store LogReader, result Verification, progress func(seq int64)) (Verification, error) {
	for {
		slice := Slice{Limit: 1000, After: &Position{Key: result.Entries}}
		entries, more, err := store.LogPage(ctx, LogFilter{}, slice)
		if err != nil {
			return result, fmt.Errorf("read log after %d: %w", result.Entries, err)
		}
		for _, entry := range entries {
			if reason := result.Add(entry); reason != "" {
				result.Break = &Break{Seq: result.Entries + 1, Reason: reason}
				return result, nil
			}
		}
		if progress != nil {
			progress(result.Entries)
		}
		if !more {
			return result, nil
		}
	}
}

// LoggedEntry is an entry with what its hash proves.
type LoggedEntry struct {
	Entry
	Intact bool // whether the hash follows from the content and the entry before
}

// LogEntry returns an entry by its number. Errors: FORBIDDEN unless the caller reviews, NOT_FOUND.
func (r *Records) LogEntry(ctx context.Context, caller Caller, seq int64) (LoggedEntry, error) {
	if !caller.Reviews() {
		return LoggedEntry{}, Forbidden()
	}
	slice := Slice{Limit: 2, After: &Position{Key: seq - 2}, Before: &Position{Key: seq + 1}}
	entries, _, err := r.store.LogPage(ctx, LogFilter{}, slice)
	if err != nil {
		return LoggedEntry{}, fmt.Errorf("read log entry: %w", err)
	}
	if len(entries) == 0 || entries[len(entries)-1].Seq != seq {
		return LoggedEntry{}, NotFound()
	}
	found, before := entries[len(entries)-1], Verification{Entries: seq - 1}
	if len(entries) == 2 {
		before.Head = entries[0].Hash
	} else if start, err := FindLogStart(ctx, r.store); err != nil {
		return LoggedEntry{}, err
	} else if start.Seq == seq {
		before.Head = start.Before
	}
	return LoggedEntry{Entry: found, Intact: before.Add(found) == ""}, nil
}

// Add takes the next entry in, or returns why it is not the one that follows.
func (v *Verification) Add(entry Entry) (reason string) {
	if entry.Seq != v.Entries+1 {
		return fmt.Sprintf("the next entry has number %d", entry.Seq)
	}
	if !bytes.Equal(entry.Hash, entry.ChainHash(v.Head)) {
		return "its hash does not follow from its content and the entry before it"
	}
	v.Entries, v.Head = entry.Seq, entry.Hash
	return ""
}
