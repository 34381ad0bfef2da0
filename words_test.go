package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A bannedWord is a word or phrase of the second column of docs/style.md's table, in lower case.
type bannedWord struct {
	parts []string // the words of a phrase, or the one word
	// identifiersOnly: prose may use it, and so may a variable of that name alone. A type or a compound may not.
	identifiersOnly bool
}

// bannedWords are those of docs/style.md, which is the only list of them.
func bannedWords(t *testing.T) []bannedWord {
	t.Helper()
	text, err := os.ReadFile("docs/style.md")
	if err != nil {
		t.Fatal(err)
	}
	entry := regexp.MustCompile("`([^`]+)`( \\(identifiers\\))?")
	var banned []bannedWord
	for line := range strings.Lines(string(text)) {
		columns := strings.Split(line, "|")
		if len(columns) != 5 {
			continue
		}
		for _, match := range entry.FindAllStringSubmatch(columns[2], -1) {
			word := bannedWord{parts: words(match[1]), identifiersOnly: match[2] != ""}
			banned = append(banned, word)
		}
	}
	if len(banned) < 30 {
		t.Fatalf("docs/style.md bans %d words: has its table another form?", len(banned))
	}
	return banned
}

var wordPattern = regexp.MustCompile(`[\p{L}_][\p{L}\p{N}_]*(?:'[a-z]+)?`)

// words are the words of a line in lower case, with identifiers split into their parts: toldMeter is told, meter.
func words(line string) []string {
	var found []string
	for _, word := range wordPattern.FindAllString(line, -1) {
		found = append(found, splitIdentifier(word)...)
	}
	return found
}

// splitIdentifier splits at underscores and where a part begins with a capital: HTTPCode is http, code.
func splitIdentifier(word string) []string {
	var parts []string
	runes := []rune(word)
	begin := 0
	cut := func(end int) {
		if end > begin {
			parts = append(parts, strings.ToLower(string(runes[begin:end])))
		}
	}
	for i, r := range runes {
		switch {
		case r == '_':
			cut(i)
			begin = i + 1
		case i > begin && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			cut(i)
			begin = i
		}
	}
	cut(len(runes))
	return parts
}

// identifiers is the part of a line of code that has identifiers: without its strings and its comment.
func identifiers(line string) string {
	if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "*") || strings.HasPrefix(trimmed, "/*") || strings.HasPrefix(trimmed, "#") {
		return ""
	}
	line = quoted.ReplaceAllString(line, " ")
	code, _, _ := strings.Cut(line, "//")
	return code
}

var quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`")

func (b bannedWord) in(line string, prose bool) bool {
	if b.identifiersOnly {
		return !prose && slices.ContainsFunc(wordPattern.FindAllString(identifiers(line), -1), func(name string) bool {
			parts := splitIdentifier(strings.ReplaceAll(name, "FragmentSpread", "Fragment")) // GraphQL's own term
			return (len(parts) > 1 || unicode.IsUpper([]rune(name)[0])) && containsRun(parts, b.parts)
		})
	}
	return containsRun(words(line), b.parts)
}

// containsRun reports whether the words of a phrase follow each other among words.
func containsRun(words, run []string) bool {
	for i := range words {
		if i+len(run) <= len(words) && slices.Equal(words[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

// wordsChecked are the tracked sources that people write: no generated code, no recorded input of fuzzing, and not the
// schema of the last release.
func wordsChecked(t *testing.T) []string {
	t.Helper()
	listed, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("not a Git checkout: %v", err)
	}
	kinds := map[string]bool{".go": true, ".ts": true, ".tsx": true, ".md": true, ".graphql": true, ".graphqls": true}
	var files []string
	for _, file := range strings.Split(string(listed), "\x00") {
		generated := strings.Contains(file, "generated") || strings.Contains(file, "testdata/") || strings.HasPrefix(file, "admin-ui/src/gql/")
		lists := file == "docs/style.md" || file == "words_test.go"
		if kinds[filepath.Ext(file)] && !generated && !lists && file != "graph/published.graphql" {
			files = append(files, file)
		}
	}
	if len(files) < 500 {
		t.Fatalf("%d files were found", len(files))
	}
	return files
}

// No source has a word that docs/style.md replaces. The failure lists each as FILE:LINE: WORD.
func TestBannedWords(t *testing.T) {
	banned := bannedWords(t)
	cssValue := regexp.MustCompile(`['"]stretch['"]|: stretch\b`)
	var found []string
	for _, file := range wordsChecked(t) {
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		if head, _, _ := strings.Cut(string(text), "\n"); strings.Contains(head, "DO NOT EDIT") {
			continue
		}
		number, lower := 0, ""
		for line := range strings.Lines(string(text)) {
			number++
			if lower = strings.ToLower(line); strings.Contains(lower, "stretch") {
				line = cssValue.ReplaceAllString(line, "")
			}
			for _, word := range banned {
				if strings.Contains(lower, word.parts[0]) && word.in(line, filepath.Ext(file) == ".md") {
					found = append(found, fmt.Sprintf("%s:%d: %s", file, number, strings.Join(word.parts, " ")))
				}
			}
		}
	}
	if len(found) > 0 {
		t.Errorf("docs/style.md has the words to use instead:\n%s", strings.Join(found, "\n"))
	}
}

// A banned word is found in each form that it has in a source, and nothing else is.
func TestBannedWordsAreFound(t *testing.T) {
	word := func(parts ...string) bannedWord { return bannedWord{parts: parts} }
	identifier := bannedWord{parts: []string{"spread"}, identifiersOnly: true}
	for _, c := range []struct {
		line  string
		prose bool
		word  bannedWord
		want  bool
	}{
		{line: "type ToldMeter struct", word: word("told"), want: true},
		{line: "func furnishShop()", word: word("furnish"), want: true},
		{line: "var webhook_lane int", word: word("lane"), want: true},
		{line: "// It has TOLD them.", word: word("told"), want: true},
		{line: "an airplane", prose: true, word: word("lane")},
		{line: "planeLanes := 1", word: word("lane")},
		{line: "the token was called back, too", prose: true, word: word("called", "back"), want: true},
		{line: "called, and came back", prose: true, word: word("called", "back")},
		{line: "reads behind people's backs", prose: true, word: word("behind", "people's", "backs"), want: true},
		{line: "d := retrySpread(n)", word: word("retry", "spread"), want: true},
		{line: "type Spread struct", word: identifier, want: true},
		{line: "x := waitSpread + 1 // the rest", word: identifier, want: true},
		{line: "spreadFields(one)", word: identifier, want: true},
		{line: "for _, spread := range fragments {", word: identifier},
		{line: "case *ast.FragmentSpread:", word: identifier},
		{line: "x := 1 // Spread syntax copies the properties.", word: identifier},
		{line: `text := "the fragment spread"`, word: identifier},
		{line: "Spread syntax copies the properties.", prose: true, word: identifier},
		{line: "const all = { ...rest };", word: identifier},
	} {
		if got := c.word.in(c.line, c.prose); got != c.want {
			t.Errorf("%q has %v: %t, expected %t", c.line, c.word.parts, got, c.want)
		}
	}
}
