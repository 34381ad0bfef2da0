package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
)

// mutant is one change of the code.
type mutant struct {
	file string // relative to the module
	line int
	text string // what the code becomes, such as "len(tags) >= 32"
}

func (m mutant) String() string { return m.file + ": " + m.text }

// selector declares what rewritten files call: whether a mutant is selected, and the step of its ++ or --.
const selector = `package %s

import (
	"os"
	"strconv"
)

var mutantSelected = func() int { n, _ := strconv.Atoi(os.Getenv("` + selectedMutant + `")); return n }()

func mutantStep(number int) int {
	if number == mutantSelected {
		return -1
	}
	return 1
}
`

// replacements returns what an operator is mutated to: another direction or bound of a comparison, another calculation.
func replacements(operator token.Token) []token.Token {
	switch operator {
	case token.EQL:
		return []token.Token{token.NEQ}
	case token.NEQ:
		return []token.Token{token.EQL}
	case token.LSS:
		return []token.Token{token.LEQ, token.GEQ}
	case token.LEQ:
		return []token.Token{token.LSS, token.GTR}
	case token.GTR:
		return []token.Token{token.GEQ, token.LEQ}
	case token.GEQ:
		return []token.Token{token.GTR, token.LSS}
	case token.ADD:
		return []token.Token{token.SUB}
	case token.SUB:
		return []token.Token{token.ADD}
	case token.MUL:
		return []token.Token{token.QUO}
	case token.QUO, token.REM:
		return []token.Token{token.MUL}
	default:
		return nil
	}
}

// changes returns what an expression is mutated to. It shares the operands.
func changes(expression ast.Expr) (changed []ast.Expr) {
	switch e := expression.(type) {
	case *ast.BinaryExpr:
		for _, operator := range replacements(e.Op) {
			changed = append(changed, &ast.BinaryExpr{X: e.X, Op: operator, Y: e.Y})
		}
	case *ast.UnaryExpr:
		if e.Op == token.SUB {
			changed = append(changed, &ast.UnaryExpr{Op: token.ADD, X: e.X})
		}
	}
	return changed
}

// rewriter rewrites the files of a package. The number of a mutant is its position in mutants, from 1.
type rewriter struct {
	pkg     *packages.Package
	root    string // of the module
	mutants []mutant
	left    int // expressions left out, because the file does not import the package of their type
}

// rewrite returns the source of a file with all of its mutants, each in force only while it is selected. Constants that are
// declared, and lengths of arrays, stay as they are.
func (r *rewriter) rewrite(file *ast.File) ([]byte, error) {
	texts := map[ast.Node][]string{} // of the mutants of an expression, before those within it change it
	var failure error
	enter := func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case *ast.ArrayType:
			return n.Len == nil
		case ast.Expr:
			for _, changed := range changes(n) {
				text, err := textOf(changed)
				if err != nil {
					failure = err
				}
				texts[n] = append(texts[n], text)
			}
		case *ast.IncDecStmt:
			text, err := textOf(&ast.IncDecStmt{X: n.X, Tok: opposite(n.Tok)})
			if err != nil {
				failure = err
			}
			texts[n] = []string{text}
		}
		return true
	}
	imported := importsOf(file)
	leave := func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case ast.Expr:
			if len(texts[n]) == 0 || isText(r.pkg.TypesInfo.TypeOf(n)) {
				break
			}
			name, known := r.typeName(r.pkg.TypesInfo.TypeOf(n), imported)
			if !known {
				r.left++
				break
			}
			selection := &ast.BlockStmt{}
			for i, changed := range changes(n) {
				selection.List = append(selection.List, ifSelected(r.add(n.Pos(), texts[n][i]), changed))
			}
			selection.List = append(selection.List, returning(n))
			c.Replace(&ast.CallExpr{Fun: &ast.FuncLit{
				Type: &ast.FuncType{Params: &ast.FieldList{}, Results: &ast.FieldList{List: []*ast.Field{{Type: ast.NewIdent(name)}}}},
				Body: selection,
			}})
		case *ast.IncDecStmt:
			name, known := r.typeName(r.pkg.TypesInfo.TypeOf(n.X), imported)
			if !known {
				r.left++
				break
			}
			step := fmt.Sprintf("%s(mutantStep(%d))", name, r.add(n.TokPos, texts[n][0]))
			c.Replace(&ast.AssignStmt{Lhs: []ast.Expr{n.X}, Tok: assignment(n.Tok), Rhs: []ast.Expr{ast.NewIdent(step)}})
		}
		return true
	}
	astutil.Apply(file, enter, leave)
	if failure != nil {
		return nil, failure
	}
	file.Comments = nil // their positions are not those of the new code
	var source bytes.Buffer
	err := format.Node(&source, token.NewFileSet(), file)
	return source.Bytes(), err
}

// add adds a mutant and returns its number.
func (r *rewriter) add(at token.Pos, text string) int {
	position := r.pkg.Fset.Position(at)
	file, err := filepath.Rel(r.root, position.Filename)
	if err != nil {
		file = position.Filename
	}
	r.mutants = append(r.mutants, mutant{filepath.ToSlash(file), position.Line, text})
	return len(r.mutants)
}

// typeName returns the name of a type in a file, if the file imports its package.
func (r *rewriter) typeName(of types.Type, imported map[string]bool) (name string, known bool) {
	known = true
	name = types.TypeString(types.Default(of), func(other *types.Package) string {
		if other == r.pkg.Types {
			return ""
		}
		known = known && imported[other.Path()]
		return other.Name()
	})
	return name, known
}

// importsOf returns the paths that a file imports by their own names.
func importsOf(file *ast.File) map[string]bool {
	imported := map[string]bool{}
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && spec.Name == nil {
			imported[path] = true
		}
	}
	return imported
}

func isText(of types.Type) bool {
	basic, is := of.Underlying().(*types.Basic)
	return is && basic.Info()&types.IsString != 0
}

func opposite(operator token.Token) token.Token {
	if operator == token.INC {
		return token.DEC
	}
	return token.INC
}

func assignment(operator token.Token) token.Token {
	if operator == token.INC {
		return token.ADD_ASSIGN
	}
	return token.SUB_ASSIGN
}

func ifSelected(number int, then ast.Expr) ast.Stmt {
	selected := &ast.BinaryExpr{X: ast.NewIdent("mutantSelected"), Op: token.EQL, Y: &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(number)}}
	return &ast.IfStmt{Cond: selected, Body: &ast.BlockStmt{List: []ast.Stmt{returning(then)}}}
}

func returning(result ast.Expr) ast.Stmt { return &ast.ReturnStmt{Results: []ast.Expr{result}} }

// textOf returns code in one line.
func textOf(node ast.Node) (string, error) {
	var text bytes.Buffer
	err := format.Node(&text, token.NewFileSet(), node)
	return strings.Join(strings.Fields(text.String()), " "), err
}
