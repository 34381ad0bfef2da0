//go:build e2e

package e2e

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// startProvider starts the OpenID Connect provider of e2e/clients for the pages of a server, until the test ends, and
// returns its issuer.
func startProvider(t *testing.T, base string) string {
	t.Helper()
	process := exec.Command("node", "provider.js")
	process.Dir = "clients"
	process.Env = append(os.Environ(), "CLOUDTAG_BASE="+base)
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill() // there is nothing that it must finish
		_ = input.Close()
		_ = process.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if issuer := lines.Text(); strings.HasPrefix(issuer, "http://") {
			return issuer
		}
	}
	t.Fatal("the provider does not start")
	return ""
}

// TestSignInAtProvider signs people in at a real OpenID Connect provider, in a browser. A short run leaves out what waits for
// tokens to be refused.
func TestSignInAtProvider(t *testing.T) {
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("needs Node and what make test-e2e installs")
	}
	t.Parallel()
	uri, address := newDatabase(t), freeAddress(t)
	importMarket(t, uri, 4, 400)
	issuer := startProvider(t, "http://"+address)
	s := serveAt(t, uri, address, "--oidc-issuer", issuer, "--oidc-client-id", "console", "--oidc-parameters", "resource=https://tags.example.com/api",
		"--jwt-audience", "cloudtag", "--role-map", rolesOfTheProvider, "--merchant-claim", "shop", "--jwks-refresh", "1s")
	s.names, s.browser = []string{"--jwt-audience", "cloudtag"}, []string{"CLOUDTAG_PROVIDER=" + issuer}
	if testing.Short() {
		s.browser = append(s.browser, "CLOUDTAG_TAG=@live")
	}
	t.Run("browser", func(t *testing.T) { browse(t, s, marketShops(), "--project", "provider") })

	checked := cloudtag(t, "doctor", "--db", uri, "--oidc-issuer", issuer, "--oidc-client-id", "console", "--jwt-audience", "cloudtag", "--role-map", rolesOfTheProvider)
	for _, says := range []string{"ok    issuer     " + issuer, "can be used", "PKCE, as client console"} {
		if !strings.Contains(checked.stdout, says) {
			t.Errorf("the doctor does not say %q:\n%s%s", says, checked.stdout, checked.stderr)
		}
	}
	if status, body := s.get("/signin.json"); status != http.StatusOK || !strings.Contains(body, `"token_endpoint":"`+issuer+"/token") {
		t.Errorf("%d %s", status, body)
	}
}
