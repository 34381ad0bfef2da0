package command

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/auditlog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/config"
	"cloudtag/internal/metrics"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// agedLog is a store whose log has one entry a day, the last of which is old enough to be archived; all chores that read
// the log have processed it.
func agedLog(t *testing.T, entries int) (*store.Store, *auditlog.Retention) {
	t.Helper()
	kinds := store.NewCatalogue()
	engine := memory.Open(memory.NewData(), memory.Options{})
	log := store.New(engine, kinds)
	first := now.AddDate(-auditlog.RetentionYears, 0, -entries)
	for n := range entries {
		err := engine.Update(t.Context(), "append", func(tx store.Tx) error {
			tx.Append(cloudtag.Entry{
				At: first.AddDate(0, 0, n), Actor: "甲", Action: "a.b", Subjects: []cloudtag.Subject{"x:1"},
				Reason: "<&> \u2028", After: []byte(`{"b": 1,"a":"\u003c"}`),
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	clock := fixedClock(now)
	metrics, collusion := metrics.New(log, clock, cloudtag.NewCalendar(time.UTC)), collusion.New(log, clock)
	seconds := secondreview.New(log, clock, func() []byte { return []byte("a secret of thirty-two bytes ...") })
	if err := errors.Join(metrics.CatchUp(t.Context()), collusion.CatchUp(t.Context()), seconds.CatchUp(t.Context())); err != nil {
		t.Fatal(err)
	}
	return log, auditlog.NewRetention(log, clock, metrics, collusion, seconds)
}

func TestTrimLog(t *testing.T) {
	log, retention := agedLog(t, 30)
	directory := t.TempDir()
	day := func(n int) config.Time { return config.Time(now.AddDate(-auditlog.RetentionYears, 0, n-31)) }
	trim := func(before config.Time) string {
		t.Helper()
		streams := capture("")
		if err := TrimLog(t.Context(), &config.TrimLog{Before: before, Archive: directory}, retention, streams.Streams); err != nil {
			t.Fatal(err)
		}
		return streams.out.String()
	}
	names := []string{filepath.Join(directory, "log-000000000001-000000000009.ndjson.gz"), filepath.Join(directory, "log-000000000010-000000000019.ndjson.gz")}
	entry, _, err := log.LogPage(t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: 4}})
	if err != nil {
		t.Fatal(err)
	}
	fifth := config.EntryHash{Seq: 5, Hash: entry[0].Hash}

	if output := trim(day(10)); !strings.Contains(output, "entries 1 to 9 are in "+names[0]) || !strings.Contains(output, "begins with entry 10") {
		t.Errorf("printed %q", output)
	}
	if output := trim(day(10)); !strings.Contains(output, "nothing to archive") {
		t.Errorf("printed %q", output)
	}
	trim(day(20))
	if files, err := os.ReadDir(directory); err != nil || len(files) != 2 {
		t.Errorf("%v, %v", files, err)
	}
	for name, test := range map[string]struct {
		settings config.VerifyLog
		want     string // part of the output, or after "!" of the error
	}{
		"without archives":                   {config.VerifyLog{}, "entries 20 to 32, the chain holds; those before were archived"},
		"with archives":                      {config.VerifyLog{Archive: []string{names[1], names[0]}}, "32 entries, the chain holds"},
		"first archive missing":              {config.VerifyLog{Archive: names[1:]}, "!the next entry has number 10"},
		"last archive missing":               {config.VerifyLog{Archive: names[:1]}, "!the archives end with entry 9"},
		"expected hash, archived":            {config.VerifyLog{Expect: []config.EntryHash{fifth}, Archive: names}, "32 entries"},
		"expected hash, archive not given":   {config.VerifyLog{Expect: []config.EntryHash{fifth}}, "!entry 5 is expected, and was archived"},
		"expected hash differs from archive": {config.VerifyLog{Expect: []config.EntryHash{{Seq: 5, Hash: make([]byte, 32)}}, Archive: names}, "!entry 5 has the hash"},
		"no such file":                       {config.VerifyLog{Archive: []string{"gone.ndjson.gz"}}, "!gone.ndjson.gz"},
	} {
		t.Run(name, func(t *testing.T) {
			streams := capture("")
			err := VerifyLog(t.Context(), &test.settings, log, streams.Streams)
			want, fails := strings.CutPrefix(test.want, "!")
			if fails != (err != nil) || !strings.Contains(streams.out.String()+fmt.Sprint(err), want) {
				t.Errorf("printed %q, %v", streams.out, err)
			}
		})
	}
}

// brokenTrim fails where the log would be trimmed, like a process that dies there.
type brokenTrim struct{ *auditlog.Retention }

var errDied = errors.New("died")

func (brokenTrim) Trim(context.Context, auditlog.Start, string, string) error { return errDied }

// When the process dies after writing the file and before trimming the log, the same command writes the same file again.
func TestTrimLogResumesAfterACrash(t *testing.T) {
	log, retention := agedLog(t, 30)
	settings := &config.TrimLog{Before: config.Time(now.AddDate(-auditlog.RetentionYears, 0, -10)), Archive: t.TempDir()}
	read := func() string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(settings.Archive, "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v", files, err)
		}
		content, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(content)
	}
	if err := TrimLog(t.Context(), settings, brokenTrim{retention}, capture("").Streams); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	first := read()
	if start, err := auditlog.FindStart(t.Context(), log); err != nil || start.Seq != 1 {
		t.Errorf("%+v, %v", start, err)
	}
	if err := TrimLog(t.Context(), settings, retention, capture("").Streams); err != nil || read() != first {
		t.Errorf("the file differs, %v", err)
	}
	settings.Archive = filepath.Join(settings.Archive, "gone")
	if err := TrimLog(t.Context(), settings, retention, capture("").Streams); err == nil || !strings.Contains(err.Error(), "--archive") {
		t.Errorf("no directory: %v", err)
	}
	settings.Before = config.Time(time.Time(settings.Before).AddDate(1, 0, 0))
	settings.Archive = t.TempDir()
	if err := TrimLog(t.Context(), settings, retention, capture("").Streams); cloudtag.CodeOf(err) != cloudtag.CodeBadInput {
		t.Errorf("entries too recent: %v", err)
	}
	if files, err := os.ReadDir(settings.Archive); err != nil || len(files) > 0 {
		t.Errorf("a rejected command left %v, %v", files, err)
	}
}
