// Command mutate is mutation testing of the domain's rules, of internal/live and of internal/store: it changes one operator
// at a time, such as < to <=, and reports the changes that no test notices.
//
//	go run ./scripts/mutate [PATH…]
//
// A path, such as internal/live or internal/store/tags.go, selects mutants by the beginning of their files' paths.
//
// The tests of a package are compiled once, with all mutants in the code, and an environment variable selects the one that
// is in force. So a mutant takes as long as its tests, about a second of processor time, where compiling and linking them
// for each takes five to ten.
//
// A mutant that lives is explained in survivors.txt, if no test can notice it. The command fails when others live, when less
// than 95 % are killed, and, without paths, when an explanation is of no mutant that lives.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/go/packages"
)

const (
	// selectedMutant is the variable with the number of the mutant that is in force.
	selectedMutant = "MUTANT"
	leastKilled    = 0.95
)

// suite is a package that is mutated.
type suite struct {
	dir   string
	files string  // without .go, separated by spaces; empty: all
	tests []tests // that must notice, the quickest first
}

// tests are those of a package that a pattern selects.
type tests struct {
	dir   string
	run   string // as of go test
	short bool
}

func suites() []suite {
	short := func(dir string) tests { return tests{dir: dir, short: true} }
	return []suite{
		{dir: "internal/live", tests: []tests{short("internal/live")}},
		{
			dir: "internal/cloudtag", tests: []tests{short("internal/cloudtag")},
			files: "calendar case casefile casework consensus explanation handling policy policycheck policytimeline priority " +
				"reason review risk scenario tag tagging weighing",
		},
		{dir: "internal/store", tests: []tests{short("internal/store"), short("db/dbtest"), short("db"), {dir: "db/dbtest", run: "TestMemory/Merchants/TagShareOfManyOrders"}}},
	}
}

//go:embed survivors.txt
var explained string

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, paths []string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	reasons := explanations(explained)
	total, killed, unexplained := 0, 0, 0
	for _, suite := range suites() {
		mutants, survivors, err := suite.run(ctx, root, paths, func(survivor mutant) {
			if _, known := reasons[survivor.String()]; !known {
				fmt.Printf("LIVED %s:%d: %s\n", survivor.file, survivor.line, survivor.text)
			}
		})
		if err != nil {
			return fmt.Errorf("%s: %w", suite.dir, err)
		}
		total, killed = total+mutants, killed+mutants-len(survivors)
		for _, survivor := range survivors {
			if _, known := reasons[survivor.String()]; !known {
				unexplained++
			}
			reasons[survivor.String()] = true
		}
		if mutants > 0 {
			fmt.Printf("%s: %d of %d mutants killed\n", suite.dir, mutants-len(survivors), mutants)
		}
	}
	switch {
	case total == 0:
		return errors.New("no mutants")
	case unexplained > 0:
		return fmt.Errorf("%d mutants lived that survivors.txt does not explain", unexplained)
	case float64(killed) < leastKilled*float64(total):
		return fmt.Errorf("%d of %d mutants were killed, fewer than %v %%", killed, total, 100*leastKilled)
	case len(paths) > 0:
		return nil
	}
	for mutant, lived := range reasons {
		if !lived {
			err = errors.Join(err, fmt.Errorf("survivors.txt explains a mutant that does not live: %s", mutant))
		}
	}
	return err
}

// explanations returns the mutants that a text explains, one a line: FILE: CODE # REASON.
func explanations(text string) map[string]bool {
	reasons := map[string]bool{}
	for line := range strings.Lines(text) {
		if mutant, reason, is := strings.Cut(strings.TrimSpace(line), " # "); is && reason != "" {
			reasons[mutant] = false
		}
	}
	return reasons
}

// run returns the number of the suite's mutants in files below paths, or in all, and those that lived, which it also reports
// as they are found.
func (s suite) run(ctx context.Context, root string, paths []string, report func(mutant)) (count int, survivors []mutant, err error) {
	folder, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	mutants, err := s.compile(ctx, root, folder, paths)
	if err != nil || len(mutants) == 0 {
		return 0, nil, err
	}
	began := time.Now()
	if output, err := s.test(ctx, folder, 0, 10*time.Minute); err != nil {
		return 0, nil, fmt.Errorf("without a mutant: %w\n%s", err, output)
	}
	patience := 5*time.Since(began) + 5*time.Second // an endless loop is noticed too
	var reporting sync.Mutex
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for number := range numbers {
				if _, err := s.test(ctx, folder, number, patience); err == nil {
					reporting.Lock()
					survivors = append(survivors, mutants[number-1])
					report(mutants[number-1])
					reporting.Unlock()
				}
			}
		})
	}
	for i := range mutants {
		numbers <- i + 1
	}
	close(numbers)
	workers.Wait()
	return len(mutants), survivors, nil
}

// compile compiles the tests with the mutants.
func (s suite) compile(ctx context.Context, root, folder string, paths []string) (mutants []mutant, err error) {
	loaded, err := packages.Load(&packages.Config{Context: ctx, Mode: packages.LoadSyntax}, "./"+s.dir)
	if err != nil {
		return nil, err
	}
	if len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		return nil, fmt.Errorf("can't be loaded: %v", loaded)
	}
	r := &rewriter{pkg: loaded[0], root: root}
	overlay := map[string]string{}
	replace := func(path string, source []byte) error {
		overlay[path] = filepath.Join(folder, filepath.Base(path))
		return os.WriteFile(overlay[path], source, 0o600)
	}
	for i, file := range r.pkg.Syntax {
		path := r.pkg.CompiledGoFiles[i]
		if !s.selects(filepath.Base(path), paths) {
			continue
		}
		source, err := r.rewrite(file)
		if err == nil {
			err = replace(path, source)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.left > 0 {
		fmt.Printf("%s: %d expressions are left out: their files do not import the packages of their types\n", s.dir, r.left)
	}
	if err := replace(filepath.Join(root, s.dir, "mutants.go"), fmt.Appendf(nil, selector, r.pkg.Name)); err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlayFile, encoded, 0o600); err != nil {
		return nil, err
	}
	for _, tests := range s.tests {
		build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlayFile, "-o", tests.binary(folder), "./"+tests.dir)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("compile the tests of %s: %w\n%s", tests.dir, err, output)
		}
	}
	return r.mutants, nil
}

func (t tests) binary(folder string) string {
	return filepath.Join(folder, strings.ReplaceAll(t.dir, "/", "-")+".test")
}

// selects reports whether a file of the suite is to be mutated.
func (s suite) selects(file string, paths []string) bool {
	path := s.dir + "/" + file
	return (s.files == "" || slices.Contains(strings.Fields(s.files), strings.TrimSuffix(file, ".go"))) &&
		(len(paths) == 0 || slices.ContainsFunc(paths, func(start string) bool { return strings.HasPrefix(path, start) }))
}

// test runs the tests with a mutant until one fails; number 0 is no mutant.
func (s suite) test(ctx context.Context, folder string, number int, patience time.Duration) (output []byte, err error) {
	for _, tests := range s.tests {
		test := exec.CommandContext(ctx, tests.binary(folder), "-test.failfast", "-test.short="+strconv.FormatBool(tests.short),
			"-test.run="+tests.run, "-test.timeout="+patience.String())
		test.Dir = tests.dir
		test.Env = append(os.Environ(), selectedMutant+"="+strconv.Itoa(number), "GOMAXPROCS=1")
		if output, err = test.CombinedOutput(); err != nil {
			return output, err
		}
	}
	return nil, nil
}
