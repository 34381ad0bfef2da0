package command

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

// chainedLog is a log whose entries form a valid hash chain.
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

func (l chainedLog) LogPage(_ context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	if filter.Action == cloudtag.ActionLogTrimmed {
		return nil, false, nil
	}
	rest := l[min(int(slice.After.Key), len(l)):]
	return rest[:min(slice.Limit, len(rest))], len(rest) > slice.Limit, nil
}

func (l chainedLog) CountLog(context.Context, cloudtag.LogFilter, int) (int, error) {
	return len(l), nil
}

func (l chainedLog) LastSeq(context.Context) (int64, error) { return int64(len(l)), nil }

func TestVerifyLog(t *testing.T) {
	log, streams := newChainedLog(2500), capture("")
	if err := VerifyLog(t.Context(), &config.VerifyLog{}, log, streams.Streams); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("2500 entries, the chain holds\nnewest entry: 2500:%s\n", hex.EncodeToString(log[2499].Hash))
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
			err := VerifyLog(t.Context(), &config.VerifyLog{}, test.tamper(newChainedLog(2500)), streams.Streams)
			if err == nil || !strings.Contains(err.Error(), test.at+":") || streams.out.String() != "" {
				t.Errorf("%v, want the break at %s; printed %q", err, test.at, streams.out)
			}
		})
	}
}

// Expected hashes detect a log that is consistent in itself: one that was truncated, or rewritten as a whole.
func TestVerifyLogDetectsTruncationAndRewriting(t *testing.T) {
	log := newChainedLog(2500)
	kept := func(seq int) config.EntryHash { return config.EntryHash{Seq: int64(seq), Hash: log[seq-1].Hash} }
	rewritten := newChainedLog(2500)
	for i := range rewritten {
		var before []byte
		if i > 0 {
			before = rewritten[i-1].Hash
		}
		rewritten[i].Actor = "b"
		rewritten[i].Hash = rewritten[i].ChainHash(before)
	}
	for name, test := range map[string]struct {
		log    chainedLog
		expect []config.EntryHash
		want   string
	}{
		"holds":     {log, []config.EntryHash{kept(1), kept(1500), kept(2500)}, ""},
		"truncated": {log[:1499], []config.EntryHash{kept(1500)}, "entry 1500 is expected, but the log ends before it"},
		"rewritten": {rewritten, []config.EntryHash{kept(7)}, "entry 7 has the hash"},
		"empty":     {nil, []config.EntryHash{kept(1)}, "entry 1 is expected"},
	} {
		t.Run(name, func(t *testing.T) {
			err := VerifyLog(t.Context(), &config.VerifyLog{Expect: test.expect}, test.log, capture("").Streams)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
