//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTypeScriptExamples writes the files of the API guide's TypeScript part, as they stand there, generates the types,
// compiles them, and runs both examples against a server whose limits make them wait.
func TestTypeScriptExamples(t *testing.T) {
	t.Parallel()
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("needs Node and what make test-e2e installs")
	}
	dir := t.TempDir()
	writeExamples(t, dir)
	run := func(name string, args ...string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), name, args...)
		command.Dir, command.Env = dir, environment()
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, output)
		}
	}
	run("bash", "-euc", binaryPath+" schema > schema.graphql")
	run("node", "generate.mjs")
	run("npx", "--no-install", "tsc")

	uri := newDatabase(t)
	importMarket(t, uri, 3, 20)
	s := serve(t, uri, "--limit-requests", "2", "--limit-request-burst", "4")
	for i, example := range []string{"apollo", "urql"} {
		t.Run(example, func(t *testing.T) { runExample(t, s, dir, example, 10*i+1) })
	}
}

// runExample has an example tag five consecutive orders; afterwards other shops tag the first two.
func runExample(t *testing.T, s *server, dir, example string, first int) {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	args := []string{"--experimental-websocket", "--no-warnings", filepath.Join("dist", example+"-example.js")}
	for n := range 5 {
		args = append(args, orderNo(1, first+n))
	}
	command := exec.CommandContext(ctx, "node", append(args, "nobodys")...)
	command.Dir = dir
	command.Env = environment("CLOUDTAG_URL="+s.url("/graphql"), "CLOUDTAG_TOKEN="+merchantToken(t, "m-1"))
	output := &lockedBuffer{}
	command.Stderr = output
	pipe, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	had := first/10*5 + 5 // of both examples so far
	flipped := orderNo(1, first)
	want := []map[string]any{
		{"accepted": 5.0, "refused": []any{"nobodys ORDER_NOT_FOUND"}},
		{"again": 5.0, "tags": 5.0},
		{"orders": 5.0},
		{"pages": float64((had + 1) / 2), "joined": float64(had)},
		{"code": "BAD_USER_INPUT", "field": []any{"first"}},
		{"following": true},
		{"flipped": flipped, "listed": "SUCCEEDED", "label": "MARK_SUCCEEDED"},
	}
	var printed []map[string]any
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Errorf("%s: %v", lines.Text(), err)
			continue
		}
		if printed = append(printed, line); line["following"] == true {
			for _, shop := range []int{2, 3} {
				s.submit(merchantToken(t, fmt.Sprint("m-", shop)), fmt.Sprint(example, shop), orderNo(shop, first))
			}
		}
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if !reflect.DeepEqual(printed, want) {
		t.Errorf("it printed\n%v\nwant\n%v\n%s", printed, want, output)
	}
}

// writeExamples writes each block of the API guide that begins with a file's name into the directory of the npm packages.
func writeExamples(t *testing.T, dir string) {
	t.Helper()
	guide, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, match := range regexp.MustCompile("(?ms)^```\\w+$\n((?://|#) ([\\w.-]+\\.\\w+)$.*?)^```$").FindAllStringSubmatch(string(guide), -1) {
		name := match[2]
		if written[name] {
			t.Errorf("%s is there twice", name)
		}
		written[name] = true
		if err := os.WriteFile(filepath.Join(dir, name), []byte(match[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(written) < 10 {
		t.Fatalf("too few files: %v", written)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	installed, err := filepath.Abs("clients/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(installed, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	checkInstalled(t, string(guide))
}

// checkInstalled compares the packages that the guide installs with those that the examples use.
func checkInstalled(t *testing.T, guide string) {
	t.Helper()
	content, err := os.ReadFile("clients/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(content, &pinned); err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, line := range regexp.MustCompile(`(?m)^npm install (?:--save-dev )?(.*)$`).FindAllStringSubmatch(guide, -1) {
		for _, name := range strings.Fields(line[1]) {
			named++
			if pinned.Dependencies[name] == "" && pinned.DevDependencies[name] == "" {
				t.Errorf("the guide has people install %s, which the examples did not run on", name)
			}
		}
	}
	if named == 0 {
		t.Error("the guide has people install nothing")
	}
}
