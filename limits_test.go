package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudtag/graph"
	"cloudtag/internal/config"
)

// limitRow is a row of docs/limits.md.
type limitRow struct{ what, value, flag, answer, reason, test string }

func limitRows(t *testing.T) []limitRow {
	t.Helper()
	var rows []limitRow
	for line := range strings.Lines(documents(t)["docs/limits.md"]) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.TrimSpace(cells[0]) == "limit" {
			continue
		}
		if len(cells) != 6 {
			t.Fatalf("docs/limits.md: %d cells: %s", len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, limitRow{cells[0], strings.Trim(cells[1], "`"), strings.Trim(cells[2], "`"), cells[3], cells[4], cells[5]})
	}
	return rows
}

func defaultSettings(t *testing.T) *config.Serve {
	t.Helper()
	parsed, err := config.Parse([]string{"serve", "--dev"}, nil, "test", &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Command.(*config.Serve)
}

// kebab is a field's name as a flag has it.
func kebab(name string) string {
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "$1-$2"))
}

// Every limit that can be set is in docs/limits.md with its default, and no other flag is.
func TestLimitsDocumentHasTheDefaults(t *testing.T) {
	want := map[string]string{"--trusted-documents": "all"}
	settings := defaultSettings(t)
	limits, sockets := reflect.ValueOf(settings.Limits), reflect.ValueOf(settings.Sockets)
	for i := range limits.NumField() {
		want["--limit-"+kebab(limits.Type().Field(i).Name)] = fmt.Sprint(limits.Field(i).Interface())
	}
	for i := range sockets.NumField() {
		want["--"+sockets.Type().Field(i).Tag.Get("name")] = fmt.Sprint(sockets.Field(i).Interface())
	}
	got := map[string]string{}
	for _, row := range limitRows(t) {
		if row.flag != "" {
			got[row.flag] = row.value
		}
	}
	for _, flag := range slices.Sorted(maps.Keys(want)) {
		if got[flag] != want[flag] {
			t.Errorf("docs/limits.md: %s: the default is %q, not %q", flag, want[flag], got[flag])
		}
		delete(got, flag)
	}
	for flag := range got {
		t.Errorf("docs/limits.md: there is no %s", flag)
	}
}

// Limits that can't be set are those of graph, and what can be set is the same there by default.
func TestLimitsHaveOneDefault(t *testing.T) {
	own := graph.DefaultLimits()
	fixed := map[string]any{"operations of a request": 1}
	for what, value := range fixed {
		found := slices.ContainsFunc(limitRows(t), func(row limitRow) bool {
			return strings.HasPrefix(row.what, what) && row.value == fmt.Sprint(value) && row.flag == ""
		})
		if !found {
			t.Errorf("docs/limits.md does not say that %s is %v", what, value)
		}
	}
	set := defaultSettings(t)
	settings, ours := reflect.ValueOf(graphLimits(set.Limits, set.Sockets)), reflect.ValueOf(own)
	for i := range settings.NumField() {
		if value := settings.Field(i); !value.IsZero() && !value.Equal(ours.Field(i)) {
			t.Errorf("%s: %v by the flags, %v in graph", settings.Type().Field(i).Name, value, ours.Field(i))
		}
	}
}

// Each limit names tests that are there.
func TestLimitsDocumentNamesItsTests(t *testing.T) {
	tests := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules":
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, name := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
			tests[string(name[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := limitRows(t)
	if len(rows) < 20 {
		t.Errorf("docs/limits.md has %d rows", len(rows))
	}
	for _, row := range rows {
		names := regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(row.test, -1)
		if len(names) == 0 {
			t.Errorf("docs/limits.md: %s: no test", row.what)
		}
		for _, name := range names {
			if !tests[name[1]] {
				t.Errorf("docs/limits.md: %s: there is no %s", row.what, name[1])
			}
		}
	}
}

// Each reason that refusals are counted by is explained.
func TestLimitsDocumentHasEveryReason(t *testing.T) {
	text, err := os.ReadFile("graph/refusal.go")
	if err != nil {
		t.Fatal(err)
	}
	reasons := regexp.MustCompile(`reason\w+ += "(\w+)"`).FindAllStringSubmatch(string(text), -1)
	if len(reasons) < 10 {
		t.Errorf("%d reasons", len(reasons))
	}
	for _, reason := range reasons {
		if !slices.ContainsFunc(limitRows(t), func(row limitRow) bool { return strings.Contains(row.reason, "`"+reason[1]+"`") }) {
			t.Errorf("docs/limits.md does not explain %s", reason[1])
		}
	}
}
