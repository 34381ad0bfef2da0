package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents are the files that people read, by their place.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// A document that points to a file points to one that is there.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for place, text := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(place), match[1])); err != nil {
				t.Errorf("%s links to %s: %v", place, match[1], err)
			}
		}
	}
}

// docs/domain.md names the file and the test of each rule: the files are in the domain, the tests are there, too.
func TestTheDomainsDocumentNamesItsTests(t *testing.T) {
	document := documents(t)["docs/domain.md"]
	tests := ""
	files, err := filepath.Glob("internal/cloudtag/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(text)
	}
	names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(document, -1)
	if len(names) < 20 {
		t.Errorf("docs/domain.md names %d tests", len(names))
	}
	for _, name := range names {
		if !strings.Contains(tests, "func "+name[1]+"(") {
			t.Errorf("docs/domain.md: there is no %s", name[1])
		}
	}
	for _, file := range regexp.MustCompile("`(\\w+\\.go)`").FindAllStringSubmatch(document, -1) {
		if _, err := os.Stat(filepath.Join("internal/cloudtag", file[1])); err != nil {
			t.Errorf("docs/domain.md: %v", err)
		}
	}
}
