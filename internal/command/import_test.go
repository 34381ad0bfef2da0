package command

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/importing"
)

// file writes a file and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportMerchants(t *testing.T) {
	const csv = "id,name\nm-1,One\nm-2,\"no end\nbad-3,Three\nm-4,Four\n"
	const both = "id,name,entity_id,owner\nm-1,One,,x\nm-1,One,,x\n"
	tests := []struct {
		name, file, text string
		strict           bool
		stored           []string
		want             []string // lines of the output; FILE stands for the file's path
		stopped          bool
	}{
		{"good", "a.csv", "id,name\nm-1,One\nm-2,Two\n", false, []string{"m-1", "m-2"}, []string{"merchants: 2 stored, 0 unchanged, 0 bad"}, false},
		{"twice the same", "a.csv", both, false, []string{"m-1"}, []string{"merchants: 1 stored, 1 unchanged, 0 bad", `FILE: unknown columns "owner" (ignored)`}, false},
		{"bad rows", "a.csv", csv, false, []string{"m-1", "m-4"}, []string{"FILE:3: column", "FILE:4: no good", "merchants: 2 stored, 0 unchanged, 2 bad"}, false},
		{"strict, bad form", "a.csv", csv, true, []string{"m-1"}, []string{"FILE:3: column", "merchants: 1 stored, 0 unchanged, 1 bad"}, true},
		{"strict, bad content", "a.ndjson", `{"id":"m-1","name":"One"}` + "\n" + `{"id":"bad-2","name":"Two"}`, true, []string{"m-1"}, []string{"FILE:2: no good", "1 bad"}, true},
		{"objects", "a.jsonl", `{"id":"m-1","name":"One","owner":1}` + "\n[]\n", false, []string{"m-1"}, []string{"FILE:2: expected a JSON object", `FILE: unknown columns "owner" (ignored)`}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := file(t, test.file, test.text)
			streams, m := capture(""), newMarket()
			err := Import(t.Context(), &config.Import{Kind: "merchants", Files: []string{path}, Strict: test.strict}, m, m, fixedClock(now), streams.Streams)
			if errors.Is(err, errStopped) != test.stopped || !test.stopped && err != nil {
				t.Fatalf("%v", err)
			}
			var stored []string
			for id := range m.merchants {
				stored = append(stored, string(id))
			}
			slices.Sort(stored)
			if !slices.Equal(stored, test.stored) {
				t.Errorf("stored %v, want %v", stored, test.stored)
			}
			for _, line := range test.want {
				if line = strings.ReplaceAll(line, "FILE", path); !strings.Contains(streams.err.String(), line) {
					t.Errorf("no line %q in:\n%s", line, streams.err)
				}
			}
			if streams.out.Len() > 0 {
				t.Errorf("standard output has %q", streams.out)
			}
		})
	}
}

func TestImportRejectsFiles(t *testing.T) {
	good := file(t, "good.csv", "id,name\nm-1,One\n")
	tests := []struct {
		name   string
		files  []string
		strict bool
		want   string
	}{
		{"missing", []string{good, filepath.Join(t.TempDir(), "none.csv")}, false, "none.csv"},
		{"unknown form", []string{good, "merchants.xlsx"}, false, "merchants.xlsx: expected a name"},
		{"missing column", []string{file(t, "a.csv", "id\nm-1\n")}, false, "missing columns name"},
		{"not compressed", []string{file(t, "a.csv.gz", "id,name\n")}, false, "gzip"},
		{"strict, unknown column", []string{file(t, "a.csv", "id,name,owner\nm-1,One,x\n")}, true, `unknown columns "owner"`},
		{"strict, unknown key", []string{file(t, "a.ndjson", `{"id":"m-1","name":"One","owner":1}`)}, true, `unknown columns "owner"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			streams, m := capture(""), newMarket()
			err := Import(t.Context(), &config.Import{Kind: "merchants", Files: test.files, Strict: test.strict}, m, m, fixedClock(now), streams.Streams)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestImportKeepsTheRowsBeforeATruncation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv.gz")
	packed, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipper := gzip.NewWriter(packed)
	fmt.Fprint(zipper, "id,name\nm-1,One\nm-2,Two\n")
	if err := zipper.Flush(); err != nil { // never closed: the end is missing
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	streams, m := capture(""), newMarket()
	err = Import(t.Context(), &config.Import{Kind: "merchants", Files: []string{path}}, m, m, fixedClock(now), streams.Streams)
	if err == nil || !strings.Contains(err.Error(), path) || len(m.merchants) != 2 {
		t.Errorf("%v, %v", err, m.merchants)
	}
}

func TestImportInChunks(t *testing.T) {
	var first, second strings.Builder
	first.WriteString("buyer_id,score,updated_at\n")
	for i := range 1500 {
		fmt.Fprintf(&first, "b-%d,1,2026-01-31T12:00:00Z\n", i)
		fmt.Fprintf(&second, `{"buyer_id":"c-%d","score":1,"updated_at":"2026-01-31T12:00:00Z"}`+"\n", i)
	}
	streams, m := capture(""), newMarket()
	settings := &config.Import{Kind: "risk", Files: []string{file(t, "a.csv", first.String()), file(t, "b.ndjson", second.String())}}
	if err := Import(t.Context(), settings, m, m, fixedClock(now), streams.Streams); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.calls, []int{1000, 1000, 1000}) || len(m.risks) != 3000 || !m.callers["system:import"] {
		t.Errorf("calls %v by %v, %d profiles", m.calls, m.callers, len(m.risks))
	}

	again := capture("")
	if err := Import(t.Context(), settings, m, m, fixedClock(now), again.Streams); err != nil || !strings.Contains(again.err.String(), "risk: 0 stored, 3000 unchanged, 0 bad") {
		t.Errorf("%v %s", err, again.err)
	}

	failing := newMarket()
	failing.failAfter = 2
	if err := Import(t.Context(), settings, failing, failing, fixedClock(now), again.Streams); !errors.Is(err, errStore) || len(failing.risks) != 2000 {
		t.Errorf("%v, %d profiles", err, len(failing.risks))
	}
}

func TestImportFromStandardInput(t *testing.T) {
	streams, m := capture("id,name\nm-1,One\nm-2\n"), newMarket()
	err := Import(t.Context(), &config.Import{Kind: "merchants", Files: []string{"-"}, Format: "csv"}, m, m, fixedClock(now), streams.Streams)
	if err != nil || len(m.merchants) != 1 || !strings.Contains(streams.err.String(), "standard input:3: expected 2 fields") {
		t.Errorf("%v %v %s", err, m.merchants, streams.err)
	}
}

func TestImportOrders(t *testing.T) {
	streams, m := capture(""), newMarket()
	path := file(t, "a.csv", "order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured\n1,m-1,b-1,2026-01-31T12:00:00Z,1,CNY,false\n")
	if err := Import(t.Context(), &config.Import{Kind: "orders", Files: []string{path}}, m, m, fixedClock(now), streams.Streams); err != nil || m.orders["1"].BuyerID != "b-1" {
		t.Errorf("%v %v", err, m.orders)
	}
}

func TestImportReplaysTagsOfAllFilesInOrderOfTime(t *testing.T) {
	a := file(t, "a.csv", "order_no,scenario,submitted_at\n3,S,2026-01-03T00:00:00Z\n1,S,2026-01-01T00:00:00Z\nbad-2,S,2026-01-02T00:00:00Z\n5,S,never\n")
	b := file(t, "b.ndjson", `{"order_no":"2","scenario":"S","submitted_at":"2026-01-02T00:00:00Z"}`+"\n"+`{"order_no":"4","scenario":"S","submitted_at":"2026-01-03T00:00:00Z"}`)
	streams, m := capture(""), newMarket()
	if err := Import(t.Context(), &config.Import{Kind: "tags", Files: []string{a, b}}, m, m, fixedClock(now), streams.Streams); err != nil {
		t.Fatal(err)
	}
	var order []cloudtag.OrderNo
	for _, tag := range m.tags {
		order = append(order, tag.OrderNo)
	}
	if !slices.Equal(order, []cloudtag.OrderNo{"1", "2", "3", "4"}) {
		t.Errorf("replayed %v", order)
	}
	for _, line := range []string{a + ":4: no good", a + ":5: submitted_at", "tags: 4 stored, 0 unchanged, 2 bad"} {
		if !strings.Contains(streams.err.String(), line) {
			t.Errorf("no line %q in:\n%s", line, streams.err)
		}
	}

	strict := newMarket()
	err := Import(t.Context(), &config.Import{Kind: "tags", Files: []string{a}, Strict: true}, strict, strict, fixedClock(now), capture("").Streams)
	if !errors.Is(err, errStopped) || len(strict.tags) != 0 {
		t.Errorf("strict: %v, %v", err, strict.tags)
	}
}

// steppingClock advances by a second at each call.
type steppingClock struct{ calls int }

func (c *steppingClock) Now() time.Time {
	c.calls++
	return now.Add(time.Duration(c.calls) * time.Second)
}

// The clock is read at the start, then once for each chunk of 1000 rows and for the summary.
func TestImportPrintsItsRate(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("buyer_id,score,updated_at\nb-bad\n")
	for i := range 2999 {
		fmt.Fprintf(&rows, "b-%d,1,2026-01-31T12:00:00Z\n", i)
	}
	tags := "order_no,scenario,submitted_at\n1,S,2026-01-01T00:00:00Z\n2,S,2026-01-02T00:00:00Z\n3,S,2026-01-02T00:00:00Z\n"
	for _, test := range []struct{ kind, text, want string }{
		{"risk", rows.String(), "risk: 2999 stored, 0 unchanged, 1 bad; 750 rows/s\n"},
		{"tags", tags, "tags: 3 stored, 0 unchanged, 0 bad; 1 rows/s\n"},
	} {
		streams, m := capture(""), newMarket()
		settings := &config.Import{Kind: test.kind, Files: []string{file(t, "a.csv", test.text)}}
		if err := Import(t.Context(), settings, m, m, &steppingClock{}, streams.Streams); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(streams.err.String(), test.want) {
			t.Errorf("printed %q, want %q last", streams.err, test.want)
		}
	}
}

func TestProgressShowsTheRateOfEachStep(t *testing.T) {
	var drawn bytes.Buffer
	in := newIntake(false, &steppingClock{}, &bytes.Buffer{}, drawnProgress(&drawn, "reading", 10, true))
	if err := in.count(importing.Report{Stored: 30}, make([]place, 30)); err != nil {
		t.Fatal(err)
	}
	in.nextStep(drawnProgress(&drawn, "replaying", 10, false))
	if err := in.count(importing.Report{Stored: 7}, make([]place, 7)); err != nil {
		t.Fatal(err)
	}
	in.progress.add(10)
	for _, text := range []string{"reading, 30 rows/s", "replaying, 7 rows/s"} {
		if !strings.Contains(drawn.String(), text) {
			t.Errorf("the bar does not show %q: %q", text, drawn.String())
		}
	}
}
