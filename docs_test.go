package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudtag/graph/generated"
	"cloudtag/internal/command"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
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

// Every flag of the server is explained where operators look.
func TestDocumentsHaveEveryFlag(t *testing.T) {
	var help bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--help"}, nil, command.Streams{Out: &help, Err: &help}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &help)
	}
	texts := documents(t)
	flags := regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(help.String(), -1)
	if len(flags) < 30 {
		t.Errorf("the help has %d flags", len(flags))
	}
	for _, flag := range flags {
		if flag != "--help" && flag != "--version" && !strings.Contains(texts["docs/operations.md"]+texts["docs/limits.md"], "`"+flag) {
			t.Errorf("%s is in neither docs/operations.md nor docs/limits.md", flag)
		}
	}
}

// docs/domain.md names the file and the test of each rule: in the domain, or in a package beside it.
func TestTheDomainsDocumentNamesItsTests(t *testing.T) {
	document := documents(t)["docs/domain.md"]
	files, err := filepath.Glob("internal/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := ""
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
	for _, file := range regexp.MustCompile("`((internal/\\w+/)?\\w+\\.go)`").FindAllStringSubmatch(document, -1) {
		folder := "internal/cloudtag"
		if file[2] != "" {
			folder = ""
		}
		if _, err := os.Stat(filepath.Join(folder, file[1])); err != nil {
			t.Errorf("docs/domain.md: %v", err)
		}
	}
}

// Every GraphQL document that people read is one that the schema answers: those in blocks of their own, and those that
// commands send.
func TestDocumentsAskWhatTheSchemaAnswers(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	found := make(map[string]int)
	for place, text := range documents(t) {
		for _, operation := range append(blocks(text, "graphql"), sentDocuments(t, place, text)...) {
			found[place]++
			if _, err := gqlparser.LoadQueryWithRules(schema, operation, rules.NewDefaultRules()); len(err) > 0 {
				t.Errorf("%s: %v\n%s", place, err, operation)
			}
		}
	}
	if found["docs/api.md"] < 8 || found["README.md"] < 2 {
		t.Errorf("too few documents were found: %v", found)
	}
}

// Before each example stands who may send it, as the schema has it.
func TestDocumentsNameTheRolesOfTheirExamples(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	found := 0
	for place, text := range documents(t) {
		for _, match := range regexp.MustCompile("(?s)([^\n]*)\n\n```graphql\n(.*?)\n```").FindAllStringSubmatch(text, -1) {
			found++
			document, err := gqlparser.LoadQueryWithRules(schema, match[2], rules.NewDefaultRules())
			if err != nil {
				t.Fatalf("%s: %v", place, err)
			}
			want := rolesFor(document.Operations[0])
			if got := regexp.MustCompile(`\b[A-Z]{5,}\b`).FindAllString(match[1], -1); !slices.Equal(got, want) {
				t.Errorf("%s names the roles %v before an example for %v:\n%s", place, got, want, match[2])
			}
		}
	}
	if found < 8 {
		t.Errorf("%d examples were found", found)
	}
}

// rolesFor are the roles that all fields at the root of an operation are for.
func rolesFor(operation *ast.OperationDefinition) []string {
	var roles []string
	for i, selection := range operation.SelectionSet {
		var of []string
		for _, role := range selection.(*ast.Field).Definition.Directives.ForName("hasRole").Arguments.ForName("any").Value.Children {
			of = append(of, role.Value.Raw)
		}
		if i == 0 {
			roles = of
		}
		roles = slices.DeleteFunc(roles, func(role string) bool { return !slices.Contains(of, role) })
	}
	return roles
}

// The caches of docs/api.md know every type that has no id.
func TestDocumentedCachesKnowEveryType(t *testing.T) {
	var cache string
	for _, block := range blocks(documents(t)["docs/api.md"], "ts") {
		if strings.HasPrefix(block, "// cache.ts\n") {
			cache = block
		}
	}
	keyed := map[string]string{}
	for _, match := range regexp.MustCompile(`(?m)^  (\w+): \['(\w+)'\],$`).FindAllStringSubmatch(cache, -1) {
		keyed[match[1]] = match[2]
	}
	_, list, _ := strings.Cut(cache, "parts = [")
	parts := regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(list, -1)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	known := map[string]bool{}
	for name, field := range keyed {
		known[name] = true
		if definition := schema.Types[name]; definition == nil || definition.Fields.ForName("id") != nil || !definition.Fields.ForName(field).Type.NonNull {
			t.Errorf("%s has no %s to be known by, or an id", name, field)
		}
	}
	for _, part := range parts {
		known[part[1]] = true
	}
	for name, definition := range schema.Types {
		root := definition == schema.Query || definition == schema.Mutation || definition == schema.Subscription
		if definition.Kind != ast.Object || root || definition.BuiltIn {
			continue
		}
		if hasID := definition.Fields.ForName("id") != nil; hasID == known[name] {
			t.Errorf("%s: has an id: %t; is in cache.ts: %t", name, hasID, known[name])
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("cache.ts has %s, which the schema has not", name)
	}
}

// What is deprecated is named in docs/api.md.
func TestDeprecationsAreDocumented(t *testing.T) {
	_, promised, _ := strings.Cut(documents(t)["docs/api.md"], "## Changes and deprecations")
	schema, deprecated := generated.NewExecutableSchema(generated.Config{}).Schema(), 0
	look := func(directives ast.DirectiveList, place string) {
		if directives.ForName("deprecated") == nil {
			return
		}
		deprecated++
		if !strings.Contains(promised, "`"+place+"`") {
			t.Errorf("docs/api.md does not say that %s is deprecated", place)
		}
	}
	for name, definition := range schema.Types {
		for _, field := range definition.Fields {
			look(field.Directives, name+"."+field.Name)
			for _, argument := range field.Arguments {
				look(argument.Directives, name+"."+field.Name+"."+argument.Name)
			}
		}
		for _, value := range definition.EnumValues {
			look(value.Directives, name+"."+value.Name)
		}
	}
	if none := strings.Contains(promised, "Deprecated now: nothing."); none != (deprecated == 0) {
		t.Errorf("docs/api.md says that nothing is deprecated: %t; %d are", none, deprecated)
	}
}

// blocks are the contents of a text's blocks in a language.
func blocks(text, language string) []string {
	var contents []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"$\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		contents = append(contents, match[1])
	}
	return contents
}

// sentDocuments are the documents in the bodies that a text's commands send.
func sentDocuments(t *testing.T, place, text string) []string {
	t.Helper()
	var sent []string
	for _, block := range blocks(text, "sh") {
		for _, match := range regexp.MustCompile(`(?s)-d '(\{.*?\})'`).FindAllStringSubmatch(block, -1) {
			var body struct{ Query string }
			if err := json.Unmarshal([]byte(match[1]), &body); err != nil || body.Query == "" {
				t.Errorf("%s sends no query: %v\n%s", place, err, match[1])
			}
			sent = append(sent, body.Query)
		}
	}
	return sent
}
