package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

// loadOptions are the options of `bench load`: the operations of a day at the marketplace, within minutes.
type loadOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	DB      string        `placeholder:"URI" help:"The store; a new SQLite file by default. A MongoDB URI without a database gets one of its own."`
	For     time.Duration `default:"2m" help:"Duration of the load."`
	Sockets int           `default:"2000" help:"Shops, each with an open socket that follows its tags."`
	Rate    float64       `default:"1" help:"1 is 20 batches of 5 orders, 20 pages of shops, 4 pages of the queue, 4 cases and 2 decisions a second."`
	Pending int           `default:"256" help:"Concurrent operations; further ones are not started, and count as errors."`
	Soak    bool          `help:"Report whether memory and goroutines grow."`
	JSON    string        `type:"path" placeholder:"FILE" help:"Write the report to this file, too, as JSON."`
}

// Validate checks the numbers.
func (o loadOptions) Validate() error {
	if o.For < 10*time.Second || o.Sockets < 1 || o.Rate <= 0 || o.Pending < 1 {
		return errors.New("expected --for of at least 10s, --sockets and --pending of at least 1, and --rate above 0")
	}
	return nil
}

// loadBatch is the number of orders in a batch.
const loadBatch = 5

// sampleEvery is the interval of samples, which a short run also has enough of.
func (o loadOptions) sampleEvery() time.Duration { return max(time.Second, o.For/60) }

// Run measures and prints.
func (o loadOptions) Run(ctx context.Context) error {
	uri, remove, err := o.store()
	if err != nil {
		return err
	}
	defer remove()
	m := newMix(o)
	if err := prepare(ctx, uri, m.data); err != nil {
		return err
	}
	if m.server, err = startServer(ctx, o.Binary, uri); err != nil {
		return err
	}
	defer m.server.stop()
	if err := m.signIn(); err != nil {
		return err
	}
	report, err := m.run(ctx)
	if err != nil {
		return err
	}
	report.Store = storeName(uri)
	return report.print(os.Stdout, o)
}

// store returns the URI of an empty store, and a function that deletes it.
func (o loadOptions) store() (uri string, remove func(), err error) {
	if o.DB == "" {
		dir, remove, err := folder("")
		return "sqlite:" + filepath.Join(dir, "load.db"), remove, err
	}
	parsed, err := url.Parse(o.DB)
	if err != nil || !strings.HasPrefix(parsed.Scheme, "mongodb") || strings.Trim(parsed.Path, "/") != "" {
		return o.DB, func() {}, nil //nolint:nilerr // a store of the caller's choice; the server reports its faults
	}
	query := parsed.Query()
	if parsed.User != nil && !query.Has("authSource") {
		query.Set("authSource", "admin")
	}
	parsed.Path, parsed.RawQuery = fmt.Sprintf("/load_%d", time.Now().Unix()), query.Encode()
	return parsed.String(), func() {}, nil
}

// mix is the load: callers, and the state they share.
type mix struct {
	options   loadOptions
	data      dataset
	server    *server
	shops     []string // tokens
	reviewers []string
	records   *recorder

	mu     sync.Mutex
	queued []string // cases of the queue, as last read
}

const loadReviewers = 8

func newMix(o loadOptions) *mix {
	batches := int(o.Rate*submitsPerSecond*(o.For.Seconds()+5)) + o.Sockets
	perShop := (batches/o.Sockets + 1) * loadBatch
	return &mix{
		options: o, records: newRecorder(),
		data: dataset{
			tags: perShop * o.Sockets, shops: o.Sockets, buyers: max(1, perShop*o.Sockets/tagsPerBuyer),
			start: daysAgo(3),
		},
	}
}

// signIn creates the callers' tokens.
func (m *mix) signIn() (err error) {
	signer := newSigner()
	if m.shops, err = signer.merchants(m.data); err != nil {
		return err
	}
	for i := range loadReviewers {
		token, err := signer.sign(cloudtag.Caller{Subject: fmt.Sprintf("reviewer-%d", i), Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
		if err != nil {
			return err
		}
		m.reviewers = append(m.reviewers, token)
	}
	return nil
}

// The names of operations in reports.
const (
	opEvent  = "event, from submission to client"
	opSubmit = "submitTags, 5 orders"
	opPage   = "tags, a shop's page of 50"
	opQueue  = "cases, the queue's page of 50"
	opCase   = "case, all of it"
	opClaim  = "claimCase"
	opDecide = "decideCase"
	opUndo   = "undoDecision"
)

// The rates of operations, at rate 1.
const (
	submitsPerSecond   = 20
	pagesPerSecond     = 20
	queuesPerSecond    = 4
	casesPerSecond     = 4
	decisionsPerSecond = 2
)

// run opens the sockets and sustains the load for its duration, sampling the server meanwhile.
func (m *mix) run(ctx context.Context) (*loadReport, error) {
	followers, err := followAll(ctx, m.server.base, m.shops)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, f := range followers {
			_ = f.conn.CloseNow()
		}
	}()
	working, stop := context.WithTimeout(ctx, m.options.For)
	defer stop()
	reading, stopReading := context.WithCancel(ctx)
	defer stopReading()
	var readers, workers sync.WaitGroup
	for _, f := range followers {
		readers.Go(func() { m.read(reading, f) })
	}
	call := caller{client: newClient(m.options.Pending), base: m.server.base}
	free := make(chan struct{}, m.options.Pending)
	for _, job := range []struct {
		name      string
		perSecond float64
		do        func(ctx context.Context, call caller, n int, due time.Time)
	}{
		{opSubmit, submitsPerSecond, m.submit}, {opPage, pagesPerSecond, m.page}, {opQueue, queuesPerSecond, m.queue},
		{opCase, casesPerSecond, m.readCase}, {opClaim, decisionsPerSecond, m.decide},
	} {
		workers.Go(func() {
			keepPace(working, job.perSecond*m.options.Rate, func(n int, due time.Time) {
				select {
				case free <- struct{}{}:
					workers.Go(func() {
						defer func() { <-free }()
						job.do(ctx, call, n, due)
					})
				default:
					m.records.took(job.name, 0, fmt.Errorf("not started: %d operations are running", m.options.Pending))
				}
			})
		})
	}
	report := newLoadReport(m.options)
	err = report.watch(working, m.server, m.options.sampleEvery(), m.records)
	workers.Wait()
	stopReading()
	readers.Wait()
	report.finish(m.records)
	return report, errors.Join(err, ctx.Err())
}

// keepPace begins operations at a rate until the context ends, whether or not earlier ones have completed (open-loop load).
// Each gets the time when it was due, so that a delay of its beginning is measured too.
func keepPace(ctx context.Context, perSecond float64, begin func(n int, due time.Time)) {
	start := time.Now()
	for n := 0; ; n++ {
		due := start.Add(time.Duration(float64(n) / perSecond * float64(time.Second)))
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(due)):
			if ctx.Err() == nil {
				begin(n, due)
			}
		}
	}
}

// read records the delay of each event of a shop.
func (m *mix) read(ctx context.Context, f *follower) {
	delays := make(chan time.Duration)
	ended := make(chan error, 1)
	go func() { ended <- f.read(ctx, delays) }()
	for {
		select {
		case delay := <-delays:
			m.records.took(opEvent, delay, nil)
		case err := <-ended:
			if ctx.Err() == nil {
				m.records.took(opEvent, 0, fmt.Errorf("a socket ended: %w", err))
			}
			return
		}
	}
}

// submit submits a batch of a shop.
func (m *mix) submit(ctx context.Context, call caller, n int, due time.Time) {
	shop := n % m.data.shops
	first := n / m.data.shops * loadBatch
	orders := make([]string, loadBatch)
	for j := range orders {
		orders[j] = string(m.data.order(shop + m.data.shops*(first+j)).OrderNo)
	}
	err := submit(ctx, call.client, call.base, m.shops[shop], fmt.Sprintf("key-%d", n), orders...)
	m.records.took(opSubmit, time.Since(due), err)
}

const shopPage = `query Page { tags(first: 50) { nodes { orderNo status markResult reason submittedAt } pageInfo { hasNextPage endCursor } totalCount } }`

// page reads a shop's first page.
func (m *mix) page(ctx context.Context, call caller, n int, due time.Time) {
	_, err := post(ctx, call.client, call.base, m.shops[n*7919%len(m.shops)], shopPage, nil)
	m.records.took(opPage, time.Since(due), err)
}

const queuePage = `query Queue { cases(filter: {handling: PENDING}, first: 50) {
  nodes { id version state dueAt priority overdue scenario { code } buyer { id } claim { by } explanation { count threshold } } totalCount
} }`

// queue reads the queue's first page, and stores its cases for decisions.
func (m *mix) queue(ctx context.Context, call caller, n int, due time.Time) {
	var page struct {
		Cases struct{ Nodes []struct{ ID string } }
	}
	err := call.ask(ctx, m.reviewers[n%loadReviewers], queuePage, nil, &page)
	m.records.took(opQueue, time.Since(due), err)
	if err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queued = m.queued[:0]
	for _, node := range page.Cases.Nodes {
		m.queued = append(m.queued, node.ID)
	}
}

// pick returns a random case of the queue; "" if it is empty.
func (m *mix) pick() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queued) == 0 {
		return ""
	}
	return m.queued[rand.IntN(len(m.queued))] //nolint:gosec // no secret
}

const caseDocument = `query Case($id: ID!) { case(id: $id) { id version state handling dueAt
  explanation { text votes { entityId tags } count threshold }
  tags(first: 20) { nodes { orderNo status note } } timeline(first: 20) { nodes { at action actor reason } }
  buyer { risk { score } exposure { orders merchants } cases { id state } } } }`

// readCase reads what the console shows of a case.
func (m *mix) readCase(ctx context.Context, call caller, n int, due time.Time) {
	id := m.pick()
	if id == "" {
		return
	}
	_, err := post(ctx, call.client, call.base, m.reviewers[n%loadReviewers], caseDocument, map[string]any{"id": id})
	m.records.took(opCase, time.Since(due), err)
}

const (
	claimDocument  = `mutation Claim($input: ClaimCaseInput!) { done: claimCase(input: $input) { case { version } token userErrors { code } } }`
	decideDocument = `mutation Decide($input: DecideCaseInput!) { done: decideCase(input: $input) { case { version } userErrors { code } } }`
	undoDocument   = `mutation Undo($input: UndoDecisionInput!) { done: undoDecision(input: $input) { case { version } userErrors { code } } }`
)

// changed is the answer to a reviewer's mutation.
type changed struct {
	Done struct {
		Case       *struct{ Version int }
		Token      string
		UserErrors []struct{ Code string }
	}
}

// decide claims a case, decides it, and sometimes undoes the decision. Being too late is not an error.
func (m *mix) decide(ctx context.Context, call caller, n int, due time.Time) {
	id, token := m.pick(), m.reviewers[n%loadReviewers]
	if id == "" {
		return
	}
	var claimed, decided, undone changed
	err := call.ask(ctx, token, claimDocument, map[string]any{"input": map[string]any{"caseId": id}}, &claimed)
	m.records.took(opClaim, time.Since(due), err)
	if err != nil || len(claimed.Done.UserErrors) > 0 {
		return
	}
	began := time.Now()
	err = call.ask(ctx, token, decideDocument, map[string]any{"input": map[string]any{
		"caseId": id, "decision": []string{"CONFIRM", "REJECT", "KEEP_ACCUMULATING"}[n%3], "reason": "seen",
		"expectedVersion": claimed.Done.Case.Version, "token": claimed.Done.Token,
	}}, &decided)
	m.records.took(opDecide, time.Since(began), err)
	if err != nil || len(decided.Done.UserErrors) > 0 || n%5 > 0 {
		return
	}
	began = time.Now()
	err = call.ask(ctx, token, undoDocument, map[string]any{"input": map[string]any{"caseId": id}}, &undone)
	m.records.took(opUndo, time.Since(began), err)
}
