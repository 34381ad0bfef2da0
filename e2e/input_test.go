//go:build e2e

package e2e

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBadInputIsNamedAndStoresNothing(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 1, 5)
	s := serve(t, uri)
	shop := merchantToken(t, "m-1")

	bad := []string{"", strings.Repeat("9", 10_000), "1\u0007", "1\x00", "订单", "1 2"}
	got := s.submit(shop, "bad", bad...)
	if got.AcceptedCount != 0 || !slices.Equal(got.codes(), slices.Repeat([]string{"INVALID_ORDER_NO"}, len(bad))) {
		t.Errorf("bad order numbers: %v", got.codes())
	}
	status, content := s.raw(shop, []byte("{\"query\":\"mutation($i: SubmitTagsInput!){submitTags(input:$i){results{error{code field message}}userErrors{code}}}\",\"variables\":{\"i\":{\"orderNos\":[\"1\xff\"],\"scenario\":\"RETURN_SWAPPED\",\"idempotencyKey\":\"utf\"}}}"), nil)
	if status >= 500 || bytes.Contains(content, []byte(`"accepted":true`)) || !bytes.Contains(content, []byte("INVALID_ORDER_NO")) && !bytes.Contains(content, []byte("BAD_USER_INPUT")) {
		t.Errorf("invalid UTF-8: %d %s", status, content)
	}
	note := s.try(shop, submitDocument, map[string]any{"input": map[string]any{
		"orderNos": []string{orderNo(1, 1)}, "scenario": "RETURN_SWAPPED", "idempotencyKey": "note", "note": strings.Repeat("长", 301),
	}})
	if !bytes.Contains(note.Data, []byte("NOTE_TOO_LONG")) || !bytes.Contains(note.Data, []byte(`"note"`)) {
		t.Errorf("a note of 301: %s", note.Data)
	}
	status, content = s.raw(shop, append([]byte(`{"query":"`), append(bytes.Repeat([]byte("x"), 10<<20), `"}`...)...), nil)
	if status != http.StatusRequestEntityTooLarge || len(content) > 1000 || !bytes.Contains(content, []byte("LIMIT_EXCEEDED")) {
		t.Errorf("a body of 10 MB: %d %.300s", status, content)
	}
	if after := ask[tagCount](s, token(t, "REVIEWER"), countTags, nil).Tags.TotalCount; after != 0 {
		t.Errorf("%d tags were stored", after)
	}
	if good := s.submit(shop, "good", orderNo(1, 1)); good.AcceptedCount != 1 {
		t.Errorf("a good order after all that: %+v", good)
	}
}

func TestMessagesComeInTheCallersLanguage(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 1, 1)
	s := serve(t, uri)
	body := []byte(`{"query":"mutation { submitTags(input: {orderNos: [], scenario: \"RETURN_SWAPPED\", idempotencyKey: \"k\"}) { userErrors { message } } }"}`)
	for language, word := range map[string]string{"zh-CN,zh;q=0.9": "订单号", "en-GB": "order number", "": "订单号"} {
		header := http.Header{}
		if language != "" {
			header.Set("Accept-Language", language)
		}
		if _, content := s.raw(merchantToken(t, "m-1"), body, header); !bytes.Contains(content, []byte(word)) {
			t.Errorf("%q: %s", language, content)
		}
	}
}

func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 2, 2)
	s := serve(t, uri)
	s.submit(merchantToken(t, "m-1"), "k", orderNo(1, 1))
	shop, other, platform, nobody := merchantToken(t, "m-1"), merchantToken(t, "m-2"), token(t, "PLATFORM"), ""
	tests := []struct {
		name, token, document string
		code                  string
		data                  string
	}{
		{"own tag", shop, `{ tag(orderNo: "` + orderNo(1, 1) + `") { orderNo case { id } order { buyer { id } } merchant { entityId overturnedCount } scenario { threshold } } }`, "",
			`{"tag":{"orderNo":"` + orderNo(1, 1) + `","case":null,"order":{"buyer":null},"merchant":{"entityId":null,"overturnedCount":null},"scenario":{"threshold":null}}}`},
		{"another shop's tag", other, `{ tag(orderNo: "` + orderNo(1, 1) + `") { orderNo } }`, "", `{"tag":null}`},
		{"another shop's order", other, `{ order(orderNo: "` + orderNo(1, 1) + `") { orderNo } }`, "", `{"order":null}`},
		{"another shop", other, `{ merchant(id: "m-1") { id } }`, "", `{"merchant":null}`},
		{"a buyer", shop, `{ buyer(id: "b-1") { id } }`, "", `{"buyer":null}`},
		{"a case", shop, `{ case(id: "RETURN_SWAPPED:b-1") { id } }`, "", `{"case":null}`},
		{"cases", shop, `{ cases { totalCount } }`, "FORBIDDEN", ""},
		{"tags by buyer", shop, `{ tags(filter: {buyerId: "b-1"}) { totalCount } }`, "FORBIDDEN", ""},
		{"another shop's tags", other, `{ tags(filter: {merchantId: "m-1"}) { totalCount } }`, "FORBIDDEN", ""},
		{"the log", shop, `{ log { totalCount } }`, "FORBIDDEN", ""},
		{"the policy", shop, `{ policy { version } }`, "FORBIDDEN", ""},
		{"tags for a service", platform, `{ tags { totalCount } }`, "FORBIDDEN", ""},
		{"a case for a service", platform, `{ case(id: "RETURN_SWAPPED:b-1") { id } }`, "", `{"case":null}`},
		{"a buyer's cases for a service", platform, `{ buyer(id: "b-1") { cases { id } } }`, "FORBIDDEN", ""},
		{"viewer for nobody", nobody, `{ viewer { id } }`, "UNAUTHENTICATED", ""},
		{"scenarios for nobody", nobody, `{ scenarios { code } }`, "UNAUTHENTICATED", ""},
		{"introspection for nobody", nobody, `{ __schema { queryType { name } } }`, "UNAUTHENTICATED", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := s.try(test.token, test.document, nil)
			if got.code() != test.code {
				t.Fatalf("code %q, want %q: %+v %s", got.code(), test.code, got.Errors, got.Data)
			}
			if test.data != "" && string(got.Data) != test.data {
				t.Errorf("data %s, want %s", got.Data, test.data)
			}
		})
	}
}

func TestImportReportsBadRows(t *testing.T) {
	uri := newDatabase(t)
	file := writeFile(t, "merchants.csv", "id,name,entity_id,created_at\nm-1,好店,,2026-01-01T00:00:00Z\nm-2,\"no closing quote,,\nm 3,Space,,\n")
	got := cloudtag(t, "import", "merchants", file, "--db", uri)
	if got.code != 0 || !strings.Contains(got.stderr, "merchants.csv:3") {
		t.Errorf("exit %d\n%s", got.code, got.stderr)
	}
	strict := cloudtag(t, "import", "merchants", file, "--strict", "--db", uri)
	if strict.code != 1 || !strings.Contains(strict.stderr, "merchants.csv:3") {
		t.Errorf("strict: exit %d\n%s", strict.code, strict.stderr)
	}
	missing := cloudtag(t, "import", "merchants", filepath.Join(t.TempDir(), "none.csv"), "--db", uri)
	if missing.code == 0 || !strings.Contains(missing.stderr, "none.csv") {
		t.Errorf("a missing file: exit %d\n%s", missing.code, missing.stderr)
	}
}

func TestStartFailsClearly(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	text := writeFile(t, "no-database.db", strings.Repeat("this is a text, not a database. ", 100))
	absent := filepath.Join(folder, "a-file")
	if err := os.WriteFile(absent, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"port in use", []string{"--addr", taken.Addr().String(), "--db", newDatabase(t)}, taken.Addr().String()},
		{"port of metrics in use", []string{"--addr", "127.0.0.1:0", "--metrics-addr", taken.Addr().String(), "--db", newDatabase(t)}, "--metrics-addr: " + taken.Addr().String()},
		{"metrics of development beyond loopback", []string{"--dev", "--addr", "127.0.0.1:0", "--metrics-addr", "0.0.0.0:0", "--db", newDatabase(t)}, "--metrics-addr"},
		{"a secret of cursors that can be guessed", []string{"--cursor-secret", strings.Repeat("a", 32), "--db", newDatabase(t)}, "--cursor-secret"},
		{"a folder as database", []string{"--db", "sqlite:" + folder}, folder},
		{"a text as database", []string{"--db", "sqlite:" + text}, text},
		{"a path below a file", []string{"--db", "sqlite:" + filepath.Join(absent, "x.db")}, "x.db"},
		{"a file system that takes no files", []string{"--db", "sqlite:/proc/cloudtag.db"}, "/proc/cloudtag.db"},
		{"an unknown scheme", []string{"--db", "postgres://127.0.0.1/x"}, "postgres"},
		{"development beyond loopback", []string{"--dev", "--addr", "0.0.0.0:0", "--db", newDatabase(t)}, "loopback"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"serve"}, test.args...)
			if !slices.Contains(args, "--addr") {
				args = append(args, "--addr", freeAddress(t))
			}
			got := cloudtag(t, args...)
			if got.code == 0 || !strings.Contains(got.stderr, test.says) || strings.Contains(got.stderr, "goroutine ") {
				t.Errorf("exit %d, must say %q:\n%s", got.code, test.says, got.stderr)
			}
		})
	}
}
