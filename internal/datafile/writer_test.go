package datafile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

// write returns the file with the given rows.
func write[T any](t *testing.T, format Format, table Table[T], rows ...T) string {
	t.Helper()
	var out bytes.Buffer
	writer, err := NewWriter(&out, format, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := writer.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWriteTags(t *testing.T) {
	tag := cloudtag.Tag{
		OrderNo: "1", Scenario: "STOCK_HOLDING", MerchantID: "m-1", EntityID: "e-1", BuyerID: "b-1", Note: "=HYPERLINK(\"x\"),\n二",
		Status: cloudtag.TagSucceeded, SubmittedAt: january, StatusChangedAt: january.Add(time.Millisecond), HandleBy: january.Add(48 * time.Hour), BatchID: "B", Version: 2,
	}
	wantCSV := "order_no,scenario,submitted_at,note,merchant_id,entity_id,buyer_id,status,mark_result,live,status_changed_at,handle_by,handled_at,batch_id,version\n" +
		"1,STOCK_HOLDING,2026-01-31T12:00:00.000Z,\"'=HYPERLINK(\"\"x\"\"),\n二\",m-1,e-1,b-1,SUCCEEDED,MARK_SUCCEEDED,false,2026-01-31T12:00:00.001Z,2026-02-02T12:00:00.000Z,,B,2\n"
	if got := write(t, CSV, TagTable(), tag); got != wantCSV {
		t.Errorf("CSV\n%s\nwant\n%s", got, wantCSV)
	}
	wantJSON := `{"order_no":"1","scenario":"STOCK_HOLDING","submitted_at":"2026-01-31T12:00:00.000Z","note":"=HYPERLINK(\"x\"),\n二","merchant_id":"m-1","entity_id":"e-1","buyer_id":"b-1","status":"SUCCEEDED","mark_result":"MARK_SUCCEEDED","live":false,"status_changed_at":"2026-01-31T12:00:00.001Z","handle_by":"2026-02-02T12:00:00.000Z","handled_at":null,"batch_id":"B","version":2}` + "\n"
	if got := write(t, NDJSON, TagTable(), tag); got != wantJSON {
		t.Errorf("NDJSON\n%s\nwant\n%s", got, wantJSON)
	}
}

// Exported tags are imported unchanged, whatever their texts.
func TestExportedTagsAreImportable(t *testing.T) {
	for _, text := range []string{
		"1", "二, \"三\"\n", "-1", "=1+1", "+A", "@cmd", "\t=1", "\r=1", "\n=1", "＝1", "－", "'", "''", "'=1", "''-1", "'plain", "=",
		"two\r\nlines\rof\n\n\"three\"\r\n", " =1", "a=1", "''", "\r\n",
	} {
		name := strings.NewReplacer("\r", "", "\n", "").Replace(text) // identifiers have no line breaks
		if name == "" {
			name = "x"
		}
		tag := cloudtag.Tag{OrderNo: cloudtag.OrderNo(name), Scenario: cloudtag.ScenarioCode(name), Note: text, SubmittedAt: january}
		for _, format := range []Format{CSV, NDJSON} {
			rows, bad, unknown := readAll(t, format, PastTags(), write(t, format, TagTable(), tag, tag))
			want := importing.PastTag{OrderNo: tag.OrderNo, Scenario: tag.Scenario, Note: tag.Note, SubmittedAt: january}
			if len(bad) > 0 || !slices.Equal(rows, []importing.PastTag{want, want}) {
				t.Errorf("%s, %q: %+v %q", format, text, rows, bad)
			}
			if len(unknown) == 0 {
				t.Errorf("%s: the other columns are not reported as unknown", format)
			}
		}
	}
}

// No column of a CSV file can start a formula.
func TestNoCellIsAFormula(t *testing.T) {
	const evil = "=HYPERLINK(1)"
	decision := cloudtag.CaseDecision{Decision: evil, By: evil, Reason: evil}
	for name, file := range map[string]string{
		"tags": write(t, CSV, TagTable(), cloudtag.Tag{
			OrderNo: evil, Scenario: evil, MerchantID: evil, EntityID: evil, BuyerID: evil, Note: evil, Status: evil, BatchID: evil,
		}),
		"cases": write(t, CSV, CaseTable(), cloudtag.Case{
			ID: evil, BuyerID: evil, Scenario: evil, State: evil, Handling: evil, RiskLevel: evil, Holds: []string{evil, evil}, Decision: &decision,
		}),
		"log": write(t, CSV, LogTable(), cloudtag.Entry{
			Actor: evil, Action: evil, Subjects: []cloudtag.Subject{evil}, Reason: evil, Before: json.RawMessage(evil), After: json.RawMessage(evil),
		}),
	} {
		rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v %v", name, rows, err)
		}
		escaped := 0
		for column, cell := range rows[1] {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("%s: %s is %q", name, rows[0][column], cell)
			}
			if strings.HasPrefix(cell, "'=") {
				escaped++
			}
		}
		if escaped < 6 {
			t.Errorf("%s: %d cells are escaped: %v", name, escaped, rows[1])
		}
	}
}

func FuzzEscapeFormula(f *testing.F) {
	for _, text := range []string{"", "=", "'=", "''-", "'x", "\t", "＋1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := escapeFormula(text)
		if unescapeFormula(cell) != text {
			t.Errorf("%q is written as %q and read as %q", text, cell, unescapeFormula(cell))
		}
		if cell != "" && strings.IndexAny(cell, formulaStarts) == 0 {
			t.Errorf("%q is written as %q", text, cell)
		}
	})
}

func TestWriteCases(t *testing.T) {
	undecided := cloudtag.Case{ID: "STOCK_HOLDING:b-1", BuyerID: "b-1", Scenario: "STOCK_HOLDING", State: cloudtag.CaseAccumulating, Handling: cloudtag.HandlingPending, OpenedAt: january, Holds: []string{"a", "b"}}
	decided := undecided
	decided.Decision = &cloudtag.CaseDecision{Decision: cloudtag.DecisionConfirm, By: "li", Reason: "-1", At: january, PolicyVersion: 1}
	rows, err := csv.NewReader(strings.NewReader(write(t, CSV, CaseTable(), undecided, decided))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v %v", rows, err)
	}
	for i, want := range []map[string]string{
		{"id": "STOCK_HOLDING:b-1", "holds": "a b", "decision": "", "decided_by": "", "decided_automatically": "", "decided_at": "", "due_at": ""},
		{"decision": "CONFIRM", "decided_by": "li", "decided_automatically": "false", "decision_reason": "'-1", "decided_at": "2026-01-31T12:00:00.000Z"},
	} {
		for column, header := range rows[0] {
			if value, asked := want[header]; asked && rows[i+1][column] != value {
				t.Errorf("case %d: %s is %q, want %q", i, header, rows[i+1][column], value)
			}
		}
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(write(t, NDJSON, CaseTable(), undecided)), &object); err != nil {
		t.Fatal(err)
	}
	if decision, there := object["decision"]; !there || decision != nil {
		t.Errorf("decision %v", decision)
	}
	if len(object) != len(CaseTable()) {
		t.Errorf("%d columns, want %d", len(object), len(CaseTable()))
	}
}

func TestWriteLog(t *testing.T) {
	entry := cloudtag.Entry{Seq: 7, At: january, Actor: "@li", Action: cloudtag.ActionTagVoided, Subjects: []cloudtag.Subject{"tag:1", "case:S:b"}, Reason: "+1", After: json.RawMessage(`{"a":1}`)}
	want := "seq,at,actor,action,subjects,reason,before,after\n7,2026-01-31T12:00:00.000Z,'@li,tag.voided,tag:1 case:S:b,'+1,,\"{\"\"a\"\":1}\"\n"
	if got := write(t, CSV, LogTable(), entry); got != want {
		t.Errorf("CSV\n%s\nwant\n%s", got, want)
	}
	want = `{"seq":7,"at":"2026-01-31T12:00:00.000Z","actor":"@li","action":"tag.voided","subjects":["tag:1","case:S:b"],"reason":"+1","before":null,"after":{"a":1}}` + "\n"
	if got := write(t, NDJSON, LogTable(), entry); got != want {
		t.Errorf("NDJSON\n%s\nwant\n%s", got, want)
	}
	if got := write(t, NDJSON, LogTable(), cloudtag.Entry{}); !strings.Contains(got, `"subjects":[]`) {
		t.Errorf("no subjects: %s", got)
	}
}

// failingWriter fails every write.
type failingWriter struct{}

var errBroken = errors.New("disk full")

func (failingWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteReportsFailures(t *testing.T) {
	for _, format := range []Format{CSV, NDJSON} {
		writer, err := NewWriter(failingWriter{}, format, LogTable())
		for range 10_000 {
			if err == nil {
				err = writer.Write(cloudtag.Entry{Reason: "something to fill the buffer with"})
			}
		}
		if !errors.Is(err, errBroken) || !errors.Is(writer.Flush(), errBroken) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
