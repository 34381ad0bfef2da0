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
	longest        = 10 * time.Minute // of the tests of a package, those that -short leaves out among them
)

// suite is a package that is mutated.
type suite struct {
	dir   string
	files string   // without .go, separated by spaces; empty: all
	tests []string // the packages whose tests must notice, the quickest first
}

func suites() []suite {
	return []suite{
		{dir: "internal/live", tests: []string{"internal/live"}},
		{
			dir: "internal/cloudtag", tests: []string{"internal/cloudtag"},
			files: "calendar case casefile casework consensus explanation handling policy policycheck policytimeline priority " +
				"reason review risk scenario tag tagging weighing",
		},
		{dir: "internal/store", tests: []string{"db/dbtest", "db"}},
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
		mutants, survivors, err := suite.run(ctx, root, paths)
		if err != nil {
			return fmt.Errorf("%s: %w", suite.dir, err)
		}
		total, killed = total+mutants, killed+mutants-len(survivors)
		for _, survivor := range survivors {
			if _, known := reasons[survivor.String()]; !known {
				unexplained++
				fmt.Printf("LIVED %s:%d: %s\n", survivor.file, survivor.line, survivor.text)
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

// run returns the number of the suite's mutants in files below paths, or in all, and those that lived.
func (s suite) run(ctx context.Context, root string, paths []string) (count int, survivors []mutant, err error) {
	folder, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	mutants, binaries, err := s.compile(ctx, root, folder, paths)
	if err != nil || len(mutants) == 0 {
		return 0, nil, err
	}
	began := time.Now()
	if output, err := s.test(ctx, binaries, 0, true, longest); err != nil {
		return 0, nil, fmt.Errorf("without a mutant: %w\n%s", err, output)
	}
	patience := 10*time.Since(began) + 5*time.Second // an endless loop is noticed too
	if output, err := s.test(ctx, binaries, 0, false, longest); err != nil {
		return 0, nil, fmt.Errorf("without a mutant: %w\n%s", err, output)
	}
	lived := make([]bool, len(mutants))
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for number := range numbers {
				_, err := s.test(ctx, binaries, number, true, patience)
				if err == nil {
					_, err = s.test(ctx, binaries, number, false, longest)
				}
				lived[number-1] = err == nil
			}
		})
	}
	for i := range mutants {
		numbers <- i + 1
	}
	close(numbers)
	workers.Wait()
	for i, mutant := range mutants {
		if lived[i] {
			survivors = append(survivors, mutant)
		}
	}
	return len(mutants), survivors, nil
}

// compile compiles the tests with the mutants.
func (s suite) compile(ctx context.Context, root, folder string, paths []string) (mutants []mutant, binaries []string, err error) {
	loaded, err := packages.Load(&packages.Config{Context: ctx, Mode: packages.LoadSyntax}, "./"+s.dir)
	if err != nil {
		return nil, nil, err
	}
	if len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		return nil, nil, fmt.Errorf("can't be loaded: %v", loaded)
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
			return nil, nil, err
		}
	}
	if r.left > 0 {
		fmt.Printf("%s: %d expressions are left out: their files do not import the packages of their types\n", s.dir, r.left)
	}
	if err := replace(filepath.Join(root, s.dir, "mutants.go"), fmt.Appendf(nil, selector, r.pkg.Name)); err != nil {
		return nil, nil, err
	}
	encoded, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, nil, err
	}
	overlayFile := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlayFile, encoded, 0o600); err != nil {
		return nil, nil, err
	}
	for _, tests := range s.tests {
		binary := filepath.Join(folder, filepath.Base(tests)+".test")
		output, err := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlayFile, "-o", binary, "./"+tests).CombinedOutput()
		if err != nil {
			return nil, nil, fmt.Errorf("compile the tests of %s: %w\n%s", tests, err, output)
		}
		binaries = append(binaries, binary)
	}
	return r.mutants, binaries, nil
}

// selects reports whether a file of the suite is to be mutated.
func (s suite) selects(file string, paths []string) bool {
	path := s.dir + "/" + file
	return (s.files == "" || slices.Contains(strings.Fields(s.files), strings.TrimSuffix(file, ".go"))) &&
		(len(paths) == 0 || slices.ContainsFunc(paths, func(start string) bool { return strings.HasPrefix(path, start) }))
}

// test runs the tests with a mutant until one fails; number 0 is no mutant.
func (s suite) test(ctx context.Context, binaries []string, number int, short bool, patience time.Duration) (output []byte, err error) {
	for i, binary := range binaries {
		test := exec.CommandContext(ctx, binary, "-test.failfast", "-test.short="+strconv.FormatBool(short), "-test.timeout="+patience.String())
		test.Dir = s.tests[i]
		test.Env = append(os.Environ(), selectedMutant+"="+strconv.Itoa(number), "GOMAXPROCS=1")
		if output, err = test.CombinedOutput(); err != nil {
			return output, err
		}
	}
	return nil, nil
}
