//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// acknowledged collects what a server said it had stored.
type acknowledged struct {
	mu     sync.Mutex
	orders map[string]bool
}

func (a *acknowledged) add(orders []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, order := range orders {
		a.orders[order] = true
	}
}

func (a *acknowledged) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.orders)
}

// TestKillLosesNothingAcknowledged kills the server again and again in the middle of a load of batches.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	const shops, orders, batch, kills = 6, 2000, 20, 4
	uri := newDatabase(t)
	importMarket(t, uri, shops, orders)
	tokens := make([]string, shops+1)
	for shop := 1; shop <= shops; shop++ {
		tokens[shop] = merchantToken(t, fmt.Sprintf("m-%d", shop))
	}
	acked := &acknowledged{orders: map[string]bool{}}
	next := make([]int, shops+1) // the batch that each shop is at: repeated with its key until it is acknowledged
	for kill := range kills {
		s := serve(t, uri)
		ctx, cancel := context.WithCancel(t.Context())
		var clients sync.WaitGroup
		for shop := 1; shop <= shops; shop++ {
			clients.Go(func() {
				for ctx.Err() == nil && next[shop]*batch < orders {
					numbers := make([]string, batch)
					for i := range numbers {
						numbers[i] = orderNo(shop, next[shop]*batch+i+1)
					}
					if !s.submitOnce(ctx, tokens[shop], fmt.Sprintf("batch-%d", next[shop]), numbers) {
						return
					}
					acked.add(numbers)
					next[shop]++
				}
			})
		}
		target := (kill + 1) * 700
		for acked.count() < target {
			select {
			case <-s.ended:
				t.Fatalf("the server ended by itself:\n%s", s.output)
			case <-time.After(time.Millisecond):
			}
		}
		s.kill()
		cancel()
		clients.Wait()
	}
	checkAfterCrash(t, uri, acked.orders)
}

// submitOnce sends a batch and reports whether it was acknowledged whole; a server that dies does not answer.
func (s *server) submitOnce(ctx context.Context, token, key string, orders []string) bool {
	body, _ := json.Marshal(map[string]any{"query": submitDocument, "variables": map[string]any{"input": map[string]any{
		"orderNos": orders, "scenario": "RETURN_SWAPPED", "idempotencyKey": key,
	}}})
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.url("/graphql"), bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return err == nil && bytes.Contains(content, fmt.Appendf(nil, `"acceptedCount":%d`, len(orders)))
}

// checkAfterCrash reads everything back: each acknowledged tag is there, every case whose votes meet the threshold
// has flipped all its tags once, and the log has neither hole nor double.
func checkAfterCrash(t *testing.T, uri string, acked map[string]bool) {
	t.Helper()
	export := mustCloudtag(t, "export", "tags", "--format", "csv", "--db", uri).stdout
	numbers, statuses := column(t, export, "order_no"), column(t, export, "status")
	shops, buyers := column(t, export, "merchant_id"), column(t, export, "buyer_id")
	stored := map[string]bool{}
	voters := map[string]map[string]bool{}
	for i, number := range numbers {
		if stored[number] {
			t.Errorf("order %s is tagged twice", number)
		}
		stored[number] = true
		if voters[buyers[i]] == nil {
			voters[buyers[i]] = map[string]bool{}
		}
		voters[buyers[i]][shops[i]] = true
	}
	for number := range acked {
		if !stored[number] {
			t.Errorf("acknowledged order %s is not tagged", number)
		}
	}
	for i, number := range numbers {
		want := "ACCUMULATING"
		if len(voters[buyers[i]]) >= 3 {
			want = "SUCCEEDED"
		}
		if statuses[i] != want {
			t.Errorf("order %s of a buyer with %d votes is %s", number, len(voters[buyers[i]]), statuses[i])
		}
	}
	checkLog(t, uri, len(numbers), count(statuses, "SUCCEEDED"))
}

func checkLog(t *testing.T, uri string, tags, flips int) {
	t.Helper()
	export := mustCloudtag(t, "export", "log", "--format", "csv", "--db", uri).stdout
	for i, seq := range column(t, export, "seq") {
		if seq != strconv.Itoa(i+1) {
			t.Fatalf("entry %d of the log has number %s", i+1, seq)
		}
	}
	actions := column(t, export, "action")
	if submitted, succeeded := count(actions, "tag.submitted"), count(actions, "tag.succeeded"); submitted != tags || succeeded != flips {
		t.Errorf("the log has %d submissions and %d flips, the tags are %d with %d flipped", submitted, succeeded, tags, flips)
	}
}
