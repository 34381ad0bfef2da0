//go:build e2e

package e2e

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/csv"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudtag/db"
	domain "cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
)

// realData are the files of the bundled real data set, by the mapping of internal/demo/README.md, written down here
// a second time so that the program's own mapping is not its own judge.
type realData struct{ merchants, orders, tags string }

func readRealData(t *testing.T) realData {
	t.Helper()
	file, err := os.Open("../internal/demo/bitcoin-otc.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var merchants, orders, tags strings.Builder
	merchants.WriteString("id,name,entity_id,created_at\n")
	orders.WriteString("order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured,report_outcome\n")
	tags.WriteString("order_no,scenario,submitted_at,note\n")
	seen := map[string]bool{}
	for i, row := range rows[1:] {
		rating, err1 := strconv.Atoi(row[2])
		seconds, err2 := strconv.ParseInt(row[3], 10, 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("row %d: %v", i, row)
		}
		at := time.Unix(seconds, 0).UTC()
		number := 1000000001 + i
		if !seen[row[0]] {
			seen[row[0]] = true
			fmt.Fprintf(&merchants, "m-%s,Trader %s,m-%s,2010-11-01T00:00:00Z\n", row[0], row[0], row[0])
		}
		fmt.Fprintf(&orders, "%d,m-%s,b-%s,%s,100,CNY,false,NONE\n", number, row[0], row[1], at.Add(-72*time.Hour).Format(time.RFC3339))
		if scenario := scenarioOf(rating); scenario != "" {
			fmt.Fprintf(&tags, "%d,%s,%s,\n", number, scenario, at.Format(time.RFC3339))
		}
	}
	return realData{
		writeFile(t, "merchants.csv", merchants.String()), writeFile(t, "orders.csv", orders.String()), writeFile(t, "tags.csv", tags.String()),
	}
}

func scenarioOf(rating int) string {
	switch {
	case rating == -10:
		return "RETURN_SWAPPED"
	case rating <= -6:
		return "REFUND_NOT_RETURNED"
	case rating <= -2:
		return "EXTORTION_CLAIM"
	case rating == -1:
		return "STOCK_HOLDING"
	default:
		return ""
	}
}

// setThreshold creates a store whose policy has the given threshold in every scenario.
func setThreshold(t *testing.T, uri string, threshold int) {
	t.Helper()
	ctx := context.Background()
	store, err := db.Open(ctx, uri, db.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	policies := policylab.NewPolicies(store, domain.SystemClock{})
	if err := policies.EnsureDefault(ctx); err != nil {
		t.Fatal(err)
	}
	policy := domain.DefaultPolicy(time.Now())
	policy.Reason = "replay with another threshold"
	for i := range policy.Rules {
		policy.Rules[i].Threshold = threshold
	}
	admin := domain.Caller{Subject: "admin", Roles: []domain.Role{domain.RoleAdmin}}
	calendar := domain.NewCalendar(time.UTC)
	simulations := policylab.NewSimulations(store, policies, calendar, metrics.New(store, domain.SystemClock{}, calendar),
		func() policylab.RecordBook { return collusion.NewBook() })
	if _, err := simulations.Run(ctx, admin, policylab.SimulationRequest{BasedOn: 1, Policy: policy}, nil); err != nil {
		t.Fatal(err)
	}
	drafts := policylab.NewDrafts(policies, domain.IDFunc(rand.Text))
	if _, err := drafts.Publish(ctx, admin, policylab.Publication{BasedOn: 1, Policy: policy}); err != nil {
		t.Fatal(err)
	}
}

// TestReplayOfTheRealData compares the replay with the figures that another implementation computed (see
// internal/demo/README.md). Other thresholds are compared in package rings. A simulation of one of them has exactly the
// difference between the figures of both.
func TestReplayOfTheRealData(t *testing.T) {
	t.Parallel()
	data := readRealData(t)
	onEachStore(t, func(t *testing.T, uri string) {
		replayRealData(t, uri, data, replayed{threshold: 3, tags: 3563, cases: 1667, confirmed: 264, succeeded: 1785})
		if !onMongo(uri) { // simulations read the log alone
			simulateThreshold4(t, uri)
		}
	})
}

// replayed is the state of the store after a replay with a threshold.
type replayed struct{ threshold, tags, cases, confirmed, succeeded int }

func replayRealData(t *testing.T, uri string, data realData, want replayed) {
	setThreshold(t, uri, want.threshold)
	for _, step := range [][2]string{{"merchants", data.merchants}, {"orders", data.orders}, {"tags", data.tags}} {
		mustCloudtag(t, "import", step[0], step[1], "--strict", "--db", uri)
	}
	checkReplay(t, uri, "after the import", want)
	mustCloudtag(t, "import", "tags", data.tags, "--strict", "--db", uri)
	checkReplay(t, uri, "after the same import again", want)
}

func checkReplay(t *testing.T, uri, when string, want replayed) {
	t.Helper()
	tags := column(t, mustCloudtag(t, "export", "tags", "--format", "csv", "--db", uri).stdout, "status")
	states := column(t, mustCloudtag(t, "export", "cases", "--format", "csv", "--db", uri).stdout, "state")
	got := replayed{
		threshold: want.threshold, tags: len(tags), cases: len(states),
		confirmed: count(states, "CONFIRMED") + count(states, "LAPSED"), succeeded: count(tags, "SUCCEEDED"),
	}
	if got != want {
		t.Errorf("%s: %+v, want %+v", when, got, want)
	}
	checkFlipsLogged(t, uri, when, want.succeeded)
}

// simulateThreshold4 simulates threshold 4 on the real data, which was replayed with 3.
func simulateThreshold4(t *testing.T, uri string) {
	s := serve(t, uri)
	admin := token(t, "ADMIN")
	type rule struct {
		Scenario  string `json:"scenario"`
		Threshold int    `json:"threshold"`
	}
	policy := ask[struct {
		Policy struct {
			Version int    `json:"version"`
			Rules   []rule `json:"rules"`
		} `json:"policy"`
	}](s, admin, `{ policy { version rules { scenario threshold } } }`, nil).Policy
	for i := range policy.Rules {
		policy.Rules[i].Threshold = 4
	}
	got := ask[struct {
		SimulatePolicy struct {
			Tags            int `json:"tags"`
			ConfirmedBefore int `json:"confirmedBefore"`
			ConfirmedAfter  int `json:"confirmedAfter"`
			SucceededBefore int `json:"succeededBefore"`
			SucceededAfter  int `json:"succeededAfter"`
			ChangedCases    struct {
				TotalCount int `json:"totalCount"`
			} `json:"changedCases"`
		} `json:"simulatePolicy"`
	}](s, admin, `query($input: PolicyInput!) { simulatePolicy(input: $input) {
		tags confirmedBefore confirmedAfter succeededBefore succeededAfter changedCases(first: 1) { totalCount }
	} }`, map[string]any{"input": map[string]any{"basedOnVersion": policy.Version, "rules": policy.Rules, "reason": "what if"}}).SimulatePolicy
	if got.Tags != 3563 || got.ConfirmedBefore != 264 || got.ConfirmedAfter != 168 || got.SucceededBefore != 1785 || got.SucceededAfter != 1481 {
		t.Errorf("%+v", got)
	}
	if got.ChangedCases.TotalCount != 264-168 {
		t.Errorf("%d cases change, want %d", got.ChangedCases.TotalCount, 264-168)
	}
}

// checkFlipsLogged compares the exported log with the exported tags: sequence numbers have no gaps, and each tag that has
// succeeded was logged once.
func checkFlipsLogged(t *testing.T, uri, when string, succeeded int) {
	t.Helper()
	tags := mustCloudtag(t, "export", "tags", "--format", "csv", "--db", uri).stdout
	statuses := column(t, tags, "status")
	missing := map[string]bool{}
	for i, order := range column(t, tags, "order_no") {
		if statuses[i] == "SUCCEEDED" {
			missing["tag:"+order] = true
		}
	}
	log := mustCloudtag(t, "export", "log", "--format", "csv", "--db", uri).stdout
	numbers, actions, subjects := column(t, log, "seq"), column(t, log, "action"), column(t, log, "subjects")
	for i, number := range numbers {
		if number != strconv.Itoa(i+1) {
			t.Fatalf("%s: the log's entry %d has number %s", when, i+1, number)
		}
		if actions[i] != "tag.succeeded" {
			continue
		}
		for _, subject := range strings.Fields(subjects[i]) {
			delete(missing, subject)
		}
	}
	if flips := count(actions, "tag.succeeded"); flips != succeeded || len(missing) > 0 {
		t.Errorf("%s: %d flips in the log of %d entries, want %d; not logged: %v", when, flips, len(numbers), succeeded, missing)
	}
}

// column returns one column of a CSV text.
func column(t *testing.T, text, name string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("no CSV: %v", err)
	}
	for i, header := range rows[0] {
		if header != name {
			continue
		}
		values := make([]string, 0, len(rows)-1)
		for _, row := range rows[1:] {
			values = append(values, row[i])
		}
		return values
	}
	t.Fatalf("no column %q in %v", name, rows[0])
	return nil
}

func count(values []string, wanted string) int {
	n := 0
	for _, value := range values {
		if value == wanted {
			n++
		}
	}
	return n
}

// readRows returns the rows of a CSV file below its header.
func readRows(t *testing.T, path string) [][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}
