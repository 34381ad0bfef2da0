//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// TestGraphQLOverHTTP runs the audits of the GraphQL-over-HTTP specification (npm package graphql-http) against the
// real server: all must pass, including those of level MAY. They need Node, as the console does.
func TestGraphQLOverHTTP(t *testing.T) {
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("needs what the pages are built with: run make test-e2e")
	}
	s := serve(t, newDatabase(t))
	run := exec.CommandContext(t.Context(), "node", "scripts/audit.mjs", s.url("/graphql"), "Bearer "+token(t, "REVIEWER"))
	run.Dir = "../admin-ui"
	output, err := run.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Errorf("the audits: %v", err)
	}
}
