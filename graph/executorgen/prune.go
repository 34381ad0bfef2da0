package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/imports"
)

// prune removes gqlgen's own Exec from the package in a directory, and then all that is unused. References are resolved by name
// alone, so that it may keep too much but never removes what is used.
func prune(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	p := pruned{files: token.NewFileSet(), used: make(map[string]bool), uses: make(map[string][]ast.Node)}
	for _, path := range paths {
		file, err := parser.ParseFile(p.files, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		p.add(filepath.Base(path), file)
	}
	p.follow()
	for _, path := range paths {
		if err := p.rewrite(path); err != nil {
			return err
		}
	}
	return nil
}

type pruned struct {
	files  *token.FileSet
	decls  []declared
	used   map[string]bool
	uses   map[string][]ast.Node // by name: what is declared under it
	queued []ast.Node
}

// declared is a function, a method, or one group of variables, constants or types.
type declared struct {
	file  string
	node  ast.Decl
	names []string
	root  bool // kept even if unused
	gone  bool
}

func (p *pruned) add(file string, parsed *ast.File) {
	for _, node := range parsed.Decls {
		d := describe(node)
		if d == nil {
			continue
		}
		d.file = file
		d.gone = file != fileName && slices.Contains(d.names, "Exec")
		if !d.gone {
			for _, name := range d.names {
				p.uses[name] = append(p.uses[name], node)
			}
			if d.root {
				p.queued = append(p.queued, node)
			}
		}
		p.decls = append(p.decls, *d)
	}
}

// describe returns nil for imports. What is exported is a root.
func describe(node ast.Decl) *declared {
	d := &declared{node: node}
	switch node := node.(type) {
	case *ast.FuncDecl:
		d.names = []string{node.Name.Name}
		d.root = node.Name.IsExported()
	case *ast.GenDecl:
		for _, spec := range node.Specs {
			switch spec := spec.(type) {
			case *ast.ImportSpec:
				return nil
			case *ast.TypeSpec:
				d.names, d.root = append(d.names, spec.Name.Name), true
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					d.names = append(d.names, name.Name)
					d.root = d.root || name.IsExported() || name.Name == "_"
				}
			}
		}
	}
	return d
}

// follow marks all that is reachable from the roots.
func (p *pruned) follow() {
	for len(p.queued) > 0 {
		node := p.queued[0]
		p.queued = p.queued[1:]
		ast.Inspect(node, func(n ast.Node) bool {
			if name, isName := n.(*ast.Ident); isName && !p.used[name.Name] {
				p.used[name.Name] = true
				p.queued = append(p.queued, p.uses[name.Name]...)
			}
			return true
		})
	}
}

// rewrite removes the unused declarations from a file, and the file if none remains.
func (p *pruned) rewrite(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var kept []byte
	at, stays := 0, false
	for _, d := range p.decls {
		if d.file != filepath.Base(path) {
			continue
		}
		if !d.gone && (d.root || slices.ContainsFunc(d.names, func(name string) bool { return p.used[name] })) {
			stays = true
			continue
		}
		kept = append(kept, text[at:p.files.Position(start(d.node)).Offset]...)
		at = p.files.Position(d.node.End()).Offset
	}
	if !stays {
		return os.Remove(path)
	}
	kept, err = imports.Process(path, append(kept, text[at:]...), nil)
	if err != nil {
		return err
	}
	return os.WriteFile(path, kept, 0o644) //nolint:gosec // sources are for everybody to read
}

// start is the position of a declaration with its comment.
func start(node ast.Decl) token.Pos {
	switch node := node.(type) {
	case *ast.FuncDecl:
		if node.Doc != nil {
			return node.Doc.Pos()
		}
	case *ast.GenDecl:
		if node.Doc != nil {
			return node.Doc.Pos()
		}
	}
	return node.Pos()
}
