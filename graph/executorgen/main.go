// Command executorgen writes graph/generated: what gqlgen generates from gqlgen.yml and the schema, with an executor of its own
// instead of gqlgen's, and without the code that is unused then. Run it by `go generate ./graph`.
//
// gqlgen's executor makes a context, a few closures and a marshaler for each value, and a goroutine for each element of a list.
// This one appends values to one buffer; see graph/execution. Schema, arguments, inputs, resolver interfaces and models are
// gqlgen's.
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "executorgen:", err)
		os.Exit(1)
	}
}

func generate() error {
	settings, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}
	if err := removeOld(settings.Exec.Dir()); err != nil {
		return err
	}
	settings.SkipValidation = true // the files are not complete yet
	if err := api.Generate(settings, api.AddPlugin(executor{})); err != nil {
		return err
	}
	return prune(settings.Exec.Dir())
}

// removeOld removes generated files, also those of schema files that no longer exist, and those with merge conflicts.
func removeOld(dir string) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.generated.go"))
	for _, path := range old {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// executor is the gqlgen plugin that writes the executor.
type executor struct{}

// Name names the plugin.
func (executor) Name() string { return "executor" }

//go:embed executor.gotpl
var executorTemplate string

// fileName is the file that the executor is written to.
const fileName = "executor.generated.go"

// GenerateCode writes the executor for the schema as gqlgen has bound it.
func (executor) GenerateCode(data *codegen.Data) error {
	for name := range data.Interfaces {
		return fmt.Errorf("%s: interfaces and unions are not written: extend executor.gotpl by a switch over the types", name)
	}
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), fileName),
		Data:            data,
		Template:        executorTemplate + directivesTemplate,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
		Funcs:           functions(data),
	})
}

// directivesTemplate wraps a field's resolver in its directives, outermost last.
const directivesTemplate = `
{{ define "implDirectives" }}
	{{- $in := .Field.DirectiveObjName }}
	{{- range $i, $directive := .Field.ImplDirectives }}
			directive{{ add $i 1 }} := func(ctx context.Context) (any, error) {
			{{- range $arg := $directive.Args }}
				{{- if notNil "Value" $arg }}
				{{ $arg.VarName }} := {{ literal $arg }}
				{{- end }}
			{{- end }}
				return {{ $directive.CallPath }}({{ $directive.ResolveArgs $in $i }})
			}
	{{- end }}
{{- end }}
`

func functions(data *codegen.Data) template.FuncMap {
	objects := make(map[string]bool, len(data.Objects))
	for _, object := range data.Objects {
		objects[object.Name] = true
	}
	return template.FuncMap{
		"writeFunc": writeFunc,
		"writes":    func(t *config.TypeReference) bool { return t.MarshalFunc() != "" && !t.IsRoot },
		"isObject":  func(t *config.TypeReference) bool { return objects[t.Definition.Name] },
		"isPlain":   isPlain,
		"noError":   noError,
		"appender":  appender,
		"absent":    absent,
		"literal":   literal,
		"leadsTo": func(f *codegen.Field) string {
			if name := f.TypeReference.Definition.Name; objects[name] {
				return "type" + name
			}
			return "execution.Leaf"
		},
		"channel": func(f *codegen.Field) string {
			if f.Object.Stream {
				return "<-chan "
			}
			return ""
		},
	}
}

// writeFunc names the method that writes a type, after gqlgen's that marshals it.
func writeFunc(t *config.TypeReference) string {
	return "write" + strings.TrimPrefix(t.MarshalFunc(), "marshal")
}

// isPlain reports whether a field's value is in memory: reading it neither blocks nor fails nor is subject to directives.
func isPlain(f *codegen.Field) bool {
	return !f.HasDirectives() && noError(f) && !f.MethodHasContext
}

// noError reports whether a field's expression returns no error.
func noError(f *codegen.Field) bool {
	return !f.IsResolver && (f.IsVariable() || f.NoErr)
}

// absent is the condition under which a value of a plain Go type is null: a nullable text, whole number or time that is zero.
// It is empty for all other types, of which every value is written.
func absent(t *config.TypeReference) string {
	if t.GQL.NonNull || t.IsNilable() {
		return ""
	}
	if t.GO.String() == "time.Time" {
		return "v.IsZero()"
	}
	basic, isBasic := t.GO.Underlying().(*types.Basic)
	switch {
	case !isBasic:
		return ""
	case basic.Info()&types.IsString != 0:
		return `v == ""`
	case basic.Info()&types.IsInteger != 0:
		return "v == 0"
	default:
		return ""
	}
}

// literal writes a directive's argument as a Go literal, so that it is not decoded at each use.
func literal(argument *codegen.FieldArgument) (string, error) {
	list := argument.TypeReference
	if !list.IsSlice() || list.Elem().Definition.Kind != ast.Enum || list.Elem().HasEnumValues() {
		return "", fmt.Errorf("argument %s of a directive is a %s: extend literal, which knows lists of enum values", argument.Name, list.GQL)
	}
	values, _ := argument.Value.([]any)
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = fmt.Sprintf("%q", value)
	}
	return templates.CurrentImports.LookupType(list.GO) + "{" + strings.Join(quoted, ", ") + "}", nil
}

// appender names the function AppendX beside a scalar's MarshalX, which appends a value to a buffer; empty without one.
func appender(t *config.TypeReference) string {
	if t.Marshaler == nil || t.IsContext || t.Definition.Kind != ast.Scalar && t.Definition.Kind != ast.Enum {
		return ""
	}
	name := "Append" + strings.TrimPrefix(t.Marshaler.Name(), "Marshal")
	found, isFunc := t.Marshaler.Pkg().Scope().Lookup(name).(*types.Func)
	if !isFunc {
		return ""
	}
	return templates.CurrentImports.Lookup(found.Pkg().Path()) + "." + found.Name()
}
