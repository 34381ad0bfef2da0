package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// Each mutant changes what the function returns for 1, 2 and 3, and none does unless it is selected.
func TestMutants(t *testing.T) {
	tests := []struct {
		body    string // of a function of n that returns a whole number
		mutants []string
		output  []string // without a mutant, then with each
	}{
		{"if n < 2 { return 1 }; return 0", []string{"n <= 2", "n >= 2"}, []string{"1 0 0", "1 1 0", "0 1 1"}},
		{"if n <= 2 && n != 1 { return 1 }; return 0", []string{"n < 2", "n > 2", "n == 1"}, []string{"0 1 0", "0 0 0", "0 0 1", "1 0 0"}},
		{"return 2*n - 1", []string{"2 / n", "2*n + 1"}, []string{"1 3 5", "1 0 -1", "3 5 7"}},
		{"const two = 1 + 1; n++; return n % two", []string{"n--", "n * two"}, []string{"0 1 0", "0 1 0", "4 6 8"}},
		{`if "a"+"b" == "ab" { return -n }; return n`, []string{`"a"+"b" != "ab"`, "+n"}, []string{"-1 -2 -3", "1 2 3", "1 2 3"}},
	}
	for _, test := range tests {
		t.Run(test.body, func(t *testing.T) {
			folder := t.TempDir()
			write := func(name, text string) {
				t.Helper()
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("go.mod", "module example.org/m\n\ngo 1.26\n")
			write("f.go", "package main\n\nimport \"fmt\"\n\nfunc f(n int) int {"+test.body+"}\n\nfunc main() {\nfmt.Print(f(1), f(2), f(3))\n}\n")
			loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: folder}, ".")
			if err != nil || len(loaded[0].Errors) > 0 {
				t.Fatal(err, loaded[0].Errors)
			}
			r := &rewriter{pkg: loaded[0], root: folder}
			source, err := r.rewrite(loaded[0].Syntax[0])
			if err != nil {
				t.Fatal(err)
			}
			write("f.go", string(source))
			write("mutants.go", strings.Replace(selector, "%s", "main", 1))
			var texts []string
			for _, mutant := range r.mutants {
				texts = append(texts, mutant.text)
			}
			if got, want := strings.Join(texts, ", "), strings.Join(test.mutants, ", "); got != want {
				t.Fatalf("mutants %s, want %s", got, want)
			}
			build := exec.Command("go", "build", "-o", "f")
			build.Dir = folder
			if output, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, output, source)
			}
			for number, want := range test.output {
				program := exec.Command(filepath.Join(folder, "f"))
				program.Env = append(os.Environ(), selectedMutant+"="+string(rune('0'+number)))
				if output, err := program.CombinedOutput(); err != nil || string(output) != want {
					t.Errorf("mutant %d: %s, %v, want %s", number, output, err, want)
				}
			}
		})
	}
}

func TestExplanationsNameFiles(t *testing.T) {
	reasons := explanations(explained)
	if lines := strings.Count(explained, " # "); len(reasons) != lines {
		t.Errorf("%d of %d explanations are read", len(reasons), lines)
	}
	for mutant := range reasons {
		file, _, _ := strings.Cut(mutant, ": ")
		if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(file))); err != nil {
			t.Errorf("%s: %v", mutant, err)
		}
	}
}
