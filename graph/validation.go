package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are the rules of the GraphQL specification, and one for literals that gqlparser's own rules accept although
// coercing them panics.
func validationRules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.AddRule("LiteralsOfCorrectForm", func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Definition != nil && value.ExpectedType != nil && !correctForm(value) {
				addError(core.Message("Expected value of type %q, found %s.", value.ExpectedType.String(), value.String()), core.At(value.Position))
			}
		})
	})
	return all
}

// correctForm reports whether a literal's kind suits its type: objects for input objects, strings for custom scalars.
func correctForm(value *ast.Value) bool {
	own := value.Definition.Kind == ast.Scalar && !value.Definition.BuiltIn
	switch value.Kind {
	case ast.ObjectValue:
		return value.Definition.Kind == ast.InputObject
	case ast.IntValue, ast.FloatValue, ast.BooleanValue, ast.EnumValue:
		return !own
	case ast.ListValue:
		return !own || value.ExpectedType.Elem != nil
	default:
		return true
	}
}
