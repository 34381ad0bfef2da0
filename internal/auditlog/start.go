package auditlog

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Start is where the log begins: at its first entry, unless entries before another one were archived and deleted. The
// newest entry [cloudtag.ActionLogTrimmed] says so, which is chained like every other: nobody can cut the beginning off unseen.
type Start struct {
	Seq    int64     // number of the first entry that is kept, from 1
	Before []byte    // hash of the entry before it, which its own hash follows from; nil at the first of all
	Until  time.Time // every entry before it is of an earlier time; zero when there is none
}

// FindStart reads where the log begins.
func FindStart(ctx context.Context, log cloudtag.LogPager) (Start, error) {
	trims, _, err := log.LogPage(ctx, cloudtag.LogFilter{Action: cloudtag.ActionLogTrimmed}, cloudtag.Slice{Limit: 1, Backward: true})
	if err != nil {
		return Start{}, fmt.Errorf("find where the log begins: %w", err)
	}
	if len(trims) == 0 {
		return Start{Seq: 1}, nil
	}
	var trim logTrim
	if err := json.Unmarshal(trims[0].After, &trim); err != nil {
		return Start{}, fmt.Errorf("log entry %d: %w", trims[0].Seq, err)
	}
	before, err := hex.DecodeString(trim.Before)
	if err != nil {
		return Start{}, fmt.Errorf("log entry %d: %w", trims[0].Seq, err)
	}
	return Start{Seq: trim.First, Before: before, Until: trim.Until}, nil
}

// logTrim is what an entry says that the log's beginning was archived.
type logTrim struct {
	First   int64     `json:"first"`  // number of the first entry that is kept
	Before  string    `json:"before"` // hash of the last one that was archived, in hexadecimal
	Until   time.Time `json:"until"`
	Archive string    `json:"archive"` // name of the file
	SHA256  string    `json:"sha256"`  // of the file
}

// verified is what is known of the log before its first entry is checked.
func (s Start) verified() Verification {
	return Verification{First: s.Seq, Entries: s.Seq - 1, Head: s.Before}
}
