package command

import (
	"context"
	"encoding/hex"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// VerifyLog checks the log's chain from its first entry to its last, and fails when it does not hold, with the number
// of the first entry that is wrong. It prints the hash of the newest entry, which belongs somewhere else: who rewrites
// the whole log, hashes and all, changes it.
func VerifyLog(ctx context.Context, store cloudtag.LogReader, streams Streams) error {
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
	_, err = fmt.Fprintf(streams.Out, "%d entries, the chain holds\nhash of the newest entry: %s\n", result.Entries, hex.EncodeToString(result.Head))
	return err
}
