package datafile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
)

// readAll reads a text; it returns its rows, "line: message" for each bad row, and the unknown columns.
func readAll[T any](t *testing.T, format Format, kind Kind[T], text string) (rows []T, bad []string, unknown []string) {
	t.Helper()
	reader, err := NewReader(strings.NewReader(text), format, kind)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, _, err := reader.Next()
		var rowError *RowError
		switch {
		case err == nil:
			rows = append(rows, row)
		case errors.Is(err, io.EOF):
			return rows, bad, reader.Unknown()
		case errors.As(err, &rowError):
			bad = append(bad, fmt.Sprintf("%d: %s", rowError.Line, rowError.Message))
		default:
			t.Fatal(err)
		}
	}
}

var january = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func TestReadMerchants(t *testing.T) {
	shop := func(id, name string) cloudtag.Merchant {
		return cloudtag.Merchant{ID: cloudtag.MerchantID(id), Name: name}
	}
	long := strings.Repeat("x", 1<<20)
	tests := []struct {
		name    string
		format  Format
		text    string
		rows    []cloudtag.Merchant
		bad     []string // what each bad row's report begins with
		unknown []string
	}{
		{name: "plain", format: CSV, text: "id,name\nm-1,One\nm-2,Two\n", rows: []cloudtag.Merchant{shop("m-1", "One"), shop("m-2", "Two")}},
		{name: "no line break at the end", format: CSV, text: "id,name\nm-1,One", rows: []cloudtag.Merchant{shop("m-1", "One")}},
		{name: "byte order mark and CRLF", format: CSV, text: "\xef\xbb\xbfid,name\r\nm-1,One\r\n\r\nm-2,Two\r\n", rows: []cloudtag.Merchant{shop("m-1", "One"), shop("m-2", "Two")}},
		{name: "columns in any order and case", format: CSV, text: "Name, ID \nOne,m-1\n", rows: []cloudtag.Merchant{shop("m-1", "One")}},
		{name: "quotes", format: CSV, text: "id,name\nm-1,\"O\"\"n\"\"e, Ltd\"\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-1", `O"n"e, Ltd`), shop("m-3", "Three")}},
		{name: "a text with line breaks", format: CSV, text: "id,name\nm-2,\"two\r\nlines\nand three\"\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-2", "two\r\nlines\nand three"), shop("m-3", "Three")}},
		{name: "a line break where no text is", format: CSV, text: "id,name\n\"m\n-2\",Two\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-3", "Three")}, bad: []string{"2: column 1: expected no line break", "3: column"}},
		{name: "quotes that swallow a row", format: CSV, text: "id,name\nm-1,One\n\"m-2,Two\nm-3,Three\nm-4\",Four\nm-5,Five\n",
			rows: []cloudtag.Merchant{shop("m-1", "One"), shop("m-3", "Three"), shop("m-5", "Five")}, bad: []string{"3: column 1: expected no line break", "5: column"}},
		{name: "quotes that swallow a row as text", format: CSV, text: "id,name\nm-1,\"One\nm-2,Two\nm-3,Three\"\n", rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"2: expected one row, but its quotes span lines up to 4", "4: column"}},
		{name: "quotes that swallow half a row", format: CSV, text: "name,id\n\"One,m-1\nTwo\",m-2\nThree,m-3\n", rows: []cloudtag.Merchant{shop("m-3", "Three")}, bad: []string{"2: expected one row, but its quotes", "3: column"}},
		{name: "rows of commas", format: CSV, text: "id,name\n,\n , \nm-1,One\n,,,\n\"\",\"\"\n\r\n", rows: []cloudtag.Merchant{shop("m-1", "One")}},
		{name: "a row with CR alone", format: CSV, text: "id,name\nm-1,One\rm-2,Two\r\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-3", "Three")}, bad: []string{"2: expected lines that end with LF or CRLF"}},
		{name: "CR alone within a text", format: CSV, text: "id,name\nm-1,\"One\rTwo\"\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-1", "One\rTwo"), shop("m-3", "Three")}},
		{name: "CR alone", format: NDJSON, text: "{\"id\":\"m-1\",\"name\":\"One\"}\r{\"id\":\"m-2\",\"name\":\"Two\"}\r", bad: []string{"1: expected lines that end with LF or CRLF"}},
		{name: "all columns", format: CSV, text: "id,name,entity_id,created_at\nm-1,One,e-1,2026-01-31T20:00:00+08:00\n",
			rows: []cloudtag.Merchant{{ID: "m-1", Name: "One", EntityID: "e-1", CreatedAt: january}}},
		{name: "unknown column", format: CSV, text: "id,name,owner\nm-1,One,li\n", rows: []cloudtag.Merchant{shop("m-1", "One")}, unknown: []string{"owner"}},
		{name: "bad time", format: CSV, text: "id,name,created_at\nm-1,One,yesterday\nm-2,Two,\n", rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"2: created_at: expected a time"}},
		{name: "too few fields and too many", format: CSV, text: "id,name\nm-1\nm-2,Two,2\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-3", "Three")}, bad: []string{"2: expected 2 fields", "3: expected 2 fields"}},
		{name: "invalid UTF-8", format: CSV, text: "id,name\nm-1,\xb5\xea\xc6\xcc\nm-2,Two\n", rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"2: expected text in UTF-8"}},
		{name: "quote that is not closed", format: CSV, text: "id,name\nm-1,\"One\nm-2,Two\nm-3,Three\n", rows: []cloudtag.Merchant{shop("m-2", "Two"), shop("m-3", "Three")}, bad: []string{"2: column"}},
		{name: "quotes that are not closed twice", format: CSV, text: "id,name\nm-1,\"One\nm-2,Two\nm-3,\"Three\nm-4,Four\n", rows: []cloudtag.Merchant{shop("m-2", "Two"), shop("m-4", "Four")}, bad: []string{"2: column", "4: column"}},
		{name: "quote within a field", format: CSV, text: "id,name\nm-1,O\"ne\nm-2,Two\n", rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"2: column"}},
		{name: "a row of 1 MB", format: CSV, text: "id,name\nm-1," + long + "\nm-2,Two\n", rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"2: expected rows of at most 1048576 bytes"}},
		{name: "a row just short enough", format: CSV, text: "id,name\nm-1," + long[:1<<20-5] + "\nm-2,Two\n", rows: []cloudtag.Merchant{shop("m-1", long[:1<<20-5]), shop("m-2", "Two")}},
		{name: "a quote that is not closed for more than 1 MB", format: CSV, text: "id,name\nm-1,\"One\n" + strings.Repeat("m-2,"+long[:1000]+"\n", 1100),
			rows: slices.Repeat([]cloudtag.Merchant{shop("m-2", long[:1000])}, 1100), bad: []string{"2: expected rows of at most"}},
		{name: "header alone", format: CSV, text: "id,name\n"},

		{name: "objects", format: NDJSON, text: "\xef\xbb\xbf{\"id\":\"m-1\",\"name\":\"One\",\"entity_id\":null}\r\n\n{\"name\":\"\\u4e8c\",\"id\":\"m-2\"}", rows: []cloudtag.Merchant{shop("m-1", "One"), shop("m-2", "二")}},
		{name: "unknown key", format: NDJSON, text: `{"id":"m-1","name":"One","owner":"li"}` + "\n", rows: []cloudtag.Merchant{shop("m-1", "One")}, unknown: []string{"owner"}},
		{name: "bad rows", format: NDJSON, text: "{\n[]\nnull\n7\n{\"id\":\"m-1\"}\n{\"id\":\"m-1\",\"name\":\"\xff\"}\n{\"id\":\"m-1\",\"name\":\"One\"} {}\n{\"id\":\"m-2\",\"name\":\"Two\"}\n", rows: []cloudtag.Merchant{shop("m-2", "Two")},
			bad: []string{"1: expected a JSON object", "2: expected a JSON object", "3: expected a JSON object", "4: expected a JSON object", "5: missing name", "6: expected text in UTF-8", "7: expected a JSON object"}},
		{name: "a key twice, and in another case", format: NDJSON, text: `{"id":"m-1","id":"m-2","name":"One"}` + "\n" + `{"id":"m-2","name":"Two","ID":"m-3"}`, rows: []cloudtag.Merchant{shop("m-2", "Two")},
			bad: []string{"1: expected a JSON object"}, unknown: []string{"ID"}},
		{name: "an object of 1 MB", format: NDJSON, text: `{"id":"m-1","name":"` + long + "\"}\n" + `{"id":"m-2","name":"Two"}`, rows: []cloudtag.Merchant{shop("m-2", "Two")}, bad: []string{"1: expected rows of at most"}},
		{name: "nothing", format: NDJSON, text: ""},
	}
	for _, test := range tests {
		t.Run(string(test.format)+" "+test.name, func(t *testing.T) {
			rows, bad, unknown := readAll(t, test.format, Merchants(), test.text)
			if !reflect.DeepEqual(rows, test.rows) && !equalTimes(rows, test.rows) {
				t.Errorf("rows %.300v\nwant %.300v", rows, test.rows)
			}
			if len(bad) != len(test.bad) {
				t.Fatalf("bad rows %.300q, want %q", bad, test.bad)
			}
			for i := range bad {
				if !strings.HasPrefix(bad[i], test.bad[i]) {
					t.Errorf("bad row %.300q, want %q", bad[i], test.bad[i])
				}
				if len(bad[i]) > 300 {
					t.Errorf("a report of %d bytes", len(bad[i]))
				}
			}
			if !slices.Equal(unknown, test.unknown) {
				t.Errorf("unknown columns %q, want %q", unknown, test.unknown)
			}
		})
	}
}

// equalTimes compares rows whose times may be of other zones.
func equalTimes(a, b []cloudtag.Merchant) bool {
	return slices.EqualFunc(a, b, func(a, b cloudtag.Merchant) bool {
		same := a.CreatedAt.Equal(b.CreatedAt)
		a.CreatedAt, b.CreatedAt = time.Time{}, time.Time{}
		return same && a == b
	})
}

func TestReadRejectsFilesAsAWhole(t *testing.T) {
	tests := []struct {
		name, text string
		format     Format
		want       []string
	}{
		{"nothing", "", CSV, []string{"header", "order_no", "empty"}},
		{"missing columns", "order_no,note\n", CSV, []string{"scenario", "submitted_at"}},
		{"a column twice", "order_no,scenario,submitted_at,Order_No\n", CSV, []string{`"order_no"`, "twice"}},
		{"CR alone", "order_no,scenario,submitted_at\r1,X,2026-01-31T12:00:00Z\r", CSV, []string{"header", "CR alone"}},
		{"CR alone, more than a row can be", "order_no,scenario,submitted_at\r" + strings.Repeat("1,X,2026-01-31T12:00:00Z\r", 1<<16), CSV, []string{"header", "LF or CRLF"}},
		{"header in another encoding", "order_no,\xb5\xea\n", CSV, []string{"UTF-8"}},
		{"unknown form", "", "xml", []string{"csv", "xml"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(test.text), test.format, PastTags())
			if err == nil {
				t.Fatal("no error")
			}
			for _, word := range test.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("error %q, want %q in it", err, word)
				}
			}
		})
	}
}

const orderHeader = "order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured,report_outcome\n"

func TestReadOrders(t *testing.T) {
	want := cloudtag.Order{
		OrderNo: "1", MerchantID: "m-1", BuyerID: "b-1", PlacedAt: january, AmountCents: 9900, Currency: "CNY",
		FreightInsured: true, ReportOutcome: cloudtag.ReportRejected,
	}
	for format, text := range map[Format]string{
		CSV:    orderHeader + "1,m-1,b-1,2026-01-31T12:00:00Z,9900,CNY,true,REJECTED\n",
		NDJSON: `{"order_no":"1","merchant_id":"m-1","buyer_id":"b-1","placed_at":"2026-01-31T12:00:00Z","amount_cents":9900,"currency":"CNY","freight_insured":true,"report_outcome":"REJECTED"}`,
	} {
		rows, bad, _ := readAll(t, format, Orders(), text)
		if len(bad) > 0 || !reflect.DeepEqual(rows, []cloudtag.Order{want}) {
			t.Errorf("%s: %+v, %q", format, rows, bad)
		}
	}
	for row, want := range map[string]string{
		"1,m-1,b-1,2026-01-31,9900,CNY,true,NONE":                           `placed_at: expected a time such as 2026-01-31T12:00:00Z, but got "2026-01-31"`,
		"1,m-1,b-1,0001-01-01T00:00:00Z,9900,CNY,true,NONE":                 "placed_at",
		"1,m-1,b-1,2026-01-31T12:00:00Z,99.5,CNY,true,NONE":                 `amount_cents: expected a whole number, but got "99.5"`,
		"1,m-1,b-1,2026-01-31T12:00:00Z,99999999999999999999,CNY,true,NONE": "amount_cents",
		"1,m-1,b-1,2026-01-31T12:00:00Z,,CNY,true,NONE":                     "amount_cents",
		"1,m-1,b-1,2026-01-31T12:00:00Z,9900,CNY,maybe,NONE":                `freight_insured: expected true or false, but got "maybe"`,
		"1,m-1,b-1," + strings.Repeat("时", 100) + ",9900,CNY,true,NONE":     "…",
		"1,m-1,b-1,2026-01-31T12:00:00Z,9900,CNY,true,NONE,x":               "expected 8 fields",
		"1,m-1,b-1,2026-01-31T12:00:00Z,9900,CNY,true":                      "expected 8 fields",
		"1,m-1,b-1,2026-01-31T12:00:00Z,9900,\"CNY\" x,true,NONE":           "column",
		"1,m-1,b-1,2026-01-31T12:00:00Z, 9900,CNY,true,NONE":                "amount_cents",
		"1,m-1,b-1,2026-01-31T12:00:00+25:00,9900,CNY,true,NONE":            "placed_at",
		"\x00,m-1,b-1,2026-13-31T12:00:00Z,9900,CNY,true,NONE":              "placed_at",
		"1,m-1,b-1,2026-01-31T12:00:00Z,9900,CNY,\xff,NONE":                 "UTF-8",
		"1,m-1,b-1,2026-01-31T12:00:00Z,0x10,CNY,true,NONE":                 "amount_cents",
		"1,m-1,b-1,2026-01-31T12:00:00Z,1_000,CNY,true,NONE":                "amount_cents",
		"1,m-1,b-1," + strings.Repeat("9", 5000) + ",9900,CNY,true,NONE":    "placed_at",
	} {
		rows, bad, _ := readAll(t, CSV, Orders(), orderHeader+row+"\n")
		if len(rows) > 0 || len(bad) != 1 || !strings.Contains(bad[0], want) || !strings.HasPrefix(bad[0], "2: ") {
			t.Errorf("%.80q: %+v %q, want %q", row, rows, bad, want)
		}
	}
}

func TestReadRisks(t *testing.T) {
	want := cloudtag.RiskProfile{BuyerID: "b-1", Score: 80, UpdatedAt: january, Signals: []cloudtag.RiskSignal{{Code: "NEW_ACCOUNT", Value: 3, Weight: 0.5}}}
	for format, text := range map[Format]string{
		CSV:    "buyer_id,score,signals,updated_at\nb-1,80,\"[{\"\"code\"\":\"\"NEW_ACCOUNT\"\",\"\"value\"\":3,\"\"weight\"\":0.5}]\",2026-01-31T12:00:00Z\n",
		NDJSON: `{"buyer_id":"b-1","score":80,"signals":[{"code":"NEW_ACCOUNT","value":3,"weight":0.5}],"updated_at":"2026-01-31T12:00:00Z"}`,
	} {
		rows, bad, _ := readAll(t, format, Risks(), text)
		if len(bad) > 0 || !reflect.DeepEqual(rows, []cloudtag.RiskProfile{want}) {
			t.Errorf("%s: %+v, %q", format, rows, bad)
		}
	}
	rows, bad, _ := readAll(t, CSV, Risks(), "buyer_id,score,signals,updated_at\nb-1,101,,2026-01-31T12:00:00Z\nb-2,-1,,2026-01-31T12:00:00Z\nb-3,1,{},2026-01-31T12:00:00Z\n"+
		"b-4,1,[] [],2026-01-31T12:00:00Z\nb-5,1,\"[{\"\"kode\"\":1}]\",2026-01-31T12:00:00Z\nb-6,0,,2026-01-31T12:00:00Z\n"+
		"b-7,1,\"[{\"\"Code\"\":\"\"A\"\",\"\"value\"\":1,\"\"weight\"\":1}]\",2026-01-31T12:00:00Z\n")
	if len(rows) != 1 || rows[0].BuyerID != "b-6" || len(rows[0].Signals) != 0 || len(bad) != 6 {
		t.Errorf("%+v, %q", rows, bad)
	}
}

func TestReadPastTags(t *testing.T) {
	rows, bad, _ := readAll(t, CSV, PastTags(), "note,submitted_at,scenario,order_no\n\"=1+1, 你好\",2026-01-31T12:00:00.5Z,STOCK_HOLDING,1\n")
	want := []importing.PastTag{{OrderNo: "1", Scenario: "STOCK_HOLDING", SubmittedAt: january.Add(500 * time.Millisecond), Note: "=1+1, 你好"}}
	if len(bad) > 0 || !reflect.DeepEqual(rows, want) {
		t.Errorf("%+v, %q", rows, bad)
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]Format{
		"a.csv": CSV, "a.CSV": CSV, "a.csv.gz": CSV, "dir.csv/a.ndjson": NDJSON, "a.jsonl": NDJSON, "A.JSONL.GZ": NDJSON, "a.txt": "", "csv": "", "a.gz": "", "": "",
	} {
		got, err := FormatOf(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	plain, packed, broken := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.csv.gz"), filepath.Join(dir, "b.csv.gz")
	var gz bytes.Buffer
	zipper := gzip.NewWriter(&gz)
	_, _ = zipper.Write([]byte("id,name\n"))
	_ = zipper.Close()
	for name, content := range map[string][]byte{plain: []byte("id,name\n"), packed: gz.Bytes(), broken: []byte("id,name\n")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{plain, packed} {
		file, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil || string(content) != "id,name\n" {
			t.Errorf("%s: %q, %v", name, content, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{broken, filepath.Join(dir, "none.csv")} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzCSV checks that the reader terminates, and that the line numbers of rows and errors increase and are the file's.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"m-1,One\n", "m-1,\"One\nm-2,Two\n", "\"a\"\"b\",c\r\n\r\n,\n", "\xff,\x00\n", "a,b,c\n\"", "\"\n\"\n\"\n", "a,\"b\" \n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		reader, err := NewReader(io.MultiReader(strings.NewReader("id,name\n"), bytes.NewReader(body)), CSV, Merchants())
		if err != nil {
			t.Fatal(err)
		}
		last := 1
		lines := 2 + bytes.Count(body, []byte("\n"))
		for range lines + 1 {
			_, line, err := reader.Next()
			var bad *RowError
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &bad):
				line = bad.Line
			case err != nil:
				t.Fatal(err)
			}
			if line <= last || line > lines {
				t.Fatalf("line %d after %d of %d", line, last, lines)
			}
			last = line
		}
		t.Fatal("more rows than lines")
	})
}

func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{`{"id":"m-1","name":"One"}`, "{}\n[]\n\n", `{"id":1,"name":{"a":[]},"x":null}`, "\xff\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		reader, err := NewReader(bytes.NewReader(body), NDJSON, Merchants())
		if err != nil {
			t.Fatal(err)
		}
		for range bytes.Count(body, []byte("\n")) + 2 {
			row, _, err := reader.Next()
			var bad *RowError
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil && !errors.As(err, &bad):
				t.Fatal(err)
			case err == nil:
				if _, err := json.Marshal(row); err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Fatal("more rows than lines")
	})
}
