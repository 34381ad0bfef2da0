//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// promises are the changes that clients tried, and those that a server has acknowledged.
type promises struct {
	mu    sync.Mutex
	tried map[string]int // that may have been done, by promiseOf
	acked map[string]int // of these, what was acknowledged
	fresh map[string]bool
	kept  int            // of all
	tags  map[string]int // the highest version of a tag that an answer showed, by order
}

func newPromises() *promises {
	return &promises{tried: map[string]int{}, acked: map[string]int{}, fresh: map[string]bool{}, tags: map[string]int{}}
}

// try starts a change. The caller calls kept when it was acknowledged, refused when it was not done, and neither when the outcome
// is unknown.
func (p *promises) try(what string) (kept, refused func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried[what]++
	p.fresh[what] = true
	kept = func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.acked[what]++
		p.kept++
	}
	refused = func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.tried[what]--
	}
	return kept, refused
}

// total is the number of changes acknowledged so far.
func (p *promises) total() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept
}

// saw records the version of a tag in a response.
func (p *promises) saw(order string, version int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tags[order] = max(p.tags[order], version)
}

// broken compares the log with what was acknowledged since the last call, or, if whole is set, with all of it.
func (p *promises) broken(entries map[string]int, whole bool) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	check := func(what string) {
		if n := entries[what]; n < p.acked[what] || n > p.tried[what] {
			all = append(all, fmt.Sprintf("%s: the log has it %d times; tried %d times, acknowledged %d times", what, n, p.tried[what], p.acked[what]))
		}
	}
	if whole {
		for what := range p.tried {
			check(what)
		}
		for what := range entries {
			if _, known := p.tried[what]; !known {
				all = append(all, what+": nobody tried that")
			}
		}
	} else {
		for what := range p.fresh {
			check(what)
		}
	}
	p.fresh = map[string]bool{}
	return all
}

// actor is a client that performs one step after another while a server runs.
type actor interface {
	// step performs the next step. It also returns if the server does not respond.
	step(ctx context.Context, s *server)
}

// keepActing runs an actor until the context ends.
func keepActing(ctx context.Context, s *server, a actor, random *rand.Rand) {
	for ctx.Err() == nil {
		a.step(ctx, s)
		longest := 100
		if random.IntN(3) == 0 {
			longest = 2 // now and then one comes right behind the other
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(random.IntN(longest)+1) * time.Millisecond):
		}
	}
}

// faultShop submits its orders in batches, each with its key until it is acknowledged.
type faultShop struct {
	t       *testing.T
	made    *promises
	random  *rand.Rand
	name    string
	token   string
	orders  []string
	next    int
	pending *batch
	kept    []func()
	refused []func()
	done    []batch // acknowledged
	lost    bool    // its permission, for good
}

const faultScenario = "RETURN_SWAPPED"

func (f *faultShop) step(ctx context.Context, s *server) {
	switch {
	case f.lost || f.pending == nil && f.next == len(f.orders):
		return
	case f.pending == nil && len(f.done) > 0 && f.random.IntN(10) == 0:
		f.repeat(ctx, s)
	case f.pending == nil && len(f.done) > 0 && f.random.IntN(20) == 0:
		f.tagAgain(ctx, s)
	default:
		f.submit(ctx, s)
	}
}

// submit sends the shop's current batch.
func (f *faultShop) submit(ctx context.Context, s *server) {
	if f.pending == nil {
		size := 1 + f.random.IntN(5)
		if f.random.IntN(10) == 0 {
			size = 20
		}
		orders := f.orders[f.next:min(f.next+size, len(f.orders))]
		f.next += len(orders)
		f.pending = &batch{token: f.token, key: "batch-" + orders[0], scenario: faultScenario, orders: orders}
		f.kept, f.refused = nil, nil
		for _, order := range orders {
			kept, refused := f.made.try("tag.submitted " + order)
			f.kept, f.refused = append(f.kept, kept), append(f.refused, refused)
		}
	}
	payload, answered := f.send(ctx, s, *f.pending)
	if !answered {
		return
	}
	if len(payload.UserErrors) > 0 {
		return // what was tried before may have been taken
	}
	if err := f.pending.refusal(payload); err != nil {
		f.t.Error(err)
	}
	for i, result := range payload.Results {
		f.kept[i]()
		if result.Tag != nil {
			f.made.saw(result.OrderNo, result.Tag.Version)
		}
	}
	f.done, f.pending = append(f.done, *f.pending), nil
}

// send sends a batch, and reports whether there was an answer.
func (f *faultShop) send(ctx context.Context, s *server, b batch) (payload submitted, answered bool) {
	payload, code, err := s.attempt(ctx, b)
	if err != nil || code == "UNAVAILABLE" {
		return payload, false
	}
	if code != "" {
		f.t.Errorf("batch %s of %s: %s", b.key, f.name, code)
		return payload, false
	}
	for _, refusal := range payload.UserErrors {
		switch refusal.Code {
		case "PERMISSION_REVOKED":
			f.lost = true
		case "PERMISSION_SUSPENDED":
		default:
			f.t.Errorf("batch %s of %s: %+v", b.key, f.name, refusal)
		}
	}
	return payload, true
}

// repeat sends an acknowledged batch again: the response is the same, and nothing changes.
func (f *faultShop) repeat(ctx context.Context, s *server) {
	b := f.done[f.random.IntN(len(f.done))]
	payload, answered := f.send(ctx, s, b)
	if !answered || len(payload.UserErrors) > 0 {
		return
	}
	if err := b.refusal(payload); err != nil {
		f.t.Errorf("repeated: %v", err)
	}
}

// tagAgain submits an order that is tagged under another key.
func (f *faultShop) tagAgain(ctx context.Context, s *server) {
	b := f.done[f.random.IntN(len(f.done))]
	b.orders = b.orders[:1]
	b.key = fmt.Sprintf("again-%s-%d", b.orders[0], f.random.Uint32())
	payload, answered := f.send(ctx, s, b)
	if answered && len(payload.UserErrors) == 0 && !slices.Equal(payload.codes(), []string{"ALREADY_TAGGED"}) {
		f.t.Errorf("order %s tagged again: %v", b.orders[0], payload.codes())
	}
}

// faultReviewer claims cases, decides them, and undoes some of the decisions.
type faultReviewer struct {
	t      *testing.T
	made   *promises
	random *rand.Rand
	name   string
	token  string
	count  int // of its decisions
}

const (
	pendingCases    = `{ cases(filter: {handling: PENDING}, orderBy: OPENED_AT_DESC, first: 20) { nodes { id version } } }`
	claimDocument   = `mutation($input: ClaimCaseInput!) { done: claimCase(input: $input) { token userErrors { code message } } }`
	releaseDocument = `mutation($input: ReleaseCaseInput!) { done: releaseCase(input: $input) { userErrors { code message } } }`
	decideDocument  = `mutation($input: DecideCaseInput!) { done: decideCase(input: $input) { case { state version } userErrors { code message } } }`
	undoDocument    = `mutation($input: UndoDecisionInput!) { done: undoDecision(input: $input) { userErrors { code message } } }`
)

// done is the answer to a mutation of one record.
type done struct {
	Token      string
	UserErrors []userError
}

// change runs a mutation that must succeed or be refused with one of the given codes; ok reports whether it succeeded.
func change(ctx context.Context, t *testing.T, s *server, made *promises, what, token, document string, input any, expected ...string) (got done, ok bool) {
	kept, refused := made.try(what)
	if strings.HasPrefix(what, "case.released ") {
		kept = func() {} // a claim that a decision has ended meanwhile is released already: no entry is promised
	}
	answered, err := s.call(ctx, token, document, map[string]any{"input": input})
	if err != nil || answered.code() == "UNAVAILABLE" {
		return got, false
	}
	if code := answered.code(); code != "" {
		t.Errorf("%s: %s", what, code)
		return got, false
	}
	var data struct{ Done done }
	if err := json.Unmarshal(answered.Data, &data); err != nil {
		t.Errorf("%s: %v", what, err)
		return got, false
	}
	if refusals := data.Done.UserErrors; len(refusals) > 0 {
		refused()
		if !slices.Contains(expected, refusals[0].Code) {
			t.Errorf("%s: %+v", what, refusals[0])
		}
		return data.Done, false
	}
	kept()
	return data.Done, true
}

func (f *faultReviewer) step(ctx context.Context, s *server) {
	answered, err := s.call(ctx, f.token, pendingCases, nil)
	if err != nil || answered.code() != "" {
		return
	}
	var data struct {
		Cases struct {
			Nodes []struct {
				ID      string
				Version int
			}
		}
	}
	if err := json.Unmarshal(answered.Data, &data); err != nil {
		f.t.Error(err)
		return
	}
	if len(data.Cases.Nodes) == 0 {
		return
	}
	c := data.Cases.Nodes[f.random.IntN(len(data.Cases.Nodes))]
	moved := []string{"CONFLICT", "CLAIMED_BY_OTHER", "INVALID_STATE"}
	claim, ok := change(ctx, f.t, s, f.made, "case.claimed "+c.ID+" "+f.name, f.token, claimDocument, map[string]any{"caseId": c.ID}, moved...)
	if !ok {
		return
	}
	if f.random.IntN(8) == 0 {
		change(ctx, f.t, s, f.made, "case.released "+c.ID+" "+f.name, f.token, releaseDocument, map[string]any{"caseId": c.ID, "token": claim.Token}, moved...)
		return
	}
	decision := []string{"CONFIRM", "REJECT", "KEEP_ACCUMULATING"}[f.random.IntN(3)]
	f.count++
	reason := fmt.Sprintf("decision %d of %s", f.count, f.name)
	_, ok = change(ctx, f.t, s, f.made, "case.decided "+c.ID+" "+decision+": "+reason, f.token, decideDocument, map[string]any{
		"caseId": c.ID, "decision": decision, "reason": reason, "expectedVersion": c.Version, "token": claim.Token,
	}, moved...)
	if ok && f.random.IntN(3) == 0 {
		change(ctx, f.t, s, f.made, "case.undone "+c.ID+" "+f.name, f.token, undoDocument, map[string]any{"caseId": c.ID}, moved...)
	}
}

// faultAdmin lets one shop after the other submit something, proposes to revoke its permission, and decides that as
// another person. Each step first reads the outcome of the previous one.
type faultAdmin struct {
	t                     *testing.T
	made                  *promises
	random                *rand.Rand
	proposer, decider     string // tokens
	victims               []*faultShop
	attempts              int
	approved, disapproved int
}

const (
	findRevocation   = `query($merchant: ID!) { revocations(merchantId: $merchant) { id state } }`
	proposeDocument  = `mutation($input: ProposeRevocationInput!) { done: proposeRevocation(input: $input) { userErrors { code message } } }`
	decideRevocation = `mutation($input: DecideRevocationInput!) { done: decideRevocation(input: $input) { userErrors { code message } } }`
)

func (f *faultAdmin) step(ctx context.Context, s *server) {
	if len(f.victims) == 0 {
		return
	}
	victim := f.victims[0]
	if !victim.lost && (victim.pending != nil || victim.next < len(victim.orders)/2) {
		victim.submit(ctx, s)
		return
	}
	answered, err := s.call(ctx, f.decider, findRevocation, map[string]any{"merchant": victim.name})
	if err != nil || answered.code() != "" {
		return
	}
	var data struct {
		Revocations []struct{ ID, State string }
	}
	if err := json.Unmarshal(answered.Data, &data); err != nil {
		f.t.Error(err)
		return
	}
	f.attempts++
	reason := fmt.Sprintf("attempt %d", f.attempts)
	switch {
	case len(data.Revocations) == 0:
		change(ctx, f.t, s, f.made, "revocation.proposed "+victim.name+" "+reason, f.proposer, proposeDocument, map[string]any{
			"merchantId": victim.name, "kind": "FALSE_REPORT", "reason": reason, "evidence": []string{"a video"},
		}, "INVALID_STATE")
	case data.Revocations[0].State == "PROPOSED":
		var beside sync.WaitGroup
		if victim.next < len(victim.orders) {
			beside.Go(func() { victim.submit(ctx, s) })
		}
		change(ctx, f.t, s, f.made, "revocation.decided "+victim.name+" "+reason, f.decider, decideRevocation, map[string]any{
			"id": data.Revocations[0].ID, "approve": f.random.IntN(3) > 0, "reason": reason,
		}, "INVALID_STATE")
		beside.Wait()
	default:
		if data.Revocations[0].State == "APPROVED" {
			f.approved++
		} else {
			f.disapproved++
		}
		f.victims = f.victims[1:]
	}
}

// faultMarket makes the files of a market of some shops with orders, and of the shops that may lose their permission.
// Accounts order at about half of the shops, so that some cases reach three votes and others wait one short of them.
func faultMarket(t *testing.T, random *rand.Rand, shops, orders, victims int) (merchants, ordersFile string, byShop map[string][]string) {
	t.Helper()
	placed := time.Now().Add(-72 * time.Hour).UTC().Format(time.RFC3339)
	var merchantRows, orderRows strings.Builder
	merchantRows.WriteString("id,name,entity_id,created_at\n")
	orderRows.WriteString("order_no,merchant_id,buyer_id,placed_at,amount_cents,currency,freight_insured,report_outcome\n")
	byShop = map[string][]string{}
	add := func(shop string, buyer int) {
		number := fmt.Sprintf("%s-%d", shop, len(byShop[shop]))
		byShop[shop] = append(byShop[shop], number)
		fmt.Fprintf(&orderRows, "%s,%s,b-%d,%s,9900,CNY,true,REJECTED\n", number, shop, buyer, placed)
	}
	for shop := 1; shop <= shops; shop++ {
		name := fmt.Sprintf("m-%d", shop)
		fmt.Fprintf(&merchantRows, "%s,店铺,,%s\n", name, placed)
		for n := range orders {
			add(name, n*3/2+random.IntN(7))
		}
	}
	for victim := range victims {
		name := fmt.Sprintf("v-%d", victim)
		fmt.Fprintf(&merchantRows, "%s,店铺,,%s\n", name, placed)
		for range 30 {
			add(name, victim*orders*3/2/victims+random.IntN(40))
		}
	}
	return writeFile(t, "merchants.csv", merchantRows.String()), writeFile(t, "orders.csv", orderRows.String()), byShop
}
