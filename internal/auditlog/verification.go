package auditlog

import (
	"bytes"
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

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

// Verify reads the whole log, from where it begins ([Start]), and checks every number and hash. progress, if not
// nil, is called from time to time with the number of the newest entry that is done.
func Verify(ctx context.Context, log cloudtag.LogReader, progress func(seq int64)) (Verification, error) {
	start, err := FindStart(ctx, log)
	if err != nil {
		return Verification{}, err
	}
	return verifyAfter(ctx, log, start.verified(), progress)
}

// VerifyEnd checks the newest entries of the log, up to a number of them. Entries of the result is the number of the
// newest that holds, as if those before had been checked; what came before is taken for right.
func VerifyEnd(ctx context.Context, log cloudtag.LogReader, entries int64) (Verification, error) {
	last, err := log.LastSeq(ctx)
	if err != nil {
		return Verification{}, fmt.Errorf("find the log's end: %w", err)
	}
	first, err := FindStart(ctx, log)
	if err != nil {
		return Verification{}, err
	}
	start := last - entries
	if start < first.Seq {
		return verifyAfter(ctx, log, first.verified(), nil)
	}
	before, _, err := log.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: start - 1}})
	if err != nil {
		return Verification{}, fmt.Errorf("read log entry %d: %w", start, err)
	}
	if len(before) == 0 || before[0].Seq != start {
		return Verification{Entries: start - 1, Break: &Break{Seq: start, Reason: "it is missing"}}, nil
	}
	return verifyAfter(ctx, log, Verification{First: start + 1, Entries: start, Head: before[0].Hash}, nil)
}

// verifyAfter goes on from what has been verified to the log's end.
func verifyAfter(ctx context.Context, log cloudtag.LogReader, result Verification, progress func(seq int64)) (Verification, error) {
	for {
		slice := cloudtag.Slice{Limit: 1000, After: &cloudtag.Position{Key: result.Entries}}
		entries, more, err := log.LogPage(ctx, cloudtag.LogFilter{}, slice)
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

// Add takes the next entry in, or returns why it is not the one that follows.
func (v *Verification) Add(entry cloudtag.Entry) (reason string) {
	if entry.Seq != v.Entries+1 {
		return fmt.Sprintf("the next entry has number %d", entry.Seq)
	}
	if !bytes.Equal(entry.Hash, entry.ChainHash(v.Head)) {
		return "its hash does not follow from its content and the entry before it"
	}
	v.Entries, v.Head = entry.Seq, entry.Hash
	return ""
}
