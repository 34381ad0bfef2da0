//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// TestBrowser runs the browser tests of admin-ui/e2e against a server with an empty market. They need a binary with the
// pages in it, as `make test-e2e` builds it, and skip for one that was built without Node.
func TestBrowser(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 4, 60) // the fourth shop is revoked
	runBrowser(t, serve(t, uri))
}

// TestConsoleWithTrustedDocuments runs those that need no document but the console's own and the one that they tag with.
func TestConsoleWithTrustedDocuments(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 4, 60)
	// As admin-ui/e2e/session.ts sends it.
	documents := trustedDocuments(t, `mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount } }`)
	t.Setenv("CLOUDTAG_TRUSTED", "yes")
	runBrowser(t, serve(t, uri, "--trusted-documents", documents), "shop", "trusted")
}

// runBrowser runs some of the browser tests, or all, against a server.
func runBrowser(t *testing.T, s *server, files ...string) {
	t.Helper()
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("the binary was built without the pages: run make test-e2e")
	}
	given, err := json.Marshal(map[string]any{
		"reviewer": token(t, "REVIEWER"),
		"rita":     token(t, "REVIEWER", "--subject", "rita"),
		"admin":    token(t, "ADMIN", "--subject", "adam"),
		"service":  token(t, "PLATFORM", "--subject", "customer-service"),
		"shops":    []string{merchantToken(t, "m-1"), merchantToken(t, "m-2"), merchantToken(t, "m-3"), merchantToken(t, "m-4")},
	})
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "npm", append([]string{"run", "test-e2e", "--"}, files...)...)
	run.Dir = "../admin-ui"
	run.Env = append(os.Environ(), "CLOUDTAG_BASE="+s.url(""), "CLOUDTAG_TOKENS="+string(given))
	output, err := run.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Errorf("the browser tests: %v\nthe server:\n%s", err, s.output)
	}
}
