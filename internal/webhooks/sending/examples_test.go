package sending

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// example is the document's code in a language.
func example(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```"+language+"\n")
	code, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatalf("docs/webhooks.md has no example in %s", language)
	}
	return code
}

// The document's examples for receivers accept what is sent, and nothing else.
func TestTheDocumentsExamplesVerify(t *testing.T) {
	key, body, now := []byte("a secret of thirty-two bytes ..."), `{"type":"webhook.ping"}`, time.Now()
	secret, stamp := "whsec_"+base64.StdEncoding.EncodeToString(key), strconv.FormatInt(now.Unix(), 10)
	good := signatures([][]byte{[]byte("another key"), key}, "msg_1", now, []byte(body))
	old := now.Add(-time.Hour)
	calls := [][4]string{
		{stamp, good, body, "true"}, {stamp, good, body + " ", "false"}, {stamp, signatures([][]byte{[]byte("x")}, "msg_1", now, []byte(body)), body, "false"},
		{strconv.FormatInt(old.Unix(), 10), signatures([][]byte{key}, "msg_1", old, []byte(body)), body, "false"}, {"soon", good, body, "false"},
	}
	var script, program, want strings.Builder
	script.WriteString(example(t, "js"))
	program.WriteString("package main\n\nimport (\n\"crypto/hmac\"\n\"crypto/sha256\"\n\"encoding/base64\"\n\"fmt\"\n\"net/http\"\n\"strconv\"\n\"strings\"\n\"time\"\n)\n\n" + example(t, "go") + "\nfunc main() {\n")
	for _, call := range calls {
		fmt.Fprintf(&script, "console.log(verified(%q, {'webhook-id': 'msg_1', 'webhook-timestamp': %q, 'webhook-signature': %q}, %q));\n", secret, call[0], call[1], call[2])
		fmt.Fprintf(&program, "fmt.Println(verified(%q, http.Header{\"Webhook-Id\": {\"msg_1\"}, \"Webhook-Timestamp\": {%q}, \"Webhook-Signature\": {%q}}, []byte(%q)))\n", secret, call[0], call[1], call[2])
		want.WriteString(call[3] + "\n")
	}
	program.WriteString("}\n")
	for name, run := range map[string]struct{ file, code, command string }{
		"Go": {"main.go", program.String(), "go run"}, "Node": {"main.cjs", script.String(), "node"},
	} {
		file := filepath.Join(t.TempDir(), run.file)
		if err := os.WriteFile(file, []byte(run.code), 0o600); err != nil {
			t.Fatal(err)
		}
		words := append(strings.Fields(run.command), file)
		output, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput()
		if err != nil || string(output) != want.String() {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, output, want.String())
		}
	}
}
