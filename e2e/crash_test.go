//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

// acknowledged collects the tags that a server has acknowledged.
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

func (a *acknowledged) has(number string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.orders[number]
}

// TestKillLosesNothingAcknowledged kills the server repeatedly while clients submit batches.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	onEachStore(t, killLosesNothingAcknowledged)
}

func killLosesNothingAcknowledged(t *testing.T, uri string) {
	const shops, orders, size, kills = 6, 2000, 20, 4
	importMarket(t, uri, shops, orders)
	tokens := signed(t, "m-1", "m-2", "m-3", "m-4", "m-5", "m-6")
	acked := &acknowledged{orders: map[string]bool{}}
	next := make([]int, shops+1) // the batch that each shop is at: repeated with its key until it is acknowledged
	submitNext := func(ctx context.Context, s *server, shop int) bool {
		b := batch{token: tokens[fmt.Sprintf("m-%d", shop)], key: fmt.Sprintf("batch-%d", next[shop]), scenario: "RETURN_SWAPPED"}
		for i := range size {
			b.orders = append(b.orders, orderNo(shop, next[shop]*size+i+1))
		}
		payload, code, err := s.attempt(ctx, b)
		if err != nil || code != "" {
			return false // a server that dies does not answer
		}
		if err := b.refusal(payload); err != nil {
			t.Error(err)
		}
		acked.add(b.orders)
		next[shop]++
		return true
	}
	for kill := range kills {
		s := serve(t, uri)
		ctx, cancel := context.WithCancel(t.Context())
		var clients sync.WaitGroup
		for shop := 1; shop <= shops; shop++ {
			clients.Go(func() {
				for ctx.Err() == nil && (next[shop]+1)*size < orders && submitNext(ctx, s, shop) {
					continue
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
	s := serve(t, uri)
	for shop := 1; shop <= shops; shop++ {
		if !submitNext(t.Context(), s, shop) {
			t.Errorf("the batch that shop %d was at when the server died is not taken in the end", shop)
		}
	}
	checkAfterCrash(t, uri, acked.orders)
}

// checkAfterCrash reads everything back: each acknowledged tag is there, every case whose votes meet the threshold
// has flipped all its tags once, and the log has neither gaps nor duplicates.
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
