package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cloudtag/internal/cloudtag"
)

// attackOptions are the options of `bench attack`: how one caller affects another.
type attackOptions struct {
	Binary string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Tags   int           `default:"20000" help:"Tags in the store, of 20 shops."`
	For    time.Duration `default:"8s" help:"Duration of each measurement."`
	Only   string        `help:"The attack to measure; all by default."`
}

// attackShops is the number of shops, each with enough tags for many pages. The last one is the measured client, the first
// ones attack.
const attackShops = 20

// Run measures a client alone and under each attack, with the server's default limits. It fails if any request of the client,
// which stays within the limits, is refused.
func (o attackOptions) Run(ctx context.Context) error {
	dir, remove, err := folder("")
	if err != nil {
		return err
	}
	defer remove()
	uri := "sqlite:" + filepath.Join(dir, "attack.db")
	start, err := o.fill(ctx, uri)
	if err != nil {
		return err
	}
	results := newReport(storeName(uri))
	refused := 0
	for _, attack := range attacks() {
		if o.Only != "" && o.Only != attack.name {
			continue
		}
		n, err := o.measure(ctx, uri, start, attack, results)
		if err != nil {
			return fmt.Errorf("%s: %w", attack.name, err)
		}
		refused += n
	}
	if err := results.print(os.Stdout); err != nil {
		return err
	}
	if refused > 0 {
		return fmt.Errorf("the client was refused %d times though it stays within its limits", refused)
	}
	return nil
}

// fill creates the store, and returns a cursor at the beginning of the log.
func (o attackOptions) fill(ctx context.Context, uri string) (start string, err error) {
	data := o.data()
	if err := prepare(ctx, uri, data); err != nil {
		return "", err
	}
	server, err := startServer(ctx, o.Binary, uri)
	if err != nil {
		return "", err
	}
	token, err := newSigner().sign(administrator())
	if err != nil {
		server.stop()
		return "", err
	}
	var answer struct{ LiveCursor string }
	err = caller{client: newClient(1), base: server.base}.ask(ctx, token, `{ liveCursor }`, nil, &answer)
	server.stop()
	if err != nil {
		return "", err
	}
	store, err := openStore(ctx, uri)
	if err != nil {
		return "", err
	}
	defer store.Close()
	_, err = recordBatches(ctx, store, data, data.batches(), 8, timesWithin(data, 170, cloudtag.SystemClock{}.Now()))
	return answer.LiveCursor, err
}

func administrator() cloudtag.Caller {
	return cloudtag.Caller{Subject: "administrator", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
}

func (o attackOptions) data() dataset {
	return dataset{
		tags: o.Tags, shops: attackShops, buyers: max(1, o.Tags/tagsPerBuyer),
		start: daysAgo(175),
	}
}

// measure measures the client alone and then under an attack, on one server, and returns the number of its refused requests.
func (o attackOptions) measure(ctx context.Context, uri, start string, attack attack, results *report) (refusals int, err error) {
	server, err := startServer(ctx, o.Binary, uri, "--webhook-allow-private", "--limit-requests", "50", "--limit-tags", "10")
	if err != nil {
		return 0, err
	}
	defer server.stop()
	tokens, err := newSigner().merchants(o.data())
	if err != nil {
		return 0, err
	}
	admin, err := newSigner().sign(administrator())
	if err != nil {
		return 0, err
	}
	client := newPagingClient(server.base, tokens[attackShops-1])
	client.ask(ctx, time.Second) // warm up connections and caches
	alone := client.ask(ctx, o.For)
	before := server.residentMB()

	attacking, stop := context.WithCancel(ctx)
	defer stop()
	target := &target{server: server, shops: tokens[:attackShops-1], admin: admin, start: start}
	ended := make(chan error, 1)
	go func() { ended <- attack.run(attacking, target) }()
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case err := <-ended:
		return 0, fmt.Errorf("the attack ended early: %w", err)
	case <-time.After(attackBegins):
	}
	under := client.ask(ctx, o.For)
	after := server.residentMB()
	answered, refused := target.answered.Load(), target.refused.Load()
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		return 0, err
	}

	name := attack.name
	results.addQuantiles(name+": the client alone", o.Tags, alone.took, nil)
	results.addQuantiles(name+": the client during the attack", o.Tags, under.took, nil)
	results.add(name+": p50 during / alone", o.Tags, quantile(under.took, 0.5)/quantile(alone.took, 0.5), "ratio")
	results.add(name+": the client's answers", o.Tags, float64(len(under.took)), "count")
	results.add(name+": refused to the client", o.Tags, float64(alone.refused+under.refused), "count")
	results.add(name+": "+attack.answered, o.Tags, float64(answered), "count")
	results.add(name+": refused to the attacker", o.Tags, float64(refused), "count")
	results.add(name+": resident memory before", o.Tags, before, "MB")
	results.add(name+": resident memory during the attack", o.Tags, after, "MB")
	return alone.refused + under.refused, nil
}

// attackBegins is how long an attack runs before the client is measured.
const attackBegins = 2 * time.Second

// pagingClient is a shop's client that requests a page of its tags 25 times a second, from a separate address.
type pagingClient struct {
	client *http.Client
	base   string
	token  string
	body   []byte
}

const (
	pagingInterval = 40 * time.Millisecond
	pagingAddress  = "127.0.0.2" // loopback is a whole network
)

const tagFields = `nodes { orderNo status markResult reason submittedAt statusChangedAt handleBy scenario { code name } } pageInfo { hasNextPage endCursor }`

func newPagingClient(base, token string) pagingClient {
	body, _ := json.Marshal(map[string]string{"query": `{ tags(first: 50) { ` + tagFields + ` } }`}) // strings always encode
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(pagingAddress)}}
	return pagingClient{client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DialContext: dialer.DialContext}}, base: base, token: token, body: body}
}

// outcome holds the durations of answered requests and the number of the others.
type outcome struct {
	took    []time.Duration
	refused int
}

func (c pagingClient) ask(ctx context.Context, length time.Duration) (result outcome) {
	tick := time.NewTicker(pagingInterval)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < length && ctx.Err() == nil; {
		asked := time.Now()
		status, err := send(ctx, c.client, c.base, c.token, c.body)
		if err == nil && status == http.StatusOK {
			result.took = append(result.took, time.Since(asked))
		} else {
			result.refused++
		}
		<-tick.C
	}
	return result
}

// send posts a request and returns the status of its answer; BAD REQUEST for one with errors.
func send(ctx context.Context, client *http.Client, base, token string, body []byte) (status int, err error) {
	status, answer, err := postBody(ctx, client, base, token, body)
	if status == http.StatusOK && bytes.Contains(answer, []byte(`"errors":[`)) {
		status = http.StatusBadRequest
	}
	return status, err
}
