package command

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

// VerifyLog checks the log's chain from its first entry to its last, and fails when it does not hold, with the number
// of the first entry that is wrong. It prints number and hash of the newest entry, to be kept elsewhere: whoever rewrites
// the whole log, hashes included, or cuts off its end, can't satisfy a later run that expects them.
func VerifyLog(ctx context.Context, settings *config.VerifyLog, store cloudtag.LogReader, streams Streams) error {
	last, err := store.LastSeq(ctx)
	if err != nil {
		return fmt.Errorf("verify-log: find the log's end: %w", err)
	}
	bar, done := newProgress(streams.Err, "verifying", last, false), int64(0)
	result, err := cloudtag.VerifyLog(ctx, store, func(entries int64) {
		bar.add(int(entries - done))
		done = entries
	})
	bar.end()
	switch {
	case err != nil:
		return fmt.Errorf("verify-log: %w", err)
	case result.Break != nil:
		return fmt.Errorf("verify-log: the chain breaks at entry %d: %s; the %d entries before it hold", result.Break.Seq, result.Break.Reason, result.Entries)
	}
	for _, expected := range settings.Expect {
		if err := checkExpected(ctx, store, expected); err != nil {
			return fmt.Errorf("verify-log: %w", err)
		}
	}
	if result.Entries == 0 {
		_, err = fmt.Fprintln(streams.Out, "the log is empty")
		return err
	}
	_, err = fmt.Fprintf(streams.Out, "%d entries, the chain holds\nnewest entry: %d:%s\n", result.Entries, result.Entries, hex.EncodeToString(result.Head))
	return err
}

// checkExpected returns how the log differs from a hash that was kept.
func checkExpected(ctx context.Context, store cloudtag.LogReader, expected config.EntryHash) error {
	entries, _, err := store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: expected.Seq - 1}})
	switch {
	case err != nil:
		return fmt.Errorf("read log entry %d: %w", expected.Seq, err)
	case len(entries) == 0:
		return fmt.Errorf("entry %d is expected, but the log ends before it: its end was cut off, or this is an older backup", expected.Seq)
	case !bytes.Equal(entries[0].Hash, expected.Hash):
		return fmt.Errorf("entry %d has the hash %x, not the expected %x: the log was rewritten up to there, or this is another log", expected.Seq, entries[0].Hash, expected.Hash)
	default:
		return nil
	}
}
