//go:build e2e

package e2e

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/auth"
	domain "cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// TestBrowser runs the browser tests of admin-ui/e2e, each project against its own server and store. It needs a binary with the
// console (`make test-e2e` builds one) and is skipped otherwise. A short run has the tests that depend on live updates; on MongoDB
// only those whose events depend on how the log is followed there.
func TestBrowser(t *testing.T) {
	onEachStore(t, func(t *testing.T, uri string) {
		importMarket(t, uri, 4, 400) // the fourth shop is revoked
		s := serve(t, uri)
		if testing.Short() && onMongo(uri) {
			s.browser = []string{"CLOUDTAG_TAG=@store"}
		} else if testing.Short() {
			s.browser = []string{"CLOUDTAG_TAG=@live"}
		}
		browse(t, s, marketShops(), "--project", "market-figures")
	})
	t.Run("demo", func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes minutes: make test-long")
		}
		browseDemo(t, newDatabase(t))
	})
}

// TestBrowserLong runs what takes too long for every change: the demo on MongoDB, and a queue of 100 thousand cases.
func TestBrowserLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	t.Run("demo in mongodb", func(t *testing.T) { browseDemo(t, mongotest.FreshURI(t)) })
	t.Run("100 thousand cases", func(t *testing.T) {
		uri := newDatabase(t)
		importCases(t, uri, 100_000)
		browse(t, serve(t, uri), nil, "--project", "scroll")
	})
}

// TestConsoleWithTrustedDocuments opens every page against a server that accepts only the console's documents.
func TestConsoleWithTrustedDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("make test-long")
	}
	uri := newDatabase(t)
	importMarket(t, uri, 4, 60)
	// A case to open, made in advance: the mutation that makes one is not among the console's documents.
	submitted := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	rows := "order_no,scenario,submitted_at,note\n"
	for _, shop := range []int{2, 3} {
		rows += fmt.Sprintf("%s,RETURN_SWAPPED,%s,\n", orderNo(shop, 50), submitted)
	}
	mustCloudtag(t, "import", "tags", writeFile(t, "tags.csv", rows), "--db", uri)
	documents := trustedDocuments(t)
	s := serve(t, uri, "--trusted-documents", documents)
	s.browser = []string{"CLOUDTAG_TRUSTED=yes"}
	browse(t, s, marketShops(), "--project=market", "trusted")
}

// marketShops are the shops that importMarket creates.
func marketShops() []string { return []string{"m-1", "m-2", "m-3", "m-4"} }

func onMongo(uri string) bool { return strings.HasPrefix(uri, "mongodb") }

func browseDemo(t *testing.T, uri string) {
	t.Helper()
	mustCloudtag(t, "demo", "--db", uri)
	browse(t, serve(t, uri), []string{string(demo.FeaturedMerchant)}, "--project", "demo-figures")
}

// browse runs projects of browser tests against a server, after those that they depend on.
func browse(t *testing.T, s *server, shops []string, args ...string) {
	t.Helper()
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("the binary was built without the pages: run make test-e2e")
	}
	reviewer := domain.Caller{Subject: "reviewer", Roles: []domain.Role{domain.RoleReviewer}}
	now := time.Now()
	of := func(roles string, args ...string) string { return token(t, roles, append(args, s.names...)...) }
	shopTokens := make([]string, 0, len(shops))
	for _, shop := range shops {
		shopTokens = append(shopTokens, of("MERCHANT", "--merchant", shop, "--subject", "someone@"+shop))
	}
	given, err := json.Marshal(map[string]any{
		"reviewer": of("REVIEWER"),
		"rita":     of("REVIEWER", "--subject", "rita"),
		"admin":    of("ADMIN", "--subject", "adam"),
		"bella":    of("ADMIN", "--subject", "bella"),
		"service":  of("PLATFORM", "--subject", "customer-service"),
		"auditor":  of("AUDITOR", "--subject", "aude"),
		"expired":  signedAt(t, reviewer, now.Add(-2*time.Hour), time.Hour),
		"secret":   secret,
		"shops":    shopTokens,
	})
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "npm", append([]string{"run", "test-e2e", "--"}, args...)...)
	run.Dir = "../admin-ui"
	store := "SQLite"
	if onMongo(s.uri) {
		store = "MongoDB"
	}
	run.Env = slices.Concat(os.Environ(), s.browser, []string{"CLOUDTAG_BASE=" + s.url(""), "CLOUDTAG_STORE=" + store, "CLOUDTAG_TOKENS=" + string(given)})
	output, err := run.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Errorf("the browser tests: %v\nthe server:\n%s", err, s.output)
	}
}

// clockAt is a fixed clock.
type clockAt time.Time

func (c clockAt) Now() time.Time { return time.Time(c) }

// signedAt returns a token that was issued at a given time.
func signedAt(t *testing.T, caller domain.Caller, issued time.Time, ttl time.Duration) string {
	t.Helper()
	text, err := auth.NewSharedSecret([]byte(secret), auth.Names{}, clockAt(issued), domain.IDFunc(rand.Text)).Sign(caller, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
