package graph

import "github.com/vektah/gqlparser/v2/ast"

// eachUse visits the uses of variables in an operation's arguments, with the path from the argument inward, until visit
// returns false.
func eachUse(document *ast.QueryDocument, operation *ast.OperationDefinition, visit func(variable *ast.Value, at ast.Path) bool) {
	w := useWalk{document: document, seen: make(map[string]bool), visit: visit}
	_ = w.directives(operation.Directives) && w.selections(operation.SelectionSet)
}

// useWalk walks an operation, validated or not. Its methods return false once visit has returned false.
type useWalk struct {
	document *ast.QueryDocument
	seen     map[string]bool // fragments
	visit    func(*ast.Value, ast.Path) bool
}

func (w *useWalk) selections(set ast.SelectionSet) bool {
	for _, selection := range set {
		goOn := true
		switch s := selection.(type) {
		case *ast.Field:
			goOn = w.arguments(s.Arguments) && w.directives(s.Directives) && w.selections(s.SelectionSet)
		case *ast.InlineFragment:
			goOn = w.directives(s.Directives) && w.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			goOn = w.directives(s.Directives) && w.fragment(s.Name)
		}
		if !goOn {
			return false
		}
	}
	return true
}

func (w *useWalk) fragment(name string) bool {
	fragment := w.document.Fragments.ForName(name)
	if fragment == nil || w.seen[name] {
		return true
	}
	w.seen[name] = true
	return w.directives(fragment.Directives) && w.selections(fragment.SelectionSet)
}

func (w *useWalk) directives(list ast.DirectiveList) bool {
	for _, directive := range list {
		if !w.arguments(directive.Arguments) {
			return false
		}
	}
	return true
}

func (w *useWalk) arguments(list ast.ArgumentList) bool {
	for _, argument := range list {
		if !w.value(argument.Value, ast.Path{ast.PathName(argument.Name)}) {
			return false
		}
	}
	return true
}

func (w *useWalk) value(value *ast.Value, at ast.Path) bool {
	if value.Kind == ast.Variable {
		return w.visit(value, at)
	}
	for i, child := range value.Children {
		var element ast.PathElement = ast.PathIndex(i)
		if value.Kind == ast.ObjectValue {
			element = ast.PathName(child.Name)
		}
		if !w.value(child.Value, append(at[:len(at):len(at)], element)) {
			return false
		}
	}
	return true
}
