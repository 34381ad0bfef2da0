package graph

import (
	"strings"

	"cloudtag/graph/generated"

	"github.com/vektah/gqlparser/v2/formatter"
)

// SDL is the schema as text, with its descriptions and with directives where they are applied: types by name, those of the
// language itself left out.
func SDL() string {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	return text.String()
}
