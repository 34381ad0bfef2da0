//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloudtag/db/mongo/mongotest"
)

// TestRealDataThroughTwoInstances submits the real data's tags through the API of two instances, with 8 clients at once
// for each threshold. All of them fall into one window, so that the expected result is a count of shops per account.
func TestRealDataThroughTwoInstances(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute and a half: make test-long")
	}
	data := readRealData(t)
	orders, tags := readRows(t, data.orders), readRows(t, data.tags)
	shopOf, buyerOf := map[string]string{}, map[string]string{}
	for _, row := range orders {
		shopOf[row[0]], buyerOf[row[0]] = row[1], row[2]
	}
	voters, tagsOf, work := map[string]map[string]bool{}, map[string]int{}, map[string][]string{}
	for _, row := range tags {
		number, scenario := row[0], row[1]
		account := scenario + ":" + buyerOf[number]
		if voters[account] == nil {
			voters[account] = map[string]bool{}
		}
		voters[account][shopOf[number]] = true
		tagsOf[account]++
		batchOf := shopOf[number] + " " + scenario
		work[batchOf] = append(work[batchOf], number)
	}
	for threshold := 2; threshold <= 5; threshold++ {
		t.Run(fmt.Sprintf("threshold %d", threshold), func(t *testing.T) {
			uri := mongotest.FreshURI(t)
			setThreshold(t, uri, threshold)
			mustCloudtag(t, "import", "merchants", data.merchants, "--strict", "--db", uri)
			mustCloudtag(t, "import", "orders", data.orders, "--strict", "--db", uri)
			submitAll(t, []*server{serve(t, uri), serve(t, uri)}, work)
			want := replayed{threshold: threshold, tags: len(tags), cases: len(voters)}
			for account, shops := range voters {
				if len(shops) >= threshold {
					want.confirmed++
					want.succeeded += tagsOf[account]
				}
			}
			checkReplay(t, uri, "after the submissions", want)
		})
	}
}

// submitAll sends the orders of each shop and scenario in batches, each through any instance.
func submitAll(t *testing.T, instances []*server, work map[string][]string) {
	t.Helper()
	shops := map[string]bool{}
	for name := range work {
		shops[strings.Fields(name)[0]] = true
	}
	tokens := signed(t, slices.Collect(maps.Keys(shops))...)
	var all []batch
	for _, name := range slices.Sorted(maps.Keys(work)) {
		shop, scenario, _ := strings.Cut(name, " ")
		for numbers := range slices.Chunk(work[name], 20) {
			all = append(all, batch{token: tokens[shop], key: scenario + "-" + numbers[0], scenario: scenario, orders: numbers})
		}
	}
	sendThroughAny(t, instances, all, rand.New(rand.NewPCG(8, 1))) //nolint:gosec // a test's choice, the same in each run
}

// sendThroughAny sends batches from 8 clients, each through a randomly chosen instance; all must be accepted.
func sendThroughAny(t *testing.T, instances []*server, all []batch, random *rand.Rand) {
	t.Helper()
	type sending struct {
		batch
		through *server
	}
	work := make(chan sending)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for b := range work {
				payload, code, err := b.through.attempt(t.Context(), b.batch)
				if err != nil || code != "" {
					t.Errorf("batch %s: %s %v", b.key, code, err)
				} else if err := b.refusal(payload); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, b := range all {
		work <- sending{b, instances[random.IntN(len(instances))]}
	}
	close(work)
	group.Wait()
}

// statusEvent is an event of a tag that a follower received.
type statusEvent struct{ orderNo, status string }

// hearing is a shop's follower, with its cursor and the events that it has received.
type hearing struct {
	sock   *socket
	heard  []statusEvent
	cursor string
}

// listen receives events until it has the given number. If one does not arrive in time, the test fails.
func (h *hearing) listen(t *testing.T, events int) {
	t.Helper()
	for len(h.heard) < events {
		event := next[struct {
			TagStatusChanged struct {
				Cursor string
				Tag    struct{ OrderNo, Status string }
			} `json:"tagStatusChanged"`
		}](h.sock).TagStatusChanged
		h.heard = append(h.heard, statusEvent{event.Tag.OrderNo, event.Tag.Status})
		h.cursor = event.Cursor
	}
}

// TestEventsReachFollowersOfBothInstances has followers on two instances, and sends batches through both at random. Each
// follower receives exactly its shop's events, once, in order; also after one instance was killed and its clients have resumed
// at the other one.
func TestEventsReachFollowersOfBothInstances(t *testing.T) {
	t.Parallel()
	const shops, rounds = 50, 20
	uri := mongotest.FreshURI(t)
	importMarket(t, uri, shops, 2*rounds)
	instances := []*server{serve(t, uri), serve(t, uri)}
	names := make([]string, shops)
	for i := range names {
		names[i] = fmt.Sprintf("m-%d", i+1)
	}
	tokens := signed(t, names...)
	from := map[string]string{}
	for _, shop := range names {
		from[shop] = instances[0].liveCursor(tokens[shop])
	}
	followers := make([]map[string]*hearing, len(instances))
	for i, instance := range instances {
		followers[i] = map[string]*hearing{}
		for _, shop := range names {
			followers[i][shop] = &hearing{sock: instance.subscribe(tokens[shop], followTags, map[string]any{"after": from[shop]})}
		}
	}
	submitRounds(t, instances, tokens, 0, rounds)
	checkHeard(t, followers, shops, rounds)

	instances[0].kill()
	submitRounds(t, instances[1:], tokens, rounds, 2*rounds)
	for _, shop := range names {
		h := followers[0][shop]
		h.sock = instances[1].subscribe(tokens[shop], followTags, map[string]any{"after": h.cursor})
	}
	checkHeard(t, followers, shops, 2*rounds)
}

// submitRounds tags the n-th order of every shop, for each n in [from, to), one order a batch, in a random order and
// through any of the instances. Every buyer is tagged by all shops, so every tag flips in the end.
func submitRounds(t *testing.T, instances []*server, tokens map[string]string, from, to int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(from))) //nolint:gosec // a test's choice, the same in each run
	var all []batch
	for n := from; n < to; n++ {
		for shop := 1; shop <= len(tokens); shop++ {
			number := orderNo(shop, n+1)
			all = append(all, batch{token: tokens[fmt.Sprintf("m-%d", shop)], key: number, scenario: "RETURN_SWAPPED", orders: []string{number}})
		}
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	sendThroughAny(t, instances, all, random)
}

// checkHeard waits for all events of every shop: each of its orders was submitted, then flipped, each event was sent once, and in
// the same order on every instance.
func checkHeard(t *testing.T, followers []map[string]*hearing, shops, rounds int) {
	t.Helper()
	for shop := 1; shop <= shops; shop++ {
		name := fmt.Sprintf("m-%d", shop)
		for _, instance := range followers {
			h := instance[name]
			h.listen(t, 2*rounds)
			h.sock.quiet()
			if !slices.Equal(h.heard, followers[0][name].heard) {
				t.Errorf("%s heard another order of events on another instance", name)
			}
		}
		place := map[statusEvent]int{}
		for i, event := range followers[0][name].heard {
			place[event] = i + 1
		}
		for n := range rounds {
			number := orderNo(shop, n+1)
			submitted, flipped := place[statusEvent{number, "ACCUMULATING"}], place[statusEvent{number, "SUCCEEDED"}]
			if submitted == 0 || flipped < submitted {
				t.Errorf("%s heard of order %s: submitted as event %d, flipped as event %d", name, number, submitted, flipped)
			}
		}
		if len(place) != 2*rounds {
			t.Errorf("%s heard %d different events, want %d", name, len(place), 2*rounds)
		}
	}
}

// TestStartsWithoutAMongoDB checks that the error names the cause, without the password.
func TestStartsWithoutAMongoDB(t *testing.T) {
	t.Parallel()
	good := mongotest.ServerURI(t, "test_start")
	_, authority, _ := strings.Cut(good, "://")
	_, host, _ := strings.Cut(authority, "@")
	address, _, _ := strings.Cut(host, "/")
	nobody := freeAddress(t)
	for name, test := range map[string]struct{ uri, says string }{
		"nobody there":     {"mongodb://who:hunter2secret@" + nobody + "/cloudtag?serverSelectionTimeoutMS=2000", nobody},
		"a wrong password": {"mongodb://who:hunter2secret@" + address + "/cloudtag?authSource=admin", address},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience())
			defer cancel()
			got := make(chan cli, 1)
			go func() { got <- cloudtag(t, "serve", "--addr", "127.0.0.1:0", "--db", test.uri) }()
			select {
			case <-ctx.Done():
				t.Fatal("it does not end")
			case result := <-got:
				if result.code != 1 || !strings.Contains(result.stderr, test.says) || strings.Contains(result.stderr, "hunter2secret") {
					t.Errorf("exit code %d: %s", result.code, result.stderr)
				}
			}
		})
	}
}
