package graph

import (
	"strings"

	"cloudtag/graph/generated"

	"github.com/vektah/gqlparser/v2/formatter"
)

// SDL returns the schema as text, with descriptions and applied directives, sorted by type name, without GraphQL's built-in
// types.
func SDL() string {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	return text.String()
}
