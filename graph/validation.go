package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are those of the GraphQL specification. gqlparser's own lack one: it lets objects stand for scalars and
// enums, which panics where a directive takes them.
func validationRules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.AddRule("ObjectsAreInputObjects", func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Kind == ast.ObjectValue && value.Definition != nil && value.Definition.Kind != ast.InputObject {
				addError(core.Message("Expected value of type %q, found %s.", value.ExpectedType.String(), value.String()), core.At(value.Position))
			}
		})
	})
	return all
}
