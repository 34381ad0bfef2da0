package command

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/datafile"
)

// VerifyLog checks the log's hash chain from its first entry to its last; the error names the first entry that breaks it.
// It prints number and hash of the newest entry, to be kept elsewhere: a log that was rewritten as a whole, hashes
// included, or truncated fails a later run that expects them. Given the archives of a trimmed log, it verifies them
// first, and that the log continues them.
func VerifyLog(ctx context.Context, settings *config.VerifyLog, store cloudtag.LogReader, streams Streams) error {
	if err := verifyLog(ctx, settings, store, streams); err != nil {
		return fmt.Errorf("verify-log: %w", err)
	}
	return nil
}

func verifyLog(ctx context.Context, settings *config.VerifyLog, store cloudtag.LogReader, streams Streams) error {
	start, err := auditlog.FindStart(ctx, store)
	if err != nil {
		return err
	}
	archives := len(settings.Archive) > 0
	if archives {
		if err := verifyArchives(settings, start); err != nil {
			return err
		}
	}
	result, err := verifyStored(ctx, store, streams)
	if err != nil {
		return err
	}
	for _, expected := range settings.Expect {
		if archives && expected.Seq < start.Seq {
			continue // checked with the archives
		}
		if err := checkExpected(ctx, store, start, expected); err != nil {
			return err
		}
	}
	switch {
	case result.Entries == 0:
		_, err = fmt.Fprintln(streams.Out, "the log is empty")
	case result.First == 1 || archives:
		_, err = fmt.Fprintf(streams.Out, "%d entries, the chain holds\n", result.Entries)
	default:
		_, err = fmt.Fprintf(streams.Out, "entries %d to %d, the chain holds; those before were archived (--archive checks them)\n", result.First, result.Entries)
	}
	if err == nil && result.Entries > 0 {
		_, err = fmt.Fprintf(streams.Out, "newest entry: %d:%s\n", result.Entries, hex.EncodeToString(result.Head))
	}
	return err
}

func verifyStored(ctx context.Context, store cloudtag.LogReader, streams Streams) (auditlog.Verification, error) {
	last, err := store.LastSeq(ctx)
	if err != nil {
		return auditlog.Verification{}, fmt.Errorf("find the log's end: %w", err)
	}
	bar, done := newProgress(streams.Err, "verifying", last, false), int64(0)
	result, err := auditlog.Verify(ctx, store, func(seq int64) {
		bar.add(int(seq - done))
		done = seq
	})
	bar.end()
	if err == nil && result.Break != nil {
		err = fmt.Errorf("the chain breaks at entry %d: %s; the %d entries before it hold",
			result.Break.Seq, result.Break.Reason, result.Entries-result.First+1)
	}
	return result, err
}

// verifyArchives checks the archives in the order of their entries, and that the log continues the last one.
func verifyArchives(settings *config.VerifyLog, start auditlog.Start) error {
	names := slices.Sorted(slices.Values(settings.Archive))
	var done auditlog.Verification
	for _, name := range names {
		err := datafile.ReadLogArchive(name, func(entry cloudtag.Entry) error {
			if reason := done.Add(entry); reason != "" {
				return fmt.Errorf("%s: the chain breaks at entry %d: %s", name, done.Entries+1, reason)
			}
			for _, expected := range settings.Expect {
				if err := matchExpected(expected, entry); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if done.Entries != start.Seq-1 || !bytes.Equal(done.Head, start.Before) {
		return fmt.Errorf("the archives end with entry %d (%x), but the log continues from entry %d (%x)",
			done.Entries, done.Head, start.Seq-1, start.Before)
	}
	return nil
}

// checkExpected returns an error if the log does not have an expected entry.
func checkExpected(ctx context.Context, store cloudtag.LogReader, start auditlog.Start, expected config.EntryHash) error {
	if expected.Seq == start.Seq-1 {
		return matchExpected(expected, cloudtag.Entry{Seq: expected.Seq, Hash: start.Before})
	}
	if expected.Seq < start.Seq {
		return fmt.Errorf("entry %d is expected, and was archived: give the files by --archive", expected.Seq)
	}
	entries, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: expected.Seq - 1}})
	switch {
	case err != nil:
		return fmt.Errorf("read log entry %d: %w", expected.Seq, err)
	case len(entries) == 0:
		return fmt.Errorf("entry %d is expected, but the log ends before it: it was truncated, or this is an older backup", expected.Seq)
	default:
		return matchExpected(expected, entries[0])
	}
}

// matchExpected returns an error if an entry is the expected one but has another hash.
func matchExpected(expected config.EntryHash, entry cloudtag.Entry) error {
	if entry.Seq != expected.Seq || bytes.Equal(entry.Hash, expected.Hash) {
		return nil
	}
	return fmt.Errorf("entry %d has the hash %x, not the expected %x: the log was rewritten up to there, or this is another log", expected.Seq, entry.Hash, expected.Hash)
}
