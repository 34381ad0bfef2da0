package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
)

// runProgram runs the program in this process and returns its exit code and what it wrote to standard error.
func runProgram(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, nil, command.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return code, errs.String()
}

// A mistyped path of a store or a file is an error that names it, and leaves nothing behind.
func TestAMistypedPathCreatesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"verify-log":       {[]string{"verify-log"}, "there is no store"},
		"export":           {[]string{"export", "tags", "--output", "tags.csv"}, "there is no store"},
		"webhooks list":    {[]string{"webhooks", "list"}, "there is no store"},
		"webhooks replay":  {[]string{"webhooks", "replay", "--endpoint", "e", "--since", "1"}, "there is no store"},
		"backup":           {[]string{"backup", "--output", "backup.db"}, "there is no store"},
		"sweep":            {[]string{"sweep"}, "there is no store"},
		"import of a file": {[]string{"import", "orders", "absent.csv"}, "absent.csv"},
		"import of a kind": {[]string{"import", "orders", "absent.txt"}, "absent.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			t.Chdir(folder)
			code, said := runProgram(t, append(test.args, "--db", "sqlite:deep/typo.db")...)
			if code != exitFailed || !strings.Contains(said, test.says) {
				t.Errorf("exit code %d, said %q; want %d and %q", code, said, exitFailed, test.says)
			}
			left, err := os.ReadDir(folder)
			if err != nil || len(left) > 0 {
				t.Errorf("left %v, %v behind", left, err)
			}
		})
	}
}

// What reads a store leaves its schema as it is, whichever version it has.
func TestReadingUpgradesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	uri := "sqlite:" + file
	if code, said := runProgram(t, "import", "merchants", "examples/merchants.csv", "--db", uri); code != exitDone {
		t.Fatal(said)
	}
	if code, said := runProgram(t, "verify-log", "--db", uri); code != exitDone {
		t.Fatal(said)
	}
	old := filepath.Join(t.TempDir(), "old.db")
	lowerSchema(t, file, old)
	before, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify-log"}, {"export", "log"}, {"webhooks", "list"}, {"copy", "--to", "sqlite:" + file + "2", "--from"}} {
		if args[0] != "copy" {
			args = append(args, "--db")
		}
		if code, said := runProgram(t, append(args, "sqlite:"+old)...); code != exitFailed || !strings.Contains(said, "schema") {
			t.Errorf("%v: exit code %d, said %q", args, code, said)
		}
	}
	after, err := os.ReadFile(old)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed: %v", err)
	}
	if _, err := os.Stat(file + "2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy was begun: %v", err)
	}
}

// lowerSchema copies an SQLite file and takes one off the version of its schema, a big-endian number in its header.
func lowerSchema(t *testing.T, from, to string) {
	t.Helper()
	const userVersion = 60
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	content[userVersion+3]--
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A backup taken while the store is open is a whole store by itself, and overwrites nothing.
func TestBackup(t *testing.T) {
	folder := t.TempDir()
	uri, target := "sqlite:"+filepath.Join(folder, "cloudtag.db"), filepath.Join(folder, "backup.db")
	if code, said := runProgram(t, "import", "merchants", "examples/merchants.csv", "--db", uri); code != exitDone {
		t.Fatal(said)
	}
	s, err := openServices(t.Context(), uri, anyDays(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	}()
	if code, said := runProgram(t, "import", "orders", "examples/orders.csv", "--db", uri); code != exitDone {
		t.Fatal(said)
	}
	if code, said := runProgram(t, "backup", "--db", uri, "--output", target); code != exitDone {
		t.Fatal(said)
	}
	last, err := s.store.LastSeq(t.Context())
	if err != nil || last == 0 {
		t.Fatal(last, err)
	}
	newest, _, err := s.store.LogPage(t.Context(), cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: last - 1}})
	if err != nil {
		t.Fatal(err)
	}
	expect := fmt.Sprintf("%d:%x", last, newest[0].Hash)
	if code, said := runProgram(t, "verify-log", "--db", "sqlite:"+target, "--expect", expect); code != exitDone {
		t.Error(said)
	}
	if code, said := runProgram(t, "backup", "--db", uri, "--output", target); code != exitFailed || !strings.Contains(said, "does not exist") {
		t.Errorf("over a file: exit code %d, said %q", code, said)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*.part")); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if code, said := runProgram(t, "backup", "--db", "mongodb://127.0.0.1:1/x", "--output", target+"2"); code != exitFailed || !strings.Contains(said, "mongodump") {
		t.Errorf("of MongoDB: exit code %d, said %q", code, said)
	}
}
