package command

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// chainedLog is a log whose entries are chained.
type chainedLog []cloudtag.Entry

func newChainedLog(length int) chainedLog {
	var log chainedLog
	var before []byte
	for seq := range length {
		entry := cloudtag.Entry{Seq: int64(seq + 1), At: now, Actor: "a", Action: cloudtag.ActionTagSubmitted, Subjects: []cloudtag.Subject{"tag:1"}}
		entry.Hash = entry.ChainHash(before)
		before = entry.Hash
		log = append(log, entry)
	}
	return log
}

func (l chainedLog) LogPage(_ context.Context, _ cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	rest := l[min(int(slice.After.Key), len(l)):]
	return rest[:min(slice.Limit, len(rest))], len(rest) > slice.Limit, nil
}

func (l chainedLog) CountLog(context.Context, cloudtag.LogFilter, int) (int, error) {
	return len(l), nil
}

func (l chainedLog) CountActions(context.Context, cloudtag.Action, time.Time) (int, error) {
	return 0, nil
}

func (l chainedLog) LastSeq(context.Context) (int64, error) { return int64(len(l)), nil }

func TestVerifyLog(t *testing.T) {
	log, streams := newChainedLog(2500), capture("")
	if err := VerifyLog(t.Context(), log, streams.Streams); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("2500 entries, the chain holds\nhash of the newest entry: %s\n", hex.EncodeToString(log[2499].Hash))
	if got := streams.out.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for name, test := range map[string]struct {
		tamper func(chainedLog) chainedLog
		at     string
	}{
		"changed":  {func(l chainedLog) chainedLog { l[1233].Reason = "another"; return l }, "entry 1234"},
		"removed":  {func(l chainedLog) chainedLog { return append(l[:1499:1499], l[1500:]...) }, "entry 1500"},
		"inserted": {func(l chainedLog) chainedLog { return append(l[:10:10], l[9:]...) }, "entry 11"},
	} {
		t.Run(name, func(t *testing.T) {
			streams := capture("")
			err := VerifyLog(t.Context(), test.tamper(newChainedLog(2500)), streams.Streams)
			if err == nil || !strings.Contains(err.Error(), test.at+":") || streams.out.String() != "" {
				t.Errorf("%v, want the break at %s; said %q", err, test.at, streams.out)
			}
		})
	}
}
