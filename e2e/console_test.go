//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	domain "cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// TestConsole runs the browser tests of admin-ui/e2e-demo against a server with the demo, in which every page has something to
// show. It needs a binary with the console, as TestBrowser does.
func TestConsole(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes: make test-long")
	}
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("the binary was built without the pages: run make test-e2e")
	}
	uri := newDatabase(t)
	mustCloudtag(t, "demo", "--db", uri)
	s := serve(t, uri)
	given, err := json.Marshal(map[string]string{
		"rita":      token(t, "REVIEWER,ADMIN", "--subject", "rita"),
		"adam":      token(t, "REVIEWER,ADMIN", "--subject", "adam"),
		"service":   token(t, "PLATFORM", "--subject", "customer-service"),
		"shop":      merchantToken(t, string(demo.FeaturedMerchant)),
		"freeOrder": string(untaggedOrders(t, demo.FeaturedMerchant)[0]),
	})
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "npm", "run", "test-demo")
	run.Dir = "../admin-ui"
	run.Env = append(os.Environ(), "CLOUDTAG_BASE="+s.url(""), "CLOUDTAG_TOKENS="+string(given))
	began := time.Now()
	output, err := run.CombinedOutput()
	t.Logf("%s\nthe browser tests took %s", output, time.Since(began).Round(time.Second))
	if err != nil {
		t.Errorf("the browser tests: %v\nthe server:\n%s", err, s.output)
	}
}

// untaggedOrders are the orders of a shop of the demo that the shop has not tagged, latest first.
func untaggedOrders(t *testing.T, shop domain.MerchantID) []domain.OrderNo {
	t.Helper()
	market, err := demo.Read()
	if err != nil {
		t.Fatal(err)
	}
	tagged := make(map[domain.OrderNo]bool)
	for _, tag := range market.Tags {
		tagged[tag.OrderNo] = true
	}
	var untagged []domain.OrderNo
	for i := len(market.Orders) - 1; i >= 0; i-- {
		if order := market.Orders[i]; order.MerchantID == shop && !tagged[order.OrderNo] {
			untagged = append(untagged, order.OrderNo)
		}
	}
	if len(untagged) == 0 {
		t.Fatalf("%s tagged every order", shop)
	}
	return untagged
}
