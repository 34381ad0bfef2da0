package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every record of docs/decisions is dated, says context, decision and consequences, and is in the list of
// docs/decisions.md, which has nothing else.
func TestDecisionsAreRecords(t *testing.T) {
	texts := documents(t)
	listed := make(map[string]bool)
	for _, match := range regexp.MustCompile(`(?m)^- \[(.+)\]\((decisions/.+)\)$`).FindAllStringSubmatch(texts["docs/decisions.md"], -1) {
		listed[match[2]+" "+match[1]] = true
	}
	record := regexp.MustCompile(`(?s)^20\d\d-\d\d-\d\d\n\n\*\*Context\.\*\* .+\n\n\*\*Decision\.\*\*\s.+\n\n\*\*Consequences\.\*\* `)
	records := 0
	for place, text := range texts {
		if filepath.ToSlash(filepath.Dir(place)) != "docs/decisions" {
			continue
		}
		for _, section := range strings.Split(text, "\n## ")[1:] {
			records++
			title, body, _ := strings.Cut(section, "\n")
			if !record.MatchString(body) {
				t.Errorf("%s: %q is not date, context, decision and consequences", place, title)
			}
			entry := strings.TrimPrefix(filepath.ToSlash(place), "docs/") + "#" + anchor(title) + " " + title
			if !listed[entry] {
				t.Errorf("docs/decisions.md does not list %s", entry)
			}
			delete(listed, entry)
		}
	}
	for entry := range listed {
		t.Errorf("docs/decisions.md lists %s, which is not there", entry)
	}
	if records < 50 {
		t.Errorf("%d records were found", records)
	}
}

// A document that points to a heading points to one that is there.
func TestDocumentsLinkToHeadingsThatAreThere(t *testing.T) {
	texts := documents(t)
	link := regexp.MustCompile(`\]\(([^):#]*\.md)?#([^)]+)\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.+)$`)
	found := 0
	for place, text := range texts {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target := place
			if match[1] != "" {
				target = filepath.Join(filepath.Dir(place), match[1])
			}
			there := false
			for _, title := range heading.FindAllStringSubmatch(texts[target], -1) {
				there = there || anchor(title[1]) == match[2]
			}
			found++
			if !there {
				t.Errorf("%s links to %s#%s, which has no such heading", place, target, match[2])
			}
		}
	}
	if found < 50 {
		t.Errorf("%d links were found", found)
	}
}

// anchor is the fragment that GitHub gives a heading.
func anchor(heading string) string {
	kept := regexp.MustCompile(`[^\p{L}\p{N}_\- ]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(kept, " ", "-")
}

// A document that names a file by its path names one that is there, seen from the root or from the document.
func TestDocumentsNameFilesThatAreThere(t *testing.T) {
	path := regexp.MustCompile("`((?:[a-z][\\w-]*/)+[\\w.-]+\\.(?:go|tsx?|json|ya?ml|graphqls?))`")
	found := 0
	for place, text := range documents(t) {
		for _, match := range path.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "NAME") {
				continue // a placeholder
			}
			found++
			_, fromRoot := os.Stat(match[1])
			_, fromDocument := os.Stat(filepath.Join(filepath.Dir(place), match[1]))
			_, fromSources := os.Stat(filepath.Join(filepath.Dir(place), "src", match[1]))
			if fromRoot != nil && fromDocument != nil && fromSources != nil {
				t.Errorf("%s names %s, which is not there", place, match[1])
			}
		}
	}
	if found < 40 {
		t.Errorf("%d paths were found", found)
	}
}
